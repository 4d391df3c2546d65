-- How do the programs compare, level by level, and on how many people does each number stand?
with scorecard as (select * from {{ ref('kirkpatrick_program_scorecard') }}),

final as (
    select
        program_name,
        program_version,
        completion_rate_people_count as enrolled_count,
        completion_rate,
        satisfaction_score,
        satisfaction_score_people_count,
        100.0 * nps as net_promoter_score,
        score_gain,
        score_gain_people_count,
        adoption_rate,
        adoption_rate_people_count,
        attainment_rate,
        attainment_rate_people_count,
        has_withheld_reaction
    from scorecard
)

select * from final
order by program_name, program_version
