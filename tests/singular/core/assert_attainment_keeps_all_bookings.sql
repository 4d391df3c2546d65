-- Bookings in attainment and bookings of nobody are all bookings, rep by rep.
with attainment as (select * from {{ ref('fct_attainment') }}),

bookings as (select * from {{ ref('fct_bookings') }}),

attained as (
    select
        attainment.rep_id,
        sum(attainment.bookings_amount) as bookings_amount
    from attainment
    group by attainment.rep_id
),

booked as (
    select
        bookings.rep_id,
        sum(bookings.credited_amount) as bookings_amount
    from bookings
    where bookings.rep_id is not null
    group by bookings.rep_id
),

final as (
    select
        coalesce(attained.rep_id, booked.rep_id) as rep_id,
        attained.bookings_amount as attained_amount,
        booked.bookings_amount as booked_amount
    from attained
    full join booked on attained.rep_id = booked.rep_id
    where coalesce(attained.bookings_amount, 0) <> coalesce(booked.bookings_amount, 0)
)

select * from final
