{{ config(access='private', schema='conformed', contract={'enforced': false}) }}

-- Ramps by program, milestone and landmark, in the treated or the control arm, with the time from the landmark on.
-- landmark: completed the program by day L of the ramp, against those who had not, among ramps still at risk after day
-- L. A plain comparison of completers is biased, since slow reps have longer to complete.
-- version: everybody enrolled in this onboarding version against the version that the role family had before it, from
-- day 0. Which version it is follows from when a rep was hired, not from what the rep did, so this needs no landmark.
with program_landmarks as (
    select * from {{ ref('int_program_ramp_landmarks') }}
),

milestones as (
    select * from {{ ref('rep_milestones') }}
    where is_observed_from_start and is_evaluable
),

ramps as (
    select * from {{ ref('dim_ramps') }}
),

learning_events as (
    select * from {{ ref('fct_learning_events') }}
),

-- Whoever had completed the program before the ramp began is treated from the start.
completions as (
    select
        ramps.ramp_id,
        learning_events.program_id,
        min({{ dbt.datediff('ramps.ramp_started_on', 'learning_events.happened_on', 'day') }}) as completed_day
    from ramps
    inner join learning_events
        on
            ramps.rep_id = learning_events.rep_id
            and learning_events.event_type = 'completed'
            and ramps.observed_until >= learning_events.happened_on
    group by ramps.ramp_id, learning_events.program_id
),

-- Who could have taken the program: onboarding is for those enrolled in that version, other programs for whoever ramped
-- while they ran.
eligible as (
    select
        program_landmarks.program_id,
        program_landmarks.milestone,
        program_landmarks.landmark_days,
        ramps.ramp_id
    from program_landmarks
    inner join ramps
        on
            (
                program_landmarks.program_kind = 'onboarding'
                and program_landmarks.program_id = ramps.onboarding_program_id
            )
            or (
                program_landmarks.program_kind <> 'onboarding'
                and {{ dbt.datediff('ramps.ramp_started_on', 'program_landmarks.starts_on', 'day') }}
                <= program_landmarks.landmark_days
            )
),

at_landmark as (
    select
        'landmark' as comparison,
        eligible.program_id,
        milestones.milestone,
        eligible.landmark_days,
        milestones.ramp_id,
        milestones.role_family,
        coalesce(completions.completed_day <= eligible.landmark_days, false) as is_treated,
        coalesce(milestones.days_to, milestones.observed_days) - eligible.landmark_days as duration_days,
        milestones.is_reached,
        not milestones.is_reached and milestones.ended_reason = 'left' as is_left
    from eligible
    inner join milestones on eligible.ramp_id = milestones.ramp_id and eligible.milestone = milestones.milestone
    left join completions
        on eligible.ramp_id = completions.ramp_id and eligible.program_id = completions.program_id
    where coalesce(milestones.days_to, milestones.observed_days) > eligible.landmark_days
),

-- Only role families in which somebody is treated.
treated_families as (
    select
        at_landmark.program_id,
        at_landmark.milestone,
        at_landmark.landmark_days,
        at_landmark.role_family
    from at_landmark
    where at_landmark.is_treated
    group by at_landmark.program_id, at_landmark.milestone, at_landmark.landmark_days, at_landmark.role_family
),

family_versions as (
    select
        program_landmarks.program_id,
        program_landmarks.milestone,
        program_landmarks.starts_on,
        milestones.role_family
    from program_landmarks
    inner join ramps on program_landmarks.program_id = ramps.onboarding_program_id
    inner join milestones
        on ramps.ramp_id = milestones.ramp_id and program_landmarks.milestone = milestones.milestone
    where program_landmarks.program_kind = 'onboarding'
    group by
        program_landmarks.program_id,
        program_landmarks.milestone,
        program_landmarks.starts_on,
        milestones.role_family
),

version_order as (
    select
        family_versions.program_id,
        family_versions.milestone,
        family_versions.role_family,
        lag(family_versions.program_id) over (
            partition by family_versions.milestone, family_versions.role_family
            order by family_versions.starts_on, family_versions.program_id
        ) as previous_program_id
    from family_versions
),

by_version as (
    select
        'version' as comparison,
        version_order.program_id,
        milestones.milestone,
        0 as landmark_days,
        milestones.ramp_id,
        milestones.role_family,
        version_order.program_id = ramps.onboarding_program_id as is_treated,
        coalesce(milestones.days_to, milestones.observed_days) as duration_days,
        milestones.is_reached,
        not milestones.is_reached and milestones.ended_reason = 'left' as is_left
    from version_order
    inner join ramps
        on ramps.onboarding_program_id in (version_order.program_id, version_order.previous_program_id)
    inner join milestones
        on
            ramps.ramp_id = milestones.ramp_id
            and version_order.milestone = milestones.milestone
            and version_order.role_family = milestones.role_family
    where version_order.previous_program_id is not null
),

compared as (
    select
        at_landmark.comparison,
        at_landmark.program_id,
        at_landmark.milestone,
        at_landmark.landmark_days,
        at_landmark.ramp_id,
        at_landmark.role_family,
        at_landmark.is_treated,
        at_landmark.duration_days,
        at_landmark.is_reached,
        at_landmark.is_left
    from at_landmark
    inner join treated_families
        on
            at_landmark.program_id = treated_families.program_id
            and at_landmark.milestone = treated_families.milestone
            and at_landmark.landmark_days = treated_families.landmark_days
            and at_landmark.role_family = treated_families.role_family
    union all
    select
        by_version.comparison,
        by_version.program_id,
        by_version.milestone,
        by_version.landmark_days,
        by_version.ramp_id,
        by_version.role_family,
        by_version.is_treated,
        by_version.duration_days,
        by_version.is_reached,
        by_version.is_left
    from by_version
),

-- A role family in which nobody of either group reaches the milestone (SDRs close no deals) says nothing about the
-- program.
reaching_families as (
    select
        compared.comparison,
        compared.program_id,
        compared.milestone,
        compared.landmark_days,
        compared.role_family
    from compared
    where compared.is_reached
    group by
        compared.comparison,
        compared.program_id,
        compared.milestone,
        compared.landmark_days,
        compared.role_family
),

final as (
    select
        compared.comparison,
        compared.program_id,
        compared.milestone,
        compared.landmark_days,
        compared.ramp_id,
        compared.role_family,
        compared.is_treated,
        compared.duration_days,
        compared.is_reached,
        compared.is_left
    from compared
    inner join reaching_families
        on
            compared.comparison = reaching_families.comparison
            and compared.program_id = reaching_families.program_id
            and compared.milestone = reaching_families.milestone
            and compared.landmark_days = reaching_families.landmark_days
            and compared.role_family = reaching_families.role_family
)

select * from final
