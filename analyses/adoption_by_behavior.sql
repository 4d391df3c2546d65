-- Is what was trained done in the field? Share of the people who completed each program whose trained behaviour
-- rose, by role family.
with metrics as (
    select * from {{ ref('kirkpatrick_metrics') }}
    where metric = 'adoption_rate' and breakdown_type = 'behavior' and cohort_type in ('all', 'role_family')
),

programs as (select * from {{ ref('dim_programs') }}),

final as (
    select
        programs.program_name,
        programs.program_version,
        metrics.breakdown as behavior,
        metrics.cohort,
        metrics.numerator as risen_count,
        metrics.denominator as measured_count,
        metrics.value as adoption_rate
    from metrics
    inner join programs on metrics.program_id = programs.program_id
)

select * from final
order by program_name, program_version, behavior, cohort
