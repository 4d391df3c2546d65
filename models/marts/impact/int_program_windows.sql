{{ config(access='private', schema='conformed', contract={'enforced': false}) }}

-- The windows of each ongoing program: equal numbers of full months before anybody could have taken it, and after the
-- month in which most completed it (the earliest such month); and the window before the one before, for the pre-trend.
{%- set window_months = var('effect_window_months') %}
with programs as (
    select * from {{ ref('dim_programs') }}
),

learning_events as (
    select * from {{ ref('fct_learning_events') }}
),

completions as (
    select
        learning_events.program_id,
        learning_events.rep_id,
        cast({{ dbt.date_trunc('month', 'min(learning_events.happened_on)') }} as date) as completed_month
    from learning_events
    where learning_events.event_type = 'completed' and learning_events.rep_id is not null
    group by learning_events.program_id, learning_events.rep_id
),

month_counts as (
    select
        completions.program_id,
        completions.completed_month,
        row_number() over (
            partition by completions.program_id order by count(*) desc, completions.completed_month asc
        ) as month_rank
    from completions
    group by completions.program_id, completions.completed_month
),

starts as (
    select
        programs.program_id,
        cast({{ dbt.date_trunc('month', 'coalesce(programs.starts_on, min(learning_events.happened_on))') }} as date)
            as launch_month
    from programs
    inner join learning_events
        on programs.program_id = learning_events.program_id and learning_events.event_type = 'enrolled'
    where programs.program_kind = 'ongoing'
    group by programs.program_id, programs.starts_on
),

final as (
    select
        starts.program_id,
        starts.launch_month,
        month_counts.completed_month as index_month,
        cast({{ dbt.dateadd('month', -2 * window_months, 'starts.launch_month') }} as date) as earlier_started_on,
        cast({{ dbt.dateadd('month', -window_months, 'starts.launch_month') }} as date) as before_started_on,
        cast({{ dbt.dateadd('day', -1, 'starts.launch_month') }} as date) as before_ended_on,
        cast({{ dbt.dateadd('month', 1, 'month_counts.completed_month') }} as date) as after_started_on,
        cast(
            {{ dbt.dateadd('day', -1, dbt.dateadd('month', window_months + 1, 'month_counts.completed_month')) }}
            as date
        ) as after_ended_on
    from starts
    inner join month_counts on starts.program_id = month_counts.program_id and month_counts.month_rank = 1
)

select * from final
