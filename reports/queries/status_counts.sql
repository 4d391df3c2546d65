select status, count(*) as ramp_count
from rep_timeline.rep_ramp
group by status
