with milestones as (
    select * from {{ ref('rep_milestones') }}
    where (not is_reached) and ended_reason = 'active'
),

forecasts as (
    select * from {{ ref('int_ramp_forecasts') }}
    where forecast_on = {{ as_of_date() }}
),

judged as (
    select
        milestones.ramp_id,
        milestones.rep_id,
        milestones.role_family,
        milestones.milestone,
        milestones.sequence,
        milestones.observed_days as elapsed_days,
        forecasts.probability_30_days,
        forecasts.probability_60_days,
        forecasts.probability_90_days,
        forecasts.expected_at,
        forecasts.median_days,
        forecasts.p75_days,
        forecasts.reference_level,
        forecasts.reference_cohort,
        forecasts.reference_count,
        forecasts.reference_reached_count,
        case
            when milestones.entry_days is null then 'the ramp began before the CRM history'
            when not milestones.is_evaluable then 'no quota to measure against'
            when forecasts.ramp_id is null then 'no ramp to compare with'
            when forecasts.median_days is null and milestones.observed_days > forecasts.follow_up_days
                then 'the reference ramps are not followed that long'
        end as reason_not_evaluable
    from milestones
    left join forecasts
        on
            milestones.ramp_id = forecasts.ramp_id
            and milestones.milestone = forecasts.milestone
),

final as (
    select
        {{ surrogate_key(['ramp_id', 'milestone']) }} as rep_milestone_id,
        ramp_id,
        rep_id,
        role_family,
        milestone,
        cast(sequence as integer) as sequence,
        cast(elapsed_days as integer) as elapsed_days,
        probability_30_days,
        probability_60_days,
        probability_90_days,
        cast(expected_at as date) as expected_on,
        case
            when reason_not_evaluable is not null then 'not_evaluable'
            when elapsed_days > p75_days then 'late'
            when elapsed_days > median_days then 'at_risk'
            else 'on_track'
        end as status,
        reason_not_evaluable,
        reference_level,
        reference_cohort,
        cast(reference_count as integer) as reference_count,
        cast(reference_reached_count as integer) as reference_reached_count,
        cast(median_days as integer) as reference_median_days,
        cast(p75_days as integer) as reference_p75_days
    from judged
)

select * from final
