-- Won, lost and open deals side by side: what the deals were, and what their owners did and had learned before the
-- outcome.
{%- set measures = [
    'amount_corporate', 'age_days', 'days_in_stage', 'activity_count', 'demo_count',
    'coaching_session_count', 'content_view_count', 'programs_completed_count',
] %}
with opportunities as (
    select * from {{ ref('fct_opportunities') }}
),

reps as (
    select * from {{ ref('dim_reps') }}
),

stages as (
    select * from {{ ref('fct_opportunity_stages') }}
),

activities as (
    select * from {{ ref('fct_activities') }}
),

learning_events as (
    select * from {{ ref('fct_learning_events') }}
),

touches as (
    select * from {{ ref('int_rep_touches') }}
),

deals as (
    select
        opportunities.opportunity_id,
        opportunities.owner_rep_id,
        coalesce(reps.role_family, 'unmatched') as role_family,
        opportunities.status,
        opportunities.amount_corporate,
        opportunities.age_days,
        coalesce(opportunities.closed_on, {{ as_of_date() }}) as outcome_on
    from opportunities
    left join reps on opportunities.owner_rep_id = reps.rep_id
),

stage_days as (
    select
        stages.opportunity_id,
        1e0 * sum(stages.days_in_stage) / count(stages.days_in_stage) as days_in_stage
    from stages
    where not stages.is_closed_stage and stages.days_in_stage is not null
    group by stages.opportunity_id
),

deal_activities as (
    select
        deals.opportunity_id,
        count(*) as activity_count,
        sum(case when activities.activity_type = 'demo' then 1 else 0 end) as demo_count
    from deals
    inner join activities
        on
            deals.opportunity_id = activities.opportunity_id
            and deals.owner_rep_id = activities.rep_id
            and deals.outcome_on >= activities.happened_on
    group by deals.opportunity_id
),

deal_touches as (
    select
        deals.opportunity_id,
        sum(case when touches.touch_kind = 'coaching' then 1 else 0 end) as coaching_session_count,
        sum(case when touches.touch_kind = 'content' then 1 else 0 end) as content_view_count
    from deals
    inner join touches
        on
            deals.owner_rep_id = touches.rep_id
            and {{ day_before_influence('deals.outcome_on') }} < touches.happened_on
            and deals.outcome_on >= touches.happened_on
    group by deals.opportunity_id
),

deal_programs as (
    select
        deals.opportunity_id,
        count(distinct learning_events.program_id) as programs_completed_count
    from deals
    inner join learning_events
        on
            deals.owner_rep_id = learning_events.rep_id
            and learning_events.event_type = 'completed'
            and deals.outcome_on >= learning_events.happened_on
    group by deals.opportunity_id
),

measured as (
    select
        deals.opportunity_id,
        deals.role_family,
        deals.status,
        cast(deals.amount_corporate as {{ type_double() }}) as amount_corporate,
        cast(deals.age_days as {{ type_double() }}) as age_days,
        stage_days.days_in_stage,
        cast(coalesce(deal_activities.activity_count, 0) as {{ type_double() }}) as activity_count,
        cast(coalesce(deal_activities.demo_count, 0) as {{ type_double() }}) as demo_count,
        cast(coalesce(deal_touches.coaching_session_count, 0) as {{ type_double() }}) as coaching_session_count,
        cast(coalesce(deal_touches.content_view_count, 0) as {{ type_double() }}) as content_view_count,
        cast(coalesce(deal_programs.programs_completed_count, 0) as {{ type_double() }}) as programs_completed_count
    from deals
    left join stage_days on deals.opportunity_id = stage_days.opportunity_id
    left join deal_activities on deals.opportunity_id = deal_activities.opportunity_id
    left join deal_touches on deals.opportunity_id = deal_touches.opportunity_id
    left join deal_programs on deals.opportunity_id = deal_programs.opportunity_id
),

long as (
    {%- for measure in measures %}
    select
        measured.role_family,
        measured.status,
        '{{ measure }}' as measure,
        measured.{{ measure }} as measure_value
    from measured
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- Deals of the same value stand together: far fewer rows to put in order.
valued as (
    select
        long.role_family,
        long.status,
        long.measure,
        long.measure_value,
        count(*) as value_deal_count
    from long
    group by long.role_family, long.status, long.measure, long.measure_value
),

in_families as (
    select
        valued.role_family,
        valued.status,
        valued.measure,
        valued.measure_value,
        valued.value_deal_count
    from valued
    union all
    select
        'all' as role_family,
        valued.status,
        valued.measure,
        valued.measure_value,
        sum(valued.value_deal_count) as value_deal_count
    from valued
    group by valued.status, valued.measure, valued.measure_value
),

ranked as (
    select
        in_families.*,
        case when in_families.measure_value is null then 0 else in_families.value_deal_count end as known_deal_count,
        sum(in_families.value_deal_count) over (
            partition by in_families.role_family, in_families.status, in_families.measure
            order by in_families.measure_value asc nulls last
            rows between unbounded preceding and current row
        ) as deal_count_up_to,
        sum(case when in_families.measure_value is null then 0 else in_families.value_deal_count end) over (
            partition by in_families.role_family, in_families.status, in_families.measure
        ) as deal_count
    from in_families
),

-- The median is the mean of the one or two deals in the middle.
summed as (
    select
        ranked.role_family,
        ranked.status,
        ranked.measure,
        sum(ranked.value_deal_count) as all_deal_count,
        sum(ranked.known_deal_count) as deal_count,
        {{ ordered_sum('ranked.measure_value * ranked.known_deal_count') }} as total,
        (
            min(case when 2 * ranked.deal_count_up_to >= ranked.deal_count then ranked.measure_value end)
            + min(case when 2 * ranked.deal_count_up_to > ranked.deal_count then ranked.measure_value end)
        ) / 2e0 as median
    from ranked
    group by ranked.role_family, ranked.status, ranked.measure
),

final as (
    select
        {{ surrogate_key(['role_family', 'status', 'measure']) }} as deal_comparison_id,
        role_family,
        status,
        measure,
        cast(all_deal_count as integer) as all_deal_count,
        cast(deal_count as integer) as deal_count,
        {{ rounded_double('total') }} as total,
        {{ rounded_double('total / nullif(deal_count, 0)') }} as mean,
        {{ rounded_double('median') }} as median
    from summed
)

select * from final
