{#- The last day whose touches no longer count for an outcome: var influence_window_days before it. outcome_on: SQL of its day. -#}
{% macro day_before_influence(outcome_on) -%}
    cast({{ dbt.dateadd('day', '-' ~ var('influence_window_days'), outcome_on) }} as date)
{%- endmacro %}
