{{ config(materialized='table') }}
-- The older shape names the columns status and duration_milliseconds and leaves owner and time to the engagement, the
-- newer one has them all as properties of the call.
with source as {{ inlined() }} (

    {{ read_raw(
        'hubspot',
        'engagement_call',
        required=[
            'engagement_id',
        ],
        optional=[
            'hubspot_owner_id', 'hs_timestamp', 'hs_call_title', 'hs_call_direction', 'hs_call_status',
            'hs_call_disposition', 'hs_call_duration', 'hs_lastmodifieddate', 'archived',
        ],
        aliases={
            'engagement_id': ['id', 'record_id', 'hs_object_id'],
            'hubspot_owner_id': ['owner_id', 'activity_assigned_to'],
            'hs_timestamp': ['timestamp', 'activity_date'],
            'hs_call_title': ['title', 'call_title'],
            'hs_call_direction': ['direction', 'call_direction'],
            'hs_call_status': ['status', 'call_status'],
            'hs_call_disposition': ['disposition', 'call_outcome'],
            'hs_call_duration': ['duration_milliseconds', 'call_duration'],
            'hs_lastmodifieddate': ['last_modified_date', 'updated_at'],
        },
        key='engagement_id'
    ) }}

),

typed as {{ inlined() }} (
    select
        -- ids
        source.engagement_id,
        source.hubspot_owner_id as owner_user_id,
        -- text
        source.hs_call_title as title,
        source.hs_call_direction as call_direction,
        source.hs_call_status as call_status,
        source.hs_call_disposition as call_disposition,
        -- numerics
        {{ parse_number('source.hs_call_duration') }} / 1000 as duration_seconds,
        source.hs_call_duration as raw_duration,
        -- booleans
        {{ parse_boolean('source.archived') }} as is_archived,
        source.archived as raw_is_archived,
        -- timestamps
        {{ parse_timestamp('source.hs_timestamp') }} as happened_at,
        source.hs_timestamp as raw_happened_at,
        -- fate of the row
        source.engagement_id as row_key,
        {{ parse_timestamp('source.hs_lastmodifieddate') }} as version,
        source.is_deleted or coalesce({{ parse_boolean('source.archived') }}, false) as is_deleted,
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
            when {{ is_unparsable('typed.raw_happened_at', 'typed.happened_at') }} then 'unparsable_date'
            when {{ is_unparsable('typed.raw_duration', 'typed.duration_seconds') }} then 'unparsable_number'
            when {{ is_unparsable('typed.raw_is_archived', 'typed.is_archived') }} then 'unparsable_boolean'
            when {{ is_out_of_range('typed.happened_at') }} then 'date_out_of_range'
            when typed.duration_seconds < 0 then 'negative_amount'
        end as problem
    from typed
),

{{ row_fate('checked', has_key=true) }},

final as (
    select
        judged.engagement_id,
        judged.owner_user_id,
        judged.title,
        judged.call_direction,
        judged.call_status,
        judged.call_disposition,
        judged.duration_seconds,
        judged.happened_at,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        {{ row_written('judged.raw_row') }} as raw_row
    from judged
)

select * from final
