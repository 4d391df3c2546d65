select
    summary.*,
    comparison.reference_label,
    comparison.p_value,
    comparison.p_value_holm,
    comparison.reason_withheld as comparison_withheld
from rep_timeline.cohort_ramp_summary as summary
left join rep_timeline.cohort_ramp_comparison as comparison using (cohort_type, cohort, milestone)
order by summary.cohort_type, summary.milestone, summary.cohort_label, summary.cohort
