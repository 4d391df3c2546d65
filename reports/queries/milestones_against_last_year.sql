-- Median days to each milestone: ramps of the last 12 months beside those of the 12 months before.
select
    milestones.label,
    summary.milestone,
    summary.cohort,
    summary.ramp_count,
    summary.reached_count,
    summary.median_days,
    summary.median_ci_low_days,
    summary.median_ci_high_days,
    summary.reason_withheld,
    comparison.p_value_holm
from rep_timeline.cohort_ramp_summary as summary
inner join (select distinct milestone, label, sequence from rep_timeline.rep_milestones) as milestones using (milestone)
left join rep_timeline.cohort_ramp_comparison as comparison using (cohort_type, cohort, milestone)
where summary.cohort_type = 'hire_recency' and summary.cohort <> 'over 24 months ago'
order by milestones.sequence, summary.cohort desc
