{#-
    Fails for each ramp that breaks the order expected of healthy data, on any model in the long form: first_call <= first_meeting
    <= first_demo <= first_deal, those that are reached. Use it with severity warn: the rows are listed in milestone_anomalies.

    ramp_id, milestone, reached_on: names of the columns.
-#}
{% test milestones_in_soft_order(model, ramp_id='ramp_id', milestone='milestone', reached_on='reached_on') %}
{%- set names = ['first_call', 'first_meeting', 'first_demo', 'first_deal'] %}
with ramps as (
    select
        {{ ramp_id }} as ramp_id,
        {%- for name in names %}
        min(case when {{ milestone }} = '{{ name }}' then {{ reached_on }} end) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }}
    group by {{ ramp_id }}
)

select *
from ramps
where
    1 = 0
    {%- for earlier in names %}
    {%- for later in names[loop.index:] %}
    or {{ earlier }} > {{ later }}
    {%- endfor %}
    {%- endfor %}
{% endtest %}
