-- One row per rep and ramping role family, from the start of the clock (var ramp_clock) to the last observed day.
{%- set ramp_clock = var('ramp_clock') %}
{%- if ramp_clock not in ['role_start', 'hire', 'first_quota', 'onboarding_enrolment'] %}
{{- exceptions.raise_compiler_error(
    "var ramp_clock is '" ~ ramp_clock ~ "': write role_start, hire, first_quota or onboarding_enrolment."
) -}}
{%- endif %}
with role_spells as (select * from {{ ref('cnf_role_spells') }}),

leaves as (select * from {{ ref('cnf_leaves') }}),

{% if ramp_clock == 'first_quota' -%}
quotas as (select * from {{ ref('cnf_quotas') }}),

{% endif -%}
learning_events as (select * from {{ ref('cnf_learning_events') }}),

programs as (select * from {{ ref('cnf_programs') }}),

activities as (select * from {{ ref('cnf_activities') }}),

deals as (select * from {{ ref('cnf_opportunities') }}),

-- Consecutive spells of one family are one block: a promotion, another manager or territory does not end a ramp.
with_previous as (
    select
        role_spells.*,
        lag(role_spells.role_family) over (
            partition by role_spells.rep_id, role_spells.employment_number order by role_spells.spell_started_on
        ) as previous_family,
        row_number() over (
            partition by role_spells.rep_id, role_spells.employment_number order by role_spells.spell_started_on
        ) as spell_number
    from role_spells
),

numbered as (
    select
        with_previous.*,
        sum(case when with_previous.role_family = with_previous.previous_family then 0 else 1 end) over (
            partition by with_previous.rep_id, with_previous.employment_number
            order by with_previous.spell_started_on
            rows between unbounded preceding and current row
        ) as block_number
    from with_previous
),

ranked as (
    select
        numbered.*,
        row_number() over (
            partition by numbered.rep_id, numbered.employment_number, numbered.block_number
            order by numbered.spell_started_on
        ) as first_rank,
        row_number() over (
            partition by numbered.rep_id, numbered.employment_number, numbered.block_number
            order by numbered.spell_started_on desc
        ) as last_rank,
        max(case when numbered.is_ramping then 1 else 0 end) over (
            partition by numbered.rep_id, numbered.employment_number, numbered.block_number
        ) as is_ramping_block
    from numbered
),

blocks as (
    select
        first_spells.rep_id,
        first_spells.employment_number,
        first_spells.block_number,
        first_spells.role_family,
        first_spells.region,
        first_spells.segment,
        first_spells.manager_rep_id,
        first_spells.hired_on,
        first_spells.spell_number = 1 as is_first_of_employment,
        first_spells.spell_started_on as block_started_on,
        last_spells.spell_ended_on as block_ended_on,
        coalesce(last_spells.ended_reason, 'active') as ended_reason
    from ranked as first_spells
    inner join ranked as last_spells
        on
            first_spells.rep_id = last_spells.rep_id
            and first_spells.employment_number = last_spells.employment_number
            and first_spells.block_number = last_spells.block_number
    where first_spells.first_rank = 1 and last_spells.last_rank = 1 and first_spells.is_ramping_block = 1
),

{% if ramp_clock == 'first_quota' -%}
-- A quota period that was running when the role began starts the clock with the role.
clock_starts as (
    select
        blocks.rep_id,
        blocks.employment_number,
        blocks.block_number,
        min(
            case
                when quotas.period_started_on < blocks.block_started_on then blocks.block_started_on
                else quotas.period_started_on
            end
        ) as ramp_started_on
    from blocks
    inner join quotas
        on
            blocks.rep_id = quotas.rep_id
            and quotas.quota_amount > 0
            and quotas.period_ended_on >= blocks.block_started_on
            and (blocks.block_ended_on is null or quotas.period_started_on <= blocks.block_ended_on)
    group by blocks.rep_id, blocks.employment_number, blocks.block_number
),
{%- elif ramp_clock == 'onboarding_enrolment' -%}
clock_starts as (
    select
        blocks.rep_id,
        blocks.employment_number,
        blocks.block_number,
        min(learning_events.happened_on) as ramp_started_on
    from blocks
    inner join learning_events
        on
            blocks.rep_id = learning_events.rep_id
            and learning_events.event_type = 'enrolled'
            and learning_events.happened_on >= blocks.block_started_on
            and (blocks.block_ended_on is null or learning_events.happened_on <= blocks.block_ended_on)
    inner join programs
        on learning_events.program_id = programs.program_id and programs.program_kind = 'onboarding'
    group by blocks.rep_id, blocks.employment_number, blocks.block_number
),
{%- else -%}
clock_starts as (
    select
        blocks.rep_id,
        blocks.employment_number,
        blocks.block_number,
        {%- if ramp_clock == 'hire' %}
        -- The first role of an employment starts with the hire, a later one when it was taken up.
        case
            when blocks.is_first_of_employment then coalesce(blocks.hired_on, blocks.block_started_on)
            else blocks.block_started_on
        end as ramp_started_on
        {%- else %}
        blocks.block_started_on as ramp_started_on
        {%- endif %}
    from blocks
),
{%- endif %}

