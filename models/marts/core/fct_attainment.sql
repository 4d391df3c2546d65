-- Credited bookings against quota, per rep and quota period. Bookings outside every quota period of their rep stand
-- in rows of the calendar month, without a quota, so that no booking of a matched rep is lost.
with quotas as (select * from {{ ref('fct_quotas') }}),

bookings as (select * from {{ ref('fct_bookings') }}),

placed as (
    select
        bookings.booking_id,
        bookings.rep_id,
        bookings.opportunity_id,
        bookings.credited_amount,
        bookings.booked_on,
        quotas.quota_id
    from bookings
    left join quotas
        on
            bookings.rep_id = quotas.rep_id
            and bookings.booked_on between quotas.period_started_on and quotas.period_ended_on
    where bookings.rep_id is not null
),

period_bookings as (
    select
        placed.quota_id,
        sum(placed.credited_amount) as bookings_amount,
        count(distinct placed.opportunity_id) as deals_won_count
    from placed
    where placed.quota_id is not null
    group by placed.quota_id
),

month_bookings as (
    select
        placed.rep_id,
        cast({{ dbt.date_trunc('month', 'placed.booked_on') }} as date) as period_started_on,
        sum(placed.credited_amount) as bookings_amount,
        count(distinct placed.opportunity_id) as deals_won_count
    from placed
    where placed.quota_id is null
    group by placed.rep_id, cast({{ dbt.date_trunc('month', 'placed.booked_on') }} as date)
),

periods as (
    select
        {{ surrogate_key(['quotas.quota_id', "'quota'"]) }} as attainment_id,
        quotas.rep_id,
        quotas.period_started_on,
        quotas.period_ended_on,
        quotas.period_months,
        quotas.assigned_quota as quota_amount,
        coalesce(period_bookings.bookings_amount, 0) as bookings_amount,
        coalesce(period_bookings.deals_won_count, 0) as deals_won_count
    from quotas
    left join period_bookings on quotas.quota_id = period_bookings.quota_id
    union all
    select
        {{ surrogate_key([
            'month_bookings.rep_id', 'month_bookings.period_started_on', "'month'"
        ]) }} as attainment_id,
        month_bookings.rep_id,
        month_bookings.period_started_on,
        cast({{ dbt.last_day('month_bookings.period_started_on', 'month') }} as date) as period_ended_on,
        1e0 as period_months,
        cast(null as decimal(18, 2)) as quota_amount,
        month_bookings.bookings_amount,
        month_bookings.deals_won_count
    from month_bookings
),

final as (
    select
        periods.attainment_id,
        periods.rep_id,
        periods.period_started_on,
        periods.period_ended_on,
        cast(periods.period_months as {{ type_double() }}) as period_months,
        periods.period_ended_on <= {{ as_of_date() }} as is_complete_period,
        cast(periods.quota_amount as decimal(18, 2)) as quota_amount,
        cast(periods.bookings_amount as decimal(18, 2)) as bookings_amount,
        cast(periods.bookings_amount as {{ type_double() }})
        / nullif(cast(periods.quota_amount as {{ type_double() }}), 0) as attainment_rate,
        cast(periods.deals_won_count as integer) as deals_won_count
    from periods
)

select * from final
