select *
from quality.source_reconciliation
order by system, object