observed as (
    select
        {{ surrogate_key([
            'blocks.rep_id', 'blocks.employment_number', 'blocks.role_family', 'blocks.block_started_on'
        ]) }} as ramp_id,
        blocks.rep_id,
        blocks.role_family,
        blocks.region,
        blocks.segment,
        blocks.manager_rep_id,
        clock_starts.ramp_started_on,
        coalesce(blocks.block_ended_on, {{ as_of_date() }}) as observed_until,
        blocks.ended_reason
    from blocks
    inner join clock_starts
        on
            blocks.rep_id = clock_starts.rep_id
            and blocks.employment_number = clock_starts.employment_number
            and blocks.block_number = clock_starts.block_number
    where
        clock_starts.ramp_started_on <= {{ as_of_date() }}
        and (blocks.block_ended_on is null or clock_starts.ramp_started_on <= blocks.block_ended_on)
),

leave_totals as (
    select
        observed.ramp_id,
        sum(
            {{ dbt.datediff(
                'case when leaves.leave_started_on < observed.ramp_started_on then observed.ramp_started_on'
                ~ ' else leaves.leave_started_on end',
                'case when leaves.leave_ended_on > observed.observed_until then observed.observed_until'
                ~ ' else leaves.leave_ended_on end',
                'day'
            ) }} + 1
        ) as leave_days
    from observed
    inner join leaves
        on
            observed.rep_id = leaves.rep_id
            and observed.observed_until >= leaves.leave_started_on
            and observed.ramp_started_on <= leaves.leave_ended_on
    group by observed.ramp_id
),

onboarding_enrolments as (
    select
        observed.ramp_id,
        programs.program_id,
        programs.program_version,
        learning_events.happened_on as enrolled_on,
        row_number() over (
            partition by observed.ramp_id
            order by learning_events.happened_on, learning_events.happened_at, programs.program_id
        ) as enrolment_rank
    from observed
    inner join learning_events
        on
            observed.rep_id = learning_events.rep_id
            and learning_events.event_type = 'enrolled'
            and learning_events.happened_on between observed.ramp_started_on and observed.observed_until
    inner join programs
        on learning_events.program_id = programs.program_id and programs.program_kind = 'onboarding'
),

{% if var('history_starts_on') -%}
history as (
    select cast('{{ var("history_starts_on") }}' as date) as history_started_on
),
{%- else -%}
history_days as (
    select min(activities.happened_on) as history_started_on
    from activities
    union all
    select min(deals.closed_on) as history_started_on
    from deals
),

history as (
    select min(history_days.history_started_on) as history_started_on
    from history_days
),
{%- endif %}

final as (
    select
        observed.ramp_id,
        observed.rep_id,
        cast(
            row_number() over (partition by observed.rep_id order by observed.ramp_started_on, observed.observed_until)
            as integer
        ) as ramp_number,
        observed.role_family,
        observed.region,
        observed.segment,
        observed.manager_rep_id,
        observed.ramp_started_on,
        observed.observed_until,
        observed.ended_reason,
        cast({{ dbt.datediff('observed.ramp_started_on', 'observed.observed_until', 'day') }} as integer)
            as observed_days,
        cast(coalesce(leave_totals.leave_days, 0) as integer) as leave_days,
        cast(cast(extract(year from observed.ramp_started_on) as integer) as {{ dbt.type_string() }})
        || '-Q' || cast(cast(extract(quarter from observed.ramp_started_on) as integer) as {{ dbt.type_string() }})
            as hire_quarter,
        onboarding_enrolments.program_id as onboarding_program_id,
        onboarding_enrolments.program_version as onboarding_version,
        onboarding_enrolments.enrolled_on as onboarding_enrolled_on,
        coalesce(observed.ramp_started_on >= history.history_started_on, true) as is_observed_from_start,
        greatest(observed.ramp_started_on, coalesce(history.history_started_on, observed.ramp_started_on))
            as recorded_from_on
    from observed
    cross join history
    left join leave_totals on observed.ramp_id = leave_totals.ramp_id
    left join onboarding_enrolments
        on observed.ramp_id = onboarding_enrolments.ramp_id and onboarding_enrolments.enrolment_rank = 1
)

select * from final
