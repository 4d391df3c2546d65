select system, object, reason, count(*) as row_count
from quality.rejected_rows
group by all
order by row_count desc, system, object, reason
