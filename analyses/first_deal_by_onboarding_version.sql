-- Does the new onboarding shorten the time to the first deal? Median with quartiles, and whether the difference is
-- more than chance.
with summaries as (
    select * from {{ ref('cohort_ramp_summary') }}
    where cohort_type = 'onboarding_version' and milestone in ('first_deal', 'quota_50')
),

comparisons as (
    select * from {{ ref('cohort_ramp_comparison') }}
    where cohort_type = 'onboarding_version'
),

final as (
    select
        summaries.milestone,
        summaries.cohort as onboarding_version,
        summaries.ramp_count,
        summaries.reached_count,
        summaries.p25_days,
        summaries.median_days,
        summaries.p75_days,
        summaries.restricted_mean_days,
        comparisons.reference_cohort,
        comparisons.p_value
    from summaries
    left join comparisons
        on
            summaries.milestone = comparisons.milestone
            and summaries.cohort = comparisons.cohort
)

select * from final
order by milestone, onboarding_version
