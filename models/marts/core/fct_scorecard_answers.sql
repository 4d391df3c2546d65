-- Answers of call scorecards, one row per question answered, on a 0-1 scale.
with answers as (select * from {{ ref('cnf_scorecard_answers') }}),

final as (
    select
        answers.scorecard_answer_id,
        answers.coaching_event_id,
        answers.rep_id,
        answers.scorecard_name,
        answers.question_id,
        answers.is_overall,
        answers.score_rate,
        answers.reviewed_on
    from answers
)

select * from final
