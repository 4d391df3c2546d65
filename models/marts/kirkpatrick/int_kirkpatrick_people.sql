{{ config(access='private', schema='conformed', contract={'enforced': false}) }}
-- Everybody who had anything to do with a program: when, in which cohorts, and in which windows behaviour is compared.
{%- set window_months = var('effect_window_months') | int %}
with learning_events as (select * from {{ ref('fct_learning_events') }}),

survey_scores as (select * from {{ ref('cnf_survey_scores') }}),

reps as (select * from {{ ref('dim_reps') }}),

ramps as (select * from {{ ref('dim_ramps') }}),

role_spells as (select * from {{ ref('cnf_role_spells') }}),

program_events as (
    select
        program_id,
        person_key,
        rep_id,
        event_type,
        happened_on
    from learning_events
    where program_id is not null
    union all
    -- Anonymous answers belong to nobody, and stay so.
    select
        program_id,
        rep_id as person_key,
        rep_id,
        'surveyed' as event_type,
        submitted_on as happened_on
    from survey_scores
    where program_id is not null and rep_id is not null
),

-- A person enrolled twice is one person. Who completed had started, and who started was enrolled.
people as (
    select
        program_id,
        person_key,
        max(rep_id) as rep_id,
        min(happened_on) as first_event_on,
        min(case when event_type in ('enrolled', 'started', 'completed') then happened_on end) as enrolled_on,
        min(case when event_type in ('started', 'completed') then happened_on end) as started_on,
        min(case when event_type = 'completed' then happened_on end) as completed_on
    from program_events
    group by program_id, person_key
),

ranked_completions as (
    select
        program_id,
        person_key,
        is_on_time,
        row_number() over (
            partition by program_id, person_key
            order by happened_on, due_on nulls last, learning_event_id
        ) as completion_rank
    from learning_events
    where program_id is not null and event_type = 'completed'
),

dated as (
    select
        people.program_id,
        people.person_key,
        people.rep_id,
        people.first_event_on,
        people.enrolled_on,
        people.started_on,
        people.completed_on,
        ranked_completions.is_on_time as is_completed_on_time,
        coalesce(people.enrolled_on, people.first_event_on) as anchor_on,
        {{ dbt.datediff(
            'people.completed_on',
            'cast(' ~ dbt.dateadd('month', window_months, 'people.completed_on') ~ ' as date)',
            'day'
        ) }} as window_days
    from people
    left join ranked_completions
        on
            people.program_id = ranked_completions.program_id
            and people.person_key = ranked_completions.person_key
            and ranked_completions.completion_rank = 1
),

-- The ramp that was running then; else the rep's first.
ranked_ramps as (
    select
        dated.program_id,
        dated.person_key,
        ramps.ramp_id,
        ramps.hire_quarter,
        row_number() over (
            partition by dated.program_id, dated.person_key
            order by
                case when ramps.ramp_started_on <= dated.anchor_on then ramps.ramp_started_on end desc nulls last,
                ramps.ramp_started_on,
                ramps.ramp_id asc
        ) as ramp_rank
    from dated
    inner join ramps on dated.rep_id = ramps.rep_id
),

ranked_roles as (
    select
        dated.program_id,
        dated.person_key,
        role_spells.role_family,
        row_number() over (
            partition by dated.program_id, dated.person_key
            order by role_spells.spell_started_on desc, role_spells.role_spell_id asc
        ) as role_rank
    from dated
    inner join role_spells
        on
            dated.rep_id = role_spells.rep_id
            and dated.anchor_on >= role_spells.spell_started_on
            and (role_spells.spell_ended_on is null or dated.anchor_on <= role_spells.spell_ended_on)
),

-- Who left in the window, be it to come back later, was not there to show anything.
leavings as (
    select
        dated.program_id,
        dated.person_key,
        min(role_spells.spell_ended_on) as left_on
    from dated
    inner join role_spells
        on
            dated.rep_id = role_spells.rep_id
            and role_spells.ended_reason = 'left'
            and dated.completed_on <= role_spells.spell_ended_on
    group by dated.program_id, dated.person_key
),

windowed as (
    select
        dated.program_id,
        dated.person_key,
        dated.rep_id,
        case
            when dated.rep_id is null then 'unmatched'
            else coalesce(ranked_roles.role_family, reps.role_family, 'unknown')
        end as role_family,
        case
            when dated.rep_id is null then 'unmatched'
            when ranked_ramps.hire_quarter is not null then ranked_ramps.hire_quarter
            when reps.hired_on is null then 'unknown'
            else
                cast(cast(extract(year from reps.hired_on) as integer) as {{ dbt.type_string() }})
                || '-Q' || cast(cast(extract(quarter from reps.hired_on) as integer) as {{ dbt.type_string() }})
        end as hire_quarter,
        ranked_ramps.ramp_id,
        dated.enrolled_on,
        dated.started_on,
        dated.completed_on,
        dated.is_completed_on_time,
        cast({{ dbt.dateadd('day', '-dated.window_days', 'dated.completed_on') }} as date) as before_started_on,
        cast({{ dbt.dateadd('day', 'dated.window_days', 'dated.completed_on') }} as date) as after_ended_on,
        coalesce(leavings.left_on, reps.terminated_on) as left_on
    from dated
    left join ranked_ramps
        on
            dated.program_id = ranked_ramps.program_id
            and dated.person_key = ranked_ramps.person_key
            and ranked_ramps.ramp_rank = 1
    left join ranked_roles
        on
            dated.program_id = ranked_roles.program_id
            and dated.person_key = ranked_roles.person_key
            and ranked_roles.role_rank = 1
    left join leavings
        on dated.program_id = leavings.program_id and dated.person_key = leavings.person_key
    left join reps on dated.rep_id = reps.rep_id
),

final as (
    select
        program_id,
        person_key,
        rep_id,
        role_family,
        hire_quarter,
        ramp_id,
        enrolled_on,
        started_on,
        completed_on,
        is_completed_on_time,
        before_started_on,
        after_ended_on,
        rep_id is not null
        and coalesce(after_ended_on <= {{ as_of_date() }}, false)
        and (left_on is null or left_on >= after_ended_on) as is_window_observed
    from windowed
)

select * from final
