{%- set shipped = [
    'first_activity',
    'first_call',
    'first_meeting',
    'first_demo',
    'first_opportunity',
    'first_deal',
    'quota_50',
    'quota_80',
    'quota_100',
    'first_program_completed',
    'first_certification',
] -%}

with ramps as (
    select * from {{ ref('dim_ramps') }}
),

milestones as (
    select * from {{ ref('rep_milestones') }}
),

forecasts as (
    select * from {{ ref('rep_ramp_forecast') }}
),

attainment as (
    select * from {{ ref('fct_attainment') }}
),

milestone_days as (
    select
        ramp_id,
        {%- for milestone in shipped %}
        max(case when milestone = '{{ milestone }}' then days_to end) as days_to_{{ milestone }},
        {%- endfor %}
        sum(case when milestone in ('first_deal', 'quota_50') and is_reached then 1 else 0 end) as ramped_count,
        sum(case when is_reached then 1 else 0 end) as reached_milestone_count,
        count(*) as milestone_count
    from milestones
    group by ramp_id
),

-- Worst first: late, at risk, on track.
forecast_status as (
    select
        ramp_id,
        max(case status when 'late' then 3 when 'at_risk' then 2 when 'on_track' then 1 else 0 end) as worst_status
    from forecasts
    where milestone in ('first_deal', 'quota_50')
    group by ramp_id
),

-- The latest quota period that was over while the ramp was still observed.
ranked_attainment as (
    select
        ramps.ramp_id,
        attainment.period_started_on,
        attainment.quota_amount,
        attainment.bookings_amount,
        attainment.attainment_rate,
        row_number() over (partition by ramps.ramp_id order by attainment.period_started_on desc) as period_rank
    from ramps
    inner join attainment
        on
            ramps.rep_id = attainment.rep_id
            and ramps.ramp_started_on <= attainment.period_ended_on
            and ramps.observed_until >= attainment.period_ended_on
    where attainment.is_complete_period and attainment.quota_amount > 0
),

latest_attainment as (
    select * from ranked_attainment
    where period_rank = 1
),

final as (
    select
        ramps.ramp_id,
        ramps.rep_id,
        ramps.role_family,
        ramps.region,
        ramps.manager_rep_id,
        ramps.hire_quarter,
        ramps.onboarding_version,
        ramps.ramp_started_on,
        ramps.observed_until,
        ramps.ended_reason,
        cast(ramps.observed_days as integer) as observed_days,
        ramps.is_observed_from_start,
        {%- for milestone in shipped %}
        milestone_days.days_to_{{ milestone }},
        {%- endfor %}
        cast(coalesce(milestone_days.reached_milestone_count, 0) as integer) as reached_milestone_count,
        cast(coalesce(milestone_days.milestone_count, 0) as integer) as milestone_count,
        latest_attainment.period_started_on as attainment_period_started_on,
        latest_attainment.quota_amount,
        latest_attainment.bookings_amount,
        latest_attainment.attainment_rate,
        case
            when milestone_days.ramped_count = 2 then 'ramped'
            when ramps.ended_reason <> 'active' then ramps.ended_reason
            when forecast_status.worst_status = 3 then 'late'
            when forecast_status.worst_status = 2 then 'at_risk'
            when forecast_status.worst_status = 1 then 'on_track'
            else 'not_evaluable'
        end as status
    from ramps
    left join milestone_days
        on ramps.ramp_id = milestone_days.ramp_id
    left join forecast_status
        on ramps.ramp_id = forecast_status.ramp_id
    left join latest_attainment
        on ramps.ramp_id = latest_attainment.ramp_id
)

select * from final
