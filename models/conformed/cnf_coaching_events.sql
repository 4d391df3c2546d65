-- Recorded calls, scorecards and the sessions of the managers' coaching log, up to the as-of date.
with calls as (select * from {{ ref('stg_gong__calls') }}),

scorecards as (select * from {{ ref('stg_gong__answered_scorecards') }}),

sessions as (select * from {{ ref('stg_coaching_log__sessions') }}),

answers as (select * from {{ ref('cnf_scorecard_answers') }}),

identities as (select * from {{ ref('cnf_identities') }}),

reps as (select * from {{ ref('cnf_reps') }}),

zone_days as (select * from {{ ref('cnf_zone_days') }}),

-- The overall question is the score of a scorecard; without one, the mean of its answers.
scorecard_scores as (
    select
        answers.coaching_event_id,
        {{ ordered_mean('case when answers.is_overall then answers.score_rate end') }} as overall_rate,
        {{ ordered_mean('answers.score_rate') }} as mean_rate
    from answers
    group by answers.coaching_event_id
),

events as (
    select
        'gong' as system,
        'calls' as object,
        calls.row_key,
        'recorded_call' as event_type,
        calls.primary_gong_user_id as source_identity,
        cast(null as {{ dbt.type_string() }}) as coach_identity,
        calls.started_at as happened_at,
        cast(null as date) as happened_date,
        cast(calls.duration_seconds as {{ type_double() }}) / 60.0 as duration_minutes,
        cast(null as {{ type_double() }}) as score_rate,
        cast(null as {{ dbt.type_string() }}) as topic,
        cast(null as {{ dbt.type_string() }}) as scorecard_name
    from calls
    where calls.row_status = 'accepted'
    union all
    select
        'gong' as system,
        'answered_scorecards' as object,
        scorecards.row_key,
        'scorecard' as event_type,
        scorecards.reviewed_gong_user_id as source_identity,
        scorecards.reviewer_gong_user_id as coach_identity,
        scorecards.reviewed_at as happened_at,
        cast(null as date) as happened_date,
        cast(null as {{ type_double() }}) as duration_minutes,
        cast(null as {{ type_double() }}) as score_rate,
        cast(null as {{ dbt.type_string() }}) as topic,
        scorecards.scorecard_name
    from scorecards
    inner join calls on scorecards.call_id = calls.call_id and calls.row_status = 'accepted'
    where scorecards.row_status = 'accepted'
    union all
    -- A spreadsheet has a day, not an instant.
    select
        'coaching_log' as system,
        'session' as object,
        sessions.row_key,
        coalesce(sessions.session_kind, 'other') as event_type,
        lower(trim(sessions.rep_email)) as source_identity,
        lower(trim(sessions.coach_email)) as coach_identity,
        cast(sessions.held_on as timestamp) as happened_at,
        sessions.held_on as happened_date,
        cast(sessions.duration_minutes as {{ type_double() }}) as duration_minutes,
        cast(sessions.score as {{ type_double() }}) / nullif(cast(sessions.scale_max as {{ type_double() }}), 0)
            as score_rate,
        sessions.topic,
        cast(null as {{ dbt.type_string() }}) as scorecard_name
    from sessions
    where sessions.row_status = 'accepted'
),

identified as (
    select
        events.*,
        {{ surrogate_key([
            'events.system', 'events.object', 'events.row_key'
        ], separator=':') }} as coaching_event_id,
        rep_identities.rep_id,
        coach_identities.rep_id as coach_rep_id,
        coalesce(events.happened_date, {{ local_date_by_zone_days('events.happened_at', 'reps.timezone') }})
            as happened_on
    from events
    left join identities as rep_identities
        on events.system = rep_identities.system and events.source_identity = rep_identities.source_identity
    left join identities as coach_identities
        on events.system = coach_identities.system and events.coach_identity = coach_identities.source_identity
    left join reps on rep_identities.rep_id = reps.rep_id
    left join zone_days
        on
            coalesce(reps.timezone, '{{ var('default_timezone') }}') = zone_days.timezone
            and cast(events.happened_at as date) = zone_days.utc_on
),

final as (
    select
        identified.coaching_event_id,
        identified.system,
        identified.object as source_object,
        identified.source_identity,
        identified.coach_identity,
        identified.rep_id,
        identified.coach_rep_id,
        identified.event_type,
        identified.happened_at,
        identified.happened_on,
        identified.duration_minutes,
        coalesce(identified.score_rate, scorecard_scores.overall_rate, scorecard_scores.mean_rate) as score_rate,
        identified.topic,
        identified.scorecard_name,
        identified.system || ':' || identified.object || ':' || identified.row_key as source_key
    from identified
    left join scorecard_scores on identified.coaching_event_id = scorecard_scores.coaching_event_id
    where identified.happened_on <= {{ as_of_date() }}
)

select * from final
