-- Programs started and completed are the same by program (less unmatched people) and by rep-month.
with metrics as (
    select * from {{ ref('kirkpatrick_metrics') }}
    where cohort_type = 'role_family' and cohort <> 'unmatched'
),

rep_months as (select * from {{ ref('kirkpatrick_rep_month') }}),

by_program as (
    select
        sum(case when metric = 'programs_started' then numerator else 0 end) as started_count,
        sum(case when metric = 'programs_completed' then numerator else 0 end) as completed_count
    from metrics
),

by_month as (
    select
        sum(programs_started_count) as started_count,
        sum(programs_completed_count) as completed_count
    from rep_months
)

select
    by_program.started_count,
    by_month.started_count as month_started_count,
    by_program.completed_count,
    by_month.completed_count as month_completed_count
from by_program
cross join by_month
where
    coalesce(by_program.started_count, 0) <> coalesce(by_month.started_count, 0)
    or coalesce(by_program.completed_count, 0) <> coalesce(by_month.completed_count, 0)
