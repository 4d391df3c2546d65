with source as (

    {{ read_raw(
        'salesforce',
        'forecasting_quota',
        required=[
            'id', 'quota_owner_id', 'start_date',
        ],
        optional=[
            'period_id', 'quota_amount', 'quota_quantity', 'is_amount', 'is_quantity', 'forecasting_type_id',
            'product_family', 'currency_iso_code', 'last_modified_date',
        ]
    ) }}

),

typed as (
    select
        -- ids
        source.id as quota_id,
        source.quota_owner_id as quota_owner_user_id,
        source.period_id,
        source.forecasting_type_id,
        -- text
        source.product_family,
        source.currency_iso_code as currency_code,
        -- numerics
        {{ parse_number('source.quota_amount') }} as quota_amount,
        source.quota_amount as raw_quota_amount,
        {{ parse_number('source.quota_quantity') }} as quota_quantity,
        source.quota_quantity as raw_quota_quantity,
        -- booleans
        {{ parse_boolean('source.is_amount') }} as is_amount,
        source.is_amount as raw_is_amount,
        {{ parse_boolean('source.is_quantity') }} as is_quantity,
        source.is_quantity as raw_is_quantity,
        -- dates
        {{ parse_date('source.start_date') }} as period_started_on,
        source.start_date as raw_period_started_on,
        -- fate of the row
        source.id as row_key,
        {{ parse_timestamp('source.last_modified_date') }} as version,
        source.is_deleted,
        source.loaded_at,
        source.landing_problem,
        source.raw_row
    from source
),

checked as (
    select
        typed.*,
        case
            when typed.row_key is null then 'missing_key'
            when
                typed.quota_owner_user_id is null
                or typed.raw_period_started_on is null
                then 'missing_value'
            when {{ is_unparsable('typed.raw_period_started_on', 'typed.period_started_on') }} then 'unparsable_date'
            when
                {{ is_unparsable('typed.raw_quota_amount', 'typed.quota_amount') }}
                or {{ is_unparsable('typed.raw_quota_quantity', 'typed.quota_quantity') }}
                then 'unparsable_number'
            when
                {{ is_unparsable('typed.raw_is_amount', 'typed.is_amount') }}
                or {{ is_unparsable('typed.raw_is_quantity', 'typed.is_quantity') }}
                then 'unparsable_boolean'
            when {{ is_out_of_range('typed.period_started_on') }} then 'date_out_of_range'
            when
                typed.quota_amount < 0
                or typed.quota_quantity < 0
                then 'negative_amount'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.quota_id,
        judged.quota_owner_user_id,
        judged.period_id,
        judged.period_started_on,
        judged.quota_amount,
        judged.quota_quantity,
        judged.is_amount,
        judged.is_quantity,
        judged.forecasting_type_id,
        judged.product_family,
        judged.currency_code,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
