{#- The first of the var influence_window_days days, up to that of an outcome, whose touches count for it. outcome_on: SQL of its day. -#}
{% macro influence_starts_on(outcome_on) -%}
    cast({{ dbt.dateadd('day', 1 - var('influence_window_days'), outcome_on) }} as date)
{%- endmacro %}
