-- Dated rates to the corporate currency, as ranges that do not overlap. The corporate currency is a row of its own.
with rates as (select * from {{ ref('stg_salesforce__dated_conversion_rates') }}),

dated as (
    select
        upper(rates.currency_code) as currency_code,
        rates.started_on,
        rates.next_started_on,
        lead(rates.started_on) over (partition by upper(rates.currency_code) order by rates.started_on)
            as following_started_on,
        rates.conversion_rate
    from rates
    where
        rates.row_status = 'accepted'
        and rates.conversion_rate > 0
        and upper(rates.currency_code) <> upper('{{ var("corporate_currency") }}')
),

final as (
    select
        dated.currency_code,
        dated.started_on,
        case
            when dated.following_started_on is null then dated.next_started_on
            when dated.next_started_on < dated.following_started_on then dated.next_started_on
            else dated.following_started_on
        end as ended_on,
        cast(dated.conversion_rate as {{ type_double() }}) as conversion_rate,
        cast(1 as {{ type_double() }}) / cast(dated.conversion_rate as {{ type_double() }}) as corporate_rate
    from dated
    union all
    select
        upper('{{ var("corporate_currency") }}') as currency_code,
        cast('1900-01-01' as date) as started_on,
        cast(null as date) as ended_on,
        cast(1 as {{ type_double() }}) as conversion_rate,
        cast(1 as {{ type_double() }}) as corporate_rate
)

select * from final
