-- What each program changed: the estimate, its 95 % interval by Student's t, and its p-value.
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

final as (
    select
        md5(with_quantiles.program_id || '|' || with_quantiles.outcome) as program_performance_effect_id,
        with_quantiles.program_id,
        with_quantiles.outcome,
        cast({{ var('effect_window_months') }} as integer) as window_months,
        with_quantiles.before_started_on,
        with_quantiles.after_started_on,
        with_quantiles.after_ended_on,
        with_quantiles.treated_count,
        with_quantiles.control_count,
        with_quantiles.effect,
        with_quantiles.standard_error,
        with_quantiles.degrees_of_freedom,
        {{ rounded_double('with_quantiles.effect - with_quantiles.t_quantile * with_quantiles.standard_error') }}
            as ci_low,
        {{ rounded_double('with_quantiles.effect + with_quantiles.t_quantile * with_quantiles.standard_error') }}
            as ci_high,
        p_values.p_value,
        with_quantiles.pre_trend,
        with_quantiles.pre_trend_standard_error,
        with_quantiles.has_pre_trend,
        with_quantiles.minimum_detectable_effect,
        with_quantiles.reason_withheld
    from with_quantiles
    inner join p_values
        on with_quantiles.program_id = p_values.program_id and with_quantiles.outcome = p_values.outcome
)

select * from final
