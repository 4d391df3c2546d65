{{ config(access='private', schema='conformed', contract={'enforced': false}) }}
-- Level 3: what each person who completed a program adds to each measure of behaviour, in the windows before and after.
-- The day of completion is in neither window.
{%- set window_months = var('effect_window_months') | int %}
with people as (select * from {{ ref('int_kirkpatrick_people') }}),

coaching_events as (select * from {{ ref('fct_coaching_events') }}),

scorecard_answers as (select * from {{ ref('fct_scorecard_answers') }}),

activities as (select * from {{ ref('fct_activities') }}),

learning_events as (select * from {{ ref('fct_learning_events') }}),

behaviors as (select * from {{ ref('program_behaviors') }}),

completers as (
    select * from people
    where is_window_observed
),

-- ---- scorecards before and after, of the people who have both ----
scorecard_means as (
    select
        completers.program_id,
        completers.person_key,
        {{ ordered_mean(
            'case when coaching_events.happened_on < completers.completed_on then coaching_events.score_rate end'
        ) }} as before_rate,
        {{ ordered_mean(
            'case when coaching_events.happened_on > completers.completed_on then coaching_events.score_rate end'
        ) }} as after_rate
    from completers
    inner join coaching_events
        on
            completers.rep_id = coaching_events.rep_id
            and coaching_events.event_type = 'scorecard'
            and coaching_events.happened_on between completers.before_started_on and completers.after_ended_on
    group by completers.program_id, completers.person_key
),

paired_means as (
    select * from scorecard_means
    where before_rate is not null and after_rate is not null
),

-- ---- coaching and recordings per rep-month after completion ----
coaching_kinds as (
    select
        coaching_events.rep_id,
        coaching_events.happened_on,
        coaching_events.duration_minutes,
        case
            when coaching_events.event_type = 'practice_recording' then 'practice_recordings'
            when coaching_events.event_type = 'recorded_call' then 'recorded_calls'
            when coaching_events.event_type <> 'scorecard' then 'coaching_sessions'
        end as metric
    from coaching_events
),

-- What no rep of the company has ever had on record is not known, rather than zero.
recorded_kinds as (
    select metric
    from coaching_kinds
    where metric is not null
    group by metric
),

after_events as (
    select
        completers.program_id,
        completers.person_key,
        coaching_kinds.metric,
        count(*) as event_count,
        {{ ordered_sum('coalesce(coaching_kinds.duration_minutes, 0)') }} as event_minutes
    from completers
    inner join coaching_kinds
        on
            completers.rep_id = coaching_kinds.rep_id
            and completers.completed_on < coaching_kinds.happened_on
            and completers.after_ended_on >= coaching_kinds.happened_on
    where coaching_kinds.metric is not null
    group by completers.program_id, completers.person_key, coaching_kinds.metric
),

per_month as (
    select
        completers.program_id,
        completers.person_key,
        recorded_kinds.metric,
        coalesce(after_events.event_count, 0) as event_count,
        coalesce(after_events.event_minutes, 0) as event_minutes
    from completers
    cross join recorded_kinds
    left join after_events
        on
            completers.program_id = after_events.program_id
            and completers.person_key = after_events.person_key
            and recorded_kinds.metric = after_events.metric
),

-- ---- adoption: the trained behaviour rose ----
trained as (
    select
        completers.program_id,
        completers.person_key,
        completers.rep_id,
        completers.completed_on,
        completers.before_started_on,
        completers.after_ended_on,
        behaviors.behavior_kind,
        behaviors.behavior
    from completers
    inner join behaviors on completers.program_id = behaviors.program_id
),

observations as (
    select
        'activity_type' as behavior_kind,
        activity_type as behavior,
        rep_id,
        happened_on,
        cast(1 as {{ type_double() }}) as score_rate
    from activities
    union all
    select
        'content' as behavior_kind,
        content_id as behavior,
        rep_id,
        happened_on,
        cast(1 as {{ type_double() }}) as score_rate
    from learning_events
    where event_type = 'content_viewed'
    union all
    select
        'scorecard_question' as behavior_kind,
        question_id as behavior,
        rep_id,
        reviewed_on as happened_on,
        score_rate
    from scorecard_answers
    where score_rate is not null
),

recorded_behaviors as (
    select
        behavior_kind,
        behavior
    from observations
    where rep_id is not null
    group by behavior_kind, behavior
),

behavior_windows as (
    select
        trained.program_id,
        trained.person_key,
        trained.behavior_kind,
        trained.behavior,
        sum(case when observations.happened_on < trained.completed_on then 1 else 0 end) as before_count,
        sum(case when observations.happened_on > trained.completed_on then 1 else 0 end) as after_count,
        {{ ordered_mean(
            'case when observations.happened_on < trained.completed_on then observations.score_rate end'
        ) }} as before_rate,
        {{ ordered_mean(
            'case when observations.happened_on > trained.completed_on then observations.score_rate end'
        ) }} as after_rate
    from trained
    inner join recorded_behaviors
        on
            trained.behavior_kind = recorded_behaviors.behavior_kind
            and trained.behavior = recorded_behaviors.behavior
    left join observations
        on
            trained.rep_id = observations.rep_id
            and trained.behavior_kind = observations.behavior_kind
            and trained.behavior = observations.behavior
            and observations.happened_on between trained.before_started_on and trained.after_ended_on
    group by trained.program_id, trained.person_key, trained.behavior_kind, trained.behavior
),

-- Activities and content are counted; a scorecard question is scored, and needs a score on both sides.
adoptions as (
    select
        program_id,
        person_key,
        behavior_kind || ':' || behavior as breakdown,
        case
            when behavior_kind = 'scorecard_question' and after_rate > before_rate then 1
            when behavior_kind <> 'scorecard_question' and after_count > before_count then 1
            else 0
        end as has_risen
    from behavior_windows
    where behavior_kind <> 'scorecard_question' or (before_rate is not null and after_rate is not null)
),

measured as (
    select
        program_id,
        person_key,
        'scorecard_score_before' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        before_rate as numerator,
        1 as denominator
    from paired_means
    union all
    select
        program_id,
        person_key,
        'scorecard_score_after' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        after_rate as numerator,
        1 as denominator
    from paired_means
    union all
    select
        program_id,
        person_key,
        'scorecard_score_change' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        after_rate - before_rate as numerator,
        1 as denominator
    from paired_means
    union all
    select
        program_id,
        person_key,
        metric,
        'all' as breakdown_type,
        'all' as breakdown,
        event_count as numerator,
        {{ window_months }} as denominator
    from per_month
    union all
    select
        program_id,
        person_key,
        'coaching_minutes' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        event_minutes as numerator,
        {{ window_months }} as denominator
    from per_month
    where metric = 'coaching_sessions'
    union all
    select
        program_id,
        person_key,
        'adoption_rate' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        sum(has_risen) as numerator,
        count(*) as denominator
    from adoptions
    group by program_id, person_key
    union all
    select
        program_id,
        person_key,
        'adoption_rate' as metric,
        'behavior' as breakdown_type,
        breakdown,
        has_risen as numerator,
        1 as denominator
    from adoptions
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
        1 as is_counted
    from measured
)

select * from final
