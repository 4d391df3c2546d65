{{ config(access='private', schema='conformed', contract={'enforced': false}) }}
{%- set mode = var('quota_milestone_mode') -%}
{%- set periods_back = var('quota_rolling_periods') | int - 1 -%}
{%- if mode not in ['first_period', 'rolling_n', 'cumulative'] -%}
    {{ exceptions.raise_compiler_error(
        "var quota_milestone_mode is '" ~ mode ~ "': use first_period, rolling_n or cumulative."
    ) }}
{%- endif -%}
{%- if periods_back < 0 -%}
    {{ exceptions.raise_compiler_error("var quota_rolling_periods must be 1 or more.") }}
{%- endif %}

with ramps as (
    select * from {{ ref('dim_ramps') }}
),

milestones as (
    select * from {{ ref('ramp_milestones') }}
    where kind = 'quota'
),

quotas as (
    select * from {{ ref('fct_quotas') }}
),

bookings as (
    select * from {{ ref('fct_bookings') }}
    where rep_id is not null
),

opportunities as (
    select * from {{ ref('fct_opportunities') }}
),

-- Quota periods that overlap the ramp and have a quota: the only ones that can be evaluated.
evaluable_periods as (
    select
        ramps.ramp_id,
        ramps.ramp_started_on,
        quotas.period_started_on,
        quotas.period_ended_on,
        quotas.milestone_quota,
        row_number() over (partition by ramps.ramp_id order by quotas.period_started_on asc) as period_number
    from ramps
    inner join quotas
        on
            ramps.rep_id = quotas.rep_id
            and ramps.observed_until >= quotas.period_started_on
            and ramps.ramp_started_on <= quotas.period_ended_on
    where quotas.milestone_quota > 0
),

evaluable_ramps as (
    select
        ramp_id,
        min(greatest(period_started_on, ramp_started_on)) as evaluable_from_on
    from evaluable_periods
    group by ramp_id
),

ramp_bookings as (
    select
        ramps.ramp_id,
        bookings.booking_id,
        bookings.opportunity_id,
        bookings.booked_on,
        coalesce(bookings.credited_amount, 0) as credited_amount,
        sum(coalesce(bookings.credited_amount, 0)) over (
            partition by ramps.ramp_id
            order by bookings.booked_on asc, bookings.opportunity_id asc, bookings.booking_id asc
            rows between unbounded preceding and current row
        ) as ramp_running_amount
    from ramps
    inner join bookings
        on
            ramps.rep_id = bookings.rep_id
            and ramps.ramp_started_on <= bookings.booked_on
            and ramps.observed_until >= bookings.booked_on
),

-- Where periods overlap, a booking counts in each of them.
period_bookings as (
    select
        ramp_bookings.*,
        evaluable_periods.period_number,
        evaluable_periods.period_started_on,
        evaluable_periods.milestone_quota,
        sum(ramp_bookings.credited_amount) over (
            partition by ramp_bookings.ramp_id, evaluable_periods.period_number
            order by ramp_bookings.booked_on asc, ramp_bookings.opportunity_id asc, ramp_bookings.booking_id asc
            rows between unbounded preceding and current row
        ) as period_running_amount
    from ramp_bookings
    inner join evaluable_periods
        on
            ramp_bookings.ramp_id = evaluable_periods.ramp_id
            and ramp_bookings.booked_on >= evaluable_periods.period_started_on
            and ramp_bookings.booked_on <= evaluable_periods.period_ended_on
),

{% if mode == 'rolling_n' -%}
period_totals as (
    select
        evaluable_periods.ramp_id,
        evaluable_periods.period_number,
        evaluable_periods.milestone_quota,
        coalesce(sum(period_bookings.credited_amount), 0) as period_amount
    from evaluable_periods
    left join period_bookings
        on
            evaluable_periods.ramp_id = period_bookings.ramp_id
            and evaluable_periods.period_number = period_bookings.period_number
    group by evaluable_periods.ramp_id, evaluable_periods.period_number, evaluable_periods.milestone_quota
),

-- The period and up to n - 1 evaluable ones of the ramp before it.
trailing_periods as (
    select
        ramp_id,
        period_number,
        sum(milestone_quota) over (
            partition by ramp_id
            order by period_number asc
            rows between {{ periods_back }} preceding and current row
        ) as trailing_quota,
        sum(period_amount) over (
            partition by ramp_id
            order by period_number asc
            rows between {{ periods_back }} preceding and current row
        ) - period_amount as earlier_amount
    from period_totals
),

progress as (
    select
        period_bookings.ramp_id,
        period_bookings.booking_id,
        period_bookings.opportunity_id,
        period_bookings.booked_on,
        period_bookings.period_started_on,
        trailing_periods.earlier_amount + period_bookings.period_running_amount as bookings_amount,
        trailing_periods.trailing_quota as quota_amount
    from period_bookings
    inner join trailing_periods
        on
            period_bookings.ramp_id = trailing_periods.ramp_id
            and period_bookings.period_number = trailing_periods.period_number
),
{%- else -%}
progress as (
    select
        ramp_id,
        booking_id,
        opportunity_id,
        booked_on,
        period_started_on,
        {{ 'ramp_running_amount' if mode == 'cumulative' else 'period_running_amount' }} as bookings_amount,
        milestone_quota as quota_amount
    from period_bookings
),
{%- endif %}

-- Numeric against numeric: reaching the threshold on the exact cent counts.
-- A deal outside every evaluable period crosses nothing.
crossings as (
    select
        progress.ramp_id,
        milestones.milestone,
        progress.opportunity_id,
        progress.booked_on,
        progress.period_started_on,
        progress.bookings_amount,
        progress.quota_amount,
        row_number() over (
            partition by progress.ramp_id, milestones.milestone
            order by
                progress.booked_on asc,
                progress.opportunity_id asc,
                progress.booking_id asc,
                progress.period_started_on asc
        ) as crossing_rank
    from progress
    inner join milestones
        on progress.bookings_amount >= milestones.threshold * progress.quota_amount
),

first_crossings as (
    select * from crossings
    where crossing_rank = 1
),

final as (
    select
        ramps.ramp_id,
        milestones.milestone,
        first_crossings.booked_on as happened_on,
        opportunities.source_key,
        first_crossings.period_started_on as quota_period_started_on,
        cast(first_crossings.bookings_amount as decimal(18, 2)) as bookings_amount,
        cast(first_crossings.quota_amount as decimal(18, 2)) as quota_amount,
        evaluable_ramps.evaluable_from_on,
        evaluable_ramps.evaluable_from_on is not null as is_evaluable
    from ramps
    inner join milestones
        on milestones.role_family = '*' or ramps.role_family = milestones.role_family
    left join evaluable_ramps
        on ramps.ramp_id = evaluable_ramps.ramp_id
    left join first_crossings
        on
            ramps.ramp_id = first_crossings.ramp_id
            and milestones.milestone = first_crossings.milestone
    left join opportunities
        on first_crossings.opportunity_id = opportunities.opportunity_id
)

select * from final
