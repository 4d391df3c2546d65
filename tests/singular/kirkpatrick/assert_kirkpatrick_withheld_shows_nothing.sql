-- A withheld result has no number at all, no survey result of too few people is shown, and nothing else is withheld.
select
    program_id,
    cohort_type,
    cohort,
    metric,
    breakdown,
    people_count,
    is_withheld
from {{ ref('kirkpatrick_metrics') }}
where
    (
        is_withheld
        and (
            numerator is not null
            or denominator is not null
            or value is not null
            or people_count is not null
            or level <> 1
        )
    )
    or (not is_withheld and level = 1 and people_count > 0 and people_count < {{ var('min_group_size') }})
