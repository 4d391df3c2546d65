-- Tries to work out withheld survey results: all less the cohorts that are shown must leave nobody, or enough people in
-- at least two cohorts; where all is withheld nothing of it is shown; where a cohort is withheld, those that nobody
-- answered in are withheld too; and unmatched people, who are the same in both cohort types, are not shown by hire
-- quarter while they are withheld by role family. (tests/python/test_privacy.py attacks by linear algebra.)
with metrics as (
    select * from {{ ref('kirkpatrick_metrics') }}
    where level = 1
),

totals as (
    select * from metrics
    where cohort_type = 'all'
),

cohorts as (
    select
        program_id,
        cohort_type,
        metric,
        breakdown,
        sum(coalesce(people_count, 0)) as shown_people,
        sum(case when is_withheld then 1 else 0 end) as withheld_cohorts,
        sum(case when not is_withheld and people_count = 0 then 1 else 0 end) as shown_empty_cohorts,
        sum(case when not is_withheld and people_count > 0 then 1 else 0 end) as shown_cohorts,
        max(case when cohort = 'unmatched' and is_withheld then 1 else 0 end) as is_unmatched_withheld,
        max(case when cohort = 'unmatched' and not is_withheld and people_count > 0 then 1 else 0 end)
            as is_unmatched_shown
    from metrics
    where cohort_type <> 'all'
    group by program_id, cohort_type, metric, breakdown
),

subtracted as (
    select
        cohorts.program_id,
        cohorts.cohort_type,
        cohorts.metric,
        cohorts.breakdown,
        totals.is_withheld as is_all_withheld,
        totals.people_count - cohorts.shown_people as rest_people,
        cohorts.withheld_cohorts,
        cohorts.shown_cohorts,
        cohorts.shown_empty_cohorts,
        cohorts.is_unmatched_withheld,
        cohorts.is_unmatched_shown
    from cohorts
    inner join totals
        on
            cohorts.program_id = totals.program_id
            and cohorts.metric = totals.metric
            and cohorts.breakdown = totals.breakdown
)

select
    subtracted.program_id,
    subtracted.cohort_type,
    subtracted.metric,
    subtracted.breakdown,
    'subtraction' as attack
from subtracted
where
    (subtracted.is_all_withheld and subtracted.shown_cohorts > 0)
    or (subtracted.withheld_cohorts > 0 and subtracted.shown_empty_cohorts > 0)
    or (
        not subtracted.is_all_withheld
        and (
            (subtracted.rest_people > 0 and subtracted.rest_people < {{ var('min_group_size') }})
            or subtracted.rest_people < 0
            or (subtracted.withheld_cohorts = 0 and subtracted.rest_people <> 0)
            or (subtracted.withheld_cohorts = 1 and subtracted.shown_cohorts > 0)
        )
    )
union all
select
    by_role.program_id,
    by_role.cohort_type,
    by_role.metric,
    by_role.breakdown,
    'unmatched in another cohort type' as attack
from subtracted as by_role
inner join subtracted as by_quarter
    on
        by_role.program_id = by_quarter.program_id
        and by_role.metric = by_quarter.metric
        and by_role.breakdown = by_quarter.breakdown
where
    by_role.cohort_type = 'role_family'
    and by_quarter.cohort_type = 'hire_quarter'
    and by_role.is_unmatched_withheld = 1
    and by_quarter.is_unmatched_shown = 1
