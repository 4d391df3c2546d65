-- The metrics of each program for everybody, level by level, as the mart shows or withholds them.
select program_id, level, metric, breakdown_type, breakdown, unit, numerator, denominator, value, people_count, is_withheld
from kirkpatrick.kirkpatrick_metrics
where cohort_type = 'all' and cohort = 'all'
order by program_id, level, metric, breakdown_type, breakdown
