-- One row per rep and latest ramp: whoever is furthest behind first.
with latest as (
    select *
    from rep_timeline.rep_ramp
    qualify row_number() over (partition by rep_id order by ramp_started_on desc) = 1
),

behind as (
    select
        ramp_id,
        string_agg(label || case status when 'late' then ' (late)' else ' (at risk)' end, ', ' order by sequence)
            as behind_on,
        count(*) as behind_count,
        count(*) filter (where status = 'late') as late_count,
        max(elapsed_days - reference_median_days) as most_days_behind
    from rep_timeline.rep_ramp_forecast
    inner join (select distinct milestone, label from rep_timeline.rep_milestones) as labels using (milestone)
    where status in ('late', 'at_risk')
    group by ramp_id
)

select
    latest.ramp_id,
    latest.rep_id,
    latest.role_family,
    latest.region,
    latest.manager_rep_id,
    latest.hire_quarter,
    latest.onboarding_version,
    latest.ramp_started_on,
    latest.observed_days,
    latest.status,
    latest.is_observed_from_start,
    latest.days_to_first_activity,
    latest.days_to_first_deal,
    latest.days_to_quota_50,
    latest.days_to_quota_80,
    latest.days_to_quota_100,
    latest.reached_milestone_count,
    latest.milestone_count,
    latest.attainment_rate,
    behind.behind_on,
    coalesce(behind.behind_count, 0) as behind_count,
    case latest.status
        when 'late' then 1
        when 'at_risk' then 2
        when 'on_track' then 3
        when 'not_evaluable' then 4
        when 'ramped' then 5
        else 6
    end as urgency
from latest
left join behind on latest.ramp_id = behind.ramp_id
order by
    urgency,
    coalesce(behind.late_count, 0) desc,
    behind_count desc,
    behind.most_days_behind desc nulls last,
    latest.ramp_started_on desc,
    latest.rep_id
