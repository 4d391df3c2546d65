with source as (

    {{ read_raw(
        'lms',
        'survey_response',
        required=[
            'response_id', 'program_id', 'question', 'scale_min', 'scale_max', 'submitted_at',
        ],
        optional=[
            'user_id', 'item_id', 'dimension', 'score', 'comment', 'updated_at',
        ]
    ) }}

),

typed as (
    select
        -- ids
        source.response_id,
        source.user_id as lms_user_id,
        source.program_id,
        source.item_id,
        -- text
        source.question,
        lower(source.dimension) as dimension,
        source.comment as comment_text,
        -- numerics
        {{ parse_number('source.scale_min') }} as scale_min,
        source.scale_min as raw_scale_min,
        {{ parse_number('source.scale_max') }} as scale_max,
        source.scale_max as raw_scale_max,
        {{ parse_number('source.score') }} as score,
        source.score as raw_score,
        -- timestamps
        {{ parse_timestamp('source.submitted_at') }} as submitted_at,
        source.submitted_at as raw_submitted_at,
        -- fate of the row
        source.response_id
        || '|' || source.question as row_key,
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
            when
                typed.program_id is null
                or typed.raw_scale_min is null
                or typed.raw_scale_max is null
                or typed.raw_submitted_at is null
                then 'missing_value'
            when {{ is_unparsable('typed.raw_submitted_at', 'typed.submitted_at') }} then 'unparsable_date'
            when
                {{ is_unparsable('typed.raw_scale_min', 'typed.scale_min') }}
                or {{ is_unparsable('typed.raw_scale_max', 'typed.scale_max') }}
                or {{ is_unparsable('typed.raw_score', 'typed.score') }}
                then 'unparsable_number'
            when {{ is_out_of_range('typed.submitted_at') }} then 'date_out_of_range'
            when
                typed.dimension not in ('satisfaction', 'material_quality', 'instructor_quality', 'relevance', 'nps')
                then 'unknown_enum'
            when typed.scale_max <= typed.scale_min then 'end_before_start'
            when
                typed.score < typed.scale_min
                or typed.score > typed.scale_max
                then 'score_out_of_range'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.response_id,
        judged.lms_user_id,
        judged.program_id,
        judged.item_id,
        judged.question,
        judged.dimension,
        judged.scale_min,
        judged.scale_max,
        judged.score,
        judged.comment_text,
        judged.submitted_at,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
