{{ config(materialized='view', access='private', schema='conformed', contract={'enforced': false}) }}
-- The days of each ramp. Where one ends on the day the next one begins, the day belongs to the next.
with ramps as (select * from {{ ref('dim_ramps') }}),

final as (
    select
        ramp_id,
        rep_id,
        ramp_started_on,
        observed_until,
        lead(ramp_started_on) over (partition by rep_id order by ramp_started_on asc) as next_ramp_started_on
    from ramps
)

select * from final
