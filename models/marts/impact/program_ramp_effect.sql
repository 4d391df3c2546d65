{%- set groups = ['comparison', 'program_id', 'milestone', 'landmark_days'] %}
with arms as (
    select
        *,
        is_treated as is_compared,
        -- Only ramps that are followed from the landmark on are compared.
        0 as entry_days
    from {{ ref('int_program_ramp_arms') }}
),

program_landmarks as (
    select * from {{ ref('int_program_ramp_landmarks') }}
),

{{ kaplan_meier_ctes('arms', groups + ['is_treated']) }},

follow_ups as (
    select
        {{ groups | join(', ') }},
        is_treated,
        max(day) as follow_up_days,
        min(survival) as last_survival
    from km_curves
    group by {{ groups | join(', ') }}, is_treated
),

-- One horizon for both arms: the var, or where the arm that is followed least ends. An arm in which everybody has
-- reached is followed for ever.
horizons as (
    select
        {{ groups | join(', ') }},
        cast(min(
            case
                when last_survival > 0 then least(follow_up_days, {{ var('ramp_horizon_days') }} - landmark_days)
                else {{ var('ramp_horizon_days') }} - landmark_days
            end
        ) as integer) as horizon_days
    from follow_ups
    group by {{ groups | join(', ') }}
),

curves as (
    select
        km_curves.*,
        horizons.horizon_days
    from km_curves
    inner join horizons
        on
            km_curves.comparison = horizons.comparison
            and km_curves.program_id = horizons.program_id
            and km_curves.milestone = horizons.milestone
            and km_curves.landmark_days = horizons.landmark_days
),

{{ restricted_mean_ctes('curves', groups + ['is_treated']) }},

-- Kaplan and Meier's correction for few events: m / (m - 1), m who reached.
arm_means as (
    select
        restricted_means.*,
        restricted_means.reached_by_horizon_count - 1 as degrees,
        restricted_means.restricted_mean_variance * restricted_means.reached_by_horizon_count
        / nullif(restricted_means.reached_by_horizon_count - 1, 0) as variance
    from restricted_means
),

{{ log_rank_ctes('arms', groups) }},

-- Every program has its rows, also one with nobody to compare.
arm_members as (
    select
        {{ groups | join(', ') }},
        case when is_treated then 1 else 0 end as treated,
        case when is_treated then 0 else 1 end as control
    from arms
    union all
    select
        'landmark' as comparison,
        program_id,
        milestone,
        landmark_days,
        0 as treated,
        0 as control
    from program_landmarks
),

arm_counts as (
    select
        {{ groups | join(', ') }},
        sum(treated) as treated_count,
        sum(control) as control_count
    from arm_members
    group by {{ groups | join(', ') }}
),

compared as (
    select
        arm_counts.comparison,
        arm_counts.program_id,
        arm_counts.milestone,
        arm_counts.landmark_days,
        arm_counts.treated_count,
        arm_counts.control_count,
        treated.reached_count as treated_reached_count,
        controls.reached_count as control_reached_count,
        treated.median_days as treated_median_days,
        controls.median_days as control_median_days,
        treated.horizon_days,
        treated.restricted_mean as treated_restricted_mean,
        controls.restricted_mean as control_restricted_mean,
        least(treated.degrees, controls.degrees) as least_degrees,
        treated.variance + controls.variance as difference_variance,
        treated.variance * treated.variance / nullif(treated.degrees, 0)
        + controls.variance * controls.variance / nullif(controls.degrees, 0) as degrees_term,
        log_rank.observed_count,
        log_rank.expected_count,
        log_rank.variance as log_rank_variance,
        log_rank.pooled_reached_count
    from arm_counts
    left join arm_means as treated
        on
            arm_counts.comparison = treated.comparison
            and arm_counts.program_id = treated.program_id
            and arm_counts.milestone = treated.milestone
            and arm_counts.landmark_days = treated.landmark_days
            and treated.is_treated
    left join arm_means as controls
        on
            arm_counts.comparison = controls.comparison
            and arm_counts.program_id = controls.program_id
            and arm_counts.milestone = controls.milestone
            and arm_counts.landmark_days = controls.landmark_days
            and not controls.is_treated
    left join log_rank
        on
            arm_counts.comparison = log_rank.comparison
            and arm_counts.program_id = log_rank.program_id
            and arm_counts.milestone = log_rank.milestone
            and arm_counts.landmark_days = log_rank.landmark_days
),

judged as (
    select
        compared.*,
        case
            when compared.treated_count + compared.control_count = 0
                then 'no role family in which ramps completed the program by then and reached the milestone'
            when compared.treated_count < {{ var('min_group_size') }}
                then 'treated group has fewer than {{ var("min_group_size") }} ramps'
            when compared.control_count < {{ var('min_group_size') }}
                then 'control group has fewer than {{ var("min_group_size") }} ramps'
            when compared.pooled_reached_count = 0 then 'nobody reached the milestone'
            when compared.log_rank_variance <= 0 then 'the groups were never at risk together'
            when compared.least_degrees < 1 then 'a group has fewer than two who reached the milestone'
            when compared.difference_variance <= 0 then 'the days to the milestone do not vary'
        end as reason_withheld
    from compared
),

estimated as (
    select
        judged.*,
        case
            when judged.reason_withheld is null
                then judged.treated_restricted_mean - judged.control_restricted_mean
        end as difference,
        case when judged.reason_withheld is null then sqrt(judged.difference_variance) end as difference_se,
        case
            when judged.reason_withheld is null
                then judged.difference_variance * judged.difference_variance / judged.degrees_term
        end as degrees_of_freedom,
        case
            when judged.reason_withheld is null
                then
                    (judged.observed_count - judged.expected_count) * (judged.observed_count - judged.expected_count)
                    / judged.log_rank_variance
        end as log_rank_statistic
    from judged
),

with_quantiles as (
    select
        estimated.*,
        {{ student_t_quantile_975('estimated.degrees_of_freedom') }} as t_quantile
    from estimated
),

final as (
    select
        {{ surrogate_key(['comparison', 'program_id', 'milestone', 'landmark_days']) }} as program_ramp_effect_id,
        program_id,
        comparison,
        milestone,
        cast(landmark_days as integer) as landmark_days,
        cast(treated_count as integer) as treated_count,
        cast(control_count as integer) as control_count,
        case when reason_withheld is null then cast(treated_reached_count as integer) end as treated_reached_count,
        case when reason_withheld is null then cast(control_reached_count as integer) end as control_reached_count,
        case when reason_withheld is null then cast(treated_median_days as integer) end as treated_median_days,
        case when reason_withheld is null then cast(control_median_days as integer) end as control_median_days,
        case when reason_withheld is null then cast(treated_median_days - control_median_days as integer) end
            as median_difference_days,
        horizon_days,
        {{ rounded_double('difference') }} as restricted_mean_difference_days,
        {{ rounded_double('difference_se') }} as restricted_mean_difference_se,
        {{ rounded_double('degrees_of_freedom') }} as degrees_of_freedom,
        {{ rounded_double('difference - t_quantile * difference_se') }} as ci_low,
        {{ rounded_double('difference + t_quantile * difference_se') }} as ci_high,
        {{ rounded_double('log_rank_statistic') }} as chi_square,
        {{ rounded_double(chi_square_tail('log_rank_statistic')) }} as p_value,
        reason_withheld
    from with_quantiles
)

select * from final
