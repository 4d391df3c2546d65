-- Monthly: money for an AE, meetings for an SDR; of a new hire nothing, a quarter, a half and three quarters first. One rep
-- in fifty has none. One in twenty has a second one of another forecasting type, which does not count.
with months as (
    select
        spells.*,
        cast(month as date) as month,
        datediff('month', started_on, month) as tenure
    from spells
    inner join range(getvariable('first_day'), getvariable('last_day') + 1, interval 1 month) as months(month)
        on month >= date_trunc('month', active_from) and month <= active_to
    where person % 50 <> 21
),
priced as (
    select
        *,
        case when is_new and tenure < 4 then tenure * 0.25 else 1 end as share
    from months
    -- The month of a move is the new role's.
    where not (is_mover and family = 'SDR' and month >= date_trunc('month', ended_on))
),
typed as (
    select *, '0Db5g0000000TIuCAM' as forecasting_type, 50000 * share as amount, 0 as kind from priced where family = 'AE'
    union all
    select *, '0Db5g0000000TIuRNW' as forecasting_type, 12000 as amount, 1 as kind from priced where family = 'AE' and person % 20 = 5
    union all
    select *, '0Db5g0000000TIuMTG' as forecasting_type, null as amount, 2 as kind from priced where family = 'SDR'
)
select
    sfid('0J9', spell * 10000 + kind * 1000 + datediff('month', getvariable('first_day'), month)) as "Id",
    sfid('005', person) as "QuotaOwnerId",
    cast(month as varchar) as "StartDate",
    sfid('026', epoch(month) // 86400) as "PeriodId",
    case when amount is null then '' else money(amount) end as "QuotaAmount",
    case when amount is null then money(12 * share) else '' end as "QuotaQuantity",
    flag(amount is not null) as "IsAmount",
    flag(amount is null) as "IsQuantity",
    forecasting_type as "ForecastingTypeId",
    case when amount is null then '' else 'USD' end as "CurrencyIsoCode"
from typed
order by spell, kind, month
