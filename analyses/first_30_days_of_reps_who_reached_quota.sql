-- What did reps do in their first 30 days who reached half of their quota within 180 days, and those who did not?
-- Only ramps that were followed for 180 days, or got there sooner.
with milestones as (
    select * from {{ ref('rep_milestones') }}
    where milestone = 'quota_50' and is_evaluable and is_observed_from_start
),

timeline as (
    select * from {{ ref('rep_timeline') }}
    where day_of_ramp between 0 and 29 and category in ('activity', 'learning', 'coaching', 'deal')
),

grouped as (
    select
        ramp_id,
        case when days_to <= 180 then 'reached' else 'not reached' end as quota_50_within_180_days
    from milestones
    where observed_days >= 180 or days_to <= 180
),

group_sizes as (
    select
        quota_50_within_180_days,
        count(*) as ramp_count
    from grouped
    group by quota_50_within_180_days
),

counted as (
    select
        grouped.quota_50_within_180_days,
        timeline.category,
        timeline.event,
        count(*) as event_count
    from grouped
    inner join timeline on grouped.ramp_id = timeline.ramp_id
    group by grouped.quota_50_within_180_days, timeline.category, timeline.event
),

final as (
    select
        counted.category,
        counted.event,
        counted.quota_50_within_180_days,
        group_sizes.ramp_count,
        counted.event_count,
        1.0 * counted.event_count / nullif(group_sizes.ramp_count, 0) as events_per_rep
    from counted
    inner join group_sizes on counted.quota_50_within_180_days = group_sizes.quota_50_within_180_days
)

select * from final
order by category, event, quota_50_within_180_days
