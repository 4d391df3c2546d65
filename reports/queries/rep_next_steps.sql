select rep_ramp.rep_id, step_number, step_kind, label, rep_next_steps.status, due_on, overdue_days
from rep_timeline.rep_next_steps
inner join rep_timeline.rep_ramp using (ramp_id)
order by rep_id, step_number
