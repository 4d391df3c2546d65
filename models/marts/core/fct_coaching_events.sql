-- Recorded calls, scorecards and coaching sessions, up to the as-of date.
with coaching_events as (select * from {{ ref('cnf_coaching_events') }}),

final as (
    select
        coaching_events.coaching_event_id,
        coaching_events.system,
        coaching_events.rep_id,
        coaching_events.coach_rep_id,
        coaching_events.event_type,
        coaching_events.happened_at,
        coaching_events.happened_on,
        coaching_events.duration_minutes,
        coaching_events.score_rate,
        coaching_events.topic,
        coaching_events.scorecard_name,
        coaching_events.source_key
    from coaching_events
)

select * from final
