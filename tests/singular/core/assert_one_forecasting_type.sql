-- Quotas of several forecasting types count double.
with quotas as (select * from {{ ref('cnf_quotas') }}),

types as (
    select
        coalesce(quotas.forecasting_type_id, '(none)') as forecasting_type_id,
        count(*) as quota_count,
        sum(quotas.quota_amount_corporate) as quota_amount
    from quotas
    where quotas.quota_amount is not null
    group by coalesce(quotas.forecasting_type_id, '(none)')
),

counted as (
    select count(*) as type_count
    from types
),

final as (
    select
        types.forecasting_type_id,
        types.quota_count,
        types.quota_amount,
        'set var forecasting_type to the type whose quotas count' as what_to_do
    from types
    cross join counted
    where counted.type_count > 1
)

select * from final
