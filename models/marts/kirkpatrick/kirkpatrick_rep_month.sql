-- What each rep did, learned and sold in each month. Months without anything are rows of zeros while the rep is
-- employed.
{#- count columns and sums that are 0 without an event; sums that stay NULL have no entry here -#}
{%- set counts = [
    'content_views_count',
    'programs_started_count',
    'programs_completed_count',
    'certifications_count',
    'live_sessions_attended_count',
    'practice_recordings_count',
    'recorded_calls_count',
    'coaching_sessions_count',
    'scorecards_count',
    'assessments_submitted_count',
    'assessments_passed_count',
    'assessments_scored_count',
    'scorecards_scored_count',
    'calls_count',
    'meetings_count',
    'demos_count',
    'emails_count',
    'other_activities_count',
    'deals_created_count',
    'deals_won_count',
    'owned_deals_closed_count',
    'owned_deals_won_count',
] %}
{%- set sums = ['coaching_minutes', 'assessment_score_sum', 'scorecard_score_sum'] %}
{%- set amounts = ['pipeline_created_amount', 'bookings_amount', 'period_bookings_amount', 'period_quota_amount'] %}
with reps as (select * from {{ ref('dim_reps') }}),

ramps as (select * from {{ ref('dim_ramps') }}),

dates as (select * from {{ ref('dim_dates') }}),

people as (select * from {{ ref('int_kirkpatrick_people') }}),

learning_events as (select * from {{ ref('fct_learning_events') }}),

coaching_events as (select * from {{ ref('fct_coaching_events') }}),

activities as (select * from {{ ref('fct_activities') }}),

deals as (select * from {{ ref('fct_opportunities') }}),

bookings as (select * from {{ ref('fct_bookings') }}),

attainment as (select * from {{ ref('fct_attainment') }}),

-- Each source gives rep, day, measure and quantity; the measures are turned to columns at the end.
learned as (
    select
        rep_id,
        happened_on,
        case event_type
            when 'content_viewed' then 'content_views_count'
            when 'certified' then 'certifications_count'
            when 'attended' then 'live_sessions_attended_count'
            when 'assessment_submitted' then 'assessments_submitted_count'
        end as measure,
        cast(1 as {{ type_double() }}) as quantity
    from learning_events
    where event_type in ('content_viewed', 'certified', 'attended', 'assessment_submitted')
    union all
    select
        rep_id,
        happened_on,
        'assessments_passed_count' as measure,
        1 as quantity
    from learning_events
    where event_type = 'assessment_submitted' and is_passed
    union all
    select
        rep_id,
        happened_on,
        'assessments_scored_count' as measure,
        1 as quantity
    from learning_events
    where event_type = 'assessment_submitted' and score_rate is not null
    union all
    select
        rep_id,
        happened_on,
        'assessment_score_sum' as measure,
        score_rate as quantity
    from learning_events
    where event_type = 'assessment_submitted' and score_rate is not null
    union all
    select
        rep_id,
        started_on as happened_on,
        'programs_started_count' as measure,
        1 as quantity
    from people
    where started_on is not null
    union all
    select
        rep_id,
        completed_on as happened_on,
        'programs_completed_count' as measure,
        1 as quantity
    from people
    where completed_on is not null
),

coached as (
    select
        rep_id,
        happened_on,
        case event_type
            when 'practice_recording' then 'practice_recordings_count'
            when 'recorded_call' then 'recorded_calls_count'
            when 'scorecard' then 'scorecards_count'
            else 'coaching_sessions_count'
        end as measure,
        cast(1 as {{ type_double() }}) as quantity
    from coaching_events
    union all
    select
        rep_id,
        happened_on,
        'coaching_minutes' as measure,
        duration_minutes as quantity
    from coaching_events
    where event_type not in ('practice_recording', 'recorded_call', 'scorecard')
    union all
    select
        rep_id,
        happened_on,
        'scorecards_scored_count' as measure,
        1 as quantity
    from coaching_events
    where event_type = 'scorecard' and score_rate is not null
    union all
    select
        rep_id,
        happened_on,
        'scorecard_score_sum' as measure,
        score_rate as quantity
    from coaching_events
    where event_type = 'scorecard' and score_rate is not null
),

sold as (
    select
        rep_id,
        happened_on,
        case activity_type
            when 'call' then 'calls_count'
            when 'meeting' then 'meetings_count'
            when 'demo' then 'demos_count'
            when 'email' then 'emails_count'
            else 'other_activities_count'
        end as measure,
        cast(1 as {{ type_double() }}) as quantity
    from activities
    union all
    select
        owner_rep_id as rep_id,
        created_on as happened_on,
        'deals_created_count' as measure,
        1 as quantity
    from deals
    union all
    select
        owner_rep_id as rep_id,
        created_on as happened_on,
        'pipeline_created_amount' as measure,
        amount_corporate as quantity
    from deals
    union all
    select
        owner_rep_id as rep_id,
        closed_on as happened_on,
        'owned_deals_closed_count' as measure,
        1 as quantity
    from deals
    where status in ('won', 'lost')
    union all
    select
        owner_rep_id as rep_id,
        closed_on as happened_on,
        'owned_deals_won_count' as measure,
        1 as quantity
    from deals
    where status = 'won'
    union all
    select
        rep_id,
        booked_on as happened_on,
        'deals_won_count' as measure,
        1 as quantity
    from bookings
    union all
    select
        rep_id,
        booked_on as happened_on,
        'bookings_amount' as measure,
        credited_amount as quantity
    from bookings
    union all
    -- Quota periods stand in the month in which they end; running ones are not judged.
    select
        rep_id,
        period_ended_on as happened_on,
        'period_bookings_amount' as measure,
        bookings_amount as quantity
    from attainment
    where is_complete_period and quota_amount > 0
    union all
    select
        rep_id,
        period_ended_on as happened_on,
        'period_quota_amount' as measure,
        quota_amount as quantity
    from attainment
    where is_complete_period and quota_amount > 0
),

events as (
    select * from learned
    union all
    select * from coached
    union all
    select * from sold
),

rep_events as (
    select
        rep_id,
        cast({{ dbt.date_trunc('month', 'happened_on') }} as date) as month_started_on,
        measure,
        sum(quantity) as quantity
    from events
    where rep_id is not null and happened_on is not null
    group by rep_id, cast({{ dbt.date_trunc('month', 'happened_on') }} as date), measure
),

-- ---- the months: those of employment since the company has any record, and those with an event ----
first_month as (
    select min(month_started_on) as month_started_on
    from rep_events
),

months as (
    select
        dates.month_started_on,
        dates.month_ended_on
    from dates
    cross join first_month
    where
        dates.date_day = dates.month_started_on
        and dates.date_day >= first_month.month_started_on
        and dates.date_day <= {{ as_of_date() }}
),

ramping_reps as (
    select rep_id
    from ramps
    group by rep_id
),

rep_months as (
    select
        reps.rep_id,
        months.month_started_on
    from reps
    inner join ramping_reps on reps.rep_id = ramping_reps.rep_id
    inner join months
        on
            reps.hired_on <= months.month_ended_on
            and (reps.terminated_on is null or reps.terminated_on >= months.month_started_on)
    union all
    select
        rep_id,
        month_started_on
    from rep_events
),

grain as (
    select
        rep_id,
        month_started_on
    from rep_months
    group by rep_id, month_started_on
),

turned as (
    select
        rep_id,
        month_started_on,
        {%- for measure in counts + sums + amounts[:-1] %}
        sum(case when measure = '{{ measure }}' then quantity end) as {{ measure }},
        {%- endfor %}
        sum(case when measure = 'period_quota_amount' then quantity end) as period_quota_amount
    from rep_events
    group by rep_id, month_started_on
),

final as (
    select
        {{ surrogate_key(['grain.rep_id', 'grain.month_started_on']) }} as kirkpatrick_rep_month_id,
        grain.rep_id,
        grain.month_started_on,
        cast({{ dbt.last_day('grain.month_started_on', 'month') }} as date) as month_ended_on,
        {%- for measure in counts %}
        cast(coalesce(turned.{{ measure }}, 0) as integer) as {{ measure }},
        {%- endfor %}
        {{ rounded_double('coalesce(turned.coaching_minutes, 0)') }} as coaching_minutes,
        {{ rounded_double('turned.assessment_score_sum') }} as assessment_score_sum,
        {{ rounded_double('turned.assessment_score_sum / nullif(turned.assessments_scored_count, 0)') }}
            as assessment_score_rate,
        {{ rounded_double(
            'coalesce(turned.assessments_passed_count, 0) / nullif(turned.assessments_submitted_count, 0)'
        ) }}
            as assessment_pass_rate,
        {{ rounded_double('turned.scorecard_score_sum') }} as scorecard_score_sum,
        {{ rounded_double('turned.scorecard_score_sum / nullif(turned.scorecards_scored_count, 0)') }}
            as scorecard_score_rate,
        cast(coalesce(turned.pipeline_created_amount, 0) as decimal(18, 2)) as pipeline_created_amount,
        cast(coalesce(turned.bookings_amount, 0) as decimal(18, 2)) as bookings_amount,
        {{ rounded_double(
            'coalesce(turned.owned_deals_won_count, 0) / nullif(turned.owned_deals_closed_count, 0)'
        ) }} as win_rate,
        cast(turned.period_bookings_amount as decimal(18, 2)) as period_bookings_amount,
        cast(turned.period_quota_amount as decimal(18, 2)) as period_quota_amount,
        {{ rounded_double('turned.period_bookings_amount / nullif(turned.period_quota_amount, 0)') }}
            as attainment_rate
    from grain
    left join turned
        on grain.rep_id = turned.rep_id and grain.month_started_on = turned.month_started_on
)

select * from final
