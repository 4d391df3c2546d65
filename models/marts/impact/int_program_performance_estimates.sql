{{ config(access='private', schema='conformed', contract={'enforced': false}) }}

-- What each program changed, without p-values: three estimates from the same reps, within strata of role family and
-- tenure band.
--   effect        after minus before: difference in differences
--   cuped_effect  after, adjusted for the rep's level over both windows before (CUPED, analysis of covariance)
--   pre_trend     before minus the window before it: should be nothing
-- Difference in differences takes a rep's whole level off, CUPED takes off as much of it as predicts the outcome.
-- Doubles are summed in the order of the reps: in any other the last bits, and with them the marts, differ by build.
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

estimands as (
    {%- for estimand in ['effect', 'cuped_effect', 'pre_trend'] %}
    select '{{ estimand }}' as estimand
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

measured as (
    select
        estimands.estimand,
        deltas.program_id,
        deltas.outcome,
        deltas.rep_id,
        deltas.role_family,
        deltas.tenure_band,
        deltas.is_treated,
        case estimands.estimand
            when 'effect' then deltas.delta
            when 'cuped_effect' then deltas.after_mean
            when 'pre_trend' then deltas.earlier_delta
        end as result,
        case when estimands.estimand = 'cuped_effect' then (deltas.earlier_mean + deltas.before_mean) / 2e0 end
            as covariate
    from deltas
    cross join estimands
),

arm_means as (
    select
        measured.estimand,
        measured.program_id,
        measured.outcome,
        measured.role_family,
        measured.tenure_band,
        measured.is_treated,
        {{ ordered_sum('measured.result') }} / count(*) as result_mean,
        {{ ordered_sum('measured.covariate') }} / count(*) as covariate_mean
    from measured
    group by
        measured.estimand,
        measured.program_id,
        measured.outcome,
        measured.role_family,
        measured.tenure_band,
        measured.is_treated
),

-- Rounded, so that what does not vary has deviations of zero and not of a last bit.
centred as (
    select
        measured.*,
        {{ rounded_double('measured.result - arm_means.result_mean') }} as result_deviation,
        {{ rounded_double('measured.covariate - arm_means.covariate_mean') }} as covariate_deviation,
        sum(case when measured.is_treated then 1 else 0 end) over stratum as treated_count,
        sum(case when measured.is_treated then 0 else 1 end) over stratum as control_count
    from measured
    inner join arm_means
        on
            measured.estimand = arm_means.estimand
            and measured.program_id = arm_means.program_id
            and measured.outcome = arm_means.outcome
            and measured.role_family = arm_means.role_family
            and measured.tenure_band = arm_means.tenure_band
            and measured.is_treated = arm_means.is_treated
    window stratum as (
        partition by
            measured.estimand, measured.program_id, measured.outcome, measured.role_family, measured.tenure_band
    )
),

-- Strata weigh by their treated reps, so that the estimate is the effect on those who took the program. A stratum needs
-- two of each arm: one has no variance.
weighted as (
    select
        centred.*,
        case when centred.is_treated then centred.treated_count else centred.control_count end as arm_count,
        case when centred.is_treated then 1e0 else -1e0 * centred.treated_count / centred.control_count end
        / sum(case when centred.is_treated then 1 else 0 end) over (
            partition by centred.estimand, centred.program_id, centred.outcome
        ) as weight
    from centred
    where centred.treated_count >= 2 and centred.control_count >= 2
),

-- One slope, within the arms of all strata; what it takes off is the arms' imbalance in the covariate.
slopes as (
    select
        weighted.estimand,
        weighted.program_id,
        weighted.outcome,
        {{ ordered_sum('weighted.weight * weighted.covariate') }} as imbalance,
        nullif(
            {{ ordered_sum('weighted.covariate_deviation * weighted.covariate_deviation') }}, 0
        ) as covariate_variation,
        {{ ordered_sum('weighted.covariate_deviation * weighted.result_deviation') }} as covariation
    from weighted
    group by weighted.estimand, weighted.program_id, weighted.outcome
),

-- The estimate is a sum of the reps' results, each times its influence. Spare is one minus the leverage (HC2); nothing
-- is spare where the slope rests on this rep alone.
fitted as (
    select
        weighted.*,
        weighted.weight
        - coalesce(slopes.imbalance * weighted.covariate_deviation / slopes.covariate_variation, 0e0) as influence,
        weighted.result_deviation
        - coalesce(slopes.covariation * weighted.covariate_deviation / slopes.covariate_variation, 0e0) as residual,
        1e0 - 1e0 / weighted.arm_count
        - case
            when weighted.estimand = 'cuped_effect'
                then weighted.covariate_deviation * weighted.covariate_deviation / slopes.covariate_variation
            else 0e0
        end as spare
    from weighted
    inner join slopes
        on
            weighted.estimand = slopes.estimand
            and weighted.program_id = slopes.program_id
            and weighted.outcome = slopes.outcome
),

arms as (
    select
        fitted.estimand,
        fitted.program_id,
        fitted.outcome,
        fitted.role_family || '|' || fitted.tenure_band || '|' || case when fitted.is_treated then '1' else '0' end
            as arm_name,
        fitted.is_treated,
        fitted.arm_count,
        fitted.arm_count - 1 as degrees,
        {{ ordered_sum('fitted.influence * fitted.result') }} as part,
        {{ ordered_sum(
            'fitted.influence * fitted.influence * fitted.residual * fitted.residual'
            ~ ' / case when fitted.spare > 1e-6 then fitted.spare end'
        ) }} as variance,
        min(case when fitted.spare > 1e-6 then 1 else 0 end) as is_spread
    from fitted
    group by
        fitted.estimand,
        fitted.program_id,
        fitted.outcome,
        fitted.role_family,
        fitted.tenure_band,
        fitted.is_treated,
        fitted.arm_count
),

-- Without a covariate HC2 is Welch's error. The degrees of freedom are Satterthwaite's; a slope takes one of them.
summed as (
    select
        arms.estimand,
        arms.program_id,
        arms.outcome,
        cast(sum(case when arms.is_treated then arms.arm_count else 0 end) as integer) as treated_count,
        cast(sum(case when arms.is_treated then 0 else arms.arm_count end) as integer) as control_count,
        {{ ordered_sum('arms.part') }} as estimate,
        case when min(arms.is_spread) = 1 then {{ ordered_sum('arms.variance') }} end as variance,
        power({{ ordered_sum('arms.variance') }}, 2)
        / nullif({{ ordered_sum('arms.variance * arms.variance / arms.degrees') }}, 0)
        * (1e0 - case when arms.estimand = 'cuped_effect' then 1e0 / sum(arms.degrees) else 0e0 end)
            as degrees_of_freedom
    from arms
    group by arms.estimand, arms.program_id, arms.outcome
),

judged as (
    select
        programs.program_id,
        outcomes.outcome,
        estimands.estimand,
        coalesce(summed.treated_count, 0) as treated_count,
        coalesce(summed.control_count, 0) as control_count,
        windows.before_started_on,
        windows.after_started_on,
        windows.after_ended_on,
        summed.estimate,
        sqrt(summed.variance) as standard_error,
        greatest(coalesce(summed.degrees_of_freedom, 1e0), 1e0) as degrees_of_freedom,
        case
            when programs.program_kind = 'onboarding' then 'onboarding has no months before it; see program_ramp_effect'
            when windows.program_id is null then 'nobody has completed the program'
            when windows.after_ended_on > {{ as_of_date() }} then 'the window after the program has not ended'
            when coalesce(summed.treated_count, 0) < {{ var('min_group_size') }}
                then 'treated group has fewer than {{ var("min_group_size") }} comparable reps'
            when coalesce(summed.control_count, 0) < {{ var('min_group_size') }}
                then 'control group has fewer than {{ var("min_group_size") }} comparable reps'
            when summed.variance is null then 'the level before the program varies too little'
            when summed.variance = 0 then 'the outcome does not vary'
        end as reason_withheld
    from programs
    cross join outcomes
    cross join estimands
    left join windows on programs.program_id = windows.program_id
    left join summed
        on
            programs.program_id = summed.program_id
            and outcomes.outcome = summed.outcome
            and estimands.estimand = summed.estimand
),

final as (
    select
        judged.program_id,
        judged.outcome,
        judged.estimand,
        judged.treated_count,
        judged.control_count,
        judged.before_started_on,
        judged.after_started_on,
        judged.after_ended_on,
        {%- for statistic in ['estimate', 'standard_error', 'degrees_of_freedom'] %}
        {{ rounded_double('case when judged.reason_withheld is null then judged.' ~ statistic ~ ' end') }}
            as {{ statistic }},
        {%- endfor %}
        case when judged.reason_withheld is null then judged.estimate / judged.standard_error end as t_statistic,
        judged.reason_withheld
    from judged
)

select * from final
