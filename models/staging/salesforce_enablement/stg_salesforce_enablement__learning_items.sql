with source as (

    {{ read_raw(
        'salesforce_enablement',
        'learning_item',
        required=[
            'id',
        ],
        optional=[
            'enablement_program_id', 'type', 'last_modified_date',
        ]
    ) }}

),

typed as (
    select
        -- ids
        source.id as learning_item_id,
        source.enablement_program_id as program_id,
        -- text
        lower(source.type) as learning_item_type,
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
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.learning_item_id,
        judged.program_id,
        judged.learning_item_type,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
