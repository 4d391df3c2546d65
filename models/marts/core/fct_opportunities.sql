-- Deals as they stood at the end of the as-of date.
with deals as (select * from {{ ref('cnf_opportunities') }}),

final as (
    select
        deals.opportunity_id,
        deals.system,
        deals.owner_rep_id,
        deals.account_id,
        deals.opportunity_type,
        deals.stage_name,
        deals.status,
        deals.amount,
        deals.currency_code,
        deals.amount_corporate,
        deals.created_on,
        deals.closed_on,
        deals.expected_close_on,
        cast({{ dbt.datediff('deals.created_on', 'deals.closed_on', 'day') }} as integer) as sales_cycle_days,
        cast(
            {{ dbt.datediff('deals.created_on', 'coalesce(deals.closed_on, ' ~ as_of_date() ~ ')', 'day') }} as integer
        ) as age_days,
        deals.source_key
    from deals
)

{{ with_custom_columns('final', 'fct_opportunities', 'source_key') }}
