-- Recomputed from the other side: the rows that are listed against the rows that are counted.
with listed as (
    select
        system,
        object,
        count(*) as listed_count
    from {{ ref('rejected_rows') }}
    group by system, object
)

select
    counted.system,
    counted.object,
    counted.rejected_count,
    listed.listed_count
from {{ ref('source_reconciliation') }} as counted
full join listed
    on counted.system = listed.system and counted.object = listed.object
where coalesce(counted.rejected_count, 0) <> coalesce(listed.listed_count, 0)
