{#- What Trino writes its own way. Compiled here and read by a parser, never run (docs/engines.md). -#}

{% macro trino__type_double() %}{{ return('double') }}{% endmacro %}
{% macro trino__ordered_sum(expression) %}{{ return('sum(' ~ expression ~ ' order by ' ~ expression ~ ')') }}{% endmacro %}
{% macro trino__parse_number(text) %}{{ return(written_number(text)) }}{% endmacro %}

{% macro trino__parse_timestamp(text) %}
    {{- return(
        "cast(at_timezone(coalesce(" ~ safe_cast_text(written_timestamp(text), 'timestamp(6) with time zone') ~ ", from_unixtime_nanos("
        ~ epoch_microseconds(text) ~ " * 1000)), 'UTC') as timestamp(6))"
    ) -}}
{% endmacro %}
{% macro trino__full_match(text, pattern) %}{{ return('regexp_like(' ~ text ~ ", '^(?:" ~ pattern ~ ")$')") }}{% endmacro %}

{% macro trino__local_timestamp(utc_timestamp, timezone) %}
    {{- return("cast(at_timezone(with_timezone(" ~ utc_timestamp ~ ", 'UTC'), coalesce(" ~ timezone ~ ", '" ~ var('default_timezone') ~ "')) as timestamp(6))") -}}
{% endmacro %}

{% macro trino__timezone_names() %}
    {{- return("select names.timezone from unnest(array['" ~ modules.pytz.all_timezones | join("', '") ~ "']) as names (timezone)") -}}
{% endmacro %}

{#- The lax mode of a path takes one value for an array of it. -#}
{% macro trino__json_text(json, path) %}
    {%- set arguments = '(' ~ json ~ ", 'strict " ~ json_path(path) ~ "' null on empty null on error)" -%}
    {{- return('coalesce(json_value' ~ arguments ~ ', nullif(json_query' ~ arguments ~ ", 'null'))") -}}
{% endmacro %}

{% macro trino__json_first_text(json, path) %}
    {{- return(json_text("regexp_extract(" ~ json_text(json, path) ~ ", '" ~ first_text_pattern() ~ "', 1)", [])) -}}
{% endmacro %}
{% macro trino__is_json_object(json) %}{{ return('coalesce(json_value(' ~ json ~ ", 'strict $.type()' null on empty null on error) = 'object', false)") }}{% endmacro %}
{% macro trino__is_json_array(json) %}{{ return('coalesce(json_value(' ~ json ~ ", 'strict $.type()' null on empty null on error) = 'array', false)") }}{% endmacro %}

{% macro trino__json_array_elements(relation, key_columns, json) %}
    select
        {% for column in key_columns -%}
        arrays.{{ column }},
        {% endfor -%}
        json_format(elements.element) as element,
        cast(elements.element_index as integer) as element_index
    from {{ relation }} as arrays
    cross join unnest(
        case when {{ is_json_array('arrays.' ~ json) }} then try_cast(try(json_parse(arrays.{{ json }})) as array(json)) end
    ) with ordinality as elements (element, element_index)
{% endmacro %}

{% macro trino__row_as_json(columns) %}
    {%- set pairs = [] -%}
    {%- for name, expression in columns.items() -%}
        {%- do pairs.append("'" ~ tojson(name) | replace("'", "''") ~ ":' || coalesce(json_format(cast(" ~ expression ~ " as json)), 'null')") -%}
    {%- endfor -%}
    {{- return("'{' || " ~ pairs | join(" || ',' || ") ~ " || '}'") -}}
{% endmacro %}

{% macro trino__replace_matches(text, pattern, replacement, ignore_case) %}
    {{- return("regexp_replace(" ~ text ~ ", '" ~ ('(?i)' if ignore_case else '') ~ pattern ~ "', '" ~ replacement | replace('\\', '$') ~ "')") -}}
{% endmacro %}
{% macro trino__table_names(database, schema) %}{{ return(listed_tables(database, schema)) }}{% endmacro %}
{% macro trino__get_empty_schema_sql(columns) %}{{ return(default__get_empty_schema_sql(engine_columns(columns))) }}{% endmacro %}
{% macro trino__get_table_columns_and_constraints() %}{{ return(engine_columns_and_constraints()) }}{% endmacro %}
