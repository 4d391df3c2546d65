-- What statements say that a learner did, as learning events. A statement may be none (a waiver, a question answered),
-- one, or more (a completed test with a score).
{%- set starting_verbs = "'launched', 'initialized', 'attempted'" %}
{%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
with statements as (select * from {{ ref('stg_xapi__statements') }}),

of_learners as (
    select
        statements.row_key,
        statements.source_identity,
        statements.verb,
        case when statements.verb = 'satisfied' then 'completed' else statements.verb end as verb_group,
        'xapi:' || statements.program_iri as program_id,
        'xapi:' || statements.item_iri as item_id,
        'xapi:' || coalesce(statements.item_iri, statements.program_iri) as activity_id,
        statements.registration,
        'xapi:' || coalesce(
            statements.registration, {{ surrogate_key([
                'statements.source_identity', 'statements.program_iri'
            ]) }}
        ) as enrollment_id,
        statements.score_rate,
        statements.is_success,
        statements.duration_minutes,
        statements.happened_at,
        -- A score stands in one statement of an attempt, or is repeated in others: the most telling kind counts.
        case
            when statements.verb in ('passed', 'failed') then 1
            when statements.verb = 'scored' then 2
            when
                statements.verb = 'completed'
                and (statements.score_rate is not null or statements.is_success is not null)
                then 3
        end as assessment_kind_rank,
        case
            when statements.verb = 'registered' then 1
            when
                statements.verb in ({{ starting_verbs }}, 'completed', 'satisfied', 'passed', 'failed', 'scored')
                then 2
        end as enrolment_kind_rank
    from statements
    where statements.row_status = 'accepted' and statements.is_learning
),

ranked as (
    select
        of_learners.*,
        row_number() over (
            partition by
                of_learners.source_identity,
                of_learners.activity_id,
                of_learners.enrollment_id,
                of_learners.verb_group
            order by of_learners.happened_at, of_learners.row_key
        ) as verb_rank,
        row_number() over (
            partition by
                of_learners.source_identity,
                of_learners.program_id,
                of_learners.enrollment_id,
                of_learners.verb in ({{ starting_verbs }})
            order by of_learners.happened_at, of_learners.row_key
        ) as start_rank,
        row_number() over (
            partition by of_learners.source_identity, of_learners.program_id, of_learners.enrollment_id
            order by
                of_learners.enrolment_kind_rank asc nulls last, of_learners.happened_at asc, of_learners.row_key asc
        ) as enrolment_rank,
        max(case when of_learners.verb = 'registered' and of_learners.registration is null then 1 else 0 end) over (
            partition by of_learners.source_identity, of_learners.program_id
        ) as has_registered,
        min(of_learners.assessment_kind_rank) over (
            partition by of_learners.source_identity, of_learners.activity_id, of_learners.enrollment_id
        ) as best_assessment_kind_rank,
        max(case when of_learners.verb = 'waived' then 1 else 0 end) over (
            partition by of_learners.source_identity, of_learners.enrollment_id
        ) as has_waived,
        max(case when of_learners.verb in ('completed', 'passed') then 1 else 0 end) over (
            partition by of_learners.source_identity, of_learners.enrollment_id
        ) as has_earned
    from of_learners
),

events as (
    -- cmi5 knows no statement for it: who begins without having been registered is enrolled by beginning.
    select
        ranked.*,
        'enrolled' as event_type,
        {{ no_text }} as event_item_id
    from ranked
    where
        ranked.enrolment_rank = 1
        and (ranked.verb = 'registered' or (ranked.enrolment_kind_rank = 2 and ranked.has_registered = 0))
    union all
    select
        ranked.*,
        'started' as event_type,
        {{ no_text }} as event_item_id
    from ranked
    where ranked.verb in ({{ starting_verbs }}) and ranked.start_rank = 1
    union all
    -- A program that was satisfied by waivers alone was not completed.
    select
        ranked.*,
        'completed' as event_type,
        {{ no_text }} as event_item_id
    from ranked
    where
        ranked.verb_group = 'completed'
        and ranked.verb_rank = 1
        and ranked.item_id is null
        and (ranked.verb = 'completed' or ranked.has_waived = 0 or ranked.has_earned = 1)
    union all
    -- Who completed an item has seen it; the program is not completed by it.
    select
        ranked.*,
        'content_viewed' as event_type,
        ranked.item_id as event_item_id
    from ranked
    where
        ranked.verb = 'experienced'
        or (ranked.verb_group = 'completed' and ranked.verb_rank = 1 and ranked.item_id is not null)
    union all
    select
        ranked.*,
        'assessment_submitted' as event_type,
        ranked.item_id as event_item_id
    from ranked
    where
        ranked.assessment_kind_rank = ranked.best_assessment_kind_rank
        and (ranked.verb in ('failed', 'scored') or ranked.verb_rank = 1)
    union all
    select
        ranked.*,
        'attended' as event_type,
        ranked.item_id as event_item_id
    from ranked
    where ranked.verb = 'attended'
),

final as (
    select
        'xapi' as identity_system,
        events.source_identity,
        events.event_type,
        events.program_id,
        events.event_item_id as item_id,
        events.happened_at,
        cast(null as timestamp) as due_at,
        {{ no_text }} as assessment_kind,
        case
            when events.event_type = 'assessment_submitted'
                then
                    cast(
                        row_number() over (
                            partition by events.source_identity, events.activity_id, events.event_type
                            order by events.happened_at, events.row_key
                        ) as integer
                    )
        end as attempt_number,
        case when events.event_type = 'assessment_submitted' then events.score_rate end as score_rate,
        case
            when events.event_type <> 'assessment_submitted' then cast(null as boolean)
            when events.verb = 'passed' then true
            when events.verb = 'failed' then false
            else events.is_success
        end as is_passed,
        {{ no_text }} as certification_name,
        cast(null as timestamp) as expires_at,
        case when events.event_type not in ('enrolled', 'started') then events.duration_minutes end as duration_minutes,
        case when events.event_type in ('enrolled', 'started', 'completed') then events.enrollment_id end
            as enrollment_id,
        events.row_key,
        'accepted' as row_status
    from events
)

select * from final
