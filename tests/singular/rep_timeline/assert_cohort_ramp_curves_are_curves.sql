-- Survival never rises, lies in its interval, and with the cumulative incidence never makes more than everybody.
with neighbours as (
    select
        *,
        lag(survival) over (partition by cohort_type, cohort, milestone order by day asc) as previous_survival,
        lag(cumulative_incidence) over (
            partition by cohort_type, cohort, milestone order by day asc
        ) as previous_incidence,
        lag(at_risk_count - reached_count - censored_count - left_count) over (
            partition by cohort_type, cohort, milestone order by day asc
        ) as previous_remaining
    from {{ ref('cohort_ramp_curves') }}
)

select
    cohort_type,
    cohort,
    milestone,
    day
from neighbours
where
    survival > previous_survival
    or survival < 0
    or survival > 1
    or ci_low > survival
    or ci_high < survival
    or cumulative_incidence < previous_incidence
    or cumulative_incidence + survival > 1 + 1e-9
    or at_risk_count <> coalesce(previous_remaining, 0) + entered_count
