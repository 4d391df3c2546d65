{{ config(access='private', schema='conformed', contract={'enforced': false}) }}

{%- set statistics = [
    'effect', 'standard_error', 'degrees_of_freedom', 'pre_trend', 'pre_trend_standard_error',
] %}
-- Difference in differences of per-rep means, within strata of role family and tenure band: the estimate, without its
-- p-value.
with programs as (
    select * from {{ ref('dim_programs') }}
),

windows as (
    select * from {{ ref('int_program_windows') }}
),

deltas as (
    select * from {{ ref('int_program_rep_deltas') }}
),

outcomes as (
    {%- for outcome in ['bookings_per_month', 'attainment', 'demos_per_month', 'pipeline_created_per_month'] %}
    select '{{ outcome }}' as outcome
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

strata as (
    select
        deltas.program_id,
        deltas.outcome,
        deltas.role_family,
        deltas.tenure_band,
        sum(case when deltas.is_treated then 1 else 0 end) as treated_count,
        avg(case when deltas.is_treated then deltas.delta end) as treated_mean,
        power(stddev_samp(case when deltas.is_treated then deltas.delta end), 2) as treated_variance,
        avg(case when deltas.is_treated then deltas.earlier_delta end) as treated_earlier_mean,
        power(stddev_samp(case when deltas.is_treated then deltas.earlier_delta end), 2)
            as treated_earlier_variance,
        sum(case when not deltas.is_treated then 1 else 0 end) as control_count,
        avg(case when not deltas.is_treated then deltas.delta end) as control_mean,
        power(stddev_samp(case when not deltas.is_treated then deltas.delta end), 2) as control_variance,
        avg(case when not deltas.is_treated then deltas.earlier_delta end) as control_earlier_mean,
        power(stddev_samp(case when not deltas.is_treated then deltas.earlier_delta end), 2)
            as control_earlier_variance
    from deltas
    group by deltas.program_id, deltas.outcome, deltas.role_family, deltas.tenure_band
),

-- A stratum needs two of each arm: one has no variance.
weighted as (
    select
        strata.*,
        1e0 * strata.treated_count / sum(strata.treated_count) over (
            partition by strata.program_id, strata.outcome
        ) as stratum_weight
    from strata
    where strata.treated_count >= 2 and strata.control_count >= 2
),

-- Weights are the treated reps' shares, so that the estimate is the effect on those who took the program. The standard
-- error adds up the variances of the means (Welch); the degrees of freedom are Satterthwaite's.
summed as (
    select
        weighted.program_id,
        weighted.outcome,
        cast(sum(weighted.treated_count) as integer) as treated_count,
        cast(sum(weighted.control_count) as integer) as control_count,
        sum(weighted.stratum_weight * (weighted.treated_mean - weighted.control_mean)) as effect,
        sum(weighted.stratum_weight * (weighted.treated_earlier_mean - weighted.control_earlier_mean)) as pre_trend,
        sum(
            weighted.stratum_weight * weighted.stratum_weight
            * (
                weighted.treated_variance / weighted.treated_count
                + weighted.control_variance / weighted.control_count
            )
        ) as effect_variance,
        sum(
            weighted.stratum_weight * weighted.stratum_weight
            * (
                weighted.treated_earlier_variance / weighted.treated_count
                + weighted.control_earlier_variance / weighted.control_count
            )
        ) as pre_trend_variance,
        sum(
            power(
                weighted.stratum_weight * weighted.stratum_weight
                * weighted.treated_variance / weighted.treated_count,
                2
            )
            / (weighted.treated_count - 1)
            + power(
                weighted.stratum_weight * weighted.stratum_weight
                * weighted.control_variance / weighted.control_count,
                2
            )
            / (weighted.control_count - 1)
        ) as degrees_term
    from weighted
    group by weighted.program_id, weighted.outcome
),

judged as (
    select
        programs.program_id,
        outcomes.outcome,
        coalesce(summed.treated_count, 0) as treated_count,
        coalesce(summed.control_count, 0) as control_count,
        windows.before_started_on,
        windows.after_started_on,
        windows.after_ended_on,
        summed.effect,
        summed.pre_trend,
        sqrt(summed.effect_variance) as standard_error,
        sqrt(summed.pre_trend_variance) as pre_trend_standard_error,
        summed.effect_variance * summed.effect_variance / nullif(summed.degrees_term, 0) as degrees_of_freedom,
        case
            when programs.program_kind = 'onboarding' then 'onboarding has no months before it; see program_ramp_effect'
            when windows.program_id is null then 'nobody has completed the program'
            when windows.after_ended_on > {{ as_of_date() }} then 'the window after the program has not ended'
            when coalesce(summed.treated_count, 0) < {{ var('min_group_size') }}
                then 'treated group has fewer than {{ var("min_group_size") }} comparable reps'
            when coalesce(summed.control_count, 0) < {{ var('min_group_size') }}
                then 'control group has fewer than {{ var("min_group_size") }} comparable reps'
            when summed.effect_variance = 0 then 'the outcome does not vary'
        end as reason_withheld
    from programs
    cross join outcomes
    left join windows on programs.program_id = windows.program_id
    left join summed on programs.program_id = summed.program_id and outcomes.outcome = summed.outcome
),

kept as (
    select
        judged.program_id,
        judged.outcome,
        judged.treated_count,
        judged.control_count,
        judged.before_started_on,
        judged.after_started_on,
        judged.after_ended_on,
        judged.reason_withheld,
        {%- for statistic in statistics %}
        case when judged.reason_withheld is null then judged.{{ statistic }} end as {{ statistic }},
        {%- endfor %}
        case when judged.reason_withheld is null then judged.effect / judged.standard_error end as t_statistic
    from judged
),

final as (
    select
        kept.program_id,
        kept.outcome,
        kept.treated_count,
        kept.control_count,
        kept.before_started_on,
        kept.after_started_on,
        kept.after_ended_on,
        {{ rounded_double('kept.effect') }} as effect,
        {{ rounded_double('kept.standard_error') }} as standard_error,
        {{ rounded_double('kept.degrees_of_freedom') }} as degrees_of_freedom,
        kept.t_statistic,
        {{ rounded_double('kept.pre_trend') }} as pre_trend,
        {{ rounded_double('kept.pre_trend_standard_error') }} as pre_trend_standard_error,
        abs(kept.pre_trend) > {{ normal_quantile_975() }} * kept.pre_trend_standard_error as has_pre_trend,
        -- 1.960 + 0.842: two-sided 5 %, power 80 %.
        {{ rounded_double('2.801585218112969 * kept.standard_error') }} as minimum_detectable_effect,
        kept.reason_withheld
    from kept
)

select * from final
