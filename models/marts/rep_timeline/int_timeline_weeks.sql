{{ config(materialized='table', access='private', schema='conformed', contract={'enforced': false}) }}
{%- set is_increment = continued_from() is not none %}
{%- set content = [
    'rep_timeline_id', 'rep_id', 'happened_on', 'happened_at', 'system', 'category', 'event', 'detail', 'amount',
    'source_key',
] %}

-- What a rep's timeline has in each week but activities: how many events, the sum of their fingerprints, and whether an
-- increment finds another number or sum than the last build. Weeks, since there are far fewer of them than events.
-- Without rows where nothing is built by increments.
with events as (select * from {{ ref('int_rep_timeline_events') }}),

other_events as (
    select
        {{ surrogate_key(['events.event_key', 'events.rep_id']) }} as rep_timeline_id,
        events.*,
        cast({{ dbt.date_trunc('week', 'events.happened_on') }} as date) as week_started_on
    from events
    where events.category <> 'activity' {{ '' if can_increment() else 'and 1 = 0' }}
),

weeks as (
    select
        other_events.rep_id,
        other_events.week_started_on,
        count(*) as event_count,
        sum(cast({{ row_fingerprint(content, 'other_events') }} as decimal(20, 0))) as fingerprints
    from other_events
    group by other_events.rep_id, other_events.week_started_on
),

{% if is_increment -%}
compared as (
    select
        rep_id,
        week_started_on,
        event_count,
        fingerprints,
        true as is_now
    from weeks
    union all
    select
        rep_id,
        week_started_on,
        event_count,
        fingerprints,
        false as is_now
    from {{ this }}
    where event_count > 0
),

-- A week whose events are all gone stands once more, without events.
final as (
    select
        rep_id,
        week_started_on,
        max(case when is_now then event_count else 0 end) as event_count,
        max(case when is_now then fingerprints end) as fingerprints,
        count(*) = 1
        or min(event_count) <> max(event_count)
        or min(fingerprints) <> max(fingerprints) as is_changed
    from compared
    group by rep_id, week_started_on
)
{%- else -%}
final as (
    select
        rep_id,
        week_started_on,
        event_count,
        fingerprints,
        false as is_changed
    from weeks
)
{%- endif %}

select * from final
