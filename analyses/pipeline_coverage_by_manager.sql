-- Does each manager's team have enough open pipeline for the quota that is left in the running period?
with snapshots as (select * from {{ ref('fct_pipeline_snapshots') }}),

reps as (select * from {{ ref('dim_reps') }}),

latest as (
    select max(month_ended_on) as month_ended_on
    from snapshots
),

final as (
    select
        managers.full_name as manager_name,
        snapshots.month_ended_on,
        count(*) as rep_count,
        sum(snapshots.open_deal_count) as open_deal_count,
        sum(snapshots.open_pipeline_amount) as open_pipeline_amount,
        sum(case when snapshots.quota_amount is not null then snapshots.open_pipeline_amount end)
            as open_pipeline_with_quota_amount,
        sum(snapshots.remaining_quota_amount) as remaining_quota_amount,
        1.0 * sum(case when snapshots.quota_amount is not null then snapshots.open_pipeline_amount end)
        / nullif(sum(snapshots.remaining_quota_amount), 0) as pipeline_coverage_rate
    from snapshots
    inner join latest on snapshots.month_ended_on = latest.month_ended_on
    inner join reps on snapshots.rep_id = reps.rep_id
    left join reps as managers on reps.manager_rep_id = managers.rep_id
    where reps.is_active
    group by managers.full_name, snapshots.month_ended_on
)

select * from final
order by pipeline_coverage_rate nulls last, manager_name
