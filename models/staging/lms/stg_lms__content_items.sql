with source as (

    {{ read_raw(
        'lms',
        'content_item',
        required=[
            'content_id',
        ],
        optional=[
            'title', 'kind', 'program_id', 'updated_at',
        ]
    ) }}

),

typed as (
    select
        -- ids
        source.content_id,
        source.program_id,
        -- text
        source.title,
        lower(source.kind) as content_kind,
        -- fate of the row
        source.content_id as row_key,
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
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.content_id,
        judged.title,
        judged.content_kind,
        judged.program_id,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
