-- Won deals by who is credited with them. The credits of a deal add up to its amount.
with credits as (select * from {{ ref('cnf_opportunity_credits') }}),

final as (
    select
        credits.opportunity_credit_id as booking_id,
        credits.opportunity_id,
        credits.rep_id,
        credits.credit_share,
        credits.credited_amount,
        credits.booked_on,
        credits.credit_method
    from credits
)

select * from final
