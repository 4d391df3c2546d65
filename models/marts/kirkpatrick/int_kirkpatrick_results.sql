{{ config(access='private', schema='conformed', contract={'enforced': false}) }}
-- Level 4: what each participant adds to each result, and the single values that medians are taken of.
with people as (select * from {{ ref('int_kirkpatrick_people') }}),

milestones as (select * from {{ ref('rep_milestones') }}),

attainment as (select * from {{ ref('fct_attainment') }}),

deals as (select * from {{ ref('fct_opportunities') }}),

bookings as (select * from {{ ref('fct_bookings') }}),

completers as (
    select * from people
    where is_window_observed
),

-- Milestones of the sale, of the ramp in which the person was enrolled. One reached before that is not a result.
open_milestones as (
    select
        people.program_id,
        people.person_key,
        milestones.milestone,
        milestones.is_reached,
        milestones.days_to
    from people
    inner join milestones on people.ramp_id = milestones.ramp_id
    where
        people.enrolled_on is not null
        and milestones.kind in ('activity', 'opportunity_created', 'deal_won', 'quota')
        and milestones.is_evaluable
        and milestones.is_observed_from_start
        and milestones.observed_until >= people.enrolled_on
        and (milestones.reached_on is null or milestones.reached_on >= people.enrolled_on)
),

-- Complete quota periods that begin in the window after completion.
periods as (
    select
        completers.program_id,
        completers.person_key,
        sum(attainment.bookings_amount) as bookings_amount,
        sum(attainment.quota_amount) as quota_amount
    from completers
    inner join attainment
        on
            completers.rep_id = attainment.rep_id
            and completers.completed_on < attainment.period_started_on
            and completers.after_ended_on >= attainment.period_started_on
            and attainment.is_complete_period
            and attainment.quota_amount > 0
    group by completers.program_id, completers.person_key
),

closed_deals as (
    select
        completers.program_id,
        completers.person_key,
        deals.opportunity_id,
        deals.status,
        coalesce(deals.amount_corporate, 0) as amount_corporate,
        deals.sales_cycle_days
    from completers
    inner join deals
        on
            completers.rep_id = deals.owner_rep_id
            and deals.status in ('won', 'lost')
            and completers.completed_on < deals.closed_on
            and completers.after_ended_on >= deals.closed_on
),

closed_sums as (
    select
        program_id,
        person_key,
        sum(case when status = 'won' then 1 else 0 end) as won_count,
        count(*) as closed_count,
        sum(case when status = 'won' then amount_corporate else 0 end) as won_amount,
        sum(amount_corporate) as closed_amount
    from closed_deals
    group by program_id, person_key
),

created_sums as (
    select
        completers.program_id,
        completers.person_key,
        sum(coalesce(deals.amount_corporate, 0)) as amount
    from completers
    inner join deals
        on
            completers.rep_id = deals.owner_rep_id
            and completers.completed_on < deals.created_on
            and completers.after_ended_on >= deals.created_on
    group by completers.program_id, completers.person_key
),

booked_sums as (
    select
        completers.program_id,
        completers.person_key,
        sum(bookings.credited_amount) as amount
    from completers
    inner join bookings
        on
            completers.rep_id = bookings.rep_id
            and completers.completed_on < bookings.booked_on
            and completers.after_ended_on >= bookings.booked_on
    group by completers.program_id, completers.person_key
),

measured as (
    select
        program_id,
        person_key,
        'milestone_reached_rate' as metric,
        'milestone' as breakdown_type,
        milestone as breakdown,
        cast(case when is_reached then 1 else 0 end as {{ type_double() }}) as numerator,
        cast(1 as {{ type_double() }}) as denominator,
        cast(null as {{ type_double() }}) as observed_value
    from open_milestones
    union all
    select
        program_id,
        person_key,
        'milestone_days_median' as metric,
        'milestone' as breakdown_type,
        milestone as breakdown,
        null as numerator,
        1 as denominator,
        days_to as observed_value
    from open_milestones
    where is_reached
    union all
    select
        program_id,
        person_key,
        'attainment' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        bookings_amount as numerator,
        quota_amount as denominator,
        null as observed_value
    from periods
    union all
    select
        program_id,
        person_key,
        'win_rate' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        won_count as numerator,
        closed_count as denominator,
        null as observed_value
    from closed_sums
    union all
    select
        program_id,
        person_key,
        'win_rate_by_value' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        won_amount as numerator,
        closed_amount as denominator,
        null as observed_value
    from closed_sums
    union all
    -- One row per won deal: a median is taken over deals.
    select
        program_id,
        person_key,
        'sales_cycle_days_median' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        null as numerator,
        1 as denominator,
        sales_cycle_days as observed_value
    from closed_deals
    where status = 'won' and sales_cycle_days is not null
    union all
    select
        completers.program_id,
        completers.person_key,
        'pipeline_created' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        coalesce(created_sums.amount, 0) as numerator,
        1 as denominator,
        null as observed_value
    from completers
    left join created_sums
        on completers.program_id = created_sums.program_id and completers.person_key = created_sums.person_key
    union all
    select
        completers.program_id,
        completers.person_key,
        'bookings' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        coalesce(booked_sums.amount, 0) as numerator,
        1 as denominator,
        null as observed_value
    from completers
    left join booked_sums
        on completers.program_id = booked_sums.program_id and completers.person_key = booked_sums.person_key
),

final as (
    select
        program_id,
        person_key,
        metric,
        breakdown_type,
        breakdown,
        {{ rounded_double('numerator') }} as numerator,
        cast(denominator as {{ type_double() }}) as denominator,
        cast(observed_value as {{ type_double() }}) as observed_value
    from measured
)

select * from final
