{#-
    Fails for each break of the order that holds by definition, on any model in the long form (a row per ramp and milestone):
    ramp_started_on <= reached_on <= observed_until for every milestone, both known; first_activity is the earliest of call, meeting and demo;
    first_deal <= quota_50 <= quota_80 <= quota_100, none of them without the one before it. Ties are legal.

    ramp_id, milestone, reached_on, ramp_started_on, observed_until: names of the columns.
-#}
{% test milestones_in_hard_order(
    model,
    ramp_id='ramp_id',
    milestone='milestone',
    reached_on='reached_on',
    ramp_started_on='ramp_started_on',
    observed_until='observed_until'
) %}
with ramps as (
    select
        {{ ramp_id }} as ramp_id,
        {%- for name in [
            'first_activity', 'first_call', 'first_meeting', 'first_demo', 'first_deal', 'quota_50', 'quota_80', 'quota_100',
        ] %}
        min(case when {{ milestone }} = '{{ name }}' then {{ reached_on }} end) as {{ name }},
        {%- endfor %}
        min(case when {{ milestone }} in ('first_call', 'first_meeting', 'first_demo') then {{ reached_on }} end)
            as earliest_activity
    from {{ model }}
    group by {{ ramp_id }}
),

outside_the_ramp as (
    select
        {{ ramp_id }} as ramp_id,
        {{ milestone }} as broken
    from {{ model }}
    where
        {{ reached_on }} < {{ ramp_started_on }}
        or {{ reached_on }} > {{ observed_until }}
        or ({{ reached_on }} is not null and ({{ ramp_started_on }} is null or {{ observed_until }} is null))
),

final as (
    select
        ramp_id,
        broken || ' outside the ramp' as broken
    from outside_the_ramp
    union all
    select
        ramp_id,
        'first_activity is not the earliest of call, meeting and demo' as broken
    from ramps
    where first_activity is distinct from earliest_activity
    {%- for earlier, later in [('first_deal', 'quota_50'), ('quota_50', 'quota_80'), ('quota_80', 'quota_100')] %}
    union all
    select
        ramp_id,
        '{{ later }} without or before {{ earlier }}' as broken
    from ramps
    where {{ later }} is not null and ({{ earlier }} is null or {{ later }} < {{ earlier }})
    {%- endfor %}
)

select * from final
{% endtest %}
