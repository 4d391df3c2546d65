-- What stands in the months of reps is what stands in the facts: no event is lost, or counted in two months.
with rep_months as (select * from {{ ref('kirkpatrick_rep_month') }}),

learning_events as (
    select * from {{ ref('fct_learning_events') }}
    where rep_id is not null
),

coaching_events as (
    select * from {{ ref('fct_coaching_events') }}
    where rep_id is not null
),

activities as (
    select * from {{ ref('fct_activities') }}
    where rep_id is not null
),

bookings as (
    select * from {{ ref('fct_bookings') }}
    where rep_id is not null
),

deals as (
    select * from {{ ref('fct_opportunities') }}
    where owner_rep_id is not null
),

attainment as (
    select * from {{ ref('fct_attainment') }}
    where is_complete_period and quota_amount > 0
),

program_starts as (
    select
        rep_id,
        program_id
    from learning_events
    where event_type in ('started', 'completed') and program_id is not null
    group by rep_id, program_id
),

program_completions as (
    select
        rep_id,
        program_id
    from learning_events
    where event_type = 'completed' and program_id is not null
    group by rep_id, program_id
),

month_sums as (
    select
        'content_views' as measure,
        sum(content_views_count) as total
    from rep_months
    union all
    select
        'programs_started' as measure,
        sum(programs_started_count) as total
    from rep_months
    union all
    select
        'programs_completed' as measure,
        sum(programs_completed_count) as total
    from rep_months
    union all
    select
        'certifications' as measure,
        sum(certifications_count) as total
    from rep_months
    union all
    select
        'live_sessions' as measure,
        sum(live_sessions_attended_count) as total
    from rep_months
    union all
    select
        'assessments' as measure,
        sum(assessments_submitted_count) as total
    from rep_months
    union all
    select
        'coaching' as measure,
        sum(practice_recordings_count + recorded_calls_count + scorecards_count + coaching_sessions_count) as total
    from rep_months
    union all
    select
        'activities' as measure,
        sum(calls_count + meetings_count + demos_count + emails_count + other_activities_count) as total
    from rep_months
    union all
    select
        'deals_created' as measure,
        sum(deals_created_count) as total
    from rep_months
    union all
    select
        'pipeline_created' as measure,
        sum(pipeline_created_amount) as total
    from rep_months
    union all
    select
        'bookings' as measure,
        sum(bookings_amount) as total
    from rep_months
    union all
    select
        'quota' as measure,
        sum(period_quota_amount) as total
    from rep_months
),

fact_sums as (
    select
        'content_views' as measure,
        count(*) as total
    from learning_events
    where event_type = 'content_viewed'
    union all
    select
        'programs_started' as measure,
        count(*) as total
    from program_starts
    union all
    select
        'programs_completed' as measure,
        count(*) as total
    from program_completions
    union all
    select
        'certifications' as measure,
        count(*) as total
    from learning_events
    where event_type = 'certified'
    union all
    select
        'live_sessions' as measure,
        count(*) as total
    from learning_events
    where event_type = 'attended'
    union all
    select
        'assessments' as measure,
        count(*) as total
    from learning_events
    where event_type = 'assessment_submitted'
    union all
    select
        'coaching' as measure,
        count(*) as total
    from coaching_events
    union all
    select
        'activities' as measure,
        count(*) as total
    from activities
    union all
    select
        'deals_created' as measure,
        count(*) as total
    from deals
    union all
    select
        'pipeline_created' as measure,
        sum(amount_corporate) as total
    from deals
    union all
    select
        'bookings' as measure,
        sum(credited_amount) as total
    from bookings
    union all
    select
        'quota' as measure,
        sum(quota_amount) as total
    from attainment
)

select
    month_sums.measure,
    month_sums.total as month_total,
    fact_sums.total as fact_total
from month_sums
inner join fact_sums on month_sums.measure = fact_sums.measure
where coalesce(month_sums.total, 0) <> coalesce(fact_sums.total, 0)
