select distinct milestone, label, sequence
from rep_timeline.rep_milestones
order by sequence
