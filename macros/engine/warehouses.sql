{#- What several of the warehouses that cannot run here have in common. -#}

{#- parse_number for engines that read some text more as a number, or, as Trino, compute what 1e999999999 is. -#}
{% macro written_number(text) %}
    {%- set shape = '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,2})?' -%}
    {{- return(safe_cast_text("case when " ~ full_match("trim(" ~ text ~ ")", shape) ~ " then trim(" ~ text ~ ") end", 'decimal(28, 6)')) -}}
{% endmacro %}

{#-
    A text that is an ISO 8601 time in the one form that all engines read: YYYY-MM-DD HH:MM:SS[.ffffff]+HH:MM; NULL for any other text. For engines
    that read too much or too little as a time.
-#}
{% macro written_timestamp(text) -%}
    {%- set shape = '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?' -%}
    {%- set form = namespace(text='trim(' ~ text ~ ')') -%}
    {%- for pattern, replacement in [
        ('^(.{10})T', '\\1 '),
        ('^(.{10})$', '\\1 00:00:00'),
        ('^(.{16})(Z|[+-].*)?$', '\\1:00\\2'),
        ('^(.{19}[.][0-9]{6})[0-9]+', '\\1'),
        ('^(.{19}[.0-9]*)Z?$', '\\1+00:00'),
        ('^(.{19}.*[+-][0-9]{2})$', '\\1:00'),
        ('([+-][0-9]{2})([0-9]{2})$', '\\1:\\2'),
    ] -%}
        {%- set form.text = replace_matches(form.text, pattern, replacement) -%}
    {%- endfor -%}
    {{- return('case when ' ~ full_match('trim(' ~ text ~ ')', shape) ~ ' then ' ~ form.text ~ ' end') -}}
{%- endmacro %}

{#- A text that is seconds, milliseconds or microseconds since 1970 (see parse_timestamp) as whole microseconds; NULL for any other text. -#}
{% macro epoch_microseconds(text) -%}
    {%- set trimmed = 'trim(' ~ text ~ ')' -%}
    {{- return(
        'cast(' ~ parse_number(text) ~ ' * case when ' ~ full_match(trimmed, '[0-9]{15,16}') ~ ' then 1 when '
        ~ full_match(trimmed, '[0-9]{12,13}') ~ ' then 1000 when ' ~ full_match(trimmed, '[0-9]{9,10}([.][0-9]+)?') ~ ' then 1000000 end as bigint)'
    ) -}}
{%- endmacro %}

{#- A regular expression whose group is the first value of a JSON object that is a text. -#}
{% macro first_text_pattern() -%}
    {%- set text = '"(?:[^"\\\\]|\\\\.)*"' -%}
    {{- return('^[{](?:' ~ text ~ '[ ]*:[ ]*null[ ]*,)*' ~ text ~ '[ ]*:[ ]*(' ~ text ~ ')') -}}
{%- endmacro %}

{#- table_names by dbt's adapter, for engines whose databases each have an information schema of their own. -#}
{% macro listed_tables(database, schema) -%}
    {%- set names = [] -%}
    {%- if adapter.check_schema_exists(database, schema) -%}
        {%- for relation in adapter.list_relations_without_caching(api.Relation.create(database=database, schema=schema)) -%}
            {%- do names.append(relation.identifier) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(names) -}}
{%- endmacro %}

{#- The name that the engine has for a type. Tables of Iceberg keep microseconds, and a plain timestamp of Trino's has milliseconds. -#}
{% macro engine_type(type) -%}
    {{- return({
        'bigquery': {'double precision': 'float64', 'varchar': 'string'},
        'trino': {'timestamp': 'timestamp(6)'},
    }[target.type].get(type, type)) -}}
{%- endmacro %}

{#- The columns of a contract with the engine's types. -#}
{% macro engine_columns(columns) -%}
    {%- set typed = {} -%}
    {%- for name, column in columns.items() -%}
        {%- do typed.update({name: dict(column, data_type=engine_type(column.data_type))}) -%}
    {%- endfor -%}
    {{- return(typed) -}}
{%- endmacro %}

{#- The columns of the table that a contract describes: dbt reads them from model. -#}
{% macro engine_columns_and_constraints() -%}
    {%- do model.update({'columns': engine_columns(model.columns)}) -%}
    {{- return(table_columns_and_constraints()) -}}
{%- endmacro %}
