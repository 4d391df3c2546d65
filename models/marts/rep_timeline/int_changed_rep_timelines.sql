{{ config(materialized='table', access='private', schema='conformed', contract={'enforced': false}) }}
{%- set is_increment = continued_from() is not none %}
{%- set changed_activities, ramp_spans = ref('cnf_changed_activities'), ref('int_ramp_spans') %}
{%- set content = [
    'rep_timeline_id', 'rep_id', 'happened_on', 'happened_at', 'system', 'category', 'event', 'detail', 'amount',
    'source_key',
] %}

-- From which day on an increment makes a rep's timeline again: the first day with an event that is new, gone or not
-- what it was in the last build, or that falls into another ramp. Without rows in a full build.
with events as {{ inlined() }} (select * from {{ ref('int_rep_timeline_events') }}),

{% if is_increment -%}
changed_activities as (select * from {{ changed_activities }}),

ramp_spans as (select * from {{ ramp_spans }}),

last_built as {{ inlined() }} (select * from {{ as_last_built('rep_timeline') }}),

-- Most events are activities, and which of them changed is known. All others are compared.
other_events as (
    select
        {{ surrogate_key(['event_key', 'rep_id']) }} as rep_timeline_id,
        events.*
    from events
    where category <> 'activity'
),

compared as (
    select
        rep_id,
        happened_on,
        {{ row_fingerprint(content, 'other_events') }} as fingerprint,
        1 as copies
    from other_events
    union all
    select
        rep_id,
        happened_on,
        {{ row_fingerprint(content, 'last_built') }} as fingerprint,
        -1 as copies
    from last_built
    where category <> 'activity'
),

-- Rows of one fingerprint are copies of one row.
differing as (
    select
        min(rep_id) as rep_id,
        min(happened_on) as happened_on
    from compared
    group by fingerprint
    having sum(copies) <> 0
),

-- Events that are the same may fall into another ramp, when a ramp came, went or moved.
events_by_ramp as (
    select
        rep_id,
        ramp_id,
        {{ dbt.dateadd('day', '-day_of_ramp', 'happened_on') }} as ramp_started_on,
        min(happened_on) as first_happened_on,
        max(happened_on) as last_happened_on
    from last_built
    where ramp_id is not null
    group by rep_id, ramp_id, {{ dbt.dateadd('day', '-day_of_ramp', 'happened_on') }}
),

left_a_ramp as (
    select
        events_by_ramp.rep_id,
        events_by_ramp.first_happened_on as happened_on
    from events_by_ramp
    left join ramp_spans
        on
            events_by_ramp.ramp_id = ramp_spans.ramp_id
            and events_by_ramp.rep_id = ramp_spans.rep_id
            and events_by_ramp.ramp_started_on = ramp_spans.ramp_started_on
            and events_by_ramp.last_happened_on <= ramp_spans.last_day_on
    where ramp_spans.ramp_id is null
),

entered_a_ramp as (
    select
        last_built.rep_id,
        last_built.happened_on
    from last_built
    inner join ramp_spans
        on
            last_built.rep_id = ramp_spans.rep_id
            and last_built.happened_on >= ramp_spans.ramp_started_on
            and last_built.happened_on <= ramp_spans.last_day_on
    where last_built.ramp_id is null
),

changed_days as (
    select
        rep_id,
        happened_on
    from differing
    union all
    select
        rep_id,
        happened_on
    from left_a_ramp
    union all
    select
        rep_id,
        happened_on
    from entered_a_ramp
    union all
    select
        last_built.rep_id,
        last_built.happened_on
    from last_built
    inner join changed_activities on last_built.source_key = changed_activities.source_key
    where last_built.category = 'activity'
    union all
    select
        events.rep_id,
        events.happened_on
    from events
    inner join changed_activities on events.source_key = changed_activities.source_key
    where events.category = 'activity'
),
{%- else -%}
changed_days as (
    select
        rep_id,
        happened_on
    from events
    where 1 = 0
),
{%- endif %}

final as (
    select
        rep_id,
        min(happened_on) as changed_from
    from changed_days
    group by rep_id
)

select * from final
