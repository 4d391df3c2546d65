-- What was rejected on the way in, why, and what share of the object is that?
with rejected as (select * from {{ ref('rejected_rows') }}),

reconciliation as (select * from {{ ref('source_reconciliation') }}),

counted as (
    select
        system,
        object,
        reason,
        count(*) as row_count,
        min(row_key) as example_row_key
    from rejected
    group by system, object, reason
),

final as (
    select
        counted.system,
        counted.object,
        counted.reason,
        counted.row_count,
        reconciliation.raw_count,
        1.0 * counted.row_count / nullif(reconciliation.raw_count, 0) as rejected_rate,
        counted.example_row_key
    from counted
    left join reconciliation
        on counted.system = reconciliation.system and counted.object = reconciliation.object
)

select * from final
order by row_count desc, system asc, object asc, reason asc
