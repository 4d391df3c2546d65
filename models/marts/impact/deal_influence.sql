{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ delete_changed() }}"
) }}

-- Each deal shared out over the touches its rep had before the outcome; the weights of a deal add to 1 per weighting.
with outcomes as (
    select * from {{ ref('int_deal_outcomes') }}
    where {{ only_changed('opportunity_id', 'int_changed_deals', 'opportunity_id') }}
),

touches as (
    select * from {{ ref('int_rep_touches') }}
),

-- A touch counts from the first day of the window up to the day of the outcome.
touched as (
    select
        outcomes.opportunity_id,
        outcomes.rep_id,
        touches.touch_kind,
        touches.touch_id,
        touches.program_id,
        touches.happened_on
    from outcomes
    inner join touches
        on
            outcomes.rep_id = touches.rep_id
            and {{ day_before_influence('outcomes.outcome_on') }} < touches.happened_on
            and outcomes.outcome_on >= touches.happened_on
),

ranked as (
    select
        touched.*,
        row_number() over (
            partition by touched.opportunity_id, touched.rep_id
            order by touched.happened_on desc, touched.touch_kind asc, touched.touch_id asc
        ) as recency,
        count(*) over (partition by touched.opportunity_id, touched.rep_id) as touch_count,
        max(touched.happened_on) over (partition by touched.opportunity_id, touched.rep_id) as last_touched_on
    from touched
),

-- Weights depend on the days between touches alone, so the latest has a decay of 1. Decays are decimals: sums of those
-- are exact in any order, and an ordered sum of doubles for each deal would have to fit into memory.
decayed as (
    select
        ranked.*,
        cast(
            power(
                0.5e0,
                1e0 * {{ dbt.datediff('ranked.happened_on', 'ranked.last_touched_on', 'day') }}
                / {{ var('influence_half_life_days') }}
            ) as {{ type_rounding() }}
        ) as decay
    from ranked
),

weighed as (
    select
        decayed.*,
        1e0 / decayed.touch_count as equal_weight,
        cast(decayed.decay as {{ type_double() }})
        / cast(
            sum(decayed.decay) over (partition by decayed.opportunity_id, decayed.rep_id) as {{ type_double() }}
        ) as time_decay_weight
    from decayed
),

-- A deal without a touch is there once, with a weight of 1.
outcome_touches as (
    select
        outcomes.opportunity_id,
        outcomes.rep_id,
        outcomes.outcome,
        outcomes.outcome_on,
        outcomes.credit_share,
        outcomes.amount,
        weighed.program_id,
        weighed.happened_on as touched_on,
        coalesce(weighed.touch_kind, 'none') as touch_kind,
        coalesce(weighed.touch_id, 'none') as touch_id,
        coalesce(weighed.recency, 1) as recency,
        coalesce(weighed.equal_weight, 1e0) as equal_weight,
        coalesce(weighed.time_decay_weight, 1e0) as time_decay_weight
    from outcomes
    left join weighed
        on outcomes.opportunity_id = weighed.opportunity_id and outcomes.rep_id = weighed.rep_id
),

rounded as (
    select
        outcome_touches.*,
        cast(outcome_touches.amount * outcome_touches.equal_weight as decimal(18, 2)) as equal_amount,
        cast(outcome_touches.amount * outcome_touches.time_decay_weight as decimal(18, 2)) as time_decay_amount
    from outcome_touches
),

-- Amounts to the cent; what rounding leaves over goes to the latest touch, so that they add up to the deal.
balanced as {{ materialized_cte() }} (
    select
        rounded.*,
        rounded.amount
        - sum(rounded.equal_amount) over (partition by rounded.opportunity_id, rounded.rep_id) as equal_rest,
        rounded.amount
        - sum(rounded.time_decay_amount) over (partition by rounded.opportunity_id, rounded.rep_id) as time_decay_rest
    from rounded
),

weightings as (
    {%- for weighting in ['equal', 'time_decay'] %}
    select
        balanced.*,
        '{{ weighting }}' as weighting,
        balanced.{{ weighting }}_weight as rep_weight,
        balanced.{{ weighting }}_amount
        + case when balanced.recency = 1 then balanced.{{ weighting }}_rest else 0 end as influenced_amount
    from balanced
    union all
    {%- endfor %}
    select
        balanced.*,
        'last' as weighting,
        1e0 as rep_weight,
        balanced.amount as influenced_amount
    from balanced
    where balanced.recency = 1
),

final as (
    select
        {{ surrogate_key([
            'opportunity_id', "coalesce(rep_id, 'nobody')", 'weighting', 'touch_kind', 'touch_id'
        ]) }} as deal_influence_id,
        opportunity_id,
        rep_id,
        outcome,
        outcome_on,
        touch_kind,
        touch_id,
        program_id,
        touched_on,
        weighting,
        {{ rounded_double('credit_share * rep_weight') }} as weight,
        cast(influenced_amount as decimal(18, 2)) as influenced_amount,
        touch_kind <> 'none' as is_influenced
    from weightings
)

select * from final
