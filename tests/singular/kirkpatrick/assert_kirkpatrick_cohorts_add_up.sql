-- The cohorts of each type add up to all, term by term. Medians do not add up, and withheld cohorts cannot be seen.
with metrics as (
    select * from {{ ref('kirkpatrick_metrics') }}
    where unit <> 'days'
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
        breakdown_type,
        breakdown,
        sum(coalesce(numerator, 0)) as numerator,
        sum(coalesce(denominator, 0)) as denominator,
        sum(coalesce(people_count, 0)) as people_count,
        max(case when is_withheld then 1 else 0 end) as has_withheld
    from metrics
    where cohort_type <> 'all'
    group by program_id, cohort_type, metric, breakdown_type, breakdown
)

select
    totals.program_id,
    cohorts.cohort_type,
    totals.metric,
    totals.breakdown,
    totals.numerator,
    cohorts.numerator as cohorts_numerator,
    totals.denominator,
    cohorts.denominator as cohorts_denominator
from totals
inner join cohorts
    on
        totals.program_id = cohorts.program_id
        and totals.metric = cohorts.metric
        and totals.breakdown_type = cohorts.breakdown_type
        and totals.breakdown = cohorts.breakdown
where
    not totals.is_withheld
    and cohorts.has_withheld = 0
    and (
        abs(totals.numerator - cohorts.numerator) > 0.000001
        or abs(coalesce(totals.denominator, 0) - cohorts.denominator) > 0.000001
        or totals.people_count <> cohorts.people_count
    )
