-- The shown survey results of all, recomputed from the answers; and whether they are shown is recomputed too.
with scores as (
    select * from {{ ref('cnf_survey_scores') }}
),

recomputed as (
    select
        program_id,
        'mean_score' as metric,
        dimension as breakdown,
        sum(score_rate) as numerator,
        count(score_rate) as denominator,
        count(distinct respondent_key) as people_count
    from scores
    where dimension <> 'nps' and score_rate is not null
    group by program_id, dimension
    union all
    select
        program_id,
        'nps' as metric,
        'all' as breakdown,
        count(case when score >= 9 then 1 end) - count(case when score <= 6 then 1 end) as numerator,
        count(*) as denominator,
        count(distinct respondent_key) as people_count
    from scores
    where dimension = 'nps' and scale_min = 0 and scale_max = 10 and score is not null
    group by program_id
),

shown as (
    select * from {{ ref('kirkpatrick_metrics') }}
    where cohort_type = 'all' and metric in ('mean_score', 'nps') and (is_withheld or people_count > 0)
)

select
    coalesce(shown.program_id, recomputed.program_id) as program_id,
    coalesce(shown.metric, recomputed.metric) as metric,
    coalesce(shown.breakdown, recomputed.breakdown) as breakdown,
    shown.numerator,
    recomputed.numerator as recomputed_numerator
from shown
full join recomputed
    on
        shown.program_id = recomputed.program_id
        and shown.metric = recomputed.metric
        and shown.breakdown = recomputed.breakdown
where
    shown.program_id is null
    or recomputed.program_id is null
    or shown.is_withheld <> (recomputed.people_count < {{ var('min_group_size') }})
    or abs(shown.numerator - recomputed.numerator) > 0.000001
    or shown.denominator <> recomputed.denominator
    or shown.people_count <> recomputed.people_count
