-- What to do next for each ramp that is running: milestones past the reference median, else the next one ahead, and
-- the programs and items that the rep is enrolled in and has not done.
with ramps as (
    select * from {{ ref('dim_ramps') }}
    where ended_reason = 'active'
),

forecasts as (
    select * from {{ ref('rep_ramp_forecast') }}
),

milestones as (
    select * from {{ ref('ramp_milestones') }}
),

learning_events as (
    select * from {{ ref('fct_learning_events') }}
    where rep_id is not null
),

programs as (
    select * from {{ ref('dim_programs') }}
),

items as (
    select * from {{ ref('dim_program_items') }}
),

ranked_forecasts as (
    select
        forecasts.ramp_id,
        forecasts.milestone,
        forecasts.status,
        forecasts.elapsed_days,
        forecasts.reference_median_days,
        forecasts.sequence,
        row_number() over (partition by forecasts.ramp_id, forecasts.status order by forecasts.sequence) as status_rank
    from forecasts
    where forecasts.status in ('late', 'at_risk', 'on_track')
),

-- Of the milestones ahead only the first is a next step.
milestone_steps as (
    select
        ranked_forecasts.ramp_id,
        'milestone' as step_kind,
        ranked_forecasts.milestone as step_key,
        milestones.label,
        cast(null as {{ dbt.type_string() }}) as program_id,
        ranked_forecasts.status,
        {{ dbt.dateadd('day', 'ranked_forecasts.reference_median_days', 'ramps.ramp_started_on') }} as due_at,
        ranked_forecasts.sequence
    from ranked_forecasts
    inner join ramps on ranked_forecasts.ramp_id = ramps.ramp_id
    inner join milestones on ranked_forecasts.milestone = milestones.milestone
    where ranked_forecasts.status <> 'on_track' or ranked_forecasts.status_rank = 1
),

enrolments as (
    select
        learning_events.rep_id,
        learning_events.program_id,
        max(case when learning_events.event_type = 'enrolled' then learning_events.due_on end) as due_on,
        max(case when learning_events.event_type = 'completed' then 1 else 0 end) as is_completed
    from learning_events
    where learning_events.program_id is not null and learning_events.event_type in ('enrolled', 'completed')
    group by learning_events.rep_id, learning_events.program_id
),

program_steps as (
    select
        ramps.ramp_id,
        ramps.rep_id,
        programs.program_id,
        programs.program_name,
        enrolments.due_on
    from enrolments
    inner join ramps on enrolments.rep_id = ramps.rep_id
    inner join programs on enrolments.program_id = programs.program_id
    where enrolments.is_completed = 0
),

-- An assessment is done when it is passed, a certification when it is awarded, anything else when it was seen through.
done_items as (
    select
        learning_events.rep_id,
        items.item_id
    from learning_events
    inner join items
        on
            learning_events.item_id = items.item_id
            and (
                learning_events.event_type in ('completed', 'attended', 'content_viewed', 'certified')
                or (learning_events.event_type = 'assessment_submitted' and learning_events.is_passed)
            )
    group by learning_events.rep_id, items.item_id

    union distinct

    select
        learning_events.rep_id,
        items.item_id
    from learning_events
    inner join items
        on
            learning_events.program_id = items.program_id
            and items.item_kind = 'certification'
    where learning_events.event_type = 'certified'
    group by learning_events.rep_id, items.item_id
),

-- What nobody has ever done on record cannot be told from what is not recorded, and is not asked for.
recorded_items as (
    select done_items.item_id
    from done_items
    group by done_items.item_id
),

item_steps as (
    select
        program_steps.ramp_id,
        items.item_id,
        items.item_name,
        program_steps.program_id,
        program_steps.due_on
    from program_steps
    inner join items on program_steps.program_id = items.program_id
    inner join recorded_items on items.item_id = recorded_items.item_id
    left join done_items
        on program_steps.rep_id = done_items.rep_id and items.item_id = done_items.item_id
    where done_items.item_id is null
),

learning_steps as (
    select
        program_steps.ramp_id,
        'program' as step_kind,
        program_steps.program_id as step_key,
        program_steps.program_name as label,
        program_steps.program_id,
        program_steps.due_on
    from program_steps

    union all

    select
        item_steps.ramp_id,
        'program_item' as step_kind,
        item_steps.item_id as step_key,
        item_steps.item_name as label,
        item_steps.program_id,
        item_steps.due_on
    from item_steps
),

steps as (
    select
        milestone_steps.ramp_id,
        milestone_steps.step_kind,
        milestone_steps.step_key,
        milestone_steps.label,
        milestone_steps.program_id,
        milestone_steps.status,
        cast(milestone_steps.due_at as date) as due_on,
        milestone_steps.sequence
    from milestone_steps

    union all

    select
        learning_steps.ramp_id,
        learning_steps.step_kind,
        learning_steps.step_key,
        learning_steps.label,
        learning_steps.program_id,
        case when learning_steps.due_on < {{ as_of_date() }} then 'overdue' else 'open' end as status,
        learning_steps.due_on,
        0 as sequence
    from learning_steps
),

final as (
    select
        {{ surrogate_key(['steps.ramp_id', 'steps.step_kind', 'steps.step_key']) }} as rep_next_step_id,
        ramps.ramp_id,
        ramps.rep_id,
        ramps.manager_rep_id,
        cast(
            row_number() over (
                partition by steps.ramp_id
                order by
                    case steps.status
                        when 'late' then 1
                        when 'overdue' then 2
                        when 'at_risk' then 3
                        when 'open' then 4
                        else 5
                    end asc,
                    steps.due_on asc nulls last,
                    steps.sequence asc,
                    steps.step_kind asc,
                    steps.step_key asc
            ) as integer
        ) as step_number,
        steps.step_kind,
        steps.step_key,
        steps.label,
        steps.program_id,
        steps.status,
        steps.due_on,
        cast({{ dbt.datediff('steps.due_on', as_of_date(), 'day') }} as integer) as overdue_days
    from steps
    inner join ramps on steps.ramp_id = ramps.ramp_id
)

select * from final
