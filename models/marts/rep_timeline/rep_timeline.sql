{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ delete_changed() }}",
    **table_layout(day='happened_on', cluster_by=['rep_id'])
) }}
{%- set changed = ref('int_changed_rep_timelines') %}

with events as (select * from {{ ref('int_rep_timeline_events') }}),

ramp_spans as (select * from {{ ref('int_ramp_spans') }}),

{% if is_incremental() -%}
changed as (select * from {{ changed }}),

-- What stays of a rep's timeline, so that the rest is numbered on from there.
kept as (
    select
        rep_id,
        count(*) as event_count
    from {{ this }}
    group by rep_id
),

to_be_made as (
    select
        events.*,
        coalesce(kept.event_count, 0) as earlier_event_count
    from events
    inner join changed
        on events.rep_id = changed.rep_id and events.happened_on >= changed.changed_from
    left join kept on events.rep_id = kept.rep_id
),
{%- else -%}
to_be_made as (
    select
        events.*,
        0 as earlier_event_count
    from events
),
{%- endif %}

placed as (
    select
        to_be_made.*,
        ramp_spans.ramp_id,
        {{ dbt.datediff('ramp_spans.ramp_started_on', 'to_be_made.happened_on', 'day') }} as day_of_ramp
    from to_be_made
    left join ramp_spans
        on
            to_be_made.rep_id = ramp_spans.rep_id
            and to_be_made.happened_on >= ramp_spans.ramp_started_on
            and to_be_made.happened_on <= ramp_spans.last_day_on
),

-- Within a day: HR first, then what has a time by its time, then deals, then the milestones that they reached.
sequenced as (
    select
        *,
        earlier_event_count + row_number() over (
            partition by rep_id
            order by
                happened_on asc,
                case category when 'hr' then 1 when 'deal' then 3 when 'milestone' then 4 else 2 end asc,
                happened_at asc nulls last,
                case
                    when event in ('hired', 'opportunity_created') then 1
                    when event in ('role_started', 'stage_reached') then 2
                    else 3
                end asc,
                event_key asc
        ) as event_sequence
    from placed
),

final as (
    select
        {{ surrogate_key(['event_key', 'rep_id']) }} as rep_timeline_id,
        rep_id,
        ramp_id,
        happened_on,
        happened_at,
        cast(event_sequence as integer) as event_sequence,
        cast(day_of_ramp as integer) as day_of_ramp,
        system,
        category,
        event,
        detail,
        amount,
        source_key
    from sequenced
)

select * from final
