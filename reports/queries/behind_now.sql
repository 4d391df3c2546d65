-- Ramps that are under way and past the day by which half of their reference cohort had reached a milestone.
select
    ramps.rep_id,
    ramps.manager_rep_id,
    ramps.role_family,
    labels.label,
    forecast.status,
    forecast.elapsed_days,
    forecast.reference_median_days,
    forecast.reference_count,
    forecast.probability_30_days
from rep_timeline.rep_ramp_forecast as forecast
inner join rep_timeline.rep_ramp as ramps using (ramp_id)
inner join (select distinct milestone, label from rep_timeline.rep_milestones) as labels using (milestone)
where
    forecast.status in ('late', 'at_risk')
    and ramps.status in ('late', 'at_risk', 'on_track', 'not_evaluable')
order by
    case forecast.status when 'late' then 1 else 2 end,
    forecast.elapsed_days - forecast.reference_median_days desc,
    ramps.rep_id,
    forecast.sequence
