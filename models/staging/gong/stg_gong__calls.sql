{{ config(materialized='table') }}
with source as {{ inlined() }} (

    {{ read_raw(
        'gong',
        'calls',
        required=[
            'id', 'primary_user_id', 'started',
        ],
        optional=[
            'duration', 'direction', 'scope', 'media', 'is_private',
        ],
        key='id'
    ) }}

),

typed as {{ inlined() }} (
    select
        -- ids
        source.id as call_id,
        source.primary_user_id as primary_gong_user_id,
        -- text
        source.direction,
        source.scope,
        source.media,
        -- numerics
        {{ parse_number('source.duration') }} as duration_seconds,
        source.duration as raw_duration_seconds,
        -- booleans
        {{ parse_boolean('source.is_private') }} as is_private,
        source.is_private as raw_is_private,
        -- timestamps
        {{ parse_timestamp('source.started') }} as started_at,
        source.started as raw_started_at,
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
                typed.primary_gong_user_id is null
                or typed.raw_started_at is null
                then 'missing_value'
            when {{ is_unparsable('typed.raw_started_at', 'typed.started_at') }} then 'unparsable_date'
            when {{ is_unparsable('typed.raw_duration_seconds', 'typed.duration_seconds') }} then 'unparsable_number'
            when {{ is_unparsable('typed.raw_is_private', 'typed.is_private') }} then 'unparsable_boolean'
            when {{ is_out_of_range('typed.started_at') }} then 'date_out_of_range'
            when typed.duration_seconds < 0 then 'negative_amount'
        end as problem
    from typed
),

{{ row_fate('checked', has_key=true) }},

final as (
    select
        judged.call_id,
        judged.primary_gong_user_id,
        judged.started_at,
        judged.duration_seconds,
        judged.direction,
        judged.scope,
        judged.media,
        judged.is_private,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        {{ raw_row_to_keep('gong', 'calls') }} as raw_row
    from judged
)

select * from final
