-- Influenced plus uninfluenced bookings of a won deal are its bookings, to the cent, by every weighting.
with bookings as (
    select
        opportunity_id,
        sum(credited_amount) as booked_amount
    from {{ ref('fct_bookings') }}
    group by opportunity_id
),

weightings as (
    select weighting
    from {{ ref('deal_influence') }}
    group by weighting
),

influenced as (
    select
        opportunity_id,
        weighting,
        sum(influenced_amount) as influenced_amount
    from {{ ref('deal_influence') }}
    where outcome = 'won'
    group by opportunity_id, weighting
),

expected as (
    select
        bookings.opportunity_id,
        weightings.weighting,
        bookings.booked_amount
    from bookings
    cross join weightings
)

select
    coalesce(expected.opportunity_id, influenced.opportunity_id) as opportunity_id,
    coalesce(expected.weighting, influenced.weighting) as weighting,
    expected.booked_amount,
    influenced.influenced_amount
from expected
full join influenced
    on expected.opportunity_id = influenced.opportunity_id and expected.weighting = influenced.weighting
where expected.booked_amount is distinct from influenced.influenced_amount
