-- Everything that happened to and by one rep, in order. Set var story_rep_id; without it, the rep with the fastest
-- first deal.
with milestones as (
    select * from {{ ref('rep_milestones') }}
    where milestone = 'first_deal' and is_observed_from_start
),

timeline as (select * from {{ ref('rep_timeline') }}),

reps as (select * from {{ ref('dim_reps') }}),

ranked as (
    select
        rep_id,
        row_number() over (order by days_to nulls last, rep_id) as speed_rank
    from milestones
),

chosen as (
    select rep_id from ranked
    {% if var('story_rep_id', '') -%}
    where rep_id = '{{ var("story_rep_id") }}'
    group by rep_id
    {%- else -%}
    where speed_rank = 1
    {%- endif %}
),

final as (
    select
        reps.full_name,
        timeline.happened_on,
        timeline.day_of_ramp,
        timeline.category,
        timeline.event,
        timeline.detail,
        timeline.amount,
        timeline.source_key,
        timeline.event_sequence
    from timeline
    inner join chosen on timeline.rep_id = chosen.rep_id
    inner join reps on timeline.rep_id = reps.rep_id
)

select * from final
order by event_sequence
