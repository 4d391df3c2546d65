{{ config(access='private', schema='conformed', contract={'enforced': false}) }}
{%- set is_increment = continued_from() is not none %}
{%- set touches = ref('int_rep_touch_events') %}

-- Deals that an increment shares out again: their outcome or a credit is not what it was in the last build, or a touch
-- within the days that count came, went or changed. Without rows in a full build.
with outcomes as (select * from {{ ref('int_deal_outcomes') }}),

{% if is_increment -%}
touches as (select * from {{ touches }}),

touches_then as (select * from {{ as_last_built('int_rep_touches') }}),

-- The last touch has all of the deal: its share and its amount.
outcomes_then as (
    select * from {{ as_last_built('deal_influence') }}
    where weighting = 'last'
),

compared_outcomes as (
    select
        opportunity_id,
        rep_id,
        outcome,
        outcome_on,
        credit_share,
        amount,
        1 as copies
    from outcomes
    union all
    select
        opportunity_id,
        rep_id,
        outcome,
        outcome_on,
        weight as credit_share,
        influenced_amount as amount,
        -1 as copies
    from outcomes_then
),

differing_outcomes as (
    select opportunity_id
    from compared_outcomes
    group by opportunity_id, rep_id, outcome, outcome_on, credit_share, amount
    having sum(copies) <> 0
),

compared_touches as (
    select
        touches.*,
        1 as copies
    from touches
    union all
    select
        touches_then.*,
        -1 as copies
    from touches_then
),

differing_touches as (
    select
        rep_id,
        happened_on
    from compared_touches
    group by touch_id, touch_kind, rep_id, program_id, happened_on
    having sum(copies) <> 0
),

changed as (
    select opportunity_id
    from differing_outcomes
    union all
    select outcomes.opportunity_id
    from outcomes
    inner join differing_touches
        on
            outcomes.rep_id = differing_touches.rep_id
            and {{ day_before_influence('outcomes.outcome_on') }} < differing_touches.happened_on
            and outcomes.outcome_on >= differing_touches.happened_on
),
{%- else -%}
changed as (
    select opportunity_id
    from outcomes
    where 1 = 0
),
{%- endif %}

final as (
    select opportunity_id
    from changed
    group by opportunity_id
)

select * from final
