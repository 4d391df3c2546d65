-- Training programs of the learning system.
with programs as (select * from {{ ref('stg_lms__programs') }}),

final as (
    select
        programs.program_id,
        'lms' as system,
        programs.program_name,
        programs.program_kind,
        programs.program_version,
        programs.starts_on,
        programs.target_goal,
        'lms:program:' || programs.row_key as source_key
    from programs
    where programs.row_status = 'accepted'
)

select * from final
