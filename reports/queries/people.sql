-- Everybody who is named on a page: reps and managers.
select rep_id, full_name
from core.dim_reps
order by md5(rep_id)
