-- Survey answers, one row per response and question, on a 0-1 scale.
with survey_scores as (select * from {{ ref('cnf_survey_scores') }}),

final as (
    select
        survey_scores.survey_score_id,
        survey_scores.system,
        survey_scores.response_id,
        survey_scores.respondent_key,
        survey_scores.rep_id,
        survey_scores.program_id,
        survey_scores.item_id,
        survey_scores.question,
        survey_scores.dimension,
        survey_scores.score,
        survey_scores.scale_min,
        survey_scores.scale_max,
        survey_scores.score_rate,
        survey_scores.submitted_on
    from survey_scores
)

select * from final
