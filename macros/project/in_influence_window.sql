{#- Condition: a touch counts for an outcome, from var influence_window_days before it (its own day is the first) up to its day. SQL of two dates. -#}
{% macro in_influence_window(happened_on, outcome_on) -%}
    {{ outcome_on }} >= {{ happened_on }}
    and {{ dbt.datediff(happened_on, outcome_on, 'day') }} < {{ var('influence_window_days') }}
{%- endmacro %}
