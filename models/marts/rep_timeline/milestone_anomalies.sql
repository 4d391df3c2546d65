with milestones as (
    select * from {{ ref('rep_milestones') }}
),

event_milestones as (
    select * from {{ ref('int_ramp_event_milestones') }}
    where is_before_start
),

ramps as (
    select * from {{ ref('dim_ramps') }}
),

activities as (
    select * from {{ ref('fct_activities') }}
    where rep_id is not null and activity_type in ('call', 'meeting', 'demo')
),

bookings as (
    select * from {{ ref('fct_bookings') }}
    where rep_id is not null
),

quotas as (
    select * from {{ ref('fct_quotas') }}
),

-- An event that would have counted, had the ramp begun: the first one a milestone.
events_before_start as (
    select
        milestones.ramp_id,
        milestones.rep_id,
        milestones.milestone,
        'event_before_ramp_start' as rule,
        'warning' as severity,
        event_milestones.source_key || ' on ' || cast(event_milestones.happened_on as {{ dbt.type_string() }})
        || ' is before the ramp start ' || cast(milestones.ramp_started_on as {{ dbt.type_string() }})
        || ' and does not count' as detail
    from event_milestones
    inner join milestones
        on
            event_milestones.ramp_id = milestones.ramp_id
            and event_milestones.milestone = milestones.milestone
),

-- Only where activities are recorded at all: without them every deal would be listed.
first_activities as (
    select
        rep_id,
        min(happened_on) as first_activity_on
    from activities
    group by rep_id
),

recorded_activities as (
    select count(*) as activity_count from activities
),

deals_before_activity as (
    select
        ramps.ramp_id,
        ramps.rep_id,
        'first_deal' as milestone,
        'deal_before_activity' as rule,
        'warning' as severity,
        'deal ' || bookings.opportunity_id || ' was won on ' || cast(bookings.booked_on as {{ dbt.type_string() }})
        || ' before any call, meeting or demo of the rep (inherited?)' as detail
    from ramps
    inner join bookings
        on
            ramps.rep_id = bookings.rep_id
            and ramps.ramp_started_on <= bookings.booked_on
            and ramps.observed_until >= bookings.booked_on
    left join first_activities
        on ramps.rep_id = first_activities.rep_id
    cross join recorded_activities
    where
        ramps.is_observed_from_start
        and recorded_activities.activity_count > 0
        and (first_activities.first_activity_on is null or first_activities.first_activity_on > bookings.booked_on)
),

-- Call, meeting, demo, deal in this order: each is compared with the reached one before it in the list.
soft_ordered as (
    select
        ramp_id,
        rep_id,
        milestone,
        reached_on,
        lag(milestone) over (partition by ramp_id order by sequence asc) as previous_milestone,
        lag(reached_on) over (partition by ramp_id order by sequence asc) as previous_reached_on
    from milestones
    where is_reached and milestone in ('first_call', 'first_meeting', 'first_demo', 'first_deal')
),

soft_order as (
    select
        ramp_id,
        rep_id,
        milestone,
        'soft_order' as rule,
        'warning' as severity,
        milestone || ' on ' || cast(reached_on as {{ dbt.type_string() }})
        || ' is before ' || previous_milestone
        || ' on ' || cast(previous_reached_on as {{ dbt.type_string() }}) as detail
    from soft_ordered
    where reached_on < previous_reached_on
),

on_start_day as (
    select
        ramp_id,
        rep_id,
        milestone,
        'milestone_on_start_day' as rule,
        'warning' as severity,
        milestone || ' was reached on the first day of the ramp (' || source_key || ')' as detail
    from milestones
    where is_reached and reached_on = ramp_started_on
),

not_evaluable as (
    select
        ramp_id,
        rep_id,
        milestone,
        'quota_not_evaluable' as rule,
        'warning' as severity,
        'no quota above zero in any period of the ramp' as detail
    from milestones
    where not is_evaluable
),

