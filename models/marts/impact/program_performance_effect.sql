-- What each program changed: the estimate, its 95 % interval by Student's t, and its p-value; beside it the same
-- adjusted for the level before (CUPED).
with estimates as (
    select * from {{ ref('int_program_performance_estimates') }}
),

p_values as (
    select * from {{ ref('int_program_performance_p_values') }}
),

with_quantiles as (
    select
        estimates.*,
        {{ student_t_quantile_975('estimates.degrees_of_freedom') }} as t_quantile
    from estimates
),

with_intervals as (
    select
        with_quantiles.*,
        p_values.p_value,
        {{ rounded_double('with_quantiles.estimate - with_quantiles.t_quantile * with_quantiles.standard_error') }}
            as ci_low,
        {{ rounded_double('with_quantiles.estimate + with_quantiles.t_quantile * with_quantiles.standard_error') }}
            as ci_high
    from with_quantiles
    inner join p_values
        on
            with_quantiles.program_id = p_values.program_id
            and with_quantiles.outcome = p_values.outcome
            and with_quantiles.estimand = p_values.estimand
),

effects as (
    select * from with_intervals
    where estimand = 'effect'
),

cuped_effects as (
    select * from with_intervals
    where estimand = 'cuped_effect'
),

pre_trends as (
    select * from with_intervals
    where estimand = 'pre_trend'
),

final as (
    select
        {{ surrogate_key(['effects.program_id', 'effects.outcome']) }} as program_performance_effect_id,
        effects.program_id,
        effects.outcome,
        cast({{ var('effect_window_months') }} as integer) as window_months,
        effects.before_started_on,
        effects.after_started_on,
        effects.after_ended_on,
        effects.treated_count,
        effects.control_count,
        effects.estimate as effect,
        effects.standard_error,
        effects.degrees_of_freedom,
        effects.ci_low,
        effects.ci_high,
        effects.p_value,
        pre_trends.estimate as pre_trend,
        pre_trends.standard_error as pre_trend_standard_error,
        abs(pre_trends.estimate) > pre_trends.t_quantile * pre_trends.standard_error as has_pre_trend,
        -- Two-sided 5 %, and 0.842 for a power of 80 %.
        {{ rounded_double('(effects.t_quantile + 0.8416212335729143e0) * effects.standard_error') }}
            as minimum_detectable_effect,
        cuped_effects.estimate as cuped_effect,
        cuped_effects.standard_error as cuped_standard_error,
        cuped_effects.degrees_of_freedom as cuped_degrees_of_freedom,
        cuped_effects.ci_low as cuped_ci_low,
        cuped_effects.ci_high as cuped_ci_high,
        cuped_effects.p_value as cuped_p_value,
        {{ rounded_double(
            '1e0 - power(cuped_effects.standard_error, 2) / power(nullif(effects.standard_error, 0), 2)'
        ) }} as cuped_variance_reduction,
        effects.reason_withheld
    from effects
    inner join cuped_effects
        on effects.program_id = cuped_effects.program_id and effects.outcome = cuped_effects.outcome
    inner join pre_trends
        on effects.program_id = pre_trends.program_id and effects.outcome = pre_trends.outcome
)

select * from final
