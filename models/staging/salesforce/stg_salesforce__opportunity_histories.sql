{{ config(materialized='table') }}
with source as {{ inlined() }} (

    {{ read_raw(
        'salesforce',
        'opportunity_history',
        required=[
            'id', 'opportunity_id', 'stage_name', 'created_date',
        ],
        optional=[
            'amount', 'close_date', 'created_by_id',
        ],
        key='id'
    ) }}

),

typed as {{ inlined() }} (
    select
        -- ids
        source.id as opportunity_history_id,
        source.opportunity_id,
        source.created_by_id as created_by_user_id,
        -- text
        source.stage_name,
        -- numerics
        {{ parse_number('source.amount') }} as amount,
        source.amount as raw_amount,
        -- dates
        {{ parse_date('source.close_date') }} as closed_on,
        source.close_date as raw_closed_on,
        -- timestamps
        {{ parse_timestamp('source.created_date') }} as created_at,
        source.created_date as raw_created_at,
        -- fate of the row
        source.id as row_key,
        cast(null as timestamp) as version,
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
                typed.opportunity_id is null
                or typed.stage_name is null
                or typed.raw_created_at is null
                then 'missing_value'
            when
                {{ is_unparsable('typed.raw_closed_on', 'typed.closed_on') }}
                or {{ is_unparsable('typed.raw_created_at', 'typed.created_at') }}
                then 'unparsable_date'
            when {{ is_unparsable('typed.raw_amount', 'typed.amount') }} then 'unparsable_number'
            when
                {{ is_out_of_range('typed.closed_on') }}
                or {{ is_out_of_range('typed.created_at') }}
                then 'date_out_of_range'
        end as problem
    from typed
),

{{ row_fate('checked', has_key=true) }},

final as (
    select
        judged.opportunity_history_id,
        judged.opportunity_id,
        judged.stage_name,
        judged.amount,
        judged.closed_on,
        judged.created_at,
        judged.created_by_user_id,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        {{ row_written('judged.raw_row') }} as raw_row
    from judged
)

select * from final
