{#-
    CTEs of restricted means, quartiles and follow-up of curves; the last one is named restricted_means, a row per curve.

    relation has the columns of km_curves (see kaplan_meier_ctes) and horizon_days, the same for the curves that are compared.
    restricted_mean is the area under the survival curve up to the horizon; its variance is the sum of A^2 d / (n (n - d)), A the area from
    that day to the horizon (Klein and Moeschberger, Survival Analysis, 2nd ed., 4.5). Both hold only where is_followed_to_horizon.
    p25_days, median_days, p75_days: the first day on which at least that share has reached; NULL = not reached. Their 95 % intervals
    (.._ci_low_days, .._ci_high_days) are the days on which the ends of the curve's interval get there (Brookmeyer and Crowley, "A confidence
    interval for the median survival time", Biometrics 38 (1982) 29-41, with the log-log interval); NULL = the end does not.
-#}
{% macro restricted_mean_ctes(relation, groups) -%}
{%- set group_list = groups | join(', ') -%}
restricted_steps as (
    select
        {{ relation }}.*,
        greatest(least(coalesce(next_day, horizon_days), horizon_days) - day, 0) as step_days
    from {{ relation }}
),

restricted_areas as (
    select
        restricted_steps.*,
        survival * step_days as area,
        sum(survival * step_days) over (
            partition by {{ group_list }} order by day asc rows between current row and unbounded following
        ) as area_after
    from restricted_steps
),

restricted_terms as (
    select
        restricted_areas.*,
        case
            when day <= horizon_days and reached_count < at_risk_count
                then
                    area_after * area_after * reached_count
                    / (1e0 * at_risk_count * (at_risk_count - reached_count))
            else 0e0
        end as variance
    from restricted_areas
),

restricted_sums as (
    select
        {{ group_list }},
        horizon_days,
        max(day) as follow_up_days,
        min(survival) as last_survival,
        max(cumulative_incidence) as last_incidence,
        sum(reached_count) as reached_count,
        sum(case when day <= horizon_days then reached_count else 0 end) as reached_by_horizon_count,
        sum(censored_count) as censored_count,
        sum(left_count) as left_count,
        -- A survival that is a half on paper may be off by a rounding error.
        min(case when survival <= 0.75e0 + 1e-12 then day end) as p25_days,
        min(case when survival <= 0.5e0 + 1e-12 then day end) as median_days,
        min(case when survival <= 0.25e0 + 1e-12 then day end) as p75_days,
        {%- for name, share in [('p25', '0.75e0'), ('median', '0.5e0'), ('p75', '0.25e0')] %}
        min(case when ci_low <= {{ share }} + 1e-12 then day end) as {{ name }}_ci_low_days,
        min(case when ci_high <= {{ share }} + 1e-12 then day end) as {{ name }}_ci_high_days,
        {%- endfor %}
        {{ ordered_sum('area') }} as restricted_mean,
        {{ ordered_sum('variance') }} as restricted_mean_variance
    from restricted_terms
    group by {{ group_list }}, horizon_days
),

restricted_means as (
    select
        restricted_sums.*,
        follow_up_days >= horizon_days or last_survival <= 0 as is_followed_to_horizon
    from restricted_sums
)
{%- endmacro %}
