-- Do reps who are coached more reach more of their quota in the month after? Ratio of sums per band of minutes; it
-- goes along, it need not be the cause.
with rep_months as (select * from {{ ref('kirkpatrick_rep_month') }}),

quota_months as (
    select
        rep_id,
        period_bookings_amount,
        period_quota_amount,
        cast({{ dbt.dateadd('month', -1, 'month_started_on') }} as date) as month_before_started_on
    from rep_months
    where period_quota_amount > 0
),

banded as (
    select
        rep_months.rep_id,
        quota_months.period_bookings_amount,
        quota_months.period_quota_amount,
        case
            when rep_months.coaching_minutes = 0 then '1: none'
            when rep_months.coaching_minutes < 60 then '2: under 60'
            when rep_months.coaching_minutes < 120 then '3: 60 to 119'
            else '4: 120 and more'
        end as coaching_minutes_band
    from rep_months
    inner join quota_months
        on
            rep_months.rep_id = quota_months.rep_id
            and rep_months.month_started_on = quota_months.month_before_started_on
),

final as (
    select
        coaching_minutes_band,
        count(*) as rep_month_count,
        count(distinct rep_id) as rep_count,
        sum(period_bookings_amount) as bookings_next_month,
        sum(period_quota_amount) as quota_next_month,
        1.0 * sum(period_bookings_amount) / nullif(sum(period_quota_amount), 0) as attainment_next_month
    from banded
    group by coaching_minutes_band
)

select * from final
order by coaching_minutes_band
