{{ config(access='private', schema='conformed', contract={'enforced': false}) }}

with ramps as (
    select * from {{ ref('dim_ramps') }}
),

milestones as (
    select * from {{ ref('ramp_milestones') }}
    where kind <> 'quota'
),

activities as (
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

coaching_events as (
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

-- The days are enough to find the first one; which event of that day came first is looked up at the end.
event_days as (
    select
        rep_id,
        kind,
        event_type,
        happened_on
    from events
    group by rep_id, kind, event_type, happened_on
),

event_types as (
    select
        kind,
        event_type
    from event_days
    group by kind, event_type
),

-- Which events count for a milestone: of activities without a word for which, those in which somebody was spoken to.
milestone_types as (
    select
        milestones.milestone,
        milestones.role_family,
        event_types.kind,
        event_types.event_type
    from milestones
    inner join event_types
        on
            milestones.kind = event_types.kind
            and (
                milestones.kind in ('opportunity_created', 'deal_won')
                or milestones.qualifier = event_types.event_type
                or (
                    milestones.qualifier = '*'
                    and (
                        milestones.kind <> 'activity'
                        or event_types.event_type in ('call', 'meeting', 'demo')
                    )
                )
            )
),

ramp_types as (
    select
        ramps.ramp_id,
        ramps.rep_id,
        ramps.ramp_started_on,
        ramps.observed_until,
        milestone_types.milestone,
        milestone_types.kind,
        milestone_types.event_type
    from ramps
    inner join milestone_types
        on milestone_types.role_family = '*' or ramps.role_family = milestone_types.role_family
),

qualifying_days as (
    select
        ramp_types.ramp_id,
        ramp_types.rep_id,
        ramp_types.milestone,
        event_days.happened_on,
        event_days.happened_on < ramp_types.ramp_started_on as is_before_start
    from ramp_types
    inner join event_days
        on
            ramp_types.rep_id = event_days.rep_id
            and ramp_types.kind = event_days.kind
            and ramp_types.event_type = event_days.event_type
            and ramp_types.observed_until >= event_days.happened_on
),

-- An event inside another ramp of the same rep belongs to that ramp: it is no finding of this one.
own_days as (
    select qualifying_days.*
    from qualifying_days
    where
        not qualifying_days.is_before_start
        or not exists (
            select 1
            from ramps
            where
                ramps.rep_id = qualifying_days.rep_id
                and ramps.ramp_id <> qualifying_days.ramp_id
                and ramps.ramp_started_on <= qualifying_days.happened_on
                and ramps.observed_until >= qualifying_days.happened_on
        )
),

first_days as (
    select
        ramp_id,
        rep_id,
        milestone,
        is_before_start,
        min(happened_on) as happened_on
    from own_days
    group by ramp_id, rep_id, milestone, is_before_start
),

ranked as (
    select
        first_days.*,
        events.source_key,
        row_number() over (
            partition by first_days.ramp_id, first_days.milestone, first_days.is_before_start
            order by events.happened_at asc nulls last, events.order_key asc nulls last
        ) as event_rank
    from first_days
    inner join ramp_types
        on first_days.ramp_id = ramp_types.ramp_id and first_days.milestone = ramp_types.milestone
    inner join events
        on
            first_days.rep_id = events.rep_id
            and first_days.happened_on = events.happened_on
            and ramp_types.kind = events.kind
            and ramp_types.event_type = events.event_type
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
