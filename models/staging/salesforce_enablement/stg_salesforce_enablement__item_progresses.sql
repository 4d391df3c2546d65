with source as (

    {{ read_raw(
        'salesforce_enablement',
        'learning_item_progress',
        required=[
            'id', 'owner_id', 'learning_item_id',
        ],
        optional=[
            'enablement_program_id', 'learning_item_type', 'start_date', 'completed_date', 'progress_status',
            'last_modified_date',
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
        source.id as learning_item_progress_id,
        source.owner_id as owner_user_id,
        source.learning_item_id,
        source.enablement_program_id as program_id,
        -- Where the export brings the item's program along, the item itself is not looked for.
        case when source.enablement_program_id is null then source.learning_item_id end as unresolved_learning_item_id,
        -- text
        lower(source.learning_item_type) as learning_item_type,
        lower(replace(source.progress_status, ' ', '')) as progress_status,
        -- timestamps
        {{ parse_timestamp('source.start_date') }} as started_at,
        source.start_date as raw_started_at,
        {{ parse_timestamp('source.completed_date') }} as completed_at,
        source.completed_date as raw_completed_at,
        {{ parse_timestamp('source.last_modified_date') }} as modified_at,
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
                typed.owner_user_id is null
                or typed.learning_item_id is null
                then 'missing_value'
            when
                {{ is_unparsable('typed.raw_started_at', 'typed.started_at') }}
                or {{ is_unparsable('typed.raw_completed_at', 'typed.completed_at') }}
                then 'unparsable_date'
            when
                {{ is_out_of_range('typed.started_at') }}
                or {{ is_out_of_range('typed.completed_at') }}
                then 'date_out_of_range'
            when typed.completed_at < typed.started_at then 'end_before_start'
            when
                typed.progress_status not in (
                    'behind', 'completed', 'completedlate', 'completedontime', 'inprogress', 'nolongertracking',
                    'notstarted', 'ontrack', 'overdue'
                )
                then 'unknown_enum'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.learning_item_progress_id,
        judged.owner_user_id,
        judged.learning_item_id,
        judged.unresolved_learning_item_id,
        judged.learning_item_type,
        judged.program_id,
        judged.progress_status,
        judged.started_at,
        judged.completed_at,
        judged.modified_at,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
