{{ config(materialized='table', access='private', schema='conformed', contract={'enforced': false}) }}
{%- set is_increment = continued_from() is not none %}
{%- set changed_activities, ramp_spans = ref('cnf_changed_activities'), ref('int_ramp_spans') %}
{%- set weeks = ref('int_timeline_weeks') %}

-- From which day on an increment makes a rep's timeline again: the first day with an activity that is new, gone or made
-- again, of a week in which anything else is not what it was in the last build, or that falls into another ramp.
-- Without rows in a full build.
with events as {{ inlined() }} (select * from {{ ref('int_rep_timeline_events') }}),

{% if is_increment -%}
changed_activities as (select * from {{ changed_activities }}),

weeks as (select * from {{ weeks }}),

ramp_spans as (select * from {{ ramp_spans }}),

last_built as {{ inlined() }} (select * from {{ as_last_built('rep_timeline') }}),

spans_then as (select * from {{ as_last_built('int_built_ramp_spans') }}),

-- Events that are the same may fall into another ramp, when a ramp came, went or moved.
compared_spans as (
    select
        ramp_id,
        rep_id,
        ramp_started_on,
        last_day_on
    from ramp_spans
    union all
    select
        ramp_id,
        rep_id,
        ramp_started_on,
        last_day_on
    from spans_then
),

-- Where only its end moved, the days up to the earlier one are what they were.
moved_spans as (
    select
        rep_id,
        case
            when count(*) = 2 and min(ramp_started_on) = max(ramp_started_on)
                then {{ dbt.dateadd('day', 1, 'min(last_day_on)') }}
            else min(ramp_started_on)
        end as happened_on
    from compared_spans
    group by ramp_id, rep_id
    having
        count(*) = 1
        or min(ramp_started_on) <> max(ramp_started_on)
        or min(last_day_on) <> max(last_day_on)
),

changed_days as (
    select
        rep_id,
        week_started_on as happened_on
    from weeks
    where is_changed
    union all
    select
        rep_id,
        cast(happened_on as date) as happened_on
    from moved_spans
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
