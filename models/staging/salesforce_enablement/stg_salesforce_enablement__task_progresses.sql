with source as (

    {{ read_raw(
        'salesforce_enablement',
        'enbl_program_task_progress',
        required=[
            'id', 'enbl_program_task_definition_id', 'learning_item_progress_id',
        ],
        optional=[
            'is_completed', 'completed_date_time', 'due_date', 'is_no_longer_tracking', 'progress_status',
            'last_modified_date',
        ]
    ) }}

),

typed as (
    select
        -- ids
        source.id as task_progress_id,
        source.enbl_program_task_definition_id as task_definition_id,
        source.learning_item_progress_id,
        -- text
        lower(replace(source.progress_status, ' ', '')) as progress_status,
        -- booleans
        {{ parse_boolean('source.is_completed') }} as is_completed,
        source.is_completed as raw_is_completed,
        {{ parse_boolean('source.is_no_longer_tracking') }} as is_no_longer_tracking,
        source.is_no_longer_tracking as raw_is_no_longer_tracking,
        -- dates
        {{ parse_date('source.due_date') }} as due_on,
        source.due_date as raw_due_on,
        -- timestamps
        {{ parse_timestamp('source.completed_date_time') }} as completed_at,
        source.completed_date_time as raw_completed_at,
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
                typed.task_definition_id is null
                or typed.learning_item_progress_id is null
                then 'missing_value'
            when
                {{ is_unparsable('typed.raw_due_on', 'typed.due_on') }}
                or {{ is_unparsable('typed.raw_completed_at', 'typed.completed_at') }}
                then 'unparsable_date'
            when
                {{ is_unparsable('typed.raw_is_completed', 'typed.is_completed') }}
                or {{ is_unparsable('typed.raw_is_no_longer_tracking', 'typed.is_no_longer_tracking') }}
                then 'unparsable_boolean'
            when
                {{ is_out_of_range('typed.due_on') }}
                or {{ is_out_of_range('typed.completed_at') }}
                then 'date_out_of_range'
            when
                typed.progress_status not in (
                    'behind', 'completedlate', 'completedontime', 'nolongertracking', 'notcompleted', 'overdue'
                )
                then 'unknown_enum'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.task_progress_id,
        judged.task_definition_id,
        judged.learning_item_progress_id,
        judged.progress_status,
        judged.is_completed,
        judged.is_no_longer_tracking,
        judged.due_on,
        judged.completed_at,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
