-- How many ramps of a cohort are still without the milestone and followed on, as a day begins: those that entered before
-- it (or on day 0) and had neither reached the milestone nor ended.
with curves as (
    select *
    from rep_timeline.cohort_ramp_curves
    where not is_small_cohort
),

marks as (
    select unnest(generate_series(0, 720, 30)) as mark
)

select
    curves.cohort_type,
    curves.milestone,
    curves.cohort,
    curves.cohort_label,
    curves.ramp_count,
    marks.mark,
    cast(
        coalesce(sum(curves.entered_count) filter (where curves.day < marks.mark or curves.day = 0), 0)
        - coalesce(
            sum(curves.reached_count + curves.censored_count + curves.left_count) filter (where curves.day < marks.mark), 0
        ) as integer
    ) as at_risk_count
from curves
cross join marks
group by all
order by curves.cohort_type, curves.milestone, curves.cohort_label, curves.cohort, marks.mark
