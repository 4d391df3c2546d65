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
events as (
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

-- One event a rep, type and day is enough to find the first; it keeps the join below small.
ranked_events as (
    select
        *,
        row_number() over (
            partition by rep_id, kind, event_type, happened_on
            order by happened_at asc nulls last, order_key asc nulls last
        ) as event_rank
    from events
),

daily_events as (
    select * from ranked_events
    where event_rank = 1
),

ramp_milestones as (
    select
        ramps.ramp_id,
        ramps.rep_id,
        ramps.ramp_started_on,
        ramps.observed_until,
        milestones.milestone,
        milestones.kind,
        milestones.qualifier
    from ramps
    inner join milestones
        on milestones.role_family = '*' or ramps.role_family = milestones.role_family
),

qualifying_events as (
    select
        ramp_milestones.ramp_id,
        ramp_milestones.rep_id,
        ramp_milestones.milestone,
        ramp_milestones.ramp_started_on,
        daily_events.happened_on,
        daily_events.happened_at,
        daily_events.order_key,
        daily_events.source_key,
        daily_events.happened_on < ramp_milestones.ramp_started_on as is_before_start
    from ramp_milestones
    inner join daily_events
        on
            ramp_milestones.rep_id = daily_events.rep_id
            and ramp_milestones.kind = daily_events.kind
            and ramp_milestones.observed_until >= daily_events.happened_on
            and (
                ramp_milestones.kind in ('opportunity_created', 'deal_won')
                or ramp_milestones.qualifier = daily_events.event_type
                or (
                    ramp_milestones.qualifier = '*'
                    and (
                        ramp_milestones.kind <> 'activity'
                        or daily_events.event_type in ('call', 'meeting', 'demo')
                    )
                )
            )
),

-- An event inside another ramp of the same rep belongs to that ramp: it is no finding of this one.
own_events as (
    select qualifying_events.*
    from qualifying_events
    where
        not qualifying_events.is_before_start
        or not exists (
            select 1
            from ramps
            where
                ramps.rep_id = qualifying_events.rep_id
                and ramps.ramp_id <> qualifying_events.ramp_id
                and ramps.ramp_started_on <= qualifying_events.happened_on
                and ramps.observed_until >= qualifying_events.happened_on
        )
),

ranked as (
    select
        *,
        row_number() over (
            partition by ramp_id, milestone, is_before_start
            order by happened_on asc, happened_at asc nulls last, order_key asc nulls last
        ) as event_rank
    from own_events
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
