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

curves_to_horizon as (
    select
        curves.*,
        horizons.horizon_days
    from curves
    inner join horizons
        on curves.milestone = horizons.milestone
),

{{ restricted_mean_ctes('curves_to_horizon', ['cohort_type', 'cohort', 'milestone']) }},

survivals as (
    select
        cohort_type,
        cohort,
        milestone,
        cohort_label,
        {%- for day in [30, 60, 90, 180, 365] %}
        min(case when day <= {{ day }} then survival end) as survival_{{ day }},
        {%- endfor %}
        ramp_count
    from curves
    group by cohort_type, cohort, milestone, cohort_label, ramp_count
),

checked as (
    select
        restricted_means.*,
        survivals.cohort_label,
        survivals.ramp_count,
        {%- for day in [30, 60, 90, 180, 365] %}
        survivals.survival_{{ day }},
        {%- endfor %}
        survivals.ramp_count < {{ var('min_group_size') }} as is_withheld
    from restricted_means
    inner join survivals
        on
            restricted_means.cohort_type = survivals.cohort_type
            and restricted_means.cohort = survivals.cohort
            and restricted_means.milestone = survivals.milestone
),

final as (
    select
        {{ surrogate_key(['cohort_type', 'cohort', 'milestone']) }} as cohort_ramp_summary_id,
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
        {%- for name in ['p25', 'median', 'p75'] %}
        case when not is_withheld then {{ name }}_ci_low_days end as {{ name }}_ci_low_days,
        case when not is_withheld then {{ name }}_ci_high_days end as {{ name }}_ci_high_days,
        {%- endfor %}
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
