{{ config(access='private', schema='conformed', contract={'enforced': false}) }}

-- What program_ramp_effect asks: each program, each milestone of selling (learning's own say nothing about a program),
-- each landmark day.
with programs as (
    select * from {{ ref('dim_programs') }}
),

milestones as (
    select * from {{ ref('ramp_milestones') }}
),

landmarks as (
    {%- for landmark in var('landmark_days') %}
    select {{ landmark }} as landmark_days
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

selling_milestones as (
    select milestones.milestone
    from milestones
    where milestones.kind in ('activity', 'opportunity_created', 'deal_won', 'quota')
    group by milestones.milestone
),

final as (
    select
        programs.program_id,
        programs.program_kind,
        programs.starts_on,
        selling_milestones.milestone,
        landmarks.landmark_days
    from programs
    cross join selling_milestones
    cross join landmarks
)

select * from final
