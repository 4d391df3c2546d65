{{ config(access='private', schema='conformed', contract={'enforced': false}) }}

-- Each deal once per credited rep (won) or with its owner (lost, open), with the day up to which a touch may have
-- influenced it: the close, or the as-of date while it is open. Credits of people who are no reps are one row of
-- nobody.
with bookings as (
    select * from {{ ref('fct_bookings') }}
),

opportunities as (
    select * from {{ ref('fct_opportunities') }}
),

final as (
    select
        bookings.opportunity_id,
        bookings.rep_id,
        'won' as outcome,
        bookings.booked_on as outcome_on,
        {{ rounded_double(ordered_sum('bookings.credit_share')) }} as credit_share,
        cast(sum(bookings.credited_amount) as decimal(18, 2)) as amount
    from bookings
    group by bookings.opportunity_id, bookings.rep_id, bookings.booked_on
    union all
    select
        opportunities.opportunity_id,
        opportunities.owner_rep_id as rep_id,
        opportunities.status as outcome,
        coalesce(opportunities.closed_on, {{ as_of_date() }}) as outcome_on,
        1e0 as credit_share,
        opportunities.amount_corporate as amount
    from opportunities
    where opportunities.status in ('lost', 'open')
)

select * from final
