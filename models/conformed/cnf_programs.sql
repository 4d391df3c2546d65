-- Training programs of the learning systems.
with programs as (
    {{ feed('programs') }}
),

final as (
    select
        programs.program_id,
        programs.system,
        programs.program_name,
        programs.program_kind,
        programs.program_version,
        programs.starts_on,
        programs.target_goal,
        programs.system || ':' || programs.object || ':' || programs.row_key as source_key
    from programs
    where programs.row_status = 'accepted'
)

select * from final
