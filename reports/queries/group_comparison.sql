select cohort_type, milestone, cohort_count, ramp_count, p_value, p_value_holm, reason_withheld
from rep_timeline.cohort_ramp_group_comparison
order by cohort_type, milestone
