-- Where the as-of date is a month end, its snapshot is the open deals of fct_opportunities, worked out another way.
with snapshots as (select * from {{ ref('fct_pipeline_snapshots') }}),

deals as (select * from {{ ref('fct_opportunities') }}),

snapshot_totals as (
    select
        coalesce(snapshots.rep_id, 'nobody') as owner_key,
        snapshots.open_deal_count,
        snapshots.open_pipeline_amount
    from snapshots
    where snapshots.month_ended_on = {{ as_of_date() }}
),

deal_totals as (
    select
        coalesce(deals.owner_rep_id, 'nobody') as owner_key,
        sum(case when deals.status = 'open' then 1 else 0 end) as open_deal_count,
        sum(case when deals.status = 'open' then coalesce(deals.amount_corporate, 0) else 0 end)
            as open_pipeline_amount
    from deals
    group by coalesce(deals.owner_rep_id, 'nobody')
),

final as (
    select
        deal_totals.owner_key,
        snapshot_totals.open_deal_count as snapshot_deal_count,
        deal_totals.open_deal_count,
        snapshot_totals.open_pipeline_amount as snapshot_amount,
        deal_totals.open_pipeline_amount
    from deal_totals
    left join snapshot_totals on deal_totals.owner_key = snapshot_totals.owner_key
    where
        cast({{ dbt.last_day(as_of_date(), 'month') }} as date) = {{ as_of_date() }}
        and (
            coalesce(snapshot_totals.open_deal_count, -1) <> deal_totals.open_deal_count
            or snapshot_totals.open_pipeline_amount <> deal_totals.open_pipeline_amount
        )
)

select * from final
