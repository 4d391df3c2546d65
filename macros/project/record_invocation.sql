{#-
    Statements that write meta.last_build into the build file after every dbt build: which invocation wrote it, and as of when.
    Publishing compares the invocation with dbt's run results, so that results of one build never publish the file of another.
-#}
{% macro record_invocation() -%}
    {%- if execute and flags.WHICH == 'build' -%}
        {%- do adapter.create_schema(api.Relation.create(database=target.get('database'), schema='meta')) -%}
        {%- do run_query('drop table if exists meta.last_build') -%}
        {%- do run_query(
            "create table meta.last_build as select '" ~ invocation_id ~ "' as invocation_id, " ~ as_of_date() ~ " as as_of_date"
        ) -%}
    {%- endif -%}
{%- endmacro %}
