with forecasts as (
    select * from {{ ref('int_ramp_forecasts') }}
    where forecast_on < {{ as_of_date() }}
),

milestones as (
    select * from {{ ref('rep_milestones') }}
),

by_horizon as (
    {%- for horizon in [30, 60, 90] %}
    select
        forecast_on,
        ramp_id,
        milestone,
        {{ horizon }} as horizon_days,
        probability_{{ horizon }}_days as probability,
        cast({{ dbt.dateadd('day', horizon, 'forecast_on') }} as date) as due_on
    from forecasts
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

-- What happened. Leaving counts as not reached; a move to another role ends the ramp and leaves the outcome open.
outcomes as (
    select
        by_horizon.forecast_on,
        by_horizon.ramp_id,
        by_horizon.milestone,
        by_horizon.horizon_days,
        by_horizon.due_on,
        by_horizon.probability,
        case when milestones.reached_on <= by_horizon.due_on then 1e0 else 0e0 end as happened
    from by_horizon
    inner join milestones
        on
            by_horizon.ramp_id = milestones.ramp_id
            and by_horizon.milestone = milestones.milestone
    where
        by_horizon.due_on <= {{ as_of_date() }}
        and not (
            milestones.ended_reason = 'moved'
            and milestones.observed_until < by_horizon.due_on
            and coalesce(milestones.reached_on > by_horizon.due_on, true)
        )
),

outcome_counts as (
    select
        forecast_on,
        due_on,
        milestone,
        horizon_days,
        count(*) as outcome_count,
        {{ ordered_sum('happened') }} as happened_count
    from outcomes
    group by forecast_on, due_on, milestone, horizon_days
),

-- The base rate known on the day: of all forecasts that had come due by then, the share that came true.
base_rates as (
    select
        outcome_counts.forecast_on,
        outcome_counts.milestone,
        outcome_counts.horizon_days,
        {{ ordered_sum('past.happened_count') }} / sum(past.outcome_count) as base_rate,
        sum(past.outcome_count) as base_count
    from outcome_counts
    inner join outcome_counts as past
        on
            outcome_counts.milestone = past.milestone
            and outcome_counts.horizon_days = past.horizon_days
            and outcome_counts.forecast_on >= past.due_on
    group by outcome_counts.forecast_on, outcome_counts.milestone, outcome_counts.horizon_days
),

scored as (
    select
        outcomes.forecast_on,
        outcomes.milestone,
        outcomes.horizon_days,
        base_rates.base_rate,
        base_rates.base_count,
        count(*) as open_count,
        count(outcomes.probability) as forecast_count,
        {{ ordered_sum('outcomes.probability') }} as forecast_sum,
        {{ ordered_sum('case when outcomes.probability is not null then outcomes.happened end') }} as happened_sum,
        {{ ordered_sum(
            '(outcomes.probability - outcomes.happened) * (outcomes.probability - outcomes.happened)'
        ) }} as squared_error_sum,
        {{ ordered_sum(
            'case when outcomes.probability is not null'
            ~ ' then (base_rates.base_rate - outcomes.happened) * (base_rates.base_rate - outcomes.happened) end'
        ) }} as base_squared_error_sum
    from outcomes
    left join base_rates
        on
            outcomes.forecast_on = base_rates.forecast_on
            and outcomes.milestone = base_rates.milestone
            and outcomes.horizon_days = base_rates.horizon_days
    group by
        outcomes.forecast_on, outcomes.milestone, outcomes.horizon_days, base_rates.base_rate, base_rates.base_count
),

final as (
    select
        {{ surrogate_key(['forecast_on', 'milestone', 'horizon_days']) }} as ramp_forecast_backtest_id,
        forecast_on,
        milestone,
        horizon_days,
        cast(open_count as integer) as open_count,
        cast(forecast_count as integer) as forecast_count,
        cast(happened_sum as integer) as happened_count,
        {{ rounded_double('squared_error_sum / nullif(forecast_count, 0)') }} as brier_score,
        {{ rounded_double('base_squared_error_sum / nullif(forecast_count, 0)') }} as base_rate_brier_score,
        {{ rounded_double('base_rate') }} as base_rate,
        cast(base_count as integer) as base_count,
        {{ rounded_double('forecast_sum / nullif(forecast_count, 0)') }} as mean_forecast_rate,
        {{ rounded_double('happened_sum / nullif(forecast_count, 0)') }} as observed_rate
    from scored
)

select * from final
