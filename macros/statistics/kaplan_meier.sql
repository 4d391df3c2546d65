{#-
    CTEs from time-to-event rows to curves, one curve per group; the last one is named km_curves.

    relation has the group columns and: entry_days (integer >= 0, the first day that is on record; 0 = followed from the start),
    duration_days (integer >= entry_days), is_reached, is_left (booleans, never both). Neither = censored.
    Rows of a curve: day 0, each day on which anything ends, and each on which a late one enters.

    With d reached, l left, c censored, n at risk (entered on that day or before, duration that day or longer, so an event comes before a
    censoring on the same day, and an entry before both):
        survival S             Kaplan-Meier, product of (1 - d / n); leavers are censored
        survival_se            Greenwood, S sqrt(sum of d / (n (n - d))); NULL where S = 0
        ci_low, ci_high        95 % log-log interval S ^ exp(+-1.96 sqrt(sum) / ln S); 1 and 1 where S = 1, 0 and 0 where S = 0 (as lifelines)
        cumulative_incidence   Aalen-Johansen, sum of U d / n, U = product of (1 - (d + l) / n) over earlier days; leavers compete
    A product is exp(sum(ln)). A factor of zero has no logarithm: from the day on which everyone at risk is gone, the product is 0.
    Formulas: Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, 2nd ed., 1.4 and 8.2; Klein and
    Moeschberger, Survival Analysis, 2nd ed., 4.2-4.3, and 4.6 for late entries (left truncation).
-#}
{% macro kaplan_meier_ctes(relation, groups) -%}
{%- set group_list = groups | join(', ') -%}
{%- set so_far = 'over (partition by ' ~ group_list ~ ' order by day asc rows between unbounded preceding and current row)' -%}
{%- set before = 'over (partition by ' ~ group_list ~ ' order by day asc rows between unbounded preceding and 1 preceding)' -%}
km_rows as (
    select
        {{ group_list }},
        duration_days as day,
        0 as entered,
        case when is_reached then 1 else 0 end as reached,
        case when is_left and not is_reached then 1 else 0 end as left_early,
        case when is_reached or is_left then 0 else 1 end as censored
    from {{ relation }}

    union all

    select
        {{ group_list }},
        entry_days as day,
        1 as entered,
        0 as reached,
        0 as left_early,
        0 as censored
    from {{ relation }}

    union all

    select
        {{ group_list }},
        0 as day,
        0 as entered,
        0 as reached,
        0 as left_early,
        0 as censored
    from {{ relation }}
    group by {{ group_list }}
),

km_days as (
    select
        {{ group_list }},
        day,
        cast(sum(entered) as integer) as entered_count,
        cast(sum(reached) as integer) as reached_count,
        cast(sum(left_early) as integer) as left_count,
        cast(sum(censored) as integer) as censored_count
    from km_rows
    group by {{ group_list }}, day
),

km_at_risk as (
    select
        {{ group_list }},
        day,
        entered_count,
        reached_count,
        left_count,
        censored_count,
        cast(
            sum(entered_count) {{ so_far }}
            - coalesce(sum(reached_count + left_count + censored_count) {{ before }}, 0)
            as integer
        ) as at_risk_count
    from km_days
),

km_terms as (
    select
        {{ group_list }},
        day,
        entered_count,
        reached_count,
        left_count,
        censored_count,
        at_risk_count,
        -- Before the first late entry nobody is at risk, and nothing happens.
        reached_count > 0 and reached_count = at_risk_count as is_emptied,
        reached_count + left_count > 0 and reached_count + left_count = at_risk_count as is_deserted,
        case
            when reached_count = at_risk_count then 0e0
            else ln(cast(at_risk_count - reached_count as {{ type_double() }}) / at_risk_count)
        end as log_survival_term,
        case
            when reached_count = at_risk_count then 0e0
            else cast(reached_count as {{ type_double() }}) / at_risk_count / (at_risk_count - reached_count)
        end as greenwood_term,
        case
            when reached_count + left_count = at_risk_count then 0e0
            else ln(cast(at_risk_count - reached_count - left_count as {{ type_double() }}) / at_risk_count)
        end as log_stay_term
    from km_at_risk
),

km_sums as (
    select
        {{ group_list }},
        day,
        entered_count,
        reached_count,
        left_count,
        censored_count,
        at_risk_count,
        greenwood_term,
        max(case when is_emptied then 1 else 0 end) {{ so_far }} as is_over,
        coalesce(max(case when is_deserted then 1 else 0 end) {{ before }}, 0) as was_deserted,
        sum(log_survival_term) {{ so_far }} as log_survival,
        sum(greenwood_term) {{ so_far }} as greenwood_sum,
        coalesce(sum(log_stay_term) {{ before }}, 0e0) as log_stay_before,
        lead(day) over (partition by {{ group_list }} order by day asc) as next_day
    from km_terms
),

km_estimates as (
    select
        {{ group_list }},
        day,
        entered_count,
        reached_count,
        left_count,
        censored_count,
        at_risk_count,
        greenwood_term,
        greenwood_sum,
        log_survival,
        next_day,
        case when is_over = 1 then 0e0 else exp(log_survival) end as survival,
        case
            when reached_count = 0 or was_deserted = 1 then 0e0
            else exp(log_stay_before) * reached_count / at_risk_count
        end as incidence_term
    from km_sums
),

km_curves as (
    select
        {{ group_list }},
        day,
        next_day,
        entered_count,
        at_risk_count,
        reached_count,
        censored_count,
        left_count,
        survival,
        greenwood_term,
        case when survival > 0 then survival * sqrt(greenwood_sum) end as survival_se,
        case
            when survival <= 0 then 0e0
            when greenwood_sum <= 0 then 1e0
            else power(survival, exp(-{{ normal_quantile_975() }} * sqrt(greenwood_sum) / log_survival))
        end as ci_low,
        case
            when survival <= 0 then 0e0
            when greenwood_sum <= 0 then 1e0
            else power(survival, exp({{ normal_quantile_975() }} * sqrt(greenwood_sum) / log_survival))
        end as ci_high,
        sum(incidence_term) {{ so_far }} as cumulative_incidence
    from km_estimates
)
{%- endmacro %}
