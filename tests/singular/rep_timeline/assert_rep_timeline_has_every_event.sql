-- Conservation: each matched event of the facts, and each reached milestone, stands once on the timeline.
with facts as (
    select
        'activity' as category,
        count(*) as event_count
    from {{ ref('fct_activities') }}
    where rep_id is not null

    union all

    select
        'learning' as category,
        count(*) as event_count
    from {{ ref('fct_learning_events') }}
    where rep_id is not null

    union all

    select
        'coaching' as category,
        count(*) as event_count
    from {{ ref('fct_coaching_events') }}
    where rep_id is not null

    union all

    select
        'deal_won' as category,
        count(*) as event_count
    from {{ ref('fct_bookings') }}
    where rep_id is not null

    union all

    select
        'milestone' as category,
        count(*) as event_count
    from {{ ref('rep_milestones') }}
    where is_reached
),

events as (
    select
        case when event = 'deal_won' then 'deal_won' else category end as category,
        count(*) as event_count
    from {{ ref('rep_timeline') }}
    group by case when event = 'deal_won' then 'deal_won' else category end
)

select
    facts.category,
    facts.event_count,
    events.event_count as timeline_count
from facts
left join events
    on facts.category = events.category
where facts.event_count <> coalesce(events.event_count, 0)
