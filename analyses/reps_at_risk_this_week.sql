-- Which new reps need help this week: the milestones they are late for, and the training that is overdue?
with forecasts as (select * from {{ ref('rep_ramp_forecast') }}),

ramps as (select * from {{ ref('dim_ramps') }}),

reps as (select * from {{ ref('dim_reps') }}),

learning_events as (select * from {{ ref('fct_learning_events') }}),

dates as (select * from {{ ref('dim_dates') }}),

as_of as (
    select date_day from dates
    where is_as_of_date
),

ranked_milestones as (
    select
        forecasts.rep_id,
        forecasts.ramp_id,
        forecasts.milestone,
        forecasts.status,
        forecasts.elapsed_days,
        forecasts.reference_median_days,
        forecasts.probability_30_days,
        row_number() over (
            partition by forecasts.ramp_id
            order by case when forecasts.status = 'late' then 1 else 2 end, forecasts.sequence
        ) as milestone_rank,
        count(*) over (partition by forecasts.ramp_id) as milestone_count
    from forecasts
    inner join ramps on forecasts.ramp_id = ramps.ramp_id
    where forecasts.status in ('at_risk', 'late') and ramps.ended_reason = 'active'
),

enrolments as (
    select
        enrollment_id,
        max(rep_id) as rep_id,
        max(due_on) as due_on,
        max(case when event_type = 'completed' then 1 else 0 end) as is_completed
    from learning_events
    where enrollment_id is not null
    group by enrollment_id
),

overdue as (
    select
        enrolments.rep_id,
        count(*) as overdue_program_count,
        min(enrolments.due_on) as longest_overdue_since
    from enrolments
    cross join as_of
    where enrolments.is_completed = 0 and enrolments.due_on < as_of.date_day and enrolments.rep_id is not null
    group by enrolments.rep_id
),

final as (
    select
        reps.full_name,
        managers.full_name as manager_name,
        ranked_milestones.milestone as worst_milestone,
        ranked_milestones.status,
        ranked_milestones.elapsed_days,
        ranked_milestones.reference_median_days,
        ranked_milestones.probability_30_days,
        ranked_milestones.milestone_count as late_milestone_count,
        coalesce(overdue.overdue_program_count, 0) as overdue_program_count,
        overdue.longest_overdue_since
    from reps
    left join ranked_milestones
        on reps.rep_id = ranked_milestones.rep_id and ranked_milestones.milestone_rank = 1
    left join overdue on reps.rep_id = overdue.rep_id
    left join reps as managers on reps.manager_rep_id = managers.rep_id
    where reps.is_active and (ranked_milestones.ramp_id is not null or overdue.rep_id is not null)
)

select * from final
order by
    late_milestone_count desc nulls last, overdue_program_count desc, full_name asc
