{#-
    The day at whose end everything is known, as a SQL date.

    var as_of_date where it is set; else the demo company's last day while the demo is read; else the run's UTC date.
    No model calls a clock itself, so any build can be repeated.
-#}
{% macro as_of_date() -%}
    {%- if var('as_of_date') -%}
        {%- set day = var('as_of_date') | string -%}
    {%- elif var('raw_from') == 'seeds' -%}
        {%- set day = var('demo_as_of_date') | string -%}
    {%- else -%}
        {%- set day = run_started_at.date() | string -%}
    {%- endif -%}
    {%- if not modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2}$', day) -%}
        {{- exceptions.raise_compiler_error("var as_of_date is '" ~ day ~ "': write it as YYYY-MM-DD, or leave it empty for today.") -}}
    {%- endif -%}
    cast('{{ day }}' as date)
{%- endmacro %}
