-- Open pipeline of each rep at each month end up to the as-of date, from the stage history.
with states as (select * from {{ ref('cnf_opportunity_states') }}),

deals as (select * from {{ ref('cnf_opportunities') }}),

dates as (select * from {{ ref('dim_dates') }}),

quotas as (select * from {{ ref('fct_quotas') }}),

bookings as (select * from {{ ref('fct_bookings') }}),

month_ends as (
    select
        dates.month_started_on,
        dates.month_ended_on
    from dates
    where dates.date_day = dates.month_ended_on and dates.date_day <= {{ as_of_date() }}
),

-- Deals of nobody are kept together in rows without a rep.
owners as (
    select
        deals.owner_rep_id as rep_id,
        coalesce(deals.owner_rep_id, 'nobody') as owner_key,
        min(deals.created_on) as first_created_on
    from deals
    group by deals.owner_rep_id
),

owner_months as (
    select
        owners.rep_id,
        owners.owner_key,
        month_ends.month_started_on,
        month_ends.month_ended_on
    from owners
    inner join month_ends on owners.first_created_on <= month_ends.month_ended_on
),

month_states as (
    select
        coalesce(deals.owner_rep_id, 'nobody') as owner_key,
        month_ends.month_ended_on,
        deals.created_on >= month_ends.month_started_on as is_created_then,
        states.is_closed_stage,
        coalesce(states.amount_corporate, 0) as amount_corporate
    from states
    inner join deals on states.opportunity_id = deals.opportunity_id
    inner join month_ends
        on
            states.started_on <= month_ends.month_ended_on
            and (states.ended_on is null or states.ended_on > month_ends.month_ended_on)
),

totals as (
    select
        month_states.owner_key,
        month_states.month_ended_on,
        sum(case when month_states.is_closed_stage then 0 else month_states.amount_corporate end)
            as open_pipeline_amount,
        sum(case when month_states.is_closed_stage then 0 else 1 end) as open_deal_count,
        sum(case when month_states.is_created_then then month_states.amount_corporate else 0 end)
            as created_pipeline_amount
    from month_states
    group by month_states.owner_key, month_states.month_ended_on
),

month_quotas as (
    select
        owner_months.owner_key,
        owner_months.month_ended_on,
        quotas.quota_id,
        quotas.rep_id,
        quotas.period_started_on,
        quotas.assigned_quota
    from owner_months
    inner join quotas
        on
            owner_months.rep_id = quotas.rep_id
            and owner_months.month_ended_on between quotas.period_started_on and quotas.period_ended_on
),

quota_bookings as (
    select
        month_quotas.owner_key,
        month_quotas.month_ended_on,
        sum(bookings.credited_amount) as booked_amount
    from month_quotas
    inner join bookings
        on
            month_quotas.rep_id = bookings.rep_id
            and bookings.booked_on between month_quotas.period_started_on and month_quotas.month_ended_on
    group by month_quotas.owner_key, month_quotas.month_ended_on
),

measured as (
    select
        owner_months.rep_id,
        owner_months.owner_key,
        owner_months.month_ended_on,
        coalesce(totals.open_pipeline_amount, 0) as open_pipeline_amount,
        coalesce(totals.open_deal_count, 0) as open_deal_count,
        coalesce(totals.created_pipeline_amount, 0) as created_pipeline_amount,
        month_quotas.assigned_quota as quota_amount,
        case
            when month_quotas.assigned_quota > coalesce(quota_bookings.booked_amount, 0)
                then month_quotas.assigned_quota - coalesce(quota_bookings.booked_amount, 0)
            when month_quotas.assigned_quota is not null then 0
        end as remaining_quota_amount
    from owner_months
    left join totals
        on owner_months.owner_key = totals.owner_key and owner_months.month_ended_on = totals.month_ended_on
    left join month_quotas
        on
            owner_months.owner_key = month_quotas.owner_key
            and owner_months.month_ended_on = month_quotas.month_ended_on
    left join quota_bookings
        on
            owner_months.owner_key = quota_bookings.owner_key
            and owner_months.month_ended_on = quota_bookings.month_ended_on
),

final as (
    select
        {{ surrogate_key(['measured.owner_key', 'measured.month_ended_on']) }}
            as pipeline_snapshot_id,
        measured.rep_id,
        measured.month_ended_on,
        cast(measured.open_pipeline_amount as decimal(18, 2)) as open_pipeline_amount,
        cast(measured.open_deal_count as integer) as open_deal_count,
        cast(measured.created_pipeline_amount as decimal(18, 2)) as created_pipeline_amount,
        cast(measured.quota_amount as decimal(18, 2)) as quota_amount,
        cast(measured.remaining_quota_amount as decimal(18, 2)) as remaining_quota_amount,
        cast(measured.open_pipeline_amount as {{ type_double() }})
        / nullif(cast(measured.remaining_quota_amount as {{ type_double() }}), 0) as pipeline_coverage_rate
    from measured
)

select * from final
