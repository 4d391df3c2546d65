{{ config(materialized='view', access='private', schema='conformed', contract={'enforced': false}) }}
-- Every dated event of every rep up to the as-of date.
with role_spells as (
    select * from {{ ref('cnf_role_spells') }}
),

leaves as (
    select * from {{ ref('cnf_leaves') }}
),

learning_events as (
    select * from {{ ref('fct_learning_events') }}
    where rep_id is not null
),

coaching_events as (
    select * from {{ ref('fct_coaching_events') }}
    where rep_id is not null
),

activities as (
    select * from {{ ref('fct_activities') }}
    where rep_id is not null
),

opportunities as (
    select * from {{ ref('fct_opportunities') }}
),

opportunity_stages as (
    select * from {{ ref('fct_opportunity_stages') }}
),

bookings as (
    select * from {{ ref('fct_bookings') }}
    where rep_id is not null
),

programs as (
    select * from {{ ref('dim_programs') }}
),

milestones as (
    select * from {{ ref('rep_milestones') }}
    where is_reached
),

employments as (
    select
        rep_id,
        employment_number,
        min(hired_on) as hired_on
    from role_spells
    where hired_on is not null
    group by rep_id, employment_number
),

hr_events as (
    select
        rep_id,
        hired_on as happened_on,
        'hired' as event,
        'employment ' || cast(employment_number as {{ dbt.type_string() }}) as detail,
        'hr:employment:' || rep_id || ':' || cast(employment_number as {{ dbt.type_string() }}) as source_key
    from employments

    union all

    select
        rep_id,
        spell_started_on as happened_on,
        'role_started' as event,
        role_name as detail,
        'hr:role_spell:' || role_spell_id as source_key
    from role_spells
    where spell_started_on is not null

    union all

    select
        rep_id,
        spell_ended_on as happened_on,
        ended_reason as event,
        role_name as detail,
        'hr:role_spell:' || role_spell_id as source_key
    from role_spells
    where spell_ended_on is not null and ended_reason in ('moved', 'left')

    union all

    select
        rep_id,
        leave_started_on as happened_on,
        'leave_started' as event,
        cast(null as {{ dbt.type_string() }}) as detail,
        'hr:leave:' || rep_id || ':' || cast(leave_started_on as {{ dbt.type_string() }}) as source_key
    from leaves

    union all

    select
        rep_id,
        leave_ended_on as happened_on,
        'leave_ended' as event,
        cast(null as {{ dbt.type_string() }}) as detail,
        'hr:leave:' || rep_id || ':' || cast(leave_started_on as {{ dbt.type_string() }}) as source_key
    from leaves
    where leave_ended_on is not null
),

numbered_stages as (
    select
        opportunity_stages.opportunity_id,
        opportunity_stages.stage_name,
        opportunity_stages.entered_on,
        opportunity_stages.amount_corporate,
        row_number() over (
            partition by
                opportunity_stages.opportunity_id, opportunity_stages.stage_name, opportunity_stages.entered_on
            order by opportunity_stages.left_on asc nulls last, opportunity_stages.amount_corporate asc nulls last
        ) as entry_number
    from opportunity_stages
    where not coalesce(opportunity_stages.is_closed_stage, false)
),

events as (
    select
        'hr|' || event || '|' || source_key as event_key,
        rep_id,
        happened_on,
        cast(null as timestamp) as happened_at,
        'hr' as system,
        'hr' as category,
        event,
        detail,
        cast(null as decimal(18, 2)) as amount,
        source_key
    from hr_events

    union all

    select
        'learning|' || learning_events.learning_event_id as event_key,
        learning_events.rep_id,
        learning_events.happened_on,
        learning_events.happened_at,
        learning_events.system,
        'learning' as category,
        learning_events.event_type as event,
        coalesce(learning_events.certification_name, programs.program_name) as detail,
        cast(null as decimal(18, 2)) as amount,
        learning_events.source_key
    from learning_events
    left join programs
        on learning_events.program_id = programs.program_id

    union all

    select
        'coaching|' || coaching_event_id as event_key,
        rep_id,
        happened_on,
        happened_at,
        system,
        'coaching' as category,
        event_type as event,
        scorecard_name as detail,
        cast(null as decimal(18, 2)) as amount,
        source_key
    from coaching_events

    union all

    select
        'activity|' || activity_id as event_key,
        rep_id,
        happened_on,
        happened_at,
        system,
        'activity' as category,
        activity_type as event,
        opportunity_id as detail,
        cast(null as decimal(18, 2)) as amount,
        source_key
    from activities

    union all

    select
        'deal|created|' || opportunity_id as event_key,
        owner_rep_id as rep_id,
        created_on as happened_on,
        cast(null as timestamp) as happened_at,
        system,
        'deal' as category,
        'opportunity_created' as event,
        opportunity_id as detail,
        amount_corporate as amount,
        source_key
    from opportunities
    where owner_rep_id is not null

    union all

    select
        'deal|stage|' || numbered_stages.opportunity_id || '|' || numbered_stages.stage_name || '|'
        || cast(numbered_stages.entered_on as {{ dbt.type_string() }}) || '|'
        || cast(numbered_stages.entry_number as {{ dbt.type_string() }}) as event_key,
        opportunities.owner_rep_id as rep_id,
        numbered_stages.entered_on as happened_on,
        cast(null as timestamp) as happened_at,
        opportunities.system,
        'deal' as category,
        'stage_reached' as event,
        numbered_stages.stage_name as detail,
        numbered_stages.amount_corporate as amount,
        opportunities.source_key
    from numbered_stages
    inner join opportunities
        on numbered_stages.opportunity_id = opportunities.opportunity_id
    where opportunities.owner_rep_id is not null

    union all

    select
        'deal|won|' || bookings.booking_id as event_key,
        bookings.rep_id,
        bookings.booked_on as happened_on,
        cast(null as timestamp) as happened_at,
        opportunities.system,
        'deal' as category,
        'deal_won' as event,
        bookings.opportunity_id as detail,
        bookings.credited_amount as amount,
        opportunities.source_key
    from bookings
    inner join opportunities
        on bookings.opportunity_id = opportunities.opportunity_id

    union all

    select
        'deal|lost|' || opportunity_id as event_key,
        owner_rep_id as rep_id,
        closed_on as happened_on,
        cast(null as timestamp) as happened_at,
        system,
        'deal' as category,
        'deal_lost' as event,
        opportunity_id as detail,
        amount_corporate as amount,
        source_key
    from opportunities
    where owner_rep_id is not null and status = 'lost'

    union all

    select
        'milestone|' || ramp_id || '|' || milestone as event_key,
        rep_id,
        reached_on as happened_on,
        cast(null as timestamp) as happened_at,
        'rampline' as system,
        'milestone' as category,
        milestone as event,
        label as detail,
        bookings_amount as amount,
        source_key
    from milestones
),

final as (
    select
        event_key,
        rep_id,
        happened_on,
        happened_at,
        system,
        category,
        event,
        detail,
        amount,
        source_key
    from events
    where happened_on <= {{ as_of_date() }}
)

select * from final
