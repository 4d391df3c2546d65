{#- Text to typed values. Bad text gives NULL and never raises, so that one bad row never stops a build. -#}

{#- The 64-bit floating point type (dbt's own type_float is 32 bit on DuckDB). -#}
{% macro type_double() -%}{{ return(adapter.dispatch('type_double', 'rampline')()) }}{%- endmacro %}
{% macro default__type_double() %}{{ return('double precision') }}{% endmacro %}
{% macro duckdb__type_double() %}{{ return('double') }}{% endmacro %}
{% macro spark__type_double() %}{{ return('double') }}{% endmacro %}

{#- The decimal type in which doubles are rounded to 12 decimals: BigQuery's decimal has 9. -#}
{% macro type_rounding() -%}{{ return(adapter.dispatch('type_rounding', 'rampline')()) }}{%- endmacro %}
{% macro default__type_rounding() %}{{ return('decimal(28, 12)') }}{% endmacro %}

{#-
    Sum of a double, added from the smallest term to the largest, so that its last bits are the same in every run. An engine without
    ordered aggregates adds in the order it likes.
-#}
{% macro ordered_sum(expression) -%}{{ return(adapter.dispatch('ordered_sum', 'rampline')(expression)) }}{%- endmacro %}
{% macro default__ordered_sum(expression) %}{{ return('sum(' ~ expression ~ ')') }}{% endmacro %}
{#- An ordered aggregate adds the same terms in the same order, and takes six times as long for a million groups of a few terms. -#}
{% macro duckdb__ordered_sum(expression) %}{{ return('list_sum(list_sort(list(' ~ expression ~ ')))') }}{% endmacro %}
{% macro postgres__ordered_sum(expression) %}{{ return('sum(' ~ expression ~ ' order by ' ~ expression ~ ')') }}{% endmacro %}
{% macro spark__ordered_sum(expression) %}
    {{- return(
        'aggregate(array_sort(collect_list(' ~ expression
        ~ ')), cast(null as double), (total, term) -> coalesce(total, 0D) + term)'
    ) -}}
{% endmacro %}

{#- Mean of a double from an ordered sum; NULL is left out. -#}
{% macro ordered_mean(expression) %}{{ return(ordered_sum(expression) ~ ' / nullif(count(' ~ expression ~ '), 0)') }}{% endmacro %}

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

{#- A text without the spaces around it; NULL where nothing else is left. -#}
{% macro filled_text(text) -%}
    {{ return(adapter.dispatch('filled_text', 'rampline')(text)) }}
{%- endmacro %}
{% macro default__filled_text(text) %}{{ return('nullif(trim(' ~ text ~ "), '')") }}{% endmacro %}
{#- DuckDB needs five times as long to trim a text as to see that there is nothing to trim. -#}
{% macro duckdb__filled_text(text) %}
    {{- return('case when ' ~ text ~ " like ' %' or " ~ text ~ " like '% ' or " ~ text ~ " = '' then nullif(trim(" ~ text ~ "), '') else " ~ text ~ ' end') -}}
{% endmacro %}

{#- Text as numeric(28, 6); NULL for NaN, infinity and anything else that is no number (1_000 is one for DuckDB alone). -#}
{% macro parse_number(text) -%}
    {{ return(adapter.dispatch('parse_number', 'rampline')(text)) }}
{%- endmacro %}
{% macro default__parse_number(text) %}
    {{- return(safe_cast_text("replace(" ~ text ~ ", '_', '?')", 'numeric(28, 6)')) -}}
{% endmacro %}
{#-
    DuckDB needs sixty times as long for numeric(28, 6), which is wider than 64 bits, as for numeric(18, 6): the narrow one is tried first.
    It loses digits of numbers with an exponent, so those are left to the wide one.
-#}
{% macro duckdb__parse_number(text) %}
    {{- return(
        "coalesce(cast(" ~ safe_cast_text("translate(" ~ text ~ ", '_eE', '???')", 'numeric(18, 6)') ~ " as numeric(28, 6)), "
        ~ default__parse_number(text) ~ ")"
    ) -}}
{% endmacro %}
{#- NaN and 0x1F are numbers for PostgreSQL. -#}
{% macro postgres__parse_number(text) %}
    {{- return(safe_cast_text(
        "case when " ~ text ~ " ~ '^\\s*[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?\\s*$' then " ~ text ~ " end", 'numeric(28, 6)'
    )) -}}
{% endmacro %}
{#- Digits of other scripts are numbers for Spark. -#}
{% macro spark__parse_number(text) %}
    {{- return(safe_cast_text(
        "case when " ~ text ~ " rlike '^[ ]*[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?[ ]*$' then " ~ text ~ " end", 'numeric(28, 6)'
    )) -}}
{% endmacro %}

{#- Text as integer; NULL for fractions and anything else that is no whole number. -#}
{% macro parse_integer(text) -%}
    cast(
        case
            when {{ parse_number(text) }} = floor({{ parse_number(text) }}) and abs({{ parse_number(text) }}) <= 2147483647
                then {{ parse_number(text) }}
        end as integer
    )
{%- endmacro %}

{#- Text as boolean: true, t, 1, yes, y and false, f, 0, no, n in any case; NULL for anything else. -#}
{% macro parse_boolean(text) -%}
    case
        when lower({{ text }}) in ('true', 't', '1', 'yes', 'y') then true
        when lower({{ text }}) in ('false', 'f', '0', 'no', 'n') then false
    end
{%- endmacro %}

{#-
    Text as UTC timestamp: ISO 8601 with an offset, with Z, or without a zone (read as UTC); a bare date is its midnight; seconds (9 or
    10 digits, with or without a fraction), milliseconds (12, 13) or microseconds (15, 16) since 1970: from March 1973 on. NULL otherwise.
-#}
{% macro parse_timestamp(text) -%}
    {{ return(adapter.dispatch('parse_timestamp', 'rampline')(text)) }}
{%- endmacro %}
{% macro default__parse_timestamp(text) %}
    {{- return('cast(' ~ safe_cast_text(text, 'timestamp with time zone') ~ ' as timestamp)') -}}
{% endmacro %}
{% macro duckdb__parse_timestamp(text) %}
    {%- set factor = "case when length(split_part(trim(" ~ text ~ "), '.', 1)) >= 15 then 1 when length(split_part(trim(" ~ text ~ "), '.', 1)) >= 12 then 1000 else 1000000 end" -%}
    {#-
        What is written as usual is read first; the rest stands in a case of its own, since DuckDB works out what a coalesce says twice (the
        trimmed text) for every row. Seconds are not optional for DuckDB where an offset follows. By way of microseconds a UTC timestamp takes a
        quarter of the time that "at time zone" takes; infinity has none and is no time.
    -#}
    {{- return(
        "coalesce(make_timestamp(epoch_us(" ~ safe_cast_text(text, 'timestamp with time zone') ~ ")), "
        ~ "case when " ~ text ~ " is not null then coalesce("
        ~ "case when regexp_full_match(trim(" ~ text ~ "), '[0-9]{9,10}([.][0-9]+)?|[0-9]{12,13}|[0-9]{15,16}')"
        ~ " then make_timestamp(cast(cast(trim(" ~ text ~ ") as numeric(28, 6)) * " ~ factor ~ " as bigint)) end, "
        ~ "make_timestamp(epoch_us("
        ~ safe_cast_text("regexp_replace(" ~ text ~ ", '^(.{10}[T ][0-9]{2}:[0-9]{2})(Z|[+-][0-9:]{2,5})$', '\\1:00\\2')", 'timestamp with time zone')
        ~ "))) end)"
    ) -}}
{% endmacro %}

{#- PostgreSQL reads far more as a time (now, yesterday, Jan 3): what does not look like one is left out first. -#}
{% macro postgres__parse_timestamp(text) %}
    {%- set digits = "split_part(trim(" ~ text ~ "), '.', 1)" -%}
    {%- set factor = "case when length(" ~ digits ~ ") >= 15 then 1000000.0 when length(" ~ digits ~ ") >= 12 then 1000.0 else 1.0 end" -%}
    {%- set written = "case when " ~ text ~ " ~ '^\\s*[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?\\s*(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?\\s*$'"
        ~ " then regexp_replace(trim(" ~ text ~ "), '^([^T ]*)$|^(.*[0-9])$', '\\1\\2') end" -%}
    {%- set zoned = "case when " ~ written ~ " ~ '(Z|:[0-9.]+ ?[+-][0-9]{2}(:?[0-9]{2})?)$' then " ~ written ~ " else " ~ written ~ " || case when " ~ written
        ~ " ~ ':' then '+00' else ' 00:00:00+00' end end" -%}
    {{- return(
        "coalesce(" ~ safe_cast_text(zoned, 'timestamp with time zone') ~ " at time zone 'UTC', "
        ~ "case when " ~ text ~ " ~ '^\\s*([0-9]{9,10}([.][0-9]+)?|[0-9]{12,13}|[0-9]{15,16})\\s*$'"
        ~ " then to_timestamp(cast(trim(" ~ text ~ ") as numeric) / " ~ factor ~ ") at time zone 'UTC' end)"
    ) -}}
{% endmacro %}

{#- Spark reads more as a time too (2026, today), and needs seconds where an offset follows. -#}
{% macro spark__parse_timestamp(text) %}
    {%- set digits = "split_part(trim(" ~ text ~ "), '.', 1)" -%}
    {%- set factor = "case when length(" ~ digits ~ ") >= 15 then 1 when length(" ~ digits ~ ") >= 12 then 1000 else 1000000 end" -%}
    {%- set shape = '^[ ]*[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?[ ]*(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?[ ]*$' -%}
    {%- set written = "regexp_replace(replace(trim(" ~ text ~ "), '/', '-'), '([T ][0-9]{1,2}:[0-9]{2})[ ]*(Z|[+-].*)?$', '$1:00$2')" -%}
    {{- return(
        "coalesce(" ~ safe_cast_text("case when " ~ text ~ " rlike '" ~ shape ~ "' then " ~ written ~ " end", 'timestamp') ~ ", "
        ~ "case when " ~ text ~ " rlike '^[ ]*([0-9]{9,10}([.][0-9]+)?|[0-9]{12,13}|[0-9]{15,16})[ ]*$'"
        ~ " then timestamp_micros(cast(cast(trim(" ~ text ~ ") as numeric(28, 6)) * " ~ factor ~ " as bigint)) end)"
    ) -}}
{% endmacro %}

{#- Text as date: the day as it is written, from a date or a timestamp; of seconds since 1970 the day in UTC. NULL for anything else. -#}
{% macro parse_date(text) -%}
    {{ return(adapter.dispatch('parse_date', 'rampline')(text)) }}
{%- endmacro %}
{% macro default__parse_date(text) %}
    {{- return(
        "case when " ~ parse_timestamp(text) ~ " is not null then coalesce("
        ~ safe_cast_text('substr(' ~ text ~ ', 1, 10)', 'date') ~ ", cast(" ~ parse_timestamp(text) ~ " as date)) end"
    ) -}}
{% endmacro %}

{#- Whether the whole of a text matches a regular expression without backslashes. -#}
{% macro full_match(text, pattern) -%}
    {{ return(adapter.dispatch('full_match', 'rampline')(text, pattern)) }}
{%- endmacro %}
{% macro default__full_match(text, pattern) %}{{ return('regexp_full_match(' ~ text ~ ", '" ~ pattern ~ "')") }}{% endmacro %}
{% macro spark__full_match(text, pattern) %}{{ return('(' ~ text ~ " rlike '^(" ~ pattern ~ ")$')") }}{% endmacro %}

{#-
    ISO 8601 duration (PT1H30M, P1DT2H, P2W, PT45.5S) as minutes; NULL for anything else, and for years and months other than 0, which have
    no fixed length. A fraction, with point or comma, stands in the last part only.
-#}
{% macro parse_duration_minutes(text) -%}
    {{ return(adapter.dispatch('parse_duration_minutes', 'rampline')(text)) }}
{%- endmacro %}
{% macro default__parse_duration_minutes(text) %}
    {%- set number = '[0-9]{1,9}(?:[.,][0-9]{1,9})?' -%}
    {%- set parts = [] -%}
    {%- for letter, minutes in [('W', '10080.0'), ('D', '1440.0')] -%}
        {%- do parts.append((letter, '^P[^T]*?(' ~ number ~ ')' ~ letter, minutes)) -%}
    {%- endfor -%}
    {%- for letter, minutes in [('H', '60.0'), ('M', '1.0'), ('S', '1.0 / 60.0')] -%}
        {%- do parts.append((letter, 'T.*?(' ~ number ~ ')' ~ letter, minutes)) -%}
    {%- endfor -%}
    {%- set terms = [] -%}
    {%- for letter, pattern, minutes in parts -%}
        {%- do terms.append("coalesce(cast(nullif(replace(regexp_extract(" ~ text ~ ", '" ~ pattern ~ "', 1), ',', '.'), '') as " ~ type_double()
            ~ "), 0) * " ~ minutes) -%}
    {%- endfor -%}
    {{- return(
        "case when " ~ full_match(text, "P(0+Y)?(0+M)?(" ~ number ~ "W)?(" ~ number ~ "D)?(T(" ~ number ~ "H)?(" ~ number ~ "M)?("
        ~ number ~ "S)?)?") ~ " and not " ~ full_match(text, '.*[PT]|.*[.,].*[.,].*|.*[.,][0-9]+[A-Z].+')
        ~ " then " ~ terms | join(' + ') ~ " end"
    ) -}}
{% endmacro %}

{% macro postgres__parse_duration_minutes(text) %}
    {%- set number = '[0-9]{1,9}(?:[.,][0-9]{1,9})?' -%}
    {%- set terms = [] -%}
    {%- for letter, part, minutes in [
        ('W', 'split_part(TEXT, \'T\', 1)', '10080.0'), ('D', 'split_part(TEXT, \'T\', 1)', '1440.0'),
        ('H', 'split_part(TEXT, \'T\', 2)', '60.0'), ('M', 'split_part(TEXT, \'T\', 2)', '1.0'), ('S', 'split_part(TEXT, \'T\', 2)', '1.0 / 60.0'),
    ] -%}
        {%- do terms.append("coalesce(cast(replace(substring(" ~ part | replace('TEXT', text) ~ " from '(" ~ number ~ ")" ~ letter ~ "'), ',', '.') as "
            ~ type_double() ~ "), 0) * " ~ minutes) -%}
    {%- endfor -%}
    {{- return(
        "case when " ~ text ~ " ~ '^P(0+Y)?(0+M)?(" ~ number ~ "W)?(" ~ number ~ "D)?(T(" ~ number ~ "H)?(" ~ number ~ "M)?(" ~ number ~ "S)?)?$'"
        ~ " and not " ~ text ~ " ~ '[PT]$|[.,].*[.,]|[.,][0-9]+[A-Z].+$' then " ~ terms | join(' + ') ~ " end"
    ) -}}
{% endmacro %}

{#- What a clock in a time zone (IANA name; NULL is var default_timezone) shows at a UTC timestamp, as a timestamp. -#}
{% macro local_timestamp(utc_timestamp, timezone) -%}
    {{ return(adapter.dispatch('local_timestamp', 'rampline')(utc_timestamp, timezone)) }}
{%- endmacro %}
{% macro default__local_timestamp(utc_timestamp, timezone) %}
    {{- return("((" ~ utc_timestamp ~ " at time zone 'UTC') at time zone coalesce(" ~ timezone ~ ", '" ~ var('default_timezone') ~ "'))") -}}
{% endmacro %}
{% macro spark__local_timestamp(utc_timestamp, timezone) %}
    {{- return("from_utc_timestamp(" ~ utc_timestamp ~ ", coalesce(" ~ timezone ~ ", '" ~ var('default_timezone') ~ "'))") -}}
{% endmacro %}

{#- The day of a UTC timestamp in a time zone (IANA name; NULL is var default_timezone). -#}
{% macro local_date(utc_timestamp, timezone) -%}
    cast({{ local_timestamp(utc_timestamp, timezone) }} as date)
{%- endmacro %}

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

{#- The Monday of a date's week. -#}
{% macro week_start(date) -%}{{ return(adapter.dispatch('week_start', 'rampline')(date)) }}{%- endmacro %}
{% macro default__week_start(date) %}{{ return('cast(' ~ dbt.date_trunc('week', date) ~ ' as date)') }}{% endmacro %}
{#- Spark understands the names that Java knows, which come as one text: [Europe/Paris, UTC, ..]. -#}
{% macro spark__timezone_names() %}
    {{- return("select explode(split(trim(both '[]' from java_method('java.time.ZoneId', 'getAvailableZoneIds')), ', ')) as timezone") -}}
{% endmacro %}
