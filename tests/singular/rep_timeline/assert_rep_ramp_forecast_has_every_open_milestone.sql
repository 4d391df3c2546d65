-- A forecast row for each milestone still ahead of an active ramp, and probabilities that grow with the horizon.
with expected as (
    select rep_milestone_id
    from {{ ref('rep_milestones') }}
    where ended_reason = 'active' and not is_reached
)

select
    coalesce(expected.rep_milestone_id, found.rep_milestone_id) as rep_milestone_id,
    found.status
from expected
full join {{ ref('rep_ramp_forecast') }} as found
    on expected.rep_milestone_id = found.rep_milestone_id
where
    expected.rep_milestone_id is null
    or found.rep_milestone_id is null
    or found.probability_30_days < 0
    or found.probability_30_days > found.probability_60_days
    or found.probability_60_days > found.probability_90_days
    or found.probability_90_days > 1
    or (found.status = 'not_evaluable') <> (found.reason_not_evaluable is not null)
