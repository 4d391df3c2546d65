{{ config(access='private', schema='conformed', contract={'enforced': false}) }}

with milestones as (
    select * from {{ ref('rep_milestones') }}
    where entry_days is not null and is_evaluable
),

ramps as (
    select * from {{ ref('dim_ramps') }}
),

reps as (
    select * from {{ ref('dim_reps') }}
),

durations as (
    select
        milestones.ramp_id,
        milestones.milestone,
        milestones.entry_days,
        case when milestones.is_reached then milestones.days_to else milestones.observed_days end as duration_days,
        milestones.is_reached,
        (not milestones.is_reached) and milestones.ended_reason = 'left' as is_left,
        ramps.hire_quarter,
        ramps.role_family,
        ramps.region,
        ramps.manager_rep_id,
        managers.full_name as manager_name,
        ramps.onboarding_version,
        case
            when ramps.ramp_started_on > {{ dbt.dateadd('year', -1, as_of_date()) }} then 'last 12 months'
            when ramps.ramp_started_on > {{ dbt.dateadd('year', -2, as_of_date()) }} then '12 to 24 months ago'
            else 'over 24 months ago'
        end as hire_recency
    from milestones
    inner join ramps
        on milestones.ramp_id = ramps.ramp_id
    left join reps as managers
        on ramps.manager_rep_id = managers.rep_id
),

by_cohort as (
    select
        ramp_id,
        milestone,
        entry_days,
        duration_days,
        is_reached,
        is_left,
        'all' as cohort_type,
        'all' as cohort,
        'all ramps' as cohort_label
    from durations
    {% for cohort_type, cohort, label in [
    ('hire_quarter', 'hire_quarter', 'hire_quarter'),
    ('hire_recency', 'hire_recency', 'hire_recency'),
    ('role_family', 'role_family', 'role_family'),
    ('region', 'region', 'region'),
    ('manager', 'manager_rep_id', 'manager_name'),
    ('onboarding_version', 'onboarding_version', 'onboarding_version'),
] %}
    union all

    select
        ramp_id,
        milestone,
        entry_days,
        duration_days,
        is_reached,
        is_left,
        '{{ cohort_type }}' as cohort_type,
        coalesce({{ cohort }}, 'none') as cohort,
        coalesce({{ label }}, {{ cohort }}, 'none') as cohort_label
    from durations
    {% endfor %}
),

final as (
    select
        ramp_id,
        milestone,
        cohort_type,
        cohort,
        cohort_label,
        entry_days,
        duration_days,
        is_reached,
        is_left
    from by_cohort
)

select * from final
