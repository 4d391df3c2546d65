with source as (

    {{ read_raw(
        'salesforce_enablement',
        'learning_item_assignment',
        required=[
            'id', 'assignee_id', 'learning_item_id',
        ],
        optional=[
            'enablement_program_id', 'learning_item_type', 'start_date', 'due_date', 'assignment_status',
            'progress_id', 'created_date', 'last_modified_date',
        ],
        aliases={
            'enablement_program_id': ['LearningItem.EnablementProgramId'],
            'learning_item_type': ['LearningItem.Type'],
        }
    ) }}

),

typed as (
    select
        -- ids
        source.id as assignment_id,
        source.assignee_id as assignee_user_id,
        source.learning_item_id,
        source.enablement_program_id as program_id,
        source.progress_id as learning_item_progress_id,
        -- Where the export brings the item's program along, the item itself is not looked for.
        case when source.enablement_program_id is null then source.learning_item_id end as unresolved_learning_item_id,
        -- text
        lower(source.learning_item_type) as learning_item_type,
        lower(source.assignment_status) as assignment_status,
        -- dates
        {{ parse_date('source.start_date') }} as starts_on,
        source.start_date as raw_starts_on,
        {{ parse_date('source.due_date') }} as due_on,
        source.due_date as raw_due_on,
        -- timestamps
        {{ parse_timestamp('source.created_date') }} as created_at,
        source.created_date as raw_created_at,
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
                typed.assignee_user_id is null
                or typed.learning_item_id is null
                then 'missing_value'
            when coalesce(typed.raw_starts_on, typed.raw_created_at) is null then 'missing_value'
            when
                {{ is_unparsable('typed.raw_starts_on', 'typed.starts_on') }}
                or {{ is_unparsable('typed.raw_due_on', 'typed.due_on') }}
                or {{ is_unparsable('typed.raw_created_at', 'typed.created_at') }}
                then 'unparsable_date'
            when
                {{ is_out_of_range('typed.starts_on') }}
                or {{ is_out_of_range('typed.due_on') }}
                or {{ is_out_of_range('typed.created_at') }}
                then 'date_out_of_range'
            when typed.assignment_status not in ('failed', 'inprogress', 'succeeded') then 'unknown_enum'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.assignment_id,
        judged.assignee_user_id,
        judged.learning_item_id,
        judged.unresolved_learning_item_id,
        judged.learning_item_type,
        judged.program_id,
        judged.learning_item_progress_id,
        judged.assignment_status,
        judged.starts_on,
        judged.due_on,
        judged.created_at,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
