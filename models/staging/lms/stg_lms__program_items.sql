with source as (

    {{ read_raw(
        'lms',
        'program_item',
        required=[
            'item_id', 'program_id',
        ],
        optional=[
            'name', 'kind', 'goal', 'updated_at',
        ]
    ) }}

),

typed as (
    select
        -- ids
        source.item_id,
        source.program_id,
        -- text
        source.name as item_name,
        lower(source.kind) as item_kind,
        source.goal,
        -- fate of the row
        source.item_id as row_key,
        {{ parse_timestamp('source.updated_at') }} as version,
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
            when typed.program_id is null then 'missing_value'
            when
                typed.item_kind not in ('course', 'live_session', 'practice', 'assessment', 'certification')
                then 'unknown_enum'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.item_id,
        judged.program_id,
        judged.item_name,
        judged.item_kind,
        judged.goal,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
