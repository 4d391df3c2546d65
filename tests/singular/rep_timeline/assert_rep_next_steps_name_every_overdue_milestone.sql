-- Every milestone that is late or at risk is a next step, and no milestone that was reached is.
with expected as (
    select
        ramp_id,
        milestone,
        status
    from {{ ref('rep_ramp_forecast') }}
    where status in ('late', 'at_risk')
),

found as (
    select
        ramp_id,
        step_key as milestone,
        status
    from {{ ref('rep_next_steps') }}
    where step_kind = 'milestone' and status in ('late', 'at_risk')
)

select
    coalesce(expected.ramp_id, found.ramp_id) as ramp_id,
    coalesce(expected.milestone, found.milestone) as milestone,
    expected.status as expected_status,
    found.status as found_status
from expected
full join found on expected.ramp_id = found.ramp_id and expected.milestone = found.milestone
where expected.status is distinct from found.status
