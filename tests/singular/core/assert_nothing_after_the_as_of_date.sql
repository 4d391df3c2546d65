-- No fact is dated after the as-of date.
with dated as (
    select
        'fct_activities' as fact,
        activity_id as fact_id,
        happened_on as dated_on
    from {{ ref('fct_activities') }}
    union all
    select
        'fct_opportunities' as fact,
        opportunity_id as fact_id,
        created_on as dated_on
    from {{ ref('fct_opportunities') }}
    union all
    select
        'fct_opportunities' as fact,
        opportunity_id as fact_id,
        closed_on as dated_on
    from {{ ref('fct_opportunities') }}
    union all
    select
        'fct_bookings' as fact,
        booking_id as fact_id,
        booked_on as dated_on
    from {{ ref('fct_bookings') }}
    union all
    select
        'fct_quotas' as fact,
        quota_id as fact_id,
        period_started_on as dated_on
    from {{ ref('fct_quotas') }}
    union all
    select
        'fct_learning_events' as fact,
        learning_event_id as fact_id,
        happened_on as dated_on
    from {{ ref('fct_learning_events') }}
    union all
    select
        'cnf_survey_scores' as fact,
        survey_score_id as fact_id,
        submitted_on as dated_on
    from {{ ref('cnf_survey_scores') }}
    union all
    select
        'fct_coaching_events' as fact,
        coaching_event_id as fact_id,
        happened_on as dated_on
    from {{ ref('fct_coaching_events') }}
    union all
    select
        'fct_pipeline_snapshots' as fact,
        pipeline_snapshot_id as fact_id,
        month_ended_on as dated_on
    from {{ ref('fct_pipeline_snapshots') }}
    union all
    select
        'dim_ramps' as fact,
        ramp_id as fact_id,
        observed_until as dated_on
    from {{ ref('dim_ramps') }}
    union all
    select
        'dim_reps' as fact,
        rep_id as fact_id,
        hired_on as dated_on
    from {{ ref('dim_reps') }}
),

final as (
    select
        dated.fact,
        dated.fact_id,
        dated.dated_on
    from dated
    where dated.dated_on > {{ as_of_date() }}
)

select * from final
