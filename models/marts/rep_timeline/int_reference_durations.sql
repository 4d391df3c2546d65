{{ config(access='private', schema='conformed', contract={'enforced': false}) }}

with milestones as (
    select * from {{ ref('rep_milestones') }}
    where entry_days is not null and evaluable_from_on is not null
),

ramps as (
    select * from {{ ref('dim_ramps') }}
),

dates as (
    select * from {{ ref('dim_dates') }}
),

-- The as-of date, for the forecast, and each month end before it, for the backtest.
forecast_dates as (
    select {{ as_of_date() }} as forecast_on

    union all

    select date_day as forecast_on
    from dates
    where date_day = month_ended_on and date_day < {{ as_of_date() }}
),

-- What was known at the end of that day: nothing that came later.
known as (
    select
        forecast_dates.forecast_on,
        milestones.ramp_id,
        milestones.rep_id,
        milestones.milestone,
        milestones.role_family,
        case
            when ramps.onboarding_enrolled_on <= forecast_dates.forecast_on
                then coalesce(ramps.onboarding_version, 'none')
            else 'none'
        end as onboarding_version,
        milestones.ramp_started_on,
        milestones.entry_days,
        coalesce(milestones.reached_on <= forecast_dates.forecast_on, false) as is_reached,
        milestones.observed_until < forecast_dates.forecast_on
        or (
            milestones.observed_until = forecast_dates.forecast_on
            and milestones.ended_reason <> 'active'
        ) as is_ended,
        milestones.ended_reason,
        case
            when milestones.reached_on <= forecast_dates.forecast_on then milestones.reached_on
            else least(milestones.observed_until, forecast_dates.forecast_on)
        end as known_until
    from milestones
    inner join ramps
        on milestones.ramp_id = ramps.ramp_id
    inner join forecast_dates
        on
            milestones.evaluable_from_on <= forecast_dates.forecast_on
            and ramps.recorded_from_on <= forecast_dates.forecast_on
),

final as (
    select
        forecast_on,
        ramp_id,
        rep_id,
        milestone,
        role_family,
        onboarding_version,
        ramp_started_on,
        entry_days,
        {{ dbt.datediff('ramp_started_on', 'known_until', 'day') }}
            as duration_days,
        is_reached,
        (not is_reached) and is_ended and ended_reason = 'left' as is_left,
        (not is_reached) and (not is_ended) as is_open
    from known
)

select * from final
