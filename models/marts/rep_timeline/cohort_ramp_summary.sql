with curves as (
    select * from {{ ref('cohort_ramp_curves') }}
),

-- One horizon per milestone, so that the restricted means of its cohorts compare: the var, or the follow-up of
-- all ramps where that is shorter.
horizons as (
    select
        milestone,
        least({{ var('ramp_horizon_days') }}, max(day)) as horizon_days
    from curves
    where cohort_type = 'all'
    group by milestone
),

steps as (
    select
        curves.*,
        horizons.horizon_days,
        greatest(
            least(coalesce(curves.next_day, horizons.horizon_days), horizons.horizon_days) - curves.day, 0
        ) as step_days
    from curves
    inner join horizons
        on curves.milestone = horizons.milestone
),

-- Area under the curve from each day to the horizon.
areas as (
    select
        *,
        sum(survival * step_days) over (
            partition by cohort_type, cohort, milestone
            order by day asc
            rows between current row and unbounded following
        ) as area_after
    from steps
),

summed as (
    select
        cohort_type,
        cohort,
        cohort_label,
        milestone,
        ramp_count,
        horizon_days,
        max(day) as follow_up_days,
        min(survival) as last_survival,
        max(cumulative_incidence) as last_incidence,
        sum(reached_count) as reached_count,
        sum(censored_count) as censored_count,
        sum(left_count) as left_count,
        -- A survival that is a half on paper may be off by a rounding error.
        min(case when survival <= 0.75e0 + 1e-12 then day end) as p25_days,
        min(case when survival <= 0.5e0 + 1e-12 then day end) as median_days,
        min(case when survival <= 0.25e0 + 1e-12 then day end) as p75_days,
        {%- for day in [30, 60, 90, 180, 365] %}
        min(case when day <= {{ day }} then survival end) as survival_{{ day }},
        {%- endfor %}
        sum(survival * step_days) as restricted_mean,
        sum(
            case
                when day <= horizon_days and reached_count < at_risk_count
                    then
                        area_after * area_after * reached_count
                        / (1e0 * at_risk_count * (at_risk_count - reached_count))
                else 0e0
            end
        ) as restricted_mean_variance
    from areas
    group by cohort_type, cohort, cohort_label, milestone, ramp_count, horizon_days
),

checked as (
    select
        *,
        ramp_count < {{ var('min_group_size') }} as is_withheld,
        follow_up_days >= horizon_days or last_survival <= 0 as is_followed_to_horizon
    from summed
),

final as (
    select
        md5(cohort_type || '|' || cohort || '|' || milestone) as cohort_ramp_summary_id,
        cohort_type,
        cohort,
        cohort_label,
        milestone,
        ramp_count,
        cast(reached_count as integer) as reached_count,
        cast(censored_count as integer) as censored_count,
        cast(left_count as integer) as left_count,
        follow_up_days,
        case when not is_withheld then median_days end as median_days,
        case when not is_withheld then p25_days end as p25_days,
        case when not is_withheld then p75_days end as p75_days,
        case
            when not is_withheld and is_followed_to_horizon then {{ rounded_double('restricted_mean') }}
        end as restricted_mean_days,
        case
            when not is_withheld and is_followed_to_horizon then {{ rounded_double('sqrt(restricted_mean_variance)') }}
        end as restricted_mean_se,
        cast(horizon_days as integer) as horizon_days,
        {%- for day in [30, 60, 90, 180, 365] %}
        case
            when not is_withheld and (follow_up_days >= {{ day }} or last_survival <= 0)
                then {{ rounded_double('1e0 - survival_' ~ day) }}
        end as reached_by_{{ day }}_rate,
        {%- endfor %}
        case when not is_withheld then last_incidence end as cumulative_incidence,
        is_withheld,
        case
            when is_withheld then 'fewer than {{ var("min_group_size") }} ramps'
        end as reason_withheld
    from checked
)

select * from final
