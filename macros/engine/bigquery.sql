{#- What BigQuery writes its own way. Compiled here and analysed with GoogleSQL, never run on BigQuery (docs/engines.md). -#}

{% macro bigquery__type_double() %}{{ return('float64') }}{% endmacro %}
{% macro bigquery__type_rounding() %}{{ return('bignumeric(28, 12)') }}{% endmacro %}

{% macro bigquery__safe_cast_text(expression, type) %}
    {{- return('safe_cast(' ~ expression ~ ' as ' ~ type ~ ')') -}}
{% endmacro %}
{% macro bigquery__parse_number(text) %}{{ return(written_number(text)) }}{% endmacro %}

{% macro bigquery__parse_timestamp(text) %}
    {{- return(
        'coalesce(' ~ safe_cast_text(written_timestamp(text), 'timestamp') ~ ', timestamp_micros(' ~ epoch_microseconds(text) ~ '))'
    ) -}}
{% endmacro %}
{% macro bigquery__full_match(text, pattern) %}{{ return('regexp_contains(' ~ text ~ ", '^(?:" ~ pattern ~ ")$')") }}{% endmacro %}

{% macro bigquery__local_timestamp(utc_timestamp, timezone) %}
    {{- return("timestamp(datetime(" ~ utc_timestamp ~ ", coalesce(" ~ timezone ~ ", '" ~ var('default_timezone') ~ "')))") -}}
{% endmacro %}

{% macro bigquery__timezone_names() %}
    {{- return("select timezone from unnest(['" ~ modules.pytz.all_timezones | join("', '") ~ "']) as timezone") -}}
{% endmacro %}

{#- BigQuery's week begins on Sunday. -#}
{% macro bigquery__week_start(date) %}{{ return('date_trunc(' ~ date ~ ', isoweek)') }}{% endmacro %}

{% macro bigquery__json_text(json, path) %}
    {%- set arguments = '(' ~ json ~ ", '" ~ json_path(path) ~ "')" -%}
    {{- return(
        'case when ' ~ bigquery_json(json) ~ ' is not null then coalesce(json_value' ~ arguments ~ ', nullif(json_query' ~ arguments ~ ", 'null')) end"
    ) -}}
{% endmacro %}

{#- A text as BigQuery's JSON; NULL where it is none. Numbers with more digits than a double has are no reason to refuse it. -#}
{% macro bigquery_json(json) -%}{{ return('safe.parse_json(' ~ json ~ ", wide_number_mode => 'round')") }}{%- endmacro %}

{% macro bigquery__json_first_text(json, path) %}
    {{- return(json_text("regexp_extract(" ~ json_text(json, path) ~ ", r'" ~ first_text_pattern() ~ "')", [])) -}}
{% endmacro %}
{% macro bigquery__is_json_object(json) %}{{ return('coalesce(json_type(' ~ bigquery_json(json) ~ ") = 'object', false)") }}{% endmacro %}
{% macro bigquery__is_json_array(json) %}{{ return('coalesce(json_type(' ~ bigquery_json(json) ~ ") = 'array', false)") }}{% endmacro %}

{% macro bigquery__json_array_elements(relation, key_columns, json) %}
    select
        {% for column in key_columns -%}
        arrays.{{ column }},
        {% endfor -%}
        element,
        position + 1 as element_index
    from {{ relation }} as arrays
    cross join unnest(json_query_array(case when {{ is_json_array('arrays.' ~ json) }} then arrays.{{ json }} end)) as element with offset as position
{% endmacro %}

{#- A backslash escapes in BigQuery's literals, and a quote is never doubled. -#}
{% macro bigquery__row_as_json(columns) %}
    {%- set pairs = [] -%}
    {%- for name, expression in columns.items() -%}
        {%- set key = tojson(name) | replace('\\', '\\\\') | replace("'", "\\'") -%}
        {%- do pairs.append("'" ~ key ~ ":' || to_json_string(" ~ expression ~ ")") -%}
    {%- endfor -%}
    {{- return("'{' || " ~ pairs | join(" || ',' || ") ~ " || '}'") -}}
{% endmacro %}

{% macro bigquery__replace_matches(text, pattern, replacement, ignore_case) %}
    {{- return("regexp_replace(" ~ text ~ ", r'" ~ ('(?i)' if ignore_case else '') ~ pattern ~ "', r'" ~ replacement ~ "')") -}}
{% endmacro %}
{% macro bigquery__table_names(database, schema) %}{{ return(listed_tables(database, schema)) }}{% endmacro %}

{#- The empty query that a contract is compared with. -#}
{% macro bigquery__get_empty_schema_sql(columns) %}{{ return(default__get_empty_schema_sql(engine_columns(columns))) }}{% endmacro %}

{#- The columns of the table that a contract describes: dbt reads them from model. -#}
{% macro bigquery__get_table_columns_and_constraints() %}{{ return(engine_columns_and_constraints()) }}{% endmacro %}

{#- BigQuery loads a seed's file by names of types without precision. -#}
{% macro bigquery__load_csv_rows(model, agate_table) %}
    {%- set types = {} -%}
    {%- for column, type in model.config.get('column_types', {}).items() -%}
        {%- do types.update({column: engine_type(type).split('(')[0]}) -%}
    {%- endfor -%}
    {{- return(dbt.bigquery__load_csv_rows(dict(model, config=dict(model.config, column_types=types)), agate_table)) -}}
{% endmacro %}
