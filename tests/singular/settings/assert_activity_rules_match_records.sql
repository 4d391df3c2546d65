{{ config(severity='warn') }}
{#-
    Rules of systems that are switched on whose pattern no task or event of the raw data has, compared as cnf_activities
    compares. Rules of a field or object that does not exist are told by the tests of those columns.
-#}
{%- set type_fields = ['task_type', 'task_subtype', 'event_type', 'event_subtype', 'subject'] -%}
{%- set query -%}
with tasks as (
    {{ feed('tasks') }}
),

events as (
    {{ feed('events') }}
),

type_rules as (select * from {{ ref('activity_types') }}),

status_rules as (select * from {{ ref('activity_statuses') }}),

records as (
    select
        tasks.system,
        'task' as record_kind,
        lower(tasks.subject) as subject,
        lower(tasks.task_type) as task_type,
        lower(tasks.task_subtype) as task_subtype,
        cast(null as {{ dbt.type_string() }}) as event_type,
        cast(null as {{ dbt.type_string() }}) as event_subtype,
        lower(tasks.status) as status
    from tasks
    where tasks.row_status = 'accepted'
    union distinct
    select
        events.system,
        'event' as record_kind,
        lower(events.subject) as subject,
        cast(null as {{ dbt.type_string() }}) as task_type,
        cast(null as {{ dbt.type_string() }}) as task_subtype,
        lower(events.event_type) as event_type,
        lower(events.event_subtype) as event_subtype,
        lower(events.status) as status
    from events
    where events.row_status = 'accepted' and not coalesce(events.is_child, false)
),

rules as (
    select
        'activity_types' as seed_name,
        type_rules.priority,
        type_rules.system,
        cast(null as {{ dbt.type_string() }}) as record_kind,
        type_rules.field,
        lower(type_rules.pattern) as pattern
    from type_rules
    where type_rules.field in ('{{ type_fields | join("', '") }}')
    union all
    select
        'activity_statuses' as seed_name,
        status_rules.priority,
        status_rules.system,
        status_rules.object as record_kind,
        status_rules.field,
        lower(status_rules.pattern) as pattern
    from status_rules
    where status_rules.object in ('task', 'event') and status_rules.field in ('status', 'subject')
),

final as (
    select
        rules.seed_name,
        rules.priority,
        rules.system,
        rules.field,
        rules.pattern
    from rules
    where
        rules.system in ('{{ var('systems') | join("', '") }}')
        and not exists (
            select 1
            from records
            where
                records.system = rules.system
                and (rules.record_kind is null or records.record_kind = rules.record_kind)
                and case rules.field
                    when 'task_subtype' then records.task_subtype
                    when 'task_type' then records.task_type
                    when 'event_type' then records.event_type
                    when 'event_subtype' then records.event_subtype
                    when 'subject' then records.subject
                    when 'status' then records.status
                end like rules.pattern
        )
)

select * from final
order by final.seed_name, final.priority
{%- endset -%}
{{ say_warnings(
    query,
    'Seed {seed_name}: no {field} of {system} is like {pattern} (priority {priority}). '
    ~ 'Correct the pattern if it is misspelt; a rule for records to come may stay.'
) }}
{{ query }}
