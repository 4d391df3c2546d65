{{ config(access='private', schema='conformed', contract={'enforced': false}) }}

with ramps as (
    select * from {{ ref('dim_ramps') }}
),

milestones as (
    select * from {{ ref('ramp_milestones') }}
    where kind <> 'quota'
),

activities as {{ inlined() }} (
    select * from {{ ref('fct_activities') }}
    where rep_id is not null
),

opportunities as (
    select * from {{ ref('fct_opportunities') }}
),

bookings as (
    select * from {{ ref('fct_bookings') }}
    where rep_id is not null
),

learning_events as (
    select * from {{ ref('fct_learning_events') }}
    where rep_id is not null
),

coaching_events as {{ inlined() }} (
    select * from {{ ref('fct_coaching_events') }}
    where rep_id is not null
),

-- Every event that may reach a milestone, in one shape. Deals have a date and no time: order_key breaks ties on a day.
events as {{ inlined() }} (
    select
        rep_id,
        'activity' as kind,
        activity_type as event_type,
        happened_on,
        happened_at,
        source_key as order_key,
        source_key
    from activities

    union all

    select
        owner_rep_id as rep_id,
        'opportunity_created' as kind,
        '*' as event_type,
        created_on as happened_on,
        cast(null as timestamp) as happened_at,
        opportunity_id as order_key,
        source_key
    from opportunities
    where owner_rep_id is not null

    union all

    select
        bookings.rep_id,
        'deal_won' as kind,
        '*' as event_type,
        bookings.booked_on as happened_on,
        cast(null as timestamp) as happened_at,
        bookings.opportunity_id as order_key,
        opportunities.source_key
    from bookings
    left join opportunities
        on bookings.opportunity_id = opportunities.opportunity_id

    union all

    select
        rep_id,
        'learning' as kind,
        event_type,
        happened_on,
        happened_at,
        source_key as order_key,
        source_key
    from learning_events

    union all

    select
        rep_id,
        'coaching' as kind,
        event_type,
        happened_on,
        happened_at,
        source_key as order_key,
        source_key
    from coaching_events
),

-- The first day of each type of event is enough to find the milestones' first days; which event of that day came first
-- is looked up at the end.
first_days_in_ramp as (
    select
        ramps.ramp_id,
        events.kind,
        events.event_type,
        min(events.happened_on) as happened_on
    from ramps
    inner join events
        on
            ramps.rep_id = events.rep_id
            and ramps.ramp_started_on <= events.happened_on
            and ramps.observed_until >= events.happened_on
    group by ramps.ramp_id, events.kind, events.event_type
),

days_before_ramp as (
    select
        ramps.ramp_id,
        ramps.rep_id,
        events.kind,
        events.event_type,
        events.happened_on
    from ramps
    inner join events
        on
            ramps.rep_id = events.rep_id
            and ramps.ramp_started_on > events.happened_on
            and ramps.observed_until >= events.happened_on
    group by ramps.ramp_id, ramps.rep_id, events.kind, events.event_type, events.happened_on
),

-- An event inside another ramp of the same rep belongs to that ramp: it is no finding of this one.
first_days_before_ramp as (
    select
        days_before_ramp.ramp_id,
        days_before_ramp.kind,
        days_before_ramp.event_type,
        min(days_before_ramp.happened_on) as happened_on
    from days_before_ramp
    where
        not exists (
            select 1
            from ramps
            where
                ramps.rep_id = days_before_ramp.rep_id
                and ramps.ramp_id <> days_before_ramp.ramp_id
                and ramps.ramp_started_on <= days_before_ramp.happened_on
                and ramps.observed_until >= days_before_ramp.happened_on
        )
    group by days_before_ramp.ramp_id, days_before_ramp.kind, days_before_ramp.event_type
),

first_days_by_type as (
    select
        ramp_id,
        kind,
        event_type,
        happened_on,
        false as is_before_start
    from first_days_in_ramp
    union all
    select
        ramp_id,
        kind,
        event_type,
        happened_on,
        true as is_before_start
    from first_days_before_ramp
),

-- Which events count for a milestone: of activities without a word for which, those in which somebody was spoken to.
qualifying_days as (
    select
        ramps.ramp_id,
        ramps.rep_id,
        milestones.milestone,
        first_days_by_type.kind,
        first_days_by_type.event_type,
        first_days_by_type.is_before_start,
        first_days_by_type.happened_on
    from first_days_by_type
    inner join ramps
        on first_days_by_type.ramp_id = ramps.ramp_id
    inner join milestones
        on
            (milestones.role_family = '*' or ramps.role_family = milestones.role_family)
            and first_days_by_type.kind = milestones.kind
            and (
                milestones.kind in ('opportunity_created', 'deal_won')
                or first_days_by_type.event_type = milestones.qualifier
                or (
                    milestones.qualifier = '*'
                    and (
                        milestones.kind <> 'activity'
                        or first_days_by_type.event_type in ('call', 'meeting', 'demo')
                    )
                )
            )
),

first_days as (
    select
        ramp_id,
        milestone,
        is_before_start,
        min(happened_on) as happened_on
    from qualifying_days
    group by ramp_id, milestone, is_before_start
),

ranked as (
    select
        qualifying_days.ramp_id,
        qualifying_days.rep_id,
        qualifying_days.milestone,
        qualifying_days.is_before_start,
        qualifying_days.happened_on,
        events.source_key,
        row_number() over (
            partition by qualifying_days.ramp_id, qualifying_days.milestone, qualifying_days.is_before_start
            order by events.happened_at asc nulls last, events.order_key asc nulls last
        ) as event_rank
    from qualifying_days
    inner join first_days
        on
            qualifying_days.ramp_id = first_days.ramp_id
            and qualifying_days.milestone = first_days.milestone
            and qualifying_days.is_before_start = first_days.is_before_start
            and qualifying_days.happened_on = first_days.happened_on
    inner join events
        on
            qualifying_days.rep_id = events.rep_id
            and qualifying_days.happened_on = events.happened_on
            and qualifying_days.kind = events.kind
            and qualifying_days.event_type = events.event_type
),

final as (
    select
        ramp_id,
        rep_id,
        milestone,
        is_before_start,
        happened_on,
        source_key
    from ranked
    where event_rank = 1
)

select * from final
