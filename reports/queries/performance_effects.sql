select *
from impact.program_performance_effect
order by program_id, outcome
