with source as (

    {{ read_raw(
        'lms',
        'assessment_attempt',
        required=[
            'attempt_id', 'user_id', 'item_id', 'submitted_at',
        ],
        optional=[
            'program_id', 'attempt_number', 'kind', 'score', 'max_score', 'passed', 'updated_at',
        ]
    ) }}

),

typed as (
    select
        -- ids
        source.attempt_id,
        source.user_id as lms_user_id,
        source.item_id,
        source.program_id,
        -- text
        lower(source.kind) as assessment_kind,
        -- numerics
        {{ parse_integer('source.attempt_number') }} as attempt_number,
        source.attempt_number as raw_attempt_number,
        {{ parse_number('source.score') }} as score,
        source.score as raw_score,
        {{ parse_number('source.max_score') }} as max_score,
        source.max_score as raw_max_score,
        -- booleans
        {{ parse_boolean('source.passed') }} as is_passed,
        source.passed as raw_is_passed,
        -- timestamps
        {{ parse_timestamp('source.submitted_at') }} as submitted_at,
        source.submitted_at as raw_submitted_at,
        -- fate of the row
        source.attempt_id as row_key,
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
                typed.lms_user_id is null
                or typed.item_id is null
                or typed.raw_submitted_at is null
                then 'missing_value'
            when {{ is_unparsable('typed.raw_submitted_at', 'typed.submitted_at') }} then 'unparsable_date'
            when
                {{ is_unparsable('typed.raw_attempt_number', 'typed.attempt_number') }}
                or {{ is_unparsable('typed.raw_score', 'typed.score') }}
                or {{ is_unparsable('typed.raw_max_score', 'typed.max_score') }}
                then 'unparsable_number'
            when {{ is_unparsable('typed.raw_is_passed', 'typed.is_passed') }} then 'unparsable_boolean'
            when {{ is_out_of_range('typed.submitted_at') }} then 'date_out_of_range'
            when typed.assessment_kind not in ('pre', 'post', 'retention', 'quiz') then 'unknown_enum'
            when
                typed.max_score <= 0
                or typed.score < 0
                or typed.score > typed.max_score
                then 'score_out_of_range'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.attempt_id,
        judged.lms_user_id,
        judged.item_id,
        judged.program_id,
        judged.attempt_number,
        judged.assessment_kind,
        judged.score,
        judged.max_score,
        judged.is_passed,
        judged.submitted_at,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
