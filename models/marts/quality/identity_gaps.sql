-- Identities that facts refer to and that match no rep, or more than one.
with identities as (select * from {{ ref('cnf_identities') }}),

persons as (select * from {{ ref('cnf_persons') }}),

activities as (select * from {{ ref('cnf_activities') }}),

deals as (select * from {{ ref('cnf_opportunities') }}),

credits as (select * from {{ ref('cnf_opportunity_credits') }}),

quotas as (select * from {{ ref('cnf_quotas') }}),

learning_events as (select * from {{ ref('cnf_learning_events') }}),

survey_scores as (select * from {{ ref('cnf_survey_scores') }}),

coaching_events as (select * from {{ ref('cnf_coaching_events') }}),

-- What belongs to nobody by intent (an anonymous answer, a call without a coach) has no identity and is no gap.
unmatched as (
    select
        activities.system,
        activities.source_identity,
        activities.happened_on as seen_on
    from activities
    where activities.rep_id is null and activities.activity_status = 'happened'
    union all
    select
        deals.system,
        deals.owner_source_identity as source_identity,
        deals.created_on as seen_on
    from deals
    where deals.owner_rep_id is null
    union all
    select
        'salesforce' as system,
        credits.source_identity,
        credits.booked_on as seen_on
    from credits
    where credits.rep_id is null
    union all
    select
        quotas.system,
        quotas.source_identity,
        quotas.period_started_on as seen_on
    from quotas
    where quotas.rep_id is null
    union all
    select
        learning_events.system,
        learning_events.source_identity,
        learning_events.happened_on as seen_on
    from learning_events
    where learning_events.rep_id is null
    union all
    select
        survey_scores.system,
        survey_scores.source_identity,
        survey_scores.submitted_on as seen_on
    from survey_scores
    where survey_scores.rep_id is null
    union all
    select
        coaching_events.system,
        coaching_events.source_identity,
        coaching_events.happened_on as seen_on
    from coaching_events
    where coaching_events.rep_id is null
    union all
    select
        coaching_events.system,
        coaching_events.coach_identity as source_identity,
        coaching_events.happened_on as seen_on
    from coaching_events
    where coaching_events.coach_rep_id is null
),

counted as (
    select
        unmatched.system,
        unmatched.source_identity,
        count(*) as row_count,
        min(unmatched.seen_on) as first_seen_on,
        max(unmatched.seen_on) as last_seen_on
    from unmatched
    where unmatched.source_identity is not null
    group by unmatched.system, unmatched.source_identity
    union all
    -- Roster rows of an e-mail that stands for two people, or that an override gives to nobody.
    select
        persons.system,
        persons.source_identity,
        persons.source_row_count as row_count,
        persons.first_seen_on,
        persons.last_seen_on
    from persons
    where persons.system = 'roster' and persons.rep_id is null
),

gaps as (
    select
        counted.system,
        counted.source_identity,
        sum(counted.row_count) as row_count,
        min(counted.first_seen_on) as first_seen_on,
        max(counted.last_seen_on) as last_seen_on
    from counted
    group by counted.system, counted.source_identity
),

final as (
    select
        gaps.system,
        md5(gaps.source_identity) as identity_hash,
        coalesce(identities.match_method, 'none') as match_method,
        cast(gaps.row_count as bigint) as row_count,
        gaps.first_seen_on,
        gaps.last_seen_on
    from gaps
    left join identities
        on gaps.system = identities.system and gaps.source_identity = identities.source_identity
)

select * from final
