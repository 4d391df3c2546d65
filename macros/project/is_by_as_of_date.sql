{#-
    Condition: a UTC timestamp is not after the as-of date in a time zone; NULL for NULL. No zone is a day ahead, so that the engine is asked for
    the time there only of what lies at the end: it costs much more than to compare.
-#}
{% macro is_by_as_of_date(utc_timestamp, timezone) -%}
    case
        when {{ utc_timestamp }} < cast({{ as_of_date() }} as timestamp) then true
        else {{ local_date(utc_timestamp, timezone) }} <= {{ as_of_date() }}
    end
{%- endmacro %}
