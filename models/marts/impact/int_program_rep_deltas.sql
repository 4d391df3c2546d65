{{ config(access='private', schema='conformed', contract={'enforced': false}) }}

-- Per program, rep and outcome: the mean of each window, for reps who took the program (treated) and reps of the same
-- role family and tenure band who had not been enrolled by the end of the window after it (control). Whoever is
-- neither, or was not in one ramping role family and employed through all three windows, is left out; so is whoever was
-- on leave for four weeks or more of one window, since that window says nothing of how the rep sells.
{%- set window_months = var('effect_window_months') %}
{%- set windows = ['earlier', 'before', 'after'] %}
with windows as (
    select * from {{ ref('int_program_windows') }}
    where after_ended_on <= {{ as_of_date() }}
),

reps as (
    select * from {{ ref('dim_reps') }}
),

role_spells as (
    select * from {{ ref('cnf_role_spells') }}
),

leaves as (
    select * from {{ ref('cnf_leaves') }}
),

learning_events as (
    select * from {{ ref('fct_learning_events') }}
),

bookings as (
    select * from {{ ref('fct_bookings') }}
),

attainment as (
    select * from {{ ref('fct_attainment') }}
),

activities as (
    select * from {{ ref('fct_activities') }}
),

opportunities as (
    select * from {{ ref('fct_opportunities') }}
),

families as (
    select
        windows.program_id,
        role_spells.rep_id,
        min(role_spells.role_family) as role_family
    from windows
    inner join role_spells
        on
            windows.after_ended_on >= role_spells.spell_started_on
            and windows.earlier_started_on <= coalesce(role_spells.spell_ended_on, windows.earlier_started_on)
    group by windows.program_id, role_spells.rep_id
    having
        min(role_spells.role_family) = max(role_spells.role_family)
        and min(case when role_spells.is_ramping then 1 else 0 end) = 1
),

employed as (
    select
        windows.*,
        families.rep_id,
        families.role_family,
        case
            when {{ dbt.datediff('reps.hired_on', 'windows.launch_month', 'month') }} < 12 then 'under 12 months'
            when {{ dbt.datediff('reps.hired_on', 'windows.launch_month', 'month') }} <= 36 then '12 to 36 months'
            else 'over 36 months'
        end as tenure_band
    from windows
    inner join families on windows.program_id = families.program_id
    inner join reps on families.rep_id = reps.rep_id
    where
        reps.hired_on <= windows.earlier_started_on
        and (reps.terminated_on is null or reps.terminated_on >= windows.after_ended_on)
),

participation as (
    select
        learning_events.program_id,
        learning_events.rep_id,
        min(case when learning_events.event_type = 'enrolled' then learning_events.happened_on end) as enrolled_on,
        min(case when learning_events.event_type = 'completed' then learning_events.happened_on end) as completed_on
    from learning_events
    where learning_events.event_type in ('enrolled', 'completed') and learning_events.rep_id is not null
    group by learning_events.program_id, learning_events.rep_id
),

arms as (
    select
        employed.*,
        participation.completed_on is not null as is_treated
    from employed
    left join participation
        on employed.program_id = participation.program_id and employed.rep_id = participation.rep_id
    where
        (participation.completed_on >= employed.launch_month and participation.completed_on < employed.after_started_on)
        or participation.rep_id is null
        or participation.enrolled_on > employed.after_ended_on
),

