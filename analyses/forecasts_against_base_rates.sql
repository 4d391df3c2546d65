-- Are the forecasts better than a guess by the base rate? Per milestone and horizon, over all past month ends.
with backtest as (
    select * from {{ ref('ramp_forecast_backtest') }}
    where forecast_count > 0 and base_rate_brier_score is not null
),

summed as (
    select
        milestone,
        horizon_days,
        sum(forecast_count) as forecast_count,
        sum(brier_score * forecast_count) / sum(forecast_count) as brier_score,
        sum(base_rate_brier_score * forecast_count) / sum(forecast_count) as base_rate_brier_score,
        sum(mean_forecast_rate * forecast_count) / sum(forecast_count) as mean_forecast_rate,
        sum(observed_rate * forecast_count) / sum(forecast_count) as observed_rate
    from backtest
    group by milestone, horizon_days
),

final as (
    select
        milestone,
        horizon_days,
        forecast_count,
        brier_score,
        base_rate_brier_score,
        mean_forecast_rate,
        observed_rate,
        brier_score < base_rate_brier_score as is_better_than_base_rate
    from summed
)

select * from final
order by milestone, horizon_days
