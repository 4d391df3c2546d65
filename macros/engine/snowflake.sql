{#- What Snowflake writes its own way. Compiled here and read by a parser, never run (docs/engines.md). -#}

{#- Each reads some text more as a number; and Trino computes what 1e999999999 is. -#}
{% macro snowflake__parse_number(text) %}{{ return(written_number(text)) }}{% endmacro %}

{% macro snowflake__parse_timestamp(text) %}
    {{- return(
        "coalesce(cast(convert_timezone('UTC', try_to_timestamp_tz(" ~ written_timestamp(text) ~ ")) as timestamp_ntz), "
        ~ "to_timestamp_ntz(" ~ epoch_microseconds(text) ~ ", 6))"
    ) -}}
{% endmacro %}

{#- A text of digits is a date for Snowflake unless the form is given. -#}
{% macro snowflake__parse_date(text) %}
    {{- return(
        "case when " ~ parse_timestamp(text) ~ " is not null then coalesce(try_to_date(substr(" ~ text ~ ", 1, 10), 'YYYY-MM-DD'), cast("
        ~ parse_timestamp(text) ~ " as date)) end"
    ) -}}
{% endmacro %}

{#- regexp_like is true for a part of the text on Trino, for the whole alone on Snowflake. -#}
{% macro snowflake__full_match(text, pattern) %}{{ return('regexp_like(' ~ text ~ ", '" ~ pattern | replace('(?:', '(') ~ "')") }}{% endmacro %}

{#- Snowflake's expressions have no lazy parts and no groups that are not counted. -#}
{% macro snowflake__parse_duration_minutes(text) %}
    {%- set number = '[0-9]{1,9}([.,][0-9]{1,9})?' -%}
    {%- set terms = [] -%}
    {%- for letter, part, minutes in [('W', 1, '10080.0'), ('D', 1, '1440.0'), ('H', 2, '60.0'), ('M', 2, '1.0'), ('S', 2, '1.0 / 60.0')] -%}
        {%- do terms.append("coalesce(cast(replace(regexp_substr(split_part(" ~ text ~ ", 'T', " ~ part ~ "), '(" ~ number ~ ")" ~ letter
            ~ "', 1, 1, 'e', 1), ',', '.') as " ~ type_double() ~ "), 0) * " ~ minutes) -%}
    {%- endfor -%}
    {{- return(
        "case when " ~ full_match(text, "P(0+Y)?(0+M)?(" ~ number ~ "W)?(" ~ number ~ "D)?(T(" ~ number ~ "H)?(" ~ number ~ "M)?("
        ~ number ~ "S)?)?") ~ " and not " ~ full_match(text, '.*[PT]|.*[.,].*[.,].*|.*[.,][0-9]+[A-Z].+')
        ~ " then " ~ terms | join(' + ') ~ " end"
    ) -}}
{% endmacro %}

{% macro snowflake__local_timestamp(utc_timestamp, timezone) %}
    {{- return("convert_timezone('UTC', coalesce(" ~ timezone ~ ", '" ~ var('default_timezone') ~ "'), " ~ utc_timestamp ~ ")") -}}
{% endmacro %}

{#- These engines do not list the names that they know: those that dbt's time zone library knows are taken. -#}
{% macro snowflake__timezone_names() %}
    {{- return("select cast(names.value as varchar) as timezone from table(flatten(input => parse_json('[\"" ~ modules.pytz.all_timezones | join('\", \"') ~ "\"]'))) as names") -}}
{% endmacro %}

{% macro snowflake__json_text(json, path) %}
    {%- set value = namespace(sql='try_parse_json(' ~ json ~ ')') -%}
    {%- for step in path -%}
        {%- set value.sql = 'get(' ~ value.sql ~ ', ' ~ (step if step is number else "'" ~ step ~ "'") ~ ')' -%}
    {%- endfor -%}
    {{- return('cast(' ~ value.sql ~ ' as varchar)') -}}
{% endmacro %}

{#- Their functions do not keep the order of an object's keys, their JSON text does (on Snowflake it is the keys' own order). -#}
{% macro snowflake__json_first_text(json, path) %}
    {%- set text, blank = '"([^"\\\\\\\\]|\\\\\\\\.)*"', '[ ]*' -%}
    {%- set pattern = '^[{](' ~ text ~ blank ~ ':' ~ blank ~ 'null' ~ blank ~ ',)*' ~ text ~ blank ~ ':' ~ blank ~ '(' ~ text ~ ')' -%}
    {{- return(json_text("regexp_substr(" ~ json_text(json, path) ~ ", '" ~ pattern ~ "', 1, 1, 'e', 4)", [])) -}}
{% endmacro %}
{% macro snowflake__is_json_object(json) %}{{ return('coalesce(typeof(try_parse_json(' ~ json ~ ")) = 'OBJECT', false)") }}{% endmacro %}
{% macro snowflake__is_json_array(json) %}{{ return('coalesce(typeof(try_parse_json(' ~ json ~ ")) = 'ARRAY', false)") }}{% endmacro %}

{% macro snowflake__json_array_elements(relation, key_columns, json) %}
    select
        {% for column in key_columns -%}
        arrays.{{ column }},
        {% endfor -%}
        to_json(elements.value) as element,
        cast(elements.index + 1 as integer) as element_index
    from {{ relation }} as arrays,
    lateral flatten(input => as_array(try_parse_json(arrays.{{ json }}))) as elements
{% endmacro %}

{#- Written part by part too: an object of Snowflake's does not keep the order of its keys, and Trino's functions take 127 arguments at most. -#}
{% macro snowflake__row_as_json(columns) %}
    {%- set pairs = [] -%}
    {%- for name, expression in columns.items() -%}
        {%- set key = tojson(name) | replace('\\', '\\\\') | replace("'", "''") -%}
        {%- do pairs.append("'" ~ key ~ ":' || coalesce(to_json(to_variant(" ~ expression ~ ")), 'null')") -%}
    {%- endfor -%}
    {{- return("'{' || " ~ pairs | join(" || ',' || ") ~ " || '}'") -}}
{% endmacro %}

{#- Snowflake counts every group: the first one is the same with and without those that are not to be counted. -#}
{% macro snowflake__replace_matches(text, pattern, replacement, ignore_case) %}
    {%- set pattern = pattern | replace('(?:', '(') | replace('\\', '\\\\') -%}
    {%- set options = ", 1, 0, 'i'" if ignore_case else '' -%}
    {{- return("regexp_replace(" ~ text ~ ", '" ~ pattern ~ "', '" ~ replacement | replace('\\', '\\\\') ~ "'" ~ options ~ ")") -}}
{% endmacro %}

{#- Each database of these has an information schema of its own: dbt's adapter knows the way. -#}
{% macro snowflake__table_names(database, schema) %}{{ return(listed_tables(database, schema)) }}{% endmacro %}