zero_quota_periods as (
    select
        ramps.ramp_id,
        ramps.rep_id,
        cast(null as {{ dbt.type_string() }}) as milestone,
        'quota_period_not_evaluable' as rule,
        'warning' as severity,
        'the period from ' || cast(quotas.period_started_on as {{ dbt.type_string() }})
        || ' has no quota above zero' as detail
    from ramps
    inner join quotas
        on
            ramps.rep_id = quotas.rep_id
            and ramps.observed_until >= quotas.period_started_on
            and ramps.ramp_started_on <= quotas.period_ended_on
    where coalesce(quotas.milestone_quota, 0) <= 0
),

split_not_100 as (
    select
        ramps.ramp_id,
        bookings.rep_id,
        cast(null as {{ dbt.type_string() }}) as milestone,
        'split_not_100' as rule,
        'warning' as severity,
        'the splits of deal ' || bookings.opportunity_id
        || ' do not add up to 100 %: it is credited to its owner' as detail
    from bookings
    left join ramps
        on
            bookings.rep_id = ramps.rep_id
            and bookings.booked_on >= ramps.ramp_started_on
            and bookings.booked_on <= ramps.observed_until
    where bookings.credit_method = 'owner_split_mismatch'
),

-- What holds by construction is checked all the same.
outside_ramp as (
    select
        ramp_id,
        rep_id,
        milestone,
        'hard_order_outside_ramp' as rule,
        'error' as severity,
        milestone || ' on ' || cast(reached_on as {{ dbt.type_string() }}) || ' is outside the ramp' as detail
    from milestones
    where reached_on < ramp_started_on or reached_on > observed_until
),

wide as (
    select
        ramp_id,
        rep_id,
        max(case when milestone = 'first_activity' then reached_on end) as first_activity_on,
        min(case when milestone in ('first_call', 'first_meeting', 'first_demo') then reached_on end) as first_part_on,
        max(case when milestone = 'first_activity' then 1 else 0 end)
        + sum(case when milestone in ('first_call', 'first_meeting', 'first_demo') then 1 else 0 end) as part_count
    from milestones
    group by ramp_id, rep_id
),

first_activity_parts as (
    select
        ramp_id,
        rep_id,
        'first_activity' as milestone,
        'hard_order_first_activity' as rule,
        'error' as severity,
        'first_activity is not the earliest of first_call, first_meeting and first_demo' as detail
    from wide
    where part_count = 4 and first_activity_on is distinct from first_part_on
),

deal_and_quota as (
    select
        ramp_id,
        rep_id,
        milestone,
        coalesce(reached_on, observed_until) as compared_on,
        is_reached,
        lag(is_reached) over (partition by ramp_id order by sequence asc) as previous_is_reached,
        lag(reached_on) over (partition by ramp_id order by sequence asc) as previous_reached_on,
        lag(milestone) over (partition by ramp_id order by sequence asc) as previous_milestone
    from milestones
    where milestone in ('first_deal', 'quota_50', 'quota_80', 'quota_100')
),

deal_quota_order as (
    select
        ramp_id,
        rep_id,
        milestone,
        'hard_order_deal_quota' as rule,
        'error' as severity,
        milestone || ' was reached before ' || previous_milestone as detail
    from deal_and_quota
    where is_reached and (not previous_is_reached or previous_reached_on > compared_on)
),

findings as (
    select * from events_before_start
    union all
    select * from deals_before_activity
    union all
    select * from soft_order
    union all
    select * from on_start_day
    union all
    select * from not_evaluable
    union all
    select * from zero_quota_periods
    union all
    select * from split_not_100
    union all
    select * from outside_ramp
    union all
    select * from first_activity_parts
    union all
    select * from deal_quota_order
),

final as (
    select
        {{ surrogate_key([
            'rule', "coalesce(ramp_id, '')", 'rep_id', "coalesce(milestone, '')", "coalesce(detail, '')"
        ]) }} as milestone_anomaly_id,
        ramp_id,
        rep_id,
        milestone,
        rule,
        severity,
        detail
    from findings
)

select * from final
