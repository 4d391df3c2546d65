{{ config(materialized='table') }}
with source as {{ inlined() }} (

    {{ read_raw(
        'lms',
        'content_view',
        required=[
            'view_id', 'user_id', 'content_id', 'viewed_at',
        ],
        optional=[
            'duration_seconds', 'updated_at',
        ],
        key='view_id'
    ) }}

),

typed as {{ inlined() }} (
    select
        -- ids
        source.view_id,
        source.user_id as lms_user_id,
        source.content_id,
        -- numerics
        {{ parse_number('source.duration_seconds') }} as duration_seconds,
        source.duration_seconds as raw_duration_seconds,
        -- timestamps
        {{ parse_timestamp('source.viewed_at') }} as viewed_at,
        source.viewed_at as raw_viewed_at,
        -- fate of the row
        source.view_id as row_key,
        {{ parse_timestamp('source.updated_at') }} as version,
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
                typed.lms_user_id is null
                or typed.content_id is null
                or typed.raw_viewed_at is null
                then 'missing_value'
            when {{ is_unparsable('typed.raw_viewed_at', 'typed.viewed_at') }} then 'unparsable_date'
            when {{ is_unparsable('typed.raw_duration_seconds', 'typed.duration_seconds') }} then 'unparsable_number'
            when {{ is_out_of_range('typed.viewed_at') }} then 'date_out_of_range'
            when typed.duration_seconds < 0 then 'negative_amount'
        end as problem
    from typed
),

{{ row_fate('checked', has_key=true) }},

final as (
    select
        judged.view_id,
        judged.lms_user_id,
        judged.content_id,
        judged.viewed_at,
        judged.duration_seconds,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        {{ row_written('judged.raw_row') }} as raw_row
    from judged
)

select * from final
