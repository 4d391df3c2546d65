-- Answers of call scorecards on a 0-1 scale. Questions marked not applicable are left out.
with scorecards as (select * from {{ ref('stg_gong__answered_scorecards') }}),

calls as (select * from {{ ref('stg_gong__calls') }}),

identities as (select * from {{ ref('cnf_identities') }}),

reps as (select * from {{ ref('cnf_reps') }}),

zone_days as (select * from {{ ref('cnf_zone_days') }}),

reviews as (
    select
        scorecards.row_key,
        scorecards.scorecard_name,
        scorecards.answers_json,
        identities.rep_id,
        {{ local_date_by_zone_days('scorecards.reviewed_at', 'reps.timezone') }} as reviewed_on
    from scorecards
    inner join calls on scorecards.call_id = calls.call_id and calls.row_status = 'accepted'
    left join identities
        on identities.system = 'gong' and scorecards.reviewed_gong_user_id = identities.source_identity
    left join reps on identities.rep_id = reps.rep_id
    left join zone_days
        on
            coalesce(reps.timezone, '{{ var('default_timezone') }}') = zone_days.timezone
            and cast(scorecards.reviewed_at as date) = zone_days.utc_on
    where scorecards.row_status = 'accepted'
),

elements as (
    select * from ({{ json_array_elements(
        'reviews', ['row_key', 'rep_id', 'scorecard_name', 'reviewed_on'], 'answers_json'
    ) }}) as answer_elements
),

texts as (
    select
        elements.*,
        {{ json_text('elements.element', ['questionId']) }} as question_id,
        {{ json_text('elements.element', ['isOverall']) }} as is_overall,
        {{ json_text('elements.element', ['notApplicable']) }} as is_not_applicable,
        {{ json_text('elements.element', ['score']) }} as score
    from elements
),

answers as (
    select
        texts.row_key,
        texts.rep_id,
        texts.scorecard_name,
        texts.reviewed_on,
        texts.element_index,
        texts.question_id,
        {{ parse_boolean('texts.is_overall') }} as is_overall,
        {{ parse_boolean('texts.is_not_applicable') }} as is_not_applicable,
        {{ parse_number('texts.score') }} as score
    from texts
),

-- Gong names no maximum: scores run from 1 to var gong_scorecard_max_score.
final as (
    select
        {{ surrogate_key([
            "'gong'", "'answered_scorecards'", 'row_key', 'element_index'
        ], separator=':') }} as scorecard_answer_id,
        {{ surrogate_key([
            "'gong'", "'answered_scorecards'", 'row_key'
        ], separator=':') }} as coaching_event_id,
        rep_id,
        scorecard_name,
        question_id,
        coalesce(is_overall, false) as is_overall,
        (cast(score as {{ type_double() }}) - 1.0)
        / nullif(cast({{ var('gong_scorecard_max_score') }} as {{ type_double() }}) - 1.0, 0) as score_rate,
        reviewed_on,
        'gong:answered_scorecards:' || row_key as source_key
    from answers
    where
        not coalesce(is_not_applicable, false)
        and score is not null
        and reviewed_on <= {{ as_of_date() }}
)

select * from final
