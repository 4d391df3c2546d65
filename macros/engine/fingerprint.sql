{#-
    A short value for the content of a raw row, to tell whether it is the same as before: of all its columns, in order. NULL without any.
    columns: names as they stand, of the relation raw_rows.
-#}
{% macro row_fingerprint(columns) -%}
    {{ return(adapter.dispatch('row_fingerprint', 'rampline')(columns)) }}
{%- endmacro %}
{% macro default__row_fingerprint(columns) %}
    {%- set texts = {} -%}
    {%- for column in columns -%}{%- do texts.update({column: 'raw_rows.' ~ adapter.quote(column)}) -%}{%- endfor -%}
    {{- return(dbt.hash(row_as_json(texts)) if columns else 'cast(null as ' ~ dbt.type_string() ~ ')') -}}
{% endmacro %}
{#- 64 bits: two rows out of fifty million are alike by chance once in 15,000 builds, and matter only if one of them is a changed row. -#}
{% macro duckdb__row_fingerprint(columns) %}
    {%- set values = [] -%}
    {%- for column in columns -%}{%- do values.append('raw_rows.' ~ adapter.quote(column)) -%}{%- endfor -%}
    {{- return('hash(' ~ values | join(', ') ~ ')' if columns else 'cast(null as ubigint)') -}}
{% endmacro %}
