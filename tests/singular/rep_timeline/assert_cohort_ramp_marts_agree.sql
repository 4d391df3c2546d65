-- No cohort is missing anywhere: each curve has its summary, all but the reference are compared, and past forecasts
-- are scored.
with curves as (
    select
        cohort_type,
        cohort,
        milestone
    from {{ ref('cohort_ramp_curves') }}
    where day = 0
),

summaries as (
    select
        curves.cohort_type,
        curves.cohort,
        curves.milestone,
        'no summary' as finding
    from curves
    left join {{ ref('cohort_ramp_summary') }} as summary
        on
            curves.cohort_type = summary.cohort_type
            and curves.cohort = summary.cohort
            and curves.milestone = summary.milestone
    where summary.milestone is null
),

comparisons as (
    select
        curves.cohort_type,
        min(curves.cohort) as cohort,
        curves.milestone,
        'more or fewer than one cohort is not compared' as finding
    from curves
    left join {{ ref('cohort_ramp_comparison') }} as comparison
        on
            curves.cohort_type = comparison.cohort_type
            and curves.cohort = comparison.cohort
            and curves.milestone = comparison.milestone
    where curves.cohort_type <> 'all'
    group by curves.cohort_type, curves.milestone
    having sum(case when comparison.milestone is null then 1 else 0 end) <> 1
),

group_comparisons as (
    select
        curves.cohort_type,
        'all' as cohort,
        curves.milestone,
        'no comparison of all cohorts' as finding
    from curves
    left join {{ ref('cohort_ramp_group_comparison') }} as comparison
        on
            curves.cohort_type = comparison.cohort_type
            and curves.milestone = comparison.milestone
    where curves.cohort_type <> 'all' and comparison.milestone is null
    group by curves.cohort_type, curves.milestone
),

-- Open for 32 days, a milestone was open at a month end; 30 days on, its shortest forecast has come due.
scores as (
    select
        'backtest' as cohort_type,
        'all' as cohort,
        milestones.milestone,
        'past forecasts without a score' as finding
    from {{ ref('rep_milestones') }} as milestones
    left join {{ ref('ramp_forecast_backtest') }} as backtest
        on milestones.milestone = backtest.milestone
    where
        milestones.entry_days is not null
        and milestones.ended_reason <> 'moved'
        and milestones.evaluable_from_on < cast({{ dbt.dateadd('day', -62, as_of_date()) }} as date)
        and coalesce(milestones.reached_on, milestones.observed_until)
        > cast({{ dbt.dateadd('day', 31, 'milestones.evaluable_from_on') }} as date)
    group by milestones.milestone
    having count(backtest.milestone) = 0
)

select * from summaries
union all
select * from comparisons
union all
select * from group_comparisons
union all
select * from scores
