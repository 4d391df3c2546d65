-- What Salesforce Enablement knows of each person, as learning events. Days without a time are taken as noon UTC, which
-- is the same day everywhere from 12 hours behind UTC to 11 ahead of it.
{%- set tracked_days = 30 %}
{%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
with programs as (
    select * from {{ ref('stg_salesforce_enablement__enablement_programs') }}
    where row_status = 'accepted'
),

learning_items as (
    select * from {{ ref('stg_salesforce_enablement__learning_items') }}
    where row_status = 'accepted'
),

definitions as (
    select * from {{ ref('stg_salesforce_enablement__task_definitions') }}
    where row_status = 'accepted'
),

task_progresses as (
    select * from {{ ref('stg_salesforce_enablement__task_progresses') }}
    where row_status = 'accepted'
),

assignments as (
    select * from {{ ref('stg_salesforce_enablement__item_assignments') }}
    where row_status = 'accepted' and coalesce(assignment_status, 'succeeded') <> 'failed'
),

progresses as (
    select * from {{ ref('stg_salesforce_enablement__item_progresses') }}
    where row_status = 'accepted'
),

-- An exercise has a learning item of its own, which names its program too: only the program's own item stands for it.
program_assignments as (
    select
        assignments.assignment_id,
        assignments.assignee_user_id,
        assignments.learning_item_id,
        assignments.learning_item_progress_id,
        assignments.starts_on,
        assignments.due_on,
        assignments.created_at,
        programs.program_id
    from assignments
    left join learning_items on assignments.learning_item_id = learning_items.learning_item_id
    inner join programs on coalesce(assignments.program_id, learning_items.program_id) = programs.program_id
    where
        coalesce(assignments.learning_item_type, learning_items.learning_item_type, 'enablementprogram')
        = 'enablementprogram'
),

program_progresses as (
    select
        progresses.learning_item_progress_id,
        progresses.owner_user_id,
        progresses.learning_item_id,
        progresses.progress_status,
        progresses.started_at,
        progresses.completed_at,
        progresses.modified_at,
        programs.program_id,
        row_number() over (
            partition by progresses.owner_user_id, progresses.learning_item_id
            order by progresses.modified_at desc nulls last, progresses.learning_item_progress_id desc
        ) as progress_rank
    from progresses
    left join learning_items on progresses.learning_item_id = learning_items.learning_item_id
    inner join programs on coalesce(progresses.program_id, learning_items.program_id) = programs.program_id
    where
        coalesce(progresses.learning_item_type, learning_items.learning_item_type, 'enablementprogram')
        = 'enablementprogram'
),

-- The progress of an assignment is the one that it names, else the latest of the same person and item.
assigned as (
    select
        program_assignments.*,
        coalesce(program_assignments.learning_item_progress_id, program_progresses.learning_item_progress_id)
            as progress_id
    from program_assignments
    left join program_progresses
        on
            program_assignments.learning_item_progress_id is null
            and program_assignments.assignee_user_id = program_progresses.owner_user_id
            and program_assignments.learning_item_id = program_progresses.learning_item_id
            and program_progresses.progress_rank = 1
),

assigned_dues as (
    select
        assigned.progress_id,
        max(assigned.due_on) as due_on
    from assigned
    where assigned.progress_id is not null
    group by assigned.progress_id
),

task_summaries as (
    select
        task_progresses.learning_item_progress_id,
        max(task_progresses.due_on) as last_due_on,
        max(case when task_progresses.is_no_longer_tracking then 1 else 0 end) as has_untracked_task
    from task_progresses
    group by task_progresses.learning_item_progress_id
),

-- Salesforce stops tracking who has not completed a program 30 days after it was due. What happens later is not seen
-- there, and is no failure: these people are censored on that day.
tracked as (
    select
        program_progresses.learning_item_progress_id,
        program_progresses.owner_user_id,
        program_progresses.program_id,
        program_progresses.started_at,
        program_progresses.completed_at,
        assigned_dues.due_on,
        coalesce(
            program_progresses.progress_status = 'nolongertracking' or task_summaries.has_untracked_task = 1, false
        ) as is_no_longer_tracked,
        coalesce(
            cast(
                {{ dbt.dateadd('day', tracked_days, 'coalesce(assigned_dues.due_on, task_summaries.last_due_on)') }}
                as date
            ),
            cast(program_progresses.modified_at as date)
        ) as tracking_ended_on
    from program_progresses
    left join assigned_dues on program_progresses.learning_item_progress_id = assigned_dues.progress_id
    left join task_summaries
        on program_progresses.learning_item_progress_id = task_summaries.learning_item_progress_id
),

exercises as (
    select
        task_progresses.task_progress_id,
        tracked.learning_item_progress_id,
        tracked.owner_user_id,
        definitions.program_id,
        definitions.task_definition_id,
        definitions.task_sub_category,
        task_progresses.completed_at,
        row_number() over (
            partition by tracked.learning_item_progress_id
            order by task_progresses.completed_at, task_progresses.task_progress_id
        ) as exercise_rank
    from task_progresses
    inner join definitions on task_progresses.task_definition_id = definitions.task_definition_id
    inner join programs on definitions.program_id = programs.program_id
    inner join tracked on task_progresses.learning_item_progress_id = tracked.learning_item_progress_id
    where
        task_progresses.completed_at is not null
        and coalesce(task_progresses.is_completed, true)
        and coalesce(definitions.task_category, 'exercise') = 'exercise'
        and (
            not tracked.is_no_longer_tracked
            or cast(task_progresses.completed_at as date) <= tracked.tracking_ended_on
        )
),

events as (
    select
        'learning_item_assignment' as object,
        assigned.assignment_id as row_key,
        'enrolled' as event_type,
        assigned.assignee_user_id as source_identity,
        assigned.program_id,
        {{ no_text }} as task_definition_id,
        coalesce(
            cast({{ dbt.dateadd('hour', 12, 'cast(assigned.starts_on as timestamp)') }} as timestamp),
            assigned.created_at
        ) as happened_at,
        assigned.due_on,
        coalesce(assigned.progress_id, assigned.assignment_id) as enrollment_id
    from assigned
    union all
    select
        'learning_item_progress' as object,
        tracked.learning_item_progress_id as row_key,
        'started' as event_type,
        tracked.owner_user_id as source_identity,
        tracked.program_id,
        {{ no_text }} as task_definition_id,
        tracked.started_at as happened_at,
        tracked.due_on,
        tracked.learning_item_progress_id as enrollment_id
    from tracked
    where tracked.started_at is not null
    union all
    -- Salesforce keeps the start for Trailhead only: the first exercise that was done stands for the others.
    select
        'enbl_program_task_progress' as object,
        exercises.task_progress_id as row_key,
        'started' as event_type,
        exercises.owner_user_id as source_identity,
        tracked.program_id,
        {{ no_text }} as task_definition_id,
        exercises.completed_at as happened_at,
        tracked.due_on,
        exercises.learning_item_progress_id as enrollment_id
    from exercises
    inner join tracked on exercises.learning_item_progress_id = tracked.learning_item_progress_id
    where exercises.exercise_rank = 1 and tracked.started_at is null
    union all
    select
        'learning_item_progress' as object,
        tracked.learning_item_progress_id as row_key,
        'completed' as event_type,
        tracked.owner_user_id as source_identity,
        tracked.program_id,
        {{ no_text }} as task_definition_id,
        tracked.completed_at as happened_at,
        tracked.due_on,
        tracked.learning_item_progress_id as enrollment_id
    from tracked
    where
        tracked.completed_at is not null
        and (not tracked.is_no_longer_tracked or cast(tracked.completed_at as date) <= tracked.tracking_ended_on)
    union all
    select
        'enbl_program_task_progress' as object,
        exercises.task_progress_id as row_key,
        case when exercises.task_sub_category = 'scheduledevent' then 'attended' else 'content_viewed' end
            as event_type,
        exercises.owner_user_id as source_identity,
        exercises.program_id,
        exercises.task_definition_id,
        exercises.completed_at as happened_at,
        cast(null as date) as due_on,
        {{ no_text }} as enrollment_id
    from exercises
),

final as (
    select
        'salesforce' as identity_system,
        events.source_identity,
        events.event_type,
        'salesforce_enablement:' || events.program_id as program_id,
        'salesforce_enablement:' || events.task_definition_id as item_id,
        events.happened_at,
        {{ dbt.dateadd('hour', 12, 'cast(events.due_on as timestamp)') }} as due_at,
        {{ no_text }} as assessment_kind,
        cast(null as integer) as attempt_number,
        cast(null as {{ type_double() }}) as score_rate,
        cast(null as boolean) as is_passed,
        {{ no_text }} as certification_name,
        cast(null as timestamp) as expires_at,
        cast(null as {{ type_double() }}) as duration_minutes,
        'salesforce_enablement:' || events.enrollment_id as enrollment_id,
        events.object,
        events.row_key,
        'accepted' as row_status
    from events
)

select * from final
