-- What has each rep generated in the last twelve months, and what is each generating: won bookings beside open
-- pipeline and its age?
with bookings as (select * from {{ ref('fct_bookings') }}),

deals as (select * from {{ ref('fct_opportunities') }}),

reps as (select * from {{ ref('dim_reps') }}),

dates as (select * from {{ ref('dim_dates') }}),

as_of as (
    select date_day from dates
    where is_as_of_date
),

won as (
    select
        bookings.rep_id,
        count(*) as won_count,
        sum(bookings.credited_amount) as bookings_amount
    from bookings
    cross join as_of
    where bookings.booked_on > {{ dbt.dateadd('month', -12, 'as_of.date_day') }} and bookings.rep_id is not null
    group by bookings.rep_id
),

open_deals as (
    select
        deals.owner_rep_id as rep_id,
        count(*) as open_deal_count,
        sum(deals.amount_corporate) as open_pipeline_amount,
        avg(1.0 * deals.age_days) as mean_age_days,
        sum(case when deals.expected_close_on < as_of.date_day then 1 else 0 end) as past_close_date_count
    from deals
    cross join as_of
    where deals.status = 'open' and deals.owner_rep_id is not null
    group by deals.owner_rep_id
),

final as (
    select
        reps.full_name,
        reps.role_family,
        coalesce(won.won_count, 0) as won_count,
        coalesce(won.bookings_amount, 0) as bookings_amount,
        coalesce(open_deals.open_deal_count, 0) as open_deal_count,
        coalesce(open_deals.open_pipeline_amount, 0) as open_pipeline_amount,
        open_deals.mean_age_days,
        coalesce(open_deals.past_close_date_count, 0) as past_close_date_count
    from reps
    left join won on reps.rep_id = won.rep_id
    left join open_deals on reps.rep_id = open_deals.rep_id
    where won.rep_id is not null or open_deals.rep_id is not null
)

select * from final
order by bookings_amount desc, full_name asc
