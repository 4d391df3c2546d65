{#-
    local_date where cnf_zone_days is joined as zone_days: where the zone's offset is the same all day, adding it says the same as asking for the
    time there, which costs an engine much more.
-#}
{% macro local_date_by_zone_days(utc_timestamp, timezone) -%}
    case
        when zone_days.seconds_at_start = zone_days.seconds_at_end
            then cast({{ dbt.dateadd('second', 'zone_days.seconds_at_start', utc_timestamp) }} as date)
        else {{ local_date(utc_timestamp, timezone) }}
    end
{%- endmacro %}
