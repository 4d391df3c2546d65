{#-
    CTEs of the log-rank test of two arms; the last one is named log_rank, a row per group.

    relation has the group columns and: is_compared (boolean, the arm whose events are counted), entry_days and duration_days (integers,
    0 <= entry_days <= duration_days; see kaplan_meier_ctes), is_reached.
    log_rank has the group columns, observed_count and expected_count of the compared arm, variance (hypergeometric, summed over days) and
    pooled_reached_count. chi-square = (observed - expected)^2 / variance, with one degree of freedom.
    Formula: Klein and Moeschberger, Survival Analysis, 2nd ed., 7.3.
-#}
{% macro log_rank_ctes(relation, groups) -%}
{%- set group_list = groups | join(', ') -%}
log_rank_rows as (
    select
        {{ group_list }},
        duration_days as day,
        0 as entered,
        1 as exited,
        case when is_reached then 1 else 0 end as reached,
        case when is_compared then 1 else 0 end as compared
    from {{ relation }}

    union all

    select
        {{ group_list }},
        entry_days as day,
        1 as entered,
        0 as exited,
        0 as reached,
        case when is_compared then 1 else 0 end as compared
    from {{ relation }}
),

log_rank_days as (
    select
        {{ group_list }},
        day,
        sum(entered * compared) as compared_entries,
        sum(exited * compared) as compared_exits,
        sum(reached * compared) as compared_reached,
        sum(entered) as entries,
        sum(exited) as exits,
        sum(reached) as reached
    from log_rank_rows
    group by {{ group_list }}, day
),

log_rank_at_risk as (
    select
        {{ group_list }},
        cast(compared_reached as {{ type_double() }}) as d1,
        cast(reached as {{ type_double() }}) as d,
        -- At risk on a day: whoever has entered by then, less whoever was gone before it.
        cast(compared_exits + sum(compared_entries - compared_exits) over (
            partition by {{ group_list }} order by day asc rows between unbounded preceding and current row
        ) as {{ type_double() }}) as n1,
        cast(exits + sum(entries - exits) over (
            partition by {{ group_list }} order by day asc rows between unbounded preceding and current row
        ) as {{ type_double() }}) as n
    from log_rank_days
),

log_rank_terms as (
    select
        {{ group_list }},
        d1,
        d,
        n1 * d / n as expected,
        case when n > 1 then n1 * (n - n1) * d * (n - d) / (n * n * (n - 1)) else 0e0 end as variance
    from log_rank_at_risk
),

log_rank as (
    select
        {{ group_list }},
        {{ ordered_sum('d1') }} as observed_count,
        {{ ordered_sum('expected') }} as expected_count,
        {{ ordered_sum('variance') }} as variance,
        {{ ordered_sum('d') }} as pooled_reached_count
    from log_rank_terms
    group by {{ group_list }}
)
{%- endmacro %}
