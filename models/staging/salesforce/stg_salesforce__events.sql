{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ delete_changed() }}"
) }}
-- An increment keeps what it reads, since that is little and finding it takes a look at every file.
with source as {{ inlined() if not is_incremental() }} (

    {{ read_raw(
        'salesforce',
        'event',
        required=[
            'id', 'owner_id', 'start_date_time',
        ],
        optional=[
            'who_id', 'what_id', 'account_id', 'subject', 'type', 'event_subtype', 'end_date_time',
            'duration_in_minutes', 'is_child', 'is_all_day_event', 'last_modified_date',
        ],
        key='id',
        changes='stg_salesforce__changed_events'
    ) }}

),

typed as {{ inlined() }} (
    select
        -- ids
        source.id as event_id,
        source.owner_id as owner_user_id,
        source.who_id,
        source.what_id,
        source.account_id,
        -- text
        source.subject,
        source.type as event_type,
        source.event_subtype,
        -- Salesforce has none: a cancelled event says so in its subject.
        cast(null as {{ dbt.type_string() }}) as status,
        -- numerics
        {{ parse_number('source.duration_in_minutes') }} as duration_minutes,
        source.duration_in_minutes as raw_duration_minutes,
        -- booleans
        {{ parse_boolean('source.is_child') }} as is_child,
        source.is_child as raw_is_child,
        {{ parse_boolean('source.is_all_day_event') }} as is_all_day,
        source.is_all_day_event as raw_is_all_day,
        -- timestamps
        {{ parse_timestamp('source.start_date_time') }} as started_at,
        source.start_date_time as raw_started_at,
        {{ parse_timestamp('source.end_date_time') }} as ended_at,
        source.end_date_time as raw_ended_at,
        -- fate of the row
        source.id as row_key,
        {{ parse_timestamp('source.last_modified_date') }} as version,
        source.is_deleted,
        source.loaded_at,
        source.landing_problem,
        source.is_key_repeated,
        source.row_fingerprint,
        source.raw_file,
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
                or typed.raw_started_at is null
                then 'missing_value'
            when
                {{ is_unparsable('typed.raw_started_at', 'typed.started_at') }}
                or {{ is_unparsable('typed.raw_ended_at', 'typed.ended_at') }}
                then 'unparsable_date'
            when {{ is_unparsable('typed.raw_duration_minutes', 'typed.duration_minutes') }} then 'unparsable_number'
            when
                {{ is_unparsable('typed.raw_is_child', 'typed.is_child') }}
                or {{ is_unparsable('typed.raw_is_all_day', 'typed.is_all_day') }}
                then 'unparsable_boolean'
            when
                {{ is_out_of_range('typed.started_at') }}
                or {{ is_out_of_range('typed.ended_at') }}
                then 'date_out_of_range'
            when typed.duration_minutes < 0 then 'negative_amount'
            when typed.ended_at < typed.started_at then 'end_before_start'
        end as problem
    from typed
),

{{ row_fate('checked', has_key=true) }},

final as (
    select
        judged.event_id,
        judged.owner_user_id,
        judged.who_id,
        judged.what_id,
        judged.account_id,
        judged.subject,
        judged.event_type,
        judged.event_subtype,
        judged.status,
        judged.started_at,
        judged.ended_at,
        judged.duration_minutes,
        judged.is_child,
        judged.is_all_day,
        judged.row_key,
        judged.row_fingerprint,
        judged.raw_file,
        judged.row_status,
        judged.reject_reason,
        {{ raw_row_to_keep('salesforce', 'event') }} as raw_row
    from judged
)

select * from final
