-- One row for each ramp and each milestone of its role family, and a reached milestone names the event that reached it.
with expected as (
    select
        ramps.ramp_id,
        milestones.milestone
    from {{ ref('dim_ramps') }} as ramps
    inner join {{ ref('ramp_milestones') }} as milestones
        on milestones.role_family = '*' or ramps.role_family = milestones.role_family
)

select
    coalesce(expected.ramp_id, found.ramp_id) as ramp_id,
    coalesce(expected.milestone, found.milestone) as milestone,
    found.reached_on,
    found.source_key
from expected
full join {{ ref('rep_milestones') }} as found
    on
        expected.ramp_id = found.ramp_id
        and expected.milestone = found.milestone
where
    expected.ramp_id is null
    or found.ramp_id is null
    or (found.is_reached and found.source_key is null)
    or (found.is_reached and found.is_censored)
    or (found.is_reached and not found.is_evaluable)
    or (found.is_evaluable and not found.is_reached and not found.is_censored)
    or found.active_days_to > found.days_to
    or found.active_days_to < 0
    or found.days_to > found.observed_days
