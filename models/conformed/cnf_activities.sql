{{ config(materialized='table', **table_layout(day='happened_on', cluster_by=['rep_id'])) }}

-- Tasks and events of the CRM, all but the copies that invitees get, with what had become of each by the as-of date.
with tasks as (
    {{ feed('tasks') }}
),

events as (
    {{ feed('events') }}
),

deals as (select * from {{ ref('cnf_opportunities') }}),

identities as (select * from {{ ref('cnf_identities') }}),

reps as (select * from {{ ref('cnf_reps') }}),

type_rules as (select * from {{ ref('activity_types') }}),

status_rules as (select * from {{ ref('activity_statuses') }}),

records as (
    select
        tasks.system,
        tasks.object,
        'task' as record_kind,
        tasks.row_key,
        tasks.owner_user_id,
        tasks.what_id,
        tasks.account_id,
        lower(tasks.subject) as subject,
        lower(tasks.task_type) as task_type,
        lower(tasks.task_subtype) as task_subtype,
        cast(null as {{ dbt.type_string() }}) as event_type,
        cast(null as {{ dbt.type_string() }}) as event_subtype,
        lower(tasks.status) as status,
        coalesce(tasks.is_closed, false) as is_closed,
        false as is_all_day,
        tasks.due_on,
        tasks.completed_at as occurred_at,
        cast(tasks.call_duration_seconds as {{ type_double() }}) / 60.0 as duration_minutes
    from tasks
    where tasks.row_status = 'accepted'
    union all
    select
        events.system,
        events.object,
        'event' as record_kind,
        events.row_key,
        events.owner_user_id,
        events.what_id,
        events.account_id,
        lower(events.subject) as subject,
        cast(null as {{ dbt.type_string() }}) as task_type,
        cast(null as {{ dbt.type_string() }}) as task_subtype,
        lower(events.event_type) as event_type,
        lower(events.event_subtype) as event_subtype,
        lower(events.status) as status,
        false as is_closed,
        coalesce(events.is_all_day, false) as is_all_day,
        cast(null as date) as due_on,
        events.started_at as occurred_at,
        coalesce(
            cast(events.duration_minutes as {{ type_double() }}),
            cast({{ dbt.datediff('events.started_at', 'events.ended_at', 'second') }} as {{ type_double() }}) / 60.0
        ) as duration_minutes
    from events
    where events.row_status = 'accepted' and not coalesce(events.is_child, false)
),

type_matches as (
    select
        records.system,
        records.object,
        records.row_key,
        type_rules.activity_type,
        row_number() over (
            partition by records.system, records.object, records.row_key order by type_rules.priority
        ) as rule_rank
    from records
    inner join type_rules
        on
            records.system = type_rules.system
            and case type_rules.field
                when 'task_subtype' then records.task_subtype
                when 'task_type' then records.task_type
                when 'event_type' then records.event_type
                when 'event_subtype' then records.event_subtype
                when 'subject' then records.subject
            end like lower(type_rules.pattern)
),

status_matches as (
    select
        records.system,
        records.object,
        records.row_key,
        status_rules.outcome,
        row_number() over (
            partition by records.system, records.object, records.row_key order by status_rules.priority
        ) as rule_rank
    from records
    inner join status_rules
        on
            records.system = status_rules.system
            and records.record_kind = status_rules.object
            and case status_rules.field
                when 'status' then records.status
                when 'subject' then records.subject
            end like lower(status_rules.pattern)
),

-- A task's due date stands in only where nothing better is known. All-day events have a date, not an instant.
dated as (
    select
        records.system,
        records.object,
        records.record_kind,
        records.row_key,
        records.owner_user_id,
        records.what_id,
        records.account_id,
        records.is_closed,
        records.duration_minutes,
        identities.rep_id,
        case
            when records.is_all_day then 'other'
            else coalesce(type_matches.activity_type, 'other')
        end as activity_type,
        status_matches.outcome,
        coalesce(records.occurred_at, cast(records.due_on as timestamp)) as occurred_at,
        case
            when records.occurred_at is null then records.due_on
            when records.is_all_day then cast(records.occurred_at as date)
            else {{ local_date('records.occurred_at', 'reps.timezone') }}
        end as occurred_on
    from records
    left join type_matches
        on
            records.system = type_matches.system
            and records.object = type_matches.object
            and records.row_key = type_matches.row_key
            and type_matches.rule_rank = 1
    left join status_matches
        on
            records.system = status_matches.system
            and records.object = status_matches.object
            and records.row_key = status_matches.row_key
            and status_matches.rule_rank = 1
    left join identities
        on records.system = identities.system and records.owner_user_id = identities.source_identity
    left join reps on identities.rep_id = reps.rep_id
),

classified as (
    select
        dated.*,
        case
            when dated.outcome = 'cancelled' then 'cancelled'
            when
                dated.record_kind = 'task' and not dated.is_closed and coalesce(dated.outcome, 'planned') <> 'happened'
                then 'planned'
            when dated.record_kind = 'event' and dated.outcome = 'planned' then 'planned'
            when dated.occurred_on is null then 'undated'
            when dated.occurred_on > {{ as_of_date() }} then 'planned'
            else 'happened'
        end as activity_status
    from dated
),

final as (
    select
        {{ surrogate_key([
            'classified.system', 'classified.object', 'classified.row_key'
        ], separator=':') }} as activity_id,
        classified.system,
        classified.object as source_object,
        classified.owner_user_id as source_identity,
        classified.rep_id,
        classified.activity_type,
        classified.activity_status,
        case when classified.activity_status = 'happened' then classified.occurred_at end as happened_at,
        case when classified.activity_status = 'happened' then classified.occurred_on end as happened_on,
        cast(classified.duration_minutes as {{ type_double() }}) as duration_minutes,
        deals.opportunity_id,
        classified.account_id,
        classified.system || ':' || classified.object || ':' || classified.row_key as source_key
    from classified
    left join deals on classified.what_id = deals.opportunity_id
)

select * from final
