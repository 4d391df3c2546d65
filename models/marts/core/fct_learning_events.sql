{{ config(materialized='table', **table_layout(day='happened_on', cluster_by=['rep_id'])) }}

-- What people did in training, one row per event, up to the as-of date.
with learning_events as (select * from {{ ref('cnf_learning_events') }}),

final as (
    select
        learning_events.learning_event_id,
        learning_events.system,
        learning_events.rep_id,
        learning_events.program_id,
        learning_events.item_id,
        learning_events.content_id,
        learning_events.event_type,
        learning_events.happened_at,
        learning_events.happened_on,
        learning_events.due_on,
        learning_events.is_on_time,
        learning_events.assessment_kind,
        learning_events.attempt_number,
        learning_events.score_rate,
        learning_events.is_passed,
        learning_events.certification_name,
        learning_events.expires_on,
        learning_events.duration_minutes,
        learning_events.session_id,
        learning_events.enrollment_id,
        learning_events.person_key,
        learning_events.source_key
    from learning_events
)

select * from final
