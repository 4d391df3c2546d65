{#- Names of the tables and views of a schema; none where there is no such schema. -#}
{% macro table_names(database, schema) -%}
    {{ return(adapter.dispatch('table_names', 'rampline')(database, schema)) }}
{%- endmacro %}
{% macro default__table_names(database, schema) %}
    {%- set names = [] -%}
    {%- for row in run_query(
        "select table_name from information_schema.tables where lower(table_catalog) = lower('" ~ database | replace("'", "''")
        ~ "') and lower(table_schema) = lower('" ~ schema | replace("'", "''") ~ "') order by table_name"
    ) -%}
        {%- do names.append(row[0]) -%}
    {%- endfor -%}
    {{- return(names) -}}
{% endmacro %}
{% macro spark__table_names(database, schema) %}
    {%- set names = [] -%}
    {%- for _ in run_query("show schemas like '" ~ schema ~ "'") -%}
        {#- Temporary views are of no schema and listed all the same. -#}
        {%- for row in run_query('show tables in ' ~ adapter.quote(schema)) if not row[2] -%}
            {%- do names.append(row[1]) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(names) -}}
{% endmacro %}

{#-
    The word that makes an engine compute a CTE once, where it has one. For long chains of windows: DuckDB 1.5 plans a chain of k
    CTEs with windows in 2^k steps (its filter pushdown), a chain of materialized ones in k.
-#}
{% macro materialized_cte() -%}{{ return(adapter.dispatch('materialized_cte', 'rampline')()) }}{%- endmacro %}
{% macro default__materialized_cte() %}{{ return('') }}{% endmacro %}
{% macro duckdb__materialized_cte() %}{{ return('materialized') }}{% endmacro %}

{#- Written after "as" of a CTE that is read twice and shall be computed twice, each time only as far as needed, where an engine can be told. -#}
{% macro inlined() -%}{{ return(adapter.dispatch('inlined', 'rampline')()) }}{%- endmacro %}
{% macro default__inlined() %}{{ return('') }}{% endmacro %}
{% macro duckdb__inlined() %}{{ return('not materialized') }}{% endmacro %}
{% macro postgres__inlined() %}{{ return('not materialized') }}{% endmacro %}
