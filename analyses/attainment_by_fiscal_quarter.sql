-- How much of its quota did the company reach in each fiscal quarter, by role family, and how many reps made theirs?
with attainment as (
    select * from {{ ref('fct_attainment') }}
    where is_complete_period and quota_amount > 0
),

dates as (select * from {{ ref('dim_dates') }}),

reps as (select * from {{ ref('dim_reps') }}),

rep_quarters as (
    select
        dates.fiscal_year,
        dates.fiscal_quarter,
        reps.role_family,
        attainment.rep_id,
        sum(attainment.bookings_amount) as bookings_amount,
        sum(attainment.quota_amount) as quota_amount
    from attainment
    inner join dates on attainment.period_ended_on = dates.date_day
    inner join reps on attainment.rep_id = reps.rep_id
    group by dates.fiscal_year, dates.fiscal_quarter, reps.role_family, attainment.rep_id
),

final as (
    select
        fiscal_year,
        fiscal_quarter,
        role_family,
        count(*) as rep_count,
        sum(case when bookings_amount >= quota_amount then 1 else 0 end) as reps_at_quota_count,
        sum(bookings_amount) as bookings_amount,
        sum(quota_amount) as quota_amount,
        1.0 * sum(bookings_amount) / nullif(sum(quota_amount), 0) as attainment_rate
    from rep_quarters
    group by fiscal_year, fiscal_quarter, role_family
)

select * from final
order by fiscal_year, fiscal_quarter, role_family
