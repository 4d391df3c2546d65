{{ config(materialized='table') }}
-- The older shape names the columns start_time, title and meeting_outcome and leaves the owner to the engagement, the
-- newer one has them all as properties of the meeting.
with source as {{ inlined() }} (

    {{ read_raw(
        'hubspot',
        'engagement_meeting',
        required=[
            'engagement_id',
        ],
        optional=[
            'hubspot_owner_id', 'hs_timestamp', 'hs_meeting_title', 'hs_activity_type', 'hs_meeting_start_time',
            'hs_meeting_end_time', 'hs_meeting_outcome', 'hs_lastmodifieddate', 'archived',
        ],
        aliases={
            'engagement_id': ['id', 'record_id', 'hs_object_id'],
            'hubspot_owner_id': ['owner_id', 'activity_assigned_to'],
            'hs_timestamp': ['timestamp', 'activity_date'],
            'hs_meeting_title': ['title', 'meeting_name', 'meeting_title'],
            'hs_activity_type': ['activity_type', 'call_and_meeting_type', 'meeting_type'],
            'hs_meeting_start_time': ['start_time', 'meeting_start_time'],
            'hs_meeting_end_time': ['end_time', 'meeting_end_time'],
            'hs_meeting_outcome': ['meeting_outcome', 'outcome'],
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
        source.hs_meeting_title as title,
        source.hs_activity_type as meeting_type,
        source.hs_meeting_outcome as outcome,
        -- booleans
        {{ parse_boolean('source.archived') }} as is_archived,
        source.archived as raw_is_archived,
        -- timestamps
        {{ parse_timestamp('coalesce(source.hs_meeting_start_time, source.hs_timestamp)') }} as started_at,
        coalesce(source.hs_meeting_start_time, source.hs_timestamp) as raw_started_at,
        {{ parse_timestamp('source.hs_meeting_end_time') }} as ended_at,
        source.hs_meeting_end_time as raw_ended_at,
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
            when
                {{ is_unparsable('typed.raw_started_at', 'typed.started_at') }}
                or {{ is_unparsable('typed.raw_ended_at', 'typed.ended_at') }}
                then 'unparsable_date'
            when {{ is_unparsable('typed.raw_is_archived', 'typed.is_archived') }} then 'unparsable_boolean'
            when
                {{ is_out_of_range('typed.started_at') }}
                or {{ is_out_of_range('typed.ended_at') }}
                then 'date_out_of_range'
            when typed.ended_at < typed.started_at then 'end_before_start'
        end as problem
    from typed
),

{{ row_fate('checked', has_key=true) }},

final as (
    select
        judged.engagement_id,
        judged.owner_user_id,
        judged.title,
        judged.meeting_type,
        judged.outcome,
        judged.started_at,
        judged.ended_at,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        {{ row_written('judged.raw_row') }} as raw_row
    from judged
)

select * from final
