{#-
    Whether a build of this engine may continue the last one (macros/project/increments.sql). Only DuckDB's was tried; elsewhere every model is
    made whole, as with --full-refresh.
-#}
{% macro can_increment() -%}
    {{ return(adapter.dispatch('can_increment', 'rampline')()) }}
{%- endmacro %}
{% macro default__can_increment() %}{{ return(false) }}{% endmacro %}
{% macro duckdb__can_increment() %}{{ return(true) }}{% endmacro %}

{#-
    A number for the content of a row, to tell whether it is the same as before: of its columns, in order. NULL without any, and where nothing is
    built by increments. columns: names as they stand. relation: what has them.
-#}
{% macro row_fingerprint(columns, relation='raw_rows') -%}
    {{ return(adapter.dispatch('row_fingerprint', 'rampline')(columns, relation)) }}
{%- endmacro %}
{% macro default__row_fingerprint(columns, relation) %}{{ return('cast(null as bigint)') }}{% endmacro %}
{#- 64 bits: a changed row that is like the one before by chance is one in 10^19. -#}
{% macro duckdb__row_fingerprint(columns, relation) %}
    {%- set values = [] -%}
    {%- for column in columns -%}{%- do values.append(relation ~ '.' ~ adapter.quote(column)) -%}{%- endfor -%}
    {{- return('hash(' ~ values | join(', ') ~ ')' if columns else 'cast(null as ubigint)') -}}
{% endmacro %}
