select *
from {{ ref('source_reconciliation') }}
where raw_count <> accepted_count + rejected_count + superseded_count + deleted_count