arms_of_windows as (
    {%- for window in windows %}
    select
        arms.program_id,
        arms.rep_id,
        '{{ window }}' as window_name,
        arms.{{ window }}_started_on as started_on,
        {% if window == 'earlier' -%}
        cast({{ dbt.dateadd('day', -1, 'arms.before_started_on') }} as date) as ended_on
        {%- else -%}
        arms.{{ window }}_ended_on as ended_on
        {%- endif %}
    from arms
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

long_leaves as (
    select
        arms_of_windows.program_id,
        arms_of_windows.rep_id
    from arms_of_windows
    inner join leaves
        on
            arms_of_windows.rep_id = leaves.rep_id
            and arms_of_windows.started_on <= leaves.leave_ended_on
            and arms_of_windows.ended_on >= leaves.leave_started_on
    group by arms_of_windows.program_id, arms_of_windows.rep_id, arms_of_windows.window_name
    having
        sum(
            {{ dbt.datediff(
                'greatest(arms_of_windows.started_on, leaves.leave_started_on)',
                'least(arms_of_windows.ended_on, leaves.leave_ended_on)',
                'day'
            ) }} + 1
        ) >= 28
),

window_bookings as (
    select
        arms_of_windows.program_id,
        arms_of_windows.rep_id,
        arms_of_windows.window_name,
        sum(bookings.credited_amount) as bookings_amount
    from arms_of_windows
    inner join bookings
        on
            arms_of_windows.rep_id = bookings.rep_id
            and bookings.booked_on between arms_of_windows.started_on and arms_of_windows.ended_on
    group by arms_of_windows.program_id, arms_of_windows.rep_id, arms_of_windows.window_name
),

window_attainment as (
    select
        arms_of_windows.program_id,
        arms_of_windows.rep_id,
        arms_of_windows.window_name,
        sum(attainment.bookings_amount) as attained_amount,
        sum(attainment.quota_amount) as quota_amount
    from arms_of_windows
    inner join attainment
        on
            arms_of_windows.rep_id = attainment.rep_id
            and arms_of_windows.started_on <= attainment.period_started_on
            and arms_of_windows.ended_on >= attainment.period_ended_on
            and attainment.quota_amount is not null
    group by arms_of_windows.program_id, arms_of_windows.rep_id, arms_of_windows.window_name
),

window_demos as (
    select
        arms_of_windows.program_id,
        arms_of_windows.rep_id,
        arms_of_windows.window_name,
        count(*) as demo_count
    from arms_of_windows
    inner join activities
        on
            arms_of_windows.rep_id = activities.rep_id
            and activities.activity_type = 'demo'
            and activities.happened_on between arms_of_windows.started_on and arms_of_windows.ended_on
    group by arms_of_windows.program_id, arms_of_windows.rep_id, arms_of_windows.window_name
),

window_pipeline as (
    select
        arms_of_windows.program_id,
        arms_of_windows.rep_id,
        arms_of_windows.window_name,
        sum(opportunities.amount_corporate) as created_amount
    from arms_of_windows
    inner join opportunities
        on
            arms_of_windows.rep_id = opportunities.owner_rep_id
            and opportunities.created_on between arms_of_windows.started_on and arms_of_windows.ended_on
    group by arms_of_windows.program_id, arms_of_windows.rep_id, arms_of_windows.window_name
),

measured as (
    select
        arms_of_windows.program_id,
        arms_of_windows.rep_id,
        arms_of_windows.window_name,
        cast(coalesce(window_bookings.bookings_amount, 0) as {{ type_double() }}) / {{ window_months }}
            as bookings_per_month,
        cast(window_attainment.attained_amount as {{ type_double() }}) / nullif(window_attainment.quota_amount, 0)
            as attainment,
        cast(coalesce(window_demos.demo_count, 0) as {{ type_double() }}) / {{ window_months }} as demos_per_month,
        cast(coalesce(window_pipeline.created_amount, 0) as {{ type_double() }}) / {{ window_months }}
            as pipeline_created_per_month
    from
        arms_of_windows
    {%- for source in ['window_bookings', 'window_attainment', 'window_demos', 'window_pipeline'] %}
left join {{ source }}
    on
        arms_of_windows.program_id = {{ source }}.program_id
        and arms_of_windows.rep_id = {{ source }}.rep_id
        and arms_of_windows.window_name = {{ source }}.window_name
    {%- endfor %}
),

long as (
    {%- for outcome in ['bookings_per_month', 'attainment', 'demos_per_month', 'pipeline_created_per_month'] %}
    select
        measured.program_id,
        measured.rep_id,
        '{{ outcome }}' as outcome,
    {%- for window in windows %}
    max(case when measured.window_name = '{{ window }}' then measured.{{ outcome }} end) as {{ window }}_mean
    {{- ',' if not loop.last }}
    {%- endfor %}
    from measured
    group by measured.program_id, measured.rep_id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        arms.program_id,
        long.outcome,
        arms.rep_id,
        arms.is_treated,
        arms.role_family,
        arms.tenure_band,
        long.earlier_mean,
        long.before_mean,
        long.after_mean,
        long.after_mean - long.before_mean as delta,
        long.before_mean - long.earlier_mean as earlier_delta
    from arms
    inner join long on arms.program_id = long.program_id and arms.rep_id = long.rep_id
    left join long_leaves on arms.program_id = long_leaves.program_id and arms.rep_id = long_leaves.rep_id
    where
        long_leaves.rep_id is null
        and long.after_mean - long.before_mean is not null
        and long.before_mean - long.earlier_mean is not null
)

select * from final
