{{ config(materialized='table') }}
with source as {{ inlined() }} (

    {{ read_raw(
        'gong',
        'answered_scorecards',
        required=[
            'answered_scorecard_id', 'call_id', 'reviewed_user_id', 'review_time',
        ],
        optional=[
            'scorecard_id', 'scorecard_name', 'reviewer_user_id', 'answers',
        ],
        key='answered_scorecard_id'
    ) }}

),

typed as {{ inlined() }} (
    select
        -- ids
        source.answered_scorecard_id,
        source.scorecard_id,
        source.call_id,
        source.reviewed_user_id as reviewed_gong_user_id,
        source.reviewer_user_id as reviewer_gong_user_id,
        -- text
        source.scorecard_name,
        source.answers as answers_json,
        -- timestamps
        {{ parse_timestamp('source.review_time') }} as reviewed_at,
        source.review_time as raw_reviewed_at,
        -- fate of the row
        source.answered_scorecard_id as row_key,
        cast(null as timestamp) as version,
        source.is_deleted,
        source.loaded_at,
        source.landing_problem,
        source.is_key_repeated,
        source.raw_row
    from source
),

checked as {{ inlined() }} (
    select
        typed.*,
        case
            when typed.row_key is null then 'missing_key'
            when
                typed.call_id is null
                or typed.reviewed_gong_user_id is null
                or typed.raw_reviewed_at is null
                then 'missing_value'
            when {{ is_unparsable('typed.raw_reviewed_at', 'typed.reviewed_at') }} then 'unparsable_date'
            when {{ is_out_of_range('typed.reviewed_at') }} then 'date_out_of_range'
            when typed.answers_json is not null and not {{ is_json_array('typed.answers_json') }} then 'unparsable_json'
        end as problem
    from typed
),

{{ row_fate('checked', has_key=true) }},

final as (
    select
        judged.answered_scorecard_id,
        judged.scorecard_id,
        judged.scorecard_name,
        judged.call_id,
        judged.reviewed_gong_user_id,
        judged.reviewer_gong_user_id,
        judged.reviewed_at,
        judged.answers_json,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        {{ row_written('judged.raw_row') }} as raw_row
    from judged
)

select * from final
