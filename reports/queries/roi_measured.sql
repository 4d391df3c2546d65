select *
from impact.roi_measured
order by kind desc, program_id
