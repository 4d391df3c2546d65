-- Each rep's ramps, milestone by milestone, with the forecast of what is not yet reached.
select
    milestones.rep_id,
    milestones.ramp_id,
    milestones.ramp_started_on,
    milestones.label,
    milestones.reached_on,
    milestones.days_to,
    milestones.active_days_to,
    milestones.is_reached,
    milestones.is_evaluable,
    milestones.is_observed_from_start,
    forecast.status,
    forecast.probability_30_days,
    forecast.probability_60_days,
    forecast.probability_90_days,
    forecast.expected_on,
    forecast.reference_cohort,
    forecast.reference_count,
    forecast.reference_median_days
from rep_timeline.rep_milestones as milestones
left join rep_timeline.rep_ramp_forecast as forecast using (rep_milestone_id)
order by milestones.rep_id, milestones.ramp_started_on desc, milestones.sequence
