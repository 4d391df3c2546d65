with source as (

    {{ read_raw(
        'salesforce_enablement',
        'enbl_program_task_definition',
        required=[
            'id', 'enablement_program_id', 'name',
        ],
        optional=[
            'task_category', 'task_sub_category', 'learning_item_id', 'is_milestone_an_outcome',
            'last_modified_date',
        ]
    ) }}

),

typed as (
    select
        -- ids
        source.id as task_definition_id,
        source.enablement_program_id as program_id,
        source.learning_item_id,
        -- text
        source.name as task_name,
        lower(source.task_category) as task_category,
        lower(source.task_sub_category) as task_sub_category,
        -- booleans
        {{ parse_boolean('source.is_milestone_an_outcome') }} as is_outcome,
        source.is_milestone_an_outcome as raw_is_outcome,
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
                typed.program_id is null
                or typed.task_name is null
                then 'missing_value'
            when {{ is_unparsable('typed.raw_is_outcome', 'typed.is_outcome') }} then 'unparsable_boolean'
            when typed.task_category not in ('exercise', 'milestone') then 'unknown_enum'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.task_definition_id,
        judged.program_id,
        judged.learning_item_id,
        judged.task_name,
        judged.task_category,
        judged.task_sub_category,
        judged.is_outcome,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
