{{ config(materialized='table', **table_layout(day='happened_on', cluster_by=['rep_id'])) }}

-- Everything that people did in training, one row per event, up to the as-of date.
-- Children of a program or content item that is not there are left out (cnf_orphan_rows lists them).
{%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
{%- set no_number = 'cast(null as ' ~ type_double() ~ ')' %}
with enrollments as (select * from {{ ref('stg_lms__enrollments') }}),

content_items as (select * from {{ ref('stg_lms__content_items') }}),

content_views as (select * from {{ ref('stg_lms__content_views') }}),

attempts as (select * from {{ ref('stg_lms__assessment_attempts') }}),

awards as (select * from {{ ref('stg_lms__certification_awards') }}),

attendances as (select * from {{ ref('stg_lms__attendances') }}),

other_events as (
    {{ feed('learning_events') }}
),

programs as (select * from {{ ref('cnf_programs') }}),

items as (select * from {{ ref('cnf_program_items') }}),

identities as (select * from {{ ref('cnf_identities') }}),

reps as (select * from {{ ref('cnf_reps') }}),

enrollment_rows as (
    select
        enrollments.row_key,
        enrollments.lms_user_id,
        enrollments.enrollment_id,
        programs.program_id,
        enrollments.enrolled_at,
        enrollments.started_at,
        enrollments.due_at,
        -- A waived enrolment was not completed.
        case
            when coalesce(lower(enrollments.enrollment_status), '') <> 'waived' then enrollments.completed_at
        end as completed_at
    from enrollments
    inner join programs on enrollments.program_id = programs.program_id
    where enrollments.row_status = 'accepted'
),

enrollment_events as (
    select
        'enrolled' as event_type,
        enrollment_rows.enrolled_at as happened_at,
        enrollment_rows.*
    from enrollment_rows
    where enrollment_rows.enrolled_at is not null
    union all
    select
        'started' as event_type,
        enrollment_rows.started_at as happened_at,
        enrollment_rows.*
    from enrollment_rows
    where enrollment_rows.started_at is not null
    union all
    select
        'completed' as event_type,
        enrollment_rows.completed_at as happened_at,
        enrollment_rows.*
    from enrollment_rows
    where enrollment_rows.completed_at is not null
),

events as (
    select
        'lms' as system,
        'enrollment' as object,
        enrollment_events.row_key,
        enrollment_events.event_type,
        'lms' as identity_system,
        enrollment_events.lms_user_id as source_identity,
        enrollment_events.program_id,
        {{ no_text }} as item_id,
        {{ no_text }} as content_id,
        enrollment_events.happened_at,
        cast(null as date) as happened_date,
        enrollment_events.due_at,
        {{ no_text }} as assessment_kind,
        cast(null as integer) as attempt_number,
        {{ no_number }} as score_rate,
        cast(null as boolean) as is_passed,
        {{ no_text }} as certification_name,
        cast(null as timestamp) as expires_at,
        {{ no_number }} as duration_minutes,
        {{ no_text }} as session_id,
        enrollment_events.enrollment_id
    from enrollment_events
    union all
    select
        'lms' as system,
        'content_view' as object,
        content_views.row_key,
        'content_viewed' as event_type,
        'lms' as identity_system,
        content_views.lms_user_id as source_identity,
        programs.program_id,
        {{ no_text }} as item_id,
        content_items.content_id,
        content_views.viewed_at as happened_at,
        cast(null as date) as happened_date,
        cast(null as timestamp) as due_at,
        {{ no_text }} as assessment_kind,
        cast(null as integer) as attempt_number,
        {{ no_number }} as score_rate,
        cast(null as boolean) as is_passed,
        {{ no_text }} as certification_name,
        cast(null as timestamp) as expires_at,
        cast(content_views.duration_seconds as {{ type_double() }}) / 60.0 as duration_minutes,
        {{ no_text }} as session_id,
        {{ no_text }} as enrollment_id
    from content_views
    inner join content_items
        on content_views.content_id = content_items.content_id and content_items.row_status = 'accepted'
    left join programs on content_items.program_id = programs.program_id
    where content_views.row_status = 'accepted'
    union all
    select
        'lms' as system,
        'assessment_attempt' as object,
        attempts.row_key,
        'assessment_submitted' as event_type,
        'lms' as identity_system,
        attempts.lms_user_id as source_identity,
        coalesce(programs.program_id, items.program_id) as program_id,
        items.item_id,
        {{ no_text }} as content_id,
        attempts.submitted_at as happened_at,
        cast(null as date) as happened_date,
        cast(null as timestamp) as due_at,
        attempts.assessment_kind,
        cast(attempts.attempt_number as integer) as attempt_number,
        cast(attempts.score as {{ type_double() }}) / nullif(cast(attempts.max_score as {{ type_double() }}), 0)
            as score_rate,
        attempts.is_passed,
        {{ no_text }} as certification_name,
        cast(null as timestamp) as expires_at,
        {{ no_number }} as duration_minutes,
        {{ no_text }} as session_id,
        {{ no_text }} as enrollment_id
    from attempts
    left join programs on attempts.program_id = programs.program_id
    left join items on attempts.item_id = items.item_id
    where attempts.row_status = 'accepted' and (attempts.program_id is null or programs.program_id is not null)
    union all
    select
        'lms' as system,
        'certification_award' as object,
        awards.row_key,
        'certified' as event_type,
        'lms' as identity_system,
        awards.lms_user_id as source_identity,
        programs.program_id,
        {{ no_text }} as item_id,
        {{ no_text }} as content_id,
        awards.awarded_at as happened_at,
        cast(null as date) as happened_date,
        cast(null as timestamp) as due_at,
        {{ no_text }} as assessment_kind,
        cast(null as integer) as attempt_number,
        {{ no_number }} as score_rate,
        cast(null as boolean) as is_passed,
        awards.certification_name,
        awards.expires_at,
        {{ no_number }} as duration_minutes,
        {{ no_text }} as session_id,
        {{ no_text }} as enrollment_id
    from awards
    left join programs on awards.program_id = programs.program_id
    where awards.row_status = 'accepted' and (awards.program_id is null or programs.program_id is not null)
    union all
    -- The sign-in sheet of a live session has a day, not an instant, and e-mails, not user ids.
    select
        'lms' as system,
        'attendance' as object,
        attendances.row_key,
        'attended' as event_type,
        'lms' as identity_system,
        lower(trim(attendances.email)) as source_identity,
        coalesce(programs.program_id, items.program_id) as program_id,
        items.item_id,
        {{ no_text }} as content_id,
        cast(attendances.attended_on as timestamp) as happened_at,
        attendances.attended_on as happened_date,
        cast(null as timestamp) as due_at,
        {{ no_text }} as assessment_kind,
        cast(null as integer) as attempt_number,
        {{ no_number }} as score_rate,
        cast(null as boolean) as is_passed,
        {{ no_text }} as certification_name,
        cast(null as timestamp) as expires_at,
        cast(attendances.attended_minutes as {{ type_double() }}) as duration_minutes,
        attendances.session_id,
        {{ no_text }} as enrollment_id
    from attendances
    left join programs on attendances.program_id = programs.program_id
    left join items on attendances.item_id = items.item_id
    where attendances.row_status = 'accepted'
    union all
    select
        other_events.system,
        other_events.object,
        other_events.row_key,
        other_events.event_type,
        other_events.identity_system,
        other_events.source_identity,
        coalesce(programs.program_id, items.program_id) as program_id,
        items.item_id,
        {{ no_text }} as content_id,
        other_events.happened_at,
        cast(null as date) as happened_date,
        other_events.due_at,
        other_events.assessment_kind,
        other_events.attempt_number,
        other_events.score_rate,
        other_events.is_passed,
        other_events.certification_name,
        other_events.expires_at,
        other_events.duration_minutes,
        {{ no_text }} as session_id,
        other_events.enrollment_id
    from other_events
    left join programs on other_events.program_id = programs.program_id
    left join items on other_events.item_id = items.item_id
    where other_events.row_status = 'accepted'
),

identified as (
    select
        events.*,
        identities.rep_id,
        coalesce(events.happened_date, {{ local_date('events.happened_at', 'reps.timezone') }})
            as happened_on,
        {{ local_date('events.due_at', 'reps.timezone') }} as due_on,
        {{ local_date('events.expires_at', 'reps.timezone') }} as expires_on
    from events
    left join identities
        on events.identity_system = identities.system and events.source_identity = identities.source_identity
    left join reps on identities.rep_id = reps.rep_id
),

final as (
    select
        {{ surrogate_key([
            'identified.system', 'identified.object', 'identified.row_key', 'identified.event_type'
        ], separator=':') }}
            as learning_event_id,
        identified.system,
        identified.identity_system,
        identified.object as source_object,
        identified.source_identity,
        identified.rep_id,
        identified.program_id,
        identified.item_id,
        identified.content_id,
        identified.event_type,
        identified.happened_at,
        identified.happened_on,
        identified.due_on,
        case when identified.event_type = 'completed' then identified.happened_on <= identified.due_on end
            as is_on_time,
        identified.assessment_kind,
        identified.attempt_number,
        identified.score_rate,
        identified.is_passed,
        identified.certification_name,
        identified.expires_on,
        identified.duration_minutes,
        identified.session_id,
        identified.enrollment_id,
        coalesce(identified.rep_id, {{ surrogate_key([
            'identified.identity_system', 'identified.source_identity'
        ]) }}) as person_key,
        identified.system || ':' || identified.object || ':' || identified.row_key as source_key
    from identified
    where identified.happened_on <= {{ as_of_date() }}
)

select * from final
