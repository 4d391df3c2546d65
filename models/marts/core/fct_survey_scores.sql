-- Survey answers on a 0-1 scale, without anything that tells who gave them. Left out are the rep; the day and the item,
-- which fct_learning_events has with the rep beside them; and answers of few people, whose number alone would be told.
{%- set min_people = var('min_group_size') | int %}
with survey_scores as (select * from {{ ref('cnf_survey_scores') }}),

-- A total is what kirkpatrick_metrics shows: a program's dimension, for nps by scale. A question is a part of it.
answers as (
    select
        survey_scores.*,
        coalesce(survey_scores.dimension, '(none)')
        || case
            when survey_scores.dimension = 'nps'
                then
                    '|' || cast(survey_scores.scale_min as {{ dbt.type_string() }})
                    || '|' || cast(survey_scores.scale_max as {{ dbt.type_string() }})
            else ''
        end as total_key,
        coalesce(survey_scores.question, '(none)')
        || '|' || cast(survey_scores.scale_min as {{ dbt.type_string() }})
        || '|' || cast(survey_scores.scale_max as {{ dbt.type_string() }}) as part_key
    from survey_scores
),

part_respondents as (
    select
        program_id,
        total_key,
        part_key,
        respondent_key
    from answers
    where score_rate is not null
    group by program_id, total_key, part_key, respondent_key
),

part_sizes as (
    select
        program_id,
        total_key,
        part_key,
        count(*) as respondent_count
    from part_respondents
    group by program_id, total_key, part_key
),

ranked_parts as (
    select
        part_sizes.*,
        row_number() over (
            partition by part_sizes.program_id, part_sizes.total_key
            order by part_sizes.respondent_count, part_sizes.part_key
        ) as size_rank
    from part_sizes
),

-- The smallest parts are withheld together: whoever takes the others from the total is left with all of them. One
-- respondent may be in several, and counts at the smallest.
first_ranks as (
    select
        part_respondents.program_id,
        part_respondents.total_key,
        part_respondents.respondent_key,
        min(ranked_parts.size_rank) as size_rank
    from part_respondents
    inner join ranked_parts
        on
            part_respondents.program_id = ranked_parts.program_id
            and part_respondents.total_key = ranked_parts.total_key
            and part_respondents.part_key = ranked_parts.part_key
    group by part_respondents.program_id, part_respondents.total_key, part_respondents.respondent_key
),

smaller_parts as (
    select
        ranked_parts.program_id,
        ranked_parts.total_key,
        ranked_parts.part_key,
        ranked_parts.size_rank,
        ranked_parts.respondent_count,
        count(first_ranks.respondent_key) as smaller_respondents
    from ranked_parts
    left join first_ranks
        on
            ranked_parts.program_id = first_ranks.program_id
            and ranked_parts.total_key = first_ranks.total_key
            and ranked_parts.size_rank > first_ranks.size_rank
    group by
        ranked_parts.program_id,
        ranked_parts.total_key,
        ranked_parts.part_key,
        ranked_parts.size_rank,
        ranked_parts.respondent_count
),

counted_parts as (
    select
        smaller_parts.*,
        sum(case when smaller_parts.respondent_count < {{ min_people }} then 1 else 0 end) over (
            partition by smaller_parts.program_id, smaller_parts.total_key
        ) as small_parts
    from smaller_parts
),

-- Shown is a part of enough respondents where none is small; else behind two or more with enough respondents together.
shown_parts as (
    select
        program_id,
        total_key,
        part_key
    from counted_parts
    where
        respondent_count >= {{ min_people }}
        and (small_parts = 0 or (size_rank > 2 and smaller_respondents >= {{ min_people }}))
),

final as (
    select
        answers.survey_score_id,
        answers.system,
        answers.response_id,
        answers.program_id,
        answers.question,
        answers.dimension,
        answers.score,
        answers.scale_min,
        answers.scale_max,
        answers.score_rate
    from answers
    inner join shown_parts
        on
            answers.program_id = shown_parts.program_id
            and answers.total_key = shown_parts.total_key
            and answers.part_key = shown_parts.part_key
)

select * from final
