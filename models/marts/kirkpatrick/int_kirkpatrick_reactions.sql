{{ config(access='private', schema='conformed', contract={'enforced': false}) }}
-- Level 1: what each respondent adds to each survey result of a program. Not published: see int_kirkpatrick_withheld.
with people as (select * from {{ ref('int_kirkpatrick_people') }}),

survey_scores as (select * from {{ ref('cnf_survey_scores') }}),

answers as (
    select
        program_id,
        coalesce(rep_id, respondent_key) as person_key,
        dimension,
        score,
        scale_min,
        scale_max,
        score_rate
    from survey_scores
    where program_id is not null
),

respondents as (
    select
        program_id,
        person_key
    from answers
    group by program_id, person_key
),

-- Asked are the people who completed the program. An anonymous respondent may be one of them: nobody can tell.
asked_or_answered as (
    select
        program_id,
        person_key,
        1 as is_respondent,
        0 as is_asked
    from respondents
    union all
    select
        program_id,
        person_key,
        0 as is_respondent,
        1 as is_asked
    from people
    where completed_on is not null
),

measured as (
    select
        program_id,
        person_key,
        'response_rate' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        sum(is_respondent) as numerator,
        sum(is_asked) as denominator,
        max(is_respondent) as is_counted
    from asked_or_answered
    group by program_id, person_key
    union all
    select
        program_id,
        person_key,
        'mean_score' as metric,
        'dimension' as breakdown_type,
        dimension as breakdown,
        {{ ordered_sum('score_rate') }} as numerator,
        count(*) as denominator,
        1 as is_counted
    from answers
    where dimension is not null and dimension <> 'nps' and score_rate is not null
    group by program_id, person_key, dimension
    union all
    -- Promoters (9 and 10) less detractors (0 to 6); only on a scale of 0 to 10 do these words mean anything.
    select
        program_id,
        person_key,
        'nps' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        sum(case when score >= 9 then 1 when score <= 6 then -1 else 0 end) as numerator,
        count(*) as denominator,
        1 as is_counted
    from answers
    where dimension = 'nps' and scale_min = 0 and scale_max = 10 and score is not null
    group by program_id, person_key
),

final as (
    select
        program_id,
        person_key,
        metric,
        breakdown_type,
        breakdown,
        {{ rounded_double('numerator') }} as numerator,
        cast(denominator as {{ type_double() }}) as denominator,
        is_counted
    from measured
)

select * from final
