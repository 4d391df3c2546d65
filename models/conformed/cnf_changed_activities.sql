{{ config(materialized='table') }}
{%- set is_increment = continued_from() is not none %}
{%- set identities, reps, deals = ref('cnf_identities'), ref('cnf_reps'), ref('cnf_opportunities') %}
{%- set was = as_last_built('cnf_activities') %}

-- Activities that an increment makes again, by source key: their record changed, their owner stands for another rep or
-- has another time zone, their deal has come or gone, or they lay ahead in the last build; of a system that cannot tell
-- what changed, all. Without rows in a full build.
with
{%- if is_increment %}
last_built as {{ inlined() }} (select * from {{ was }}),

identities as (select * from {{ identities }}),

reps as (select * from {{ reps }}),

deals as (select * from {{ deals }}),
{%- endif %}

{% for entity in ['tasks', 'events'] -%}
changed_{{ entity }} as (
    {{ changed_feed(entity) }}
),

{% endfor -%}

{% if is_increment -%}
owners as (
    select
        identities.system,
        identities.source_identity,
        identities.rep_id,
        reps.timezone
    from identities
    left join reps on identities.rep_id = reps.rep_id
),

owners_then as (
    select
        system,
        source_identity,
        rep_id,
        timezone
    from last_built
    group by system, source_identity, rep_id, timezone
),

changed_owners as (
    select
        owners_then.system,
        owners_then.source_identity
    from owners_then
    left join owners
        on owners_then.system = owners.system and owners_then.source_identity = owners.source_identity
    where
        coalesce(owners_then.rep_id, '') <> coalesce(owners.rep_id, '')
        or coalesce(owners_then.timezone, '') <> coalesce(owners.timezone, '')
    group by owners_then.system, owners_then.source_identity
),
{%- endif %}

final as (
    select system || ':' || object || ':' || row_key as source_key
    from changed_tasks
    union distinct
    select system || ':' || object || ':' || row_key as source_key
    from changed_events
    {%- if is_increment %}
    union distinct
    select last_built.source_key
    from last_built
    inner join changed_owners
        on last_built.system = changed_owners.system and last_built.source_identity = changed_owners.source_identity
    union distinct
    select last_built.source_key
    from last_built
    left join deals on last_built.what_id = deals.opportunity_id
    where
        last_built.what_id is not null
        and coalesce(last_built.opportunity_id, '') <> coalesce(deals.opportunity_id, '')
    union distinct
    select source_key
    from last_built
    where is_ahead
    {%- for system in feed_systems('tasks') + feed_systems('events') if not changes_of(system) %}
    union distinct
    select source_key
    from last_built
    where system = '{{ system }}'
    {%- endfor %}
    {%- endif %}
)

select source_key from final
