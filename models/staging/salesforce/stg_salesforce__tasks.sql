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
        'task',
        required=[
            'id', 'owner_id', 'created_date',
        ],
        optional=[
            'who_id', 'what_id', 'account_id', 'subject', 'type', 'task_subtype', 'status', 'is_closed',
            'activity_date', 'completed_date_time', 'call_type', 'call_disposition',
            'call_duration_in_seconds', 'last_modified_date',
        ],
        key='id',
        changes='stg_salesforce__changed_tasks'
    ) }}

),

typed as {{ inlined() }} (
    select
        -- ids
        source.id as task_id,
        source.owner_id as owner_user_id,
        source.who_id,
        source.what_id,
        source.account_id,
        -- text
        source.subject,
        source.type as task_type,
        source.task_subtype,
        source.status,
        source.call_type,
        source.call_disposition,
        -- numerics
        {{ parse_number('source.call_duration_in_seconds') }} as call_duration_seconds,
        source.call_duration_in_seconds as raw_call_duration_seconds,
        -- booleans
        {{ parse_boolean('source.is_closed') }} as is_closed,
        source.is_closed as raw_is_closed,
        -- dates
        {{ parse_date('source.activity_date') }} as due_on,
        source.activity_date as raw_due_on,
        -- timestamps
        {{ parse_timestamp('source.completed_date_time') }} as completed_at,
        source.completed_date_time as raw_completed_at,
        {{ parse_timestamp('source.created_date') }} as created_at,
        source.created_date as raw_created_at,
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
                or typed.raw_created_at is null
                then 'missing_value'
            when
                {{ is_unparsable('typed.raw_due_on', 'typed.due_on') }}
                or {{ is_unparsable('typed.raw_completed_at', 'typed.completed_at') }}
                or {{ is_unparsable('typed.raw_created_at', 'typed.created_at') }}
                then 'unparsable_date'
            when
                {{ is_unparsable('typed.raw_call_duration_seconds', 'typed.call_duration_seconds') }}
                then 'unparsable_number'
            when {{ is_unparsable('typed.raw_is_closed', 'typed.is_closed') }} then 'unparsable_boolean'
            when
                {{ is_out_of_range('typed.due_on') }}
                or {{ is_out_of_range('typed.completed_at') }}
                or {{ is_out_of_range('typed.created_at') }}
                then 'date_out_of_range'
            when typed.call_duration_seconds < 0 then 'negative_amount'
        end as problem
    from typed
),

{{ row_fate('checked', has_key=true) }},

final as (
    select
        judged.task_id,
        judged.owner_user_id,
        judged.who_id,
        judged.what_id,
        judged.account_id,
        judged.subject,
        judged.task_type,
        judged.task_subtype,
        judged.status,
        judged.is_closed,
        judged.due_on,
        judged.completed_at,
        judged.created_at,
        judged.call_type,
        judged.call_disposition,
        judged.call_duration_seconds,
        judged.row_key,
        judged.row_fingerprint,
        judged.raw_file,
        judged.row_status,
        judged.reject_reason,
        {{ raw_row_to_keep('salesforce', 'task') }} as raw_row
    from judged
)

select * from final
