-- The soft order, expected of healthy data: the rows are worth a look, and stop nothing.
{{ config(severity='warn') }}

select
    ramp_id,
    milestone,
    rule,
    detail
from {{ ref('milestone_anomalies') }}
where rule in ('soft_order', 'deal_before_activity', 'milestone_on_start_day')
