{{ config(materialized='table') }}
with source as {{ inlined() }} (

    {{ read_raw(
        'salesforce',
        'opportunity',
        required=[
            'id', 'owner_id', 'stage_name', 'close_date', 'created_date', 'is_closed', 'is_won',
        ],
        optional=[
            'account_id', 'name', 'amount', 'currency_iso_code', 'type', 'forecast_category_name',
            'probability', 'lead_source', 'created_by_id', 'last_modified_date',
        ],
        is_required_object=true,
        key='id'
    ) }}

),

typed as {{ inlined() }} (
    select
        -- ids
        source.id as opportunity_id,
        source.owner_id as owner_user_id,
        source.account_id,
        source.created_by_id as created_by_user_id,
        -- text
        source.name as opportunity_name,
        source.stage_name,
        source.currency_iso_code as currency_code,
        source.type as opportunity_type,
        source.forecast_category_name as forecast_category,
        source.lead_source,
        -- numerics
        {{ parse_number('source.amount') }} as amount,
        source.amount as raw_amount,
        {{ parse_number('source.probability') }} as probability,
        source.probability as raw_probability,
        -- booleans
        {{ parse_boolean('source.is_closed') }} as is_closed,
        source.is_closed as raw_is_closed,
        {{ parse_boolean('source.is_won') }} as is_won,
        source.is_won as raw_is_won,
        -- dates
        {{ parse_date('source.close_date') }} as closed_on,
        source.close_date as raw_closed_on,
        -- timestamps
        -- Salesforce has the day only.
        cast(null as timestamp) as closed_at,
        {{ parse_timestamp('source.created_date') }} as created_at,
        source.created_date as raw_created_at,
        {{ parse_timestamp('source.last_modified_date') }} as modified_at,
        source.last_modified_date as raw_modified_at,
        -- fate of the row
        source.id as row_key,
        {{ parse_timestamp('source.last_modified_date') }} as version,
        source.is_deleted,
        source.loaded_at,
        source.landing_problem,
        source.is_key_repeated,
        source.raw_row
    from source
),

checked as {{ inlined() }} (
    select
        typed.*,
        case
            when typed.row_key is null then 'missing_key'
            when
                typed.owner_user_id is null
                or typed.stage_name is null
                or typed.raw_closed_on is null
                or typed.raw_created_at is null
                or typed.raw_is_closed is null
                or typed.raw_is_won is null
                then 'missing_value'
            when
                {{ is_unparsable('typed.raw_closed_on', 'typed.closed_on') }}
                or {{ is_unparsable('typed.raw_created_at', 'typed.created_at') }}
                or {{ is_unparsable('typed.raw_modified_at', 'typed.modified_at') }}
                then 'unparsable_date'
            when
                {{ is_unparsable('typed.raw_amount', 'typed.amount') }}
                or {{ is_unparsable('typed.raw_probability', 'typed.probability') }}
                then 'unparsable_number'
            when
                {{ is_unparsable('typed.raw_is_closed', 'typed.is_closed') }}
                or {{ is_unparsable('typed.raw_is_won', 'typed.is_won') }}
                then 'unparsable_boolean'
            when
                {{ is_out_of_range('typed.closed_on') }}
                or {{ is_out_of_range('typed.created_at') }}
                or {{ is_out_of_range('typed.modified_at') }}
                then 'date_out_of_range'
            when typed.amount < 0 then 'negative_amount'
            -- A close date is the owner's day, a creation is written in UTC: west of it the same evening is a day
            -- later.
            when
                typed.is_closed
                and typed.closed_on < cast({{ dbt.dateadd('day', -1, parse_date('typed.raw_created_at')) }} as date)
                then 'end_before_start'
        end as problem
    from typed
),

{{ row_fate('checked', has_key=true) }},

final as (
    select
        judged.opportunity_id,
        judged.owner_user_id,
        judged.account_id,
        judged.opportunity_name,
        judged.stage_name,
        judged.amount,
        judged.currency_code,
        judged.closed_on,
        judged.closed_at,
        judged.created_at,
        judged.is_closed,
        judged.is_won,
        judged.opportunity_type,
        judged.forecast_category,
        judged.probability,
        judged.lead_source,
        judged.created_by_user_id,
        judged.modified_at,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        {{ row_written('judged.raw_row') }} as raw_row
    from judged
)

select * from final
