select
    system,
    object,
    rejected_count,
    raw_count,
    rejected_rate
from {{ ref('source_reconciliation') }}
where rejected_rate > {{ var('max_rejected_rate') }}
