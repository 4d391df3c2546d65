-- Answers of call scorecards on a 0-1 scale. Questions marked not applicable are left out.
with scorecards as (select * from {{ ref('stg_gong__answered_scorecards') }}),

calls as (select * from {{ ref('stg_gong__calls') }}),

identities as (select * from {{ ref('cnf_identities') }}),

reps as (select * from {{ ref('cnf_reps') }}),

reviews as (
    select
        scorecards.row_key,
        scorecards.scorecard_name,
        scorecards.reviewed_at,
        scorecards.answers_json,
        identities.rep_id,
        {{ local_date('scorecards.reviewed_at', 'reps.timezone') }} as reviewed_on
    from scorecards
    inner join calls on scorecards.call_id = calls.call_id and calls.row_status = 'accepted'
    left join identities
        on identities.system = 'gong' and scorecards.reviewed_gong_user_id = identities.source_identity
    left join reps on identities.rep_id = reps.rep_id
    where scorecards.row_status = 'accepted'
),

elements as (
    select * from ({{ json_array_elements('reviews', ['row_key'], 'answers_json') }}) as answer_elements
),

answers as (
    select
        elements.row_key,
        elements.element_index,
        {{ json_text('elements.element', ['questionId']) }} as question_id,
        {{ parse_boolean(json_text('elements.element', ['isOverall'])) }} as is_overall,
        {{ parse_boolean(json_text('elements.element', ['notApplicable'])) }} as is_not_applicable,
        {{ parse_number(json_text('elements.element', ['score'])) }} as score
    from elements
),

-- Gong names no maximum: scores run from 1 to var gong_scorecard_max_score.
final as (
    select
        {{ surrogate_key([
            "'gong'", "'answered_scorecards'", 'answers.row_key', 'answers.element_index'
        ], separator=':') }} as scorecard_answer_id,
        {{ surrogate_key([
            "'gong'", "'answered_scorecards'", 'answers.row_key'
        ], separator=':') }} as coaching_event_id,
        reviews.rep_id,
        reviews.scorecard_name,
        answers.question_id,
        coalesce(answers.is_overall, false) as is_overall,
        (cast(answers.score as {{ type_double() }}) - 1.0)
        / nullif(cast({{ var('gong_scorecard_max_score') }} as {{ type_double() }}) - 1.0, 0) as score_rate,
        reviews.reviewed_on,
        'gong:answered_scorecards:' || answers.row_key as source_key
    from answers
    inner join reviews on answers.row_key = reviews.row_key
    where
        not coalesce(answers.is_not_applicable, false)
        and answers.score is not null
        and reviews.reviewed_on <= {{ as_of_date() }}
)

select * from final
