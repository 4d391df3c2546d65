-- The calendar of the days that are needed, with fiscal periods.
{%- set fiscal_start = var('fiscal_year_start_month') | int %}
with days as (select * from {{ ref('cnf_days') }}),

parts as (
    select
        days.date_day,
        cast(extract(year from days.date_day) as integer) as calendar_year,
        cast(extract(quarter from days.date_day) as integer) as calendar_quarter,
        cast(extract(month from days.date_day) as integer) as calendar_month,
        cast({{ dbt.date_trunc('month', 'days.date_day') }} as date) as month_started_on,
        {{ week_start('days.date_day') }} as week_started_on,
        mod(cast(extract(month from days.date_day) as integer) - {{ fiscal_start }} + 12, 12) as fiscal_month_index
    from days
),

final as (
    select
        parts.date_day,
        parts.calendar_year,
        parts.calendar_quarter,
        parts.month_started_on,
        cast({{ dbt.last_day('parts.date_day', 'month') }} as date) as month_ended_on,
        parts.week_started_on,
        {% if fiscal_start == 1 -%}
        parts.calendar_year as fiscal_year,
        {%- else -%}
        parts.calendar_year + case when parts.calendar_month >= {{ fiscal_start }} then 1 else 0 end as fiscal_year,
        {%- endif %}
        cast(floor(parts.fiscal_month_index / 3.0) as integer) + 1 as fiscal_quarter,
        cast({{ dbt.dateadd('month', '-mod(parts.fiscal_month_index, 3)', 'parts.month_started_on') }} as date)
            as fiscal_period_started_on,
        parts.date_day = {{ as_of_date() }} as is_as_of_date
    from parts
)

select * from final
