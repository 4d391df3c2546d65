-- Do reps who are coached more reach more of their quota in the month after? Ratio of sums per band of minutes; it
-- goes along, it need not be the cause.
with rep_months as (select * from {{ ref('kirkpatrick_rep_month') }}),

paired as (
    select
        coached.rep_id,
        coached.coaching_minutes,
        following.period_bookings_amount,
        following.period_quota_amount
    from rep_months as coached
    inner join rep_months as following
        on
            coached.rep_id = following.rep_id
            and {{ dbt.datediff('coached.month_started_on', 'following.month_started_on', 'month') }} = 1
    where following.period_quota_amount > 0
),

banded as (
    select
        paired.*,
        case
            when coaching_minutes = 0 then '1: none'
            when coaching_minutes < 60 then '2: under 60'
            when coaching_minutes < 120 then '3: 60 to 119'
            else '4: 120 and more'
        end as coaching_minutes_band
    from paired
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
