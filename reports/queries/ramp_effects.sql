select effects.*, labels.label
from impact.program_ramp_effect as effects
inner join (select distinct milestone, label, sequence from rep_timeline.rep_milestones) as labels using (milestone)
order by effects.program_id, effects.comparison, labels.sequence, effects.landmark_days
