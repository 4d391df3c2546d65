{#-
    CTEs from time-to-event rows to curves, one curve per group; the last one is named km_curves.

    relation has the group columns and: duration_days (integer >= 0), is_reached, is_left (booleans, never both).
    Neither = censored. Rows of a curve: day 0, and each day on which anything ends.

    With d reached, l left, c censored, n at risk (everyone whose duration is that day or longer, so an event comes
    before a censoring on the same day):
        survival S             Kaplan-Meier, product of (1 - d / n); leavers are censored
        survival_se            Greenwood, S sqrt(sum of d / (n (n - d))); NULL where S = 0
        ci_low, ci_high        95 % log-log interval S ^ exp(+-1.96 sqrt(sum) / ln S);
                               1 and 1 where S = 1, 0 and 0 where S = 0 (as lifelines)
        cumulative_incidence   Aalen-Johansen, sum of U d / n, U = product of (1 - (d + l) / n) over earlier days;
                               leavers compete
    A product is exp(sum(ln)). A factor of zero has no logarithm, and needs none: everyone at risk is gone, it is the
    last row.
    Formulas: Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, 2nd ed., 1.4 and 8.2; Klein and
    Moeschberger, Survival Analysis, 2nd ed., 4.2-4.3.
-#}
{% macro kaplan_meier_ctes(relation, groups) -%}
{%- set group_list = groups | join(', ') -%}
km_rows as (
    select
        {{ group_list }},
        duration_days as day,
        case when is_reached then 1 else 0 end as reached,
        case when is_left and not is_reached then 1 else 0 end as left_early,
        case when is_reached or is_left then 0 else 1 end as censored
    from {{ relation }}

    union all

    select
        {{ group_list }},
        0 as day,
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
        reached_count,
        left_count,
        censored_count,
        cast(sum(reached_count + left_count + censored_count) over (
            partition by {{ group_list }}
            order by day asc
            rows between current row and unbounded following
        ) as integer) as at_risk_count
    from km_days
),

km_terms as (
    select
        {{ group_list }},
        day,
        reached_count,
        left_count,
        censored_count,
        at_risk_count,
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
        reached_count,
        left_count,
        censored_count,
        at_risk_count,
        greenwood_term,
        sum(log_survival_term) over (
            partition by {{ group_list }} order by day asc rows between unbounded preceding and current row
        ) as log_survival,
        sum(greenwood_term) over (
            partition by {{ group_list }} order by day asc rows between unbounded preceding and current row
        ) as greenwood_sum,
        coalesce(sum(log_stay_term) over (
            partition by {{ group_list }} order by day asc rows between unbounded preceding and 1 preceding
        ), 0e0) as log_stay_before,
        lead(day) over (partition by {{ group_list }} order by day asc) as next_day
    from km_terms
),

km_estimates as (
    select
        {{ group_list }},
        day,
        reached_count,
        left_count,
        censored_count,
        at_risk_count,
        greenwood_term,
        greenwood_sum,
        log_survival,
        next_day,
        case when reached_count = at_risk_count then 0e0 else exp(log_survival) end as survival,
        exp(log_stay_before) * reached_count / at_risk_count as incidence_term
    from km_sums
),

km_curves as (
    select
        {{ group_list }},
        day,
        next_day,
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
        sum(incidence_term) over (
            partition by {{ group_list }} order by day asc rows between unbounded preceding and current row
        ) as cumulative_incidence
    from km_estimates
)
{%- endmacro %}
