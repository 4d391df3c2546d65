select system, match_method, count(*) as identity_count, sum(row_count) as row_count, min(first_seen_on) as first_seen_on,
    max(last_seen_on) as last_seen_on
from quality.identity_gaps
group by all
order by row_count desc, system
