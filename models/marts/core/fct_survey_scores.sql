-- Survey answers, one row per response and question, on a 0-1 scale. Who answered stays in the conformed layer: with
-- the rep beside each answer, anybody could add up the small groups that kirkpatrick_metrics withholds.
with survey_scores as (select * from {{ ref('cnf_survey_scores') }}),

groups as (
    select
        survey_scores.program_id,
        survey_scores.dimension,
        count(distinct survey_scores.respondent_key) as respondent_count
    from survey_scores
    group by survey_scores.program_id, survey_scores.dimension
),

judged as (
    select
        survey_scores.*,
        groups.respondent_count < {{ var('min_group_size') }} as is_withheld
    from survey_scores
    inner join groups
        on
            survey_scores.program_id = groups.program_id
            and survey_scores.dimension is not distinct from groups.dimension
),

final as (
    select
        judged.survey_score_id,
        judged.system,
        judged.response_id,
        judged.program_id,
        judged.item_id,
        judged.question,
        judged.dimension,
        case when not judged.is_withheld then judged.score end as score,
        judged.scale_min,
        judged.scale_max,
        case when not judged.is_withheld then judged.score_rate end as score_rate,
        judged.submitted_on,
        judged.is_withheld
    from judged
)

select * from final
