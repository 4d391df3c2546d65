{#- Text to typed values. Bad text gives NULL and never raises, so that one bad row never stops a build. -#}

{#- The 64-bit floating point type (dbt's own type_float is 32 bit on DuckDB). -#}
{% macro type_double() -%}{{ return(adapter.dispatch('type_double', 'rampline')()) }}{%- endmacro %}
{% macro default__type_double() %}{{ return('double precision') }}{% endmacro %}
{% macro duckdb__type_double() %}{{ return('double') }}{% endmacro %}

{#- expression as type, or NULL where it cannot be cast. -#}
{% macro safe_cast_text(expression, type) -%}
    {{ return(adapter.dispatch('safe_cast_text', 'rampline')(expression, type)) }}
{%- endmacro %}
{% macro default__safe_cast_text(expression, type) %}
    {{- return('try_cast(' ~ expression ~ ' as ' ~ type ~ ')') -}}
{% endmacro %}
{% macro postgres__safe_cast_text(expression, type) %}
    {{- return("cast(case when pg_input_is_valid(" ~ expression ~ ", '" ~ type ~ "') then " ~ expression ~ " end as " ~ type ~ ")") -}}
{% endmacro %}

{#- Text as numeric(28, 6); NULL for NaN, infinity and anything else that is no number. -#}
{% macro parse_number(text) -%}
    {{ safe_cast_text(text, 'numeric(28, 6)') }}
{%- endmacro %}

{#- Text as integer; NULL for fractions and anything else that is no whole number. -#}
{% macro parse_integer(text) -%}
    case
        when {{ parse_number(text) }} = floor({{ parse_number(text) }}) then {{ safe_cast_text(parse_number(text), 'integer') }}
    end
{%- endmacro %}

{#- Text as boolean: true, t, 1, yes, y and false, f, 0, no, n in any case; NULL for anything else. -#}
{% macro parse_boolean(text) -%}
    case
        when lower({{ text }}) in ('true', 't', '1', 'yes', 'y') then true
        when lower({{ text }}) in ('false', 'f', '0', 'no', 'n') then false
    end
{%- endmacro %}

{#- Text as UTC timestamp: ISO 8601 with an offset, with Z, or without a zone (read as UTC); a bare date is its midnight. NULL otherwise. -#}
{% macro parse_timestamp(text) -%}
    {{ return(adapter.dispatch('parse_timestamp', 'rampline')(text)) }}
{%- endmacro %}
{% macro default__parse_timestamp(text) %}
    {{- return('cast(' ~ safe_cast_text(text, 'timestamp with time zone') ~ ' as timestamp)') -}}
{% endmacro %}
{% macro duckdb__parse_timestamp(text) %}
    {{- return("(" ~ safe_cast_text(text, 'timestamp with time zone') ~ " at time zone 'UTC')") -}}
{% endmacro %}

{#- Text as date: the day as it is written, from a date or a timestamp. NULL for anything else. -#}
{% macro parse_date(text) -%}
    case when {{ parse_timestamp(text) }} is not null then {{ safe_cast_text('substr(' ~ text ~ ', 1, 10)', 'date') }} end
{%- endmacro %}

{#- The day of a UTC timestamp in a time zone (IANA name; NULL is UTC). -#}
{% macro local_date(utc_timestamp, timezone) -%}
    {{ return(adapter.dispatch('local_date', 'rampline')(utc_timestamp, timezone)) }}
{%- endmacro %}
{% macro default__local_date(utc_timestamp, timezone) %}
    {{- return("cast((" ~ utc_timestamp ~ " at time zone 'UTC') at time zone coalesce(" ~ timezone ~ ", 'UTC') as date)") -}}
{% endmacro %}
{% macro spark__local_date(utc_timestamp, timezone) %}
    {{- return("cast(from_utc_timestamp(" ~ utc_timestamp ~ ", coalesce(" ~ timezone ~ ", 'UTC')) as date)") -}}
{% endmacro %}

{#- Query of the time zone names that local_date understands: one column, timezone. -#}
{% macro timezone_names() -%}
    {{ return(adapter.dispatch('timezone_names', 'rampline')()) }}
{%- endmacro %}
{% macro default__timezone_names() %}
    {{- return('select name as timezone from pg_timezone_names() group by name') -}}
{% endmacro %}
{% macro postgres__timezone_names() %}
    {{- return('select name as timezone from pg_timezone_names group by name') -}}
{% endmacro %}
