{{ config(severity='warn') }}
-- Amounts whose currency has no rate on the day that counts.
with deals as (select * from {{ ref('cnf_opportunities') }}),

quotas as (select * from {{ ref('cnf_quotas') }}),

final as (
    select
        deals.source_key,
        deals.currency_code,
        coalesce(deals.closed_on, {{ as_of_date() }}) as rated_on
    from deals
    where deals.amount is not null and deals.amount_corporate is null
    union all
    select
        quotas.source_key,
        quotas.currency_code,
        quotas.period_started_on as rated_on
    from quotas
    where quotas.quota_amount is not null and quotas.quota_amount_corporate is null
)

select * from final
