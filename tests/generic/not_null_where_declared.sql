{#-
    Fails for each column that the model declares not null (constraint not_null) and that has NULLs; all columns in one scan. Engines that
    enforce the constraint stop the model itself; not all do, and a model whose contract is off has none.
-#}
{% test not_null_where_declared(model) %}
{%- set columns, relation_name = [], model | string -%}
{#- While dbt only parses, there is no graph yet. -#}
{%- for node in graph.get('nodes', {}).values() if node.relation_name == relation_name -%}
    {%- for column in node.columns.values() if column.constraints | selectattr('type', 'equalto', 'not_null') | list -%}
        {%- do columns.append(column.name) -%}
    {%- endfor -%}
{%- endfor -%}
{%- if execute and not columns -%}
    {{- exceptions.raise_compiler_error('not_null_where_declared: ' ~ model ~ ' declares no column not null. Give one the constraint not_null, or take the test away.') -}}
{%- endif -%}
with counts as (
    select
        {% for column in columns -%}
        count(*) - count({{ column }}) as {{ column }}_nulls,
        {% endfor -%}
        count(*) as row_count
    from {{ model }}
)

{% for column in columns -%}
select
    '{{ column }}' as column_name,
    {{ column }}_nulls as null_count
from counts
where {{ column }}_nulls > 0
{{ 'union all' if not loop.last }}
{% endfor %}
{% endtest %}
