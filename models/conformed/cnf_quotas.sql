-- Quota rows of the CRM with their period's end and their amount in the corporate currency.
{%- set forecasting_type = var('forecasting_type') | string | replace("'", "''") %}
{%- set quota_period = var('quota_period') %}
{%- if quota_period not in ['month', 'quarter', 'year', 'until_next'] %}
{{- exceptions.raise_compiler_error(
    "var quota_period is '" ~ quota_period ~ "': write month, quarter, year or until_next."
) -}}
{%- endif %}
with quotas as (
    {{ feed('quotas') }}
),

periods as (select * from {{ ref('stg_salesforce__periods') }}),

identities as (select * from {{ ref('cnf_identities') }}),

exchange_rates as (select * from {{ ref('cnf_exchange_rates') }}),

orphan_rows as (select * from {{ ref('cnf_orphan_rows') }}),

amounts as (
    select
        quotas.system,
        quotas.object,
        quotas.row_key,
        quotas.quota_owner_user_id,
        quotas.period_id,
        quotas.period_started_on,
        quotas.quota_amount,
        quotas.forecasting_type_id,
        quotas.product_family,
        upper(coalesce(quotas.currency_code, '{{ var("corporate_currency") }}')) as currency_code
    from quotas
    where
        quotas.row_status = 'accepted'
        and coalesce(quotas.is_amount, true)
        {%- if var('forecasting_type') %}
        -- A quota without a type belongs to no other type than the chosen one.
        and coalesce(quotas.forecasting_type_id, '{{ forecasting_type }}') = '{{ forecasting_type }}'
        {%- endif %}
        and not exists (
            select 1
            from orphan_rows
            where
                orphan_rows.system = quotas.system
                and orphan_rows.object = quotas.object
                and orphan_rows.row_key = quotas.row_key
        )
),

owner_starts as (
    select
        amounts.quota_owner_user_id,
        amounts.period_started_on
    from amounts
    group by amounts.quota_owner_user_id, amounts.period_started_on
),

neighbours as (
    select
        owner_starts.quota_owner_user_id,
        owner_starts.period_started_on,
        lead(owner_starts.period_started_on) over (
            partition by owner_starts.quota_owner_user_id order by owner_starts.period_started_on
        ) as next_started_on,
        lag(owner_starts.period_started_on) over (
            partition by owner_starts.quota_owner_user_id order by owner_starts.period_started_on
        ) as previous_started_on
    from owner_starts
),

-- until_next: the last quota lasts as long as the one before it, a lone one three months.
follow_ups as (
    select
        neighbours.quota_owner_user_id,
        neighbours.period_started_on,
        {%- if quota_period == 'until_next' %}
        case
            when neighbours.next_started_on is not null then neighbours.next_started_on
            when neighbours.previous_started_on is not null
                then
                    cast({{ dbt.dateadd(
                        'day',
                        dbt.datediff('neighbours.previous_started_on', 'neighbours.period_started_on', 'day'),
                        'neighbours.period_started_on'
                    ) }} as date)
            else cast({{ dbt.dateadd('month', 3, 'neighbours.period_started_on') }} as date)
        end as following_on
        {%- else %}
        cast({{ dbt.dateadd(quota_period, 1, 'neighbours.period_started_on') }} as date) as following_on
        {%- endif %}
    from neighbours
),

dated as (
    select
        amounts.*,
        coalesce(
            periods.ended_on,
            cast({{ dbt.dateadd('day', -1, 'follow_ups.following_on') }} as date)
        ) as period_ended_on
    from amounts
    inner join follow_ups
        on
            amounts.quota_owner_user_id = follow_ups.quota_owner_user_id
            and amounts.period_started_on = follow_ups.period_started_on
    left join periods
        on
            amounts.period_id = periods.period_id
            and periods.row_status = 'accepted'
            and amounts.period_started_on <= periods.ended_on
    where amounts.period_started_on <= {{ as_of_date() }}
),

final as (
    select
        {{ surrogate_key(['dated.system', 'dated.object', 'dated.row_key'], separator=':') }} as quota_id,
        dated.system,
        dated.quota_owner_user_id as source_identity,
        identities.rep_id,
        dated.period_started_on,
        dated.period_ended_on,
        dated.forecasting_type_id,
        dated.product_family,
        dated.currency_code,
        cast(dated.quota_amount as decimal(18, 2)) as quota_amount,
        cast(
            cast(cast(dated.quota_amount as {{ type_double() }}) / exchange_rates.conversion_rate as decimal(28, 6))
            as decimal(18, 2)
        ) as quota_amount_corporate,
        dated.system || ':' || dated.object || ':' || dated.row_key as source_key
    from dated
    left join identities
        on dated.system = identities.system and dated.quota_owner_user_id = identities.source_identity
    left join exchange_rates
        on
            dated.currency_code = exchange_rates.currency_code
            and dated.period_started_on >= exchange_rates.started_on
            and (exchange_rates.ended_on is null or dated.period_started_on < exchange_rates.ended_on)
)

select * from final
