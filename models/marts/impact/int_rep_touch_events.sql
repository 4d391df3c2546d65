{{ config(materialized='view', access='private', schema='conformed', contract={'enforced': false}) }}

-- What may influence a rep's deals: programs completed, certifications, coaching sessions and scorecards, content
-- viewed. Recorded calls and practice recordings are work, not enablement received, and would swamp the rest.
with learning_events as (
    select * from {{ ref('fct_learning_events') }}
),

coaching_events as (
    select * from {{ ref('fct_coaching_events') }}
),

final as (
    select
        learning_events.learning_event_id as touch_id,
        case learning_events.event_type
            when 'completed' then 'program'
            when 'certified' then 'certification'
            else 'content'
        end as touch_kind,
        learning_events.rep_id,
        learning_events.program_id,
        learning_events.happened_on
    from learning_events
    where
        learning_events.event_type in ('completed', 'certified', 'content_viewed')
        and learning_events.rep_id is not null
    union all
    select
        coaching_events.coaching_event_id as touch_id,
        case when coaching_events.event_type = 'scorecard' then 'scorecard' else 'coaching' end as touch_kind,
        coaching_events.rep_id,
        cast(null as {{ dbt.type_string() }}) as program_id,
        coaching_events.happened_on
    from coaching_events
    where
        coaching_events.event_type not in ('recorded_call', 'practice_recording') and coaching_events.rep_id is not null
)

select * from final
