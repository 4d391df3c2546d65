{{ config(materialized='view', access='private', schema='conformed', contract={'enforced': false}) }}
-- The days of each ramp. Where one ends on the day the next one begins, the day belongs to the next.
with ramps as (select * from {{ ref('dim_ramps') }}),

followed as (
    select
        ramp_id,
        rep_id,
        ramp_started_on,
        observed_until,
        lead(ramp_started_on) over (partition by rep_id order by ramp_started_on asc) as next_ramp_started_on
    from ramps
),

final as (
    select
        ramp_id,
        rep_id,
        ramp_started_on,
        case
            when next_ramp_started_on <= observed_until
                then cast({{ dbt.dateadd('day', -1, 'next_ramp_started_on') }} as date)
            else observed_until
        end as last_day_on
    from followed
)

select * from final
