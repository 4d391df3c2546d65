-- Training programs, with what they cost where seed program_costs says so.
with programs as (select * from {{ ref('cnf_programs') }}),

costs as (select * from {{ ref('program_costs') }}),

final as (
    select
        programs.program_id,
        programs.program_name,
        programs.program_kind,
        programs.program_version,
        programs.starts_on,
        programs.target_goal,
        cast(costs.cost_amount as decimal(18, 2)) as cost_amount
    from programs
    left join costs on programs.program_id = costs.program_id
)

{{ with_custom_columns('final', 'dim_programs', 'program_id') }}
