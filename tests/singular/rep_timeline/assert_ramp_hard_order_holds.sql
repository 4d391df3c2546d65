-- The hard order of milestones, true by definition: any row is an error of the project.
select
    ramp_id,
    milestone,
    rule,
    detail
from {{ ref('milestone_anomalies') }}
where severity = 'error'
