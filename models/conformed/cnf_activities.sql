{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ delete_changed() }}",
    **table_layout(day='happened_on', cluster_by=['rep_id'])
) }}

-- Tasks and events of the CRM, all but the copies that invitees get, with what had become of each by the as-of date.
-- Records are read once more for each text that a rule may look at, a column at a time: of a large company they do not
-- fit into memory. An increment keeps them, since they are few then and finding them takes a look at every key.
with tasks as {{ inlined() }} (
    {{ feed('tasks') }}
),

events as {{ inlined() }} (
    {{ feed('events') }}
),

deals as (select * from {{ ref('cnf_opportunities') }}),

identities as (select * from {{ ref('cnf_identities') }}),

reps as (select * from {{ ref('cnf_reps') }}),

zone_days as (select * from {{ ref('cnf_zone_days') }}),

type_rules as (select * from {{ ref('activity_types') }}),

status_rules as (select * from {{ ref('activity_statuses') }}),

records as {{ inlined() if not is_incremental() }} (
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
    where
        tasks.row_status = 'accepted'
        and {{ only_changed(
            "tasks.system || ':' || tasks.object || ':' || tasks.row_key", 'cnf_changed_activities', 'source_key'
        ) }}
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
    where
        events.row_status = 'accepted' and not coalesce(events.is_child, false)
        and {{ only_changed(
            "events.system || ':' || events.object || ':' || events.row_key", 'cnf_changed_activities', 'source_key'
        ) }}
),

-- Every text that a rule may look at, once: there are far fewer texts than records.
texts as (
    {%- for field in ['task_subtype', 'task_type', 'event_type', 'event_subtype', 'subject', 'status'] %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        records.system,
        records.record_kind,
        '{{ field }}' as field,
        records.{{ field }} as matched_text
    from records
    where records.{{ field }} is not null
    group by records.system, records.record_kind, records.{{ field }}
    {%- endfor %}
),

-- The first rule (lowest priority) that each text meets.
text_types as (
    select
        texts.system,
        texts.record_kind,
        texts.field,
        texts.matched_text,
        min(type_rules.priority) as priority
    from texts
    inner join type_rules
        on
            texts.system = type_rules.system
            and texts.field = type_rules.field
            and texts.matched_text like lower(type_rules.pattern)
    group by texts.system, texts.record_kind, texts.field, texts.matched_text
),

text_outcomes as (
    select
        texts.system,
        texts.record_kind,
        texts.field,
        texts.matched_text,
        min(status_rules.priority) as priority
    from texts
    inner join status_rules
        on
            texts.system = status_rules.system
            and texts.record_kind = status_rules.object
            and texts.field = status_rules.field
            and texts.matched_text like lower(status_rules.pattern)
    group by texts.system, texts.record_kind, texts.field, texts.matched_text
),

-- The first rule of each record over all of its texts. No rule has the highest integer as its priority.
ruled as (
    select
        records.*,
        least(
            coalesce(types_by_task_subtype.priority, 2147483647),
            coalesce(types_by_task_type.priority, 2147483647),
            coalesce(types_by_event_type.priority, 2147483647),
            coalesce(types_by_event_subtype.priority, 2147483647),
            coalesce(types_by_subject.priority, 2147483647)
        ) as type_priority,
        least(
            coalesce(outcomes_by_status.priority, 2147483647),
            coalesce(outcomes_by_subject.priority, 2147483647)
        ) as status_priority
    from records
    left join text_types as types_by_task_subtype
        on
            types_by_task_subtype.field = 'task_subtype'
            and records.system = types_by_task_subtype.system
            and records.record_kind = types_by_task_subtype.record_kind
            and records.task_subtype = types_by_task_subtype.matched_text
    left join text_types as types_by_task_type
        on
            types_by_task_type.field = 'task_type'
            and records.system = types_by_task_type.system
            and records.record_kind = types_by_task_type.record_kind
            and records.task_type = types_by_task_type.matched_text
    left join text_types as types_by_event_type
        on
            types_by_event_type.field = 'event_type'
            and records.system = types_by_event_type.system
            and records.record_kind = types_by_event_type.record_kind
            and records.event_type = types_by_event_type.matched_text
    left join text_types as types_by_event_subtype
        on
            types_by_event_subtype.field = 'event_subtype'
            and records.system = types_by_event_subtype.system
            and records.record_kind = types_by_event_subtype.record_kind
            and records.event_subtype = types_by_event_subtype.matched_text
    left join text_types as types_by_subject
        on
            types_by_subject.field = 'subject'
            and records.system = types_by_subject.system
            and records.record_kind = types_by_subject.record_kind
            and records.subject = types_by_subject.matched_text
    left join text_outcomes as outcomes_by_status
        on
            outcomes_by_status.field = 'status'
            and records.system = outcomes_by_status.system
            and records.record_kind = outcomes_by_status.record_kind
            and records.status = outcomes_by_status.matched_text
    left join text_outcomes as outcomes_by_subject
        on
            outcomes_by_subject.field = 'subject'
            and records.system = outcomes_by_subject.system
            and records.record_kind = outcomes_by_subject.record_kind
            and records.subject = outcomes_by_subject.matched_text
),

-- A task's due date stands in only where nothing better is known. All-day events have a date, not an instant.
dated as (
    select
        ruled.system,
        ruled.object,
        ruled.record_kind,
        ruled.row_key,
        ruled.owner_user_id,
        ruled.what_id,
        ruled.account_id,
        ruled.is_closed,
        ruled.duration_minutes,
        identities.rep_id,
        reps.timezone,
        case
            when ruled.is_all_day then 'other'
            else coalesce(type_rules.activity_type, 'other')
        end as activity_type,
        status_rules.outcome,
        coalesce(ruled.occurred_at, cast(ruled.due_on as timestamp)) as occurred_at,
        case
            when ruled.occurred_at is null then ruled.due_on
            when ruled.is_all_day then cast(ruled.occurred_at as date)
            else {{ local_date_by_zone_days('ruled.occurred_at', 'reps.timezone') }}
        end as occurred_on
    from ruled
    left join type_rules on ruled.type_priority = type_rules.priority
    left join status_rules on ruled.status_priority = status_rules.priority
    left join identities
        on ruled.system = identities.system and ruled.owner_user_id = identities.source_identity
    left join reps on identities.rep_id = reps.rep_id
    left join zone_days
        on
            coalesce(reps.timezone, '{{ var('default_timezone') }}') = zone_days.timezone
            and cast(ruled.occurred_at as date) = zone_days.utc_on
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
        classified.timezone,
        classified.activity_type,
        classified.activity_status,
        case when classified.activity_status = 'happened' then classified.occurred_at end as happened_at,
        case when classified.activity_status = 'happened' then classified.occurred_on end as happened_on,
        classified.activity_status = 'planned'
        and coalesce(classified.occurred_on > {{ as_of_date() }}, false) as is_ahead,
        cast(classified.duration_minutes as {{ type_double() }}) as duration_minutes,
        classified.what_id,
        deals.opportunity_id,
        classified.account_id,
        classified.system || ':' || classified.object || ':' || classified.row_key as source_key
    from classified
    left join deals on classified.what_id = deals.opportunity_id
)

select * from final
