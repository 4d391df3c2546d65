-- The credits of each won deal add up to its amount, to the cent, and its shares to 1.
with deals as (
    select * from {{ ref('fct_opportunities') }}
    where status = 'won'
),

bookings as (select * from {{ ref('fct_bookings') }}),

credited as (
    select
        bookings.opportunity_id,
        sum(bookings.credited_amount) as credited_amount,
        sum(bookings.credit_share) as credit_share
    from bookings
    group by bookings.opportunity_id
),

final as (
    select
        coalesce(deals.opportunity_id, credited.opportunity_id) as opportunity_id,
        deals.amount_corporate,
        credited.credited_amount,
        credited.credit_share
    from deals
    full join credited on deals.opportunity_id = credited.opportunity_id
    where
        deals.opportunity_id is null
        or credited.opportunity_id is null
        or credited.credited_amount <> coalesce(deals.amount_corporate, 0)
        or abs(credited.credit_share - 1) > 0.000000001
)

select * from final
