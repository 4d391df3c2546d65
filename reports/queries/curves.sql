-- The curves of cohorts that are large enough, each from its start to the end of its follow-up.
with curves as (
    select *
    from rep_timeline.cohort_ramp_curves
    where not is_small_cohort
)

select
    cohort_type,
    milestone,
    cohort,
    cohort_label,
    ramp_count,
    day,
    round(1 - survival, 5) as reached_rate,
    round(1 - ci_high, 5) as reached_low,
    round(1 - ci_low, 5) as reached_high
from curves
where reached_count > 0 or next_day is null

union all

select distinct
    cohort_type,
    milestone,
    cohort,
    cohort_label,
    ramp_count,
    0 as day,
    0 as reached_rate,
    0 as reached_low,
    0 as reached_high
from curves
where (cohort_type, milestone, cohort) not in (
    select (cohort_type, milestone, cohort) from curves where day = 0 and (reached_count > 0 or next_day is null)
)
order by cohort_type, milestone, cohort_label, cohort, day
