{#-
    The columns that the conformed layer reads of each entity: what a system has to give to be one more CRM, or one more place of learning.
    All of them come with row_key and row_status; ids of people are ids of the system (source identities), all other ids are unique
    over all systems (a second CRM puts its name before them: hubspot:512). A deal has its close date as a day (closed_on), or as an
    instant (closed_at), whose day is that of its owner's time zone.
-#}
{% macro feed_columns(entity) -%}
    {%- set columns = {
        'users': [
            'user_id', 'email', 'full_name', 'user_type', 'user_role_id', 'manager_user_id', 'title', 'employee_number',
            'timezone', 'hired_on', 'role_started_on', 'terminated_on', 'created_at',
        ],
        'user_roles': ['user_role_id', 'role_name'],
        'opportunities': [
            'opportunity_id', 'owner_user_id', 'account_id', 'opportunity_type', 'lead_source', 'stage_name', 'amount',
            'currency_code', 'closed_on', 'closed_at', 'created_at', 'modified_at', 'is_closed', 'is_won', 'raw_row',
        ],
        'opportunity_histories': [
            'opportunity_history_id', 'opportunity_id', 'stage_name', 'amount', 'closed_on', 'created_at',
        ],
        'opportunity_field_histories': ['opportunity_id', 'field_name', 'old_value', 'new_value', 'changed_at'],
        'opportunity_splits': ['opportunity_id', 'split_user_id', 'split_percentage', 'split_amount'],
        'tasks': [
            'owner_user_id', 'what_id', 'account_id', 'subject', 'task_type', 'task_subtype', 'status', 'is_closed',
            'due_on', 'completed_at', 'call_duration_seconds',
        ],
        'events': [
            'owner_user_id', 'what_id', 'account_id', 'subject', 'event_type', 'event_subtype', 'status', 'started_at',
            'ended_at', 'duration_minutes', 'is_child', 'is_all_day',
        ],
        'quotas': [
            'quota_owner_user_id', 'period_id', 'period_started_on', 'quota_amount', 'is_amount', 'forecasting_type_id',
            'product_family', 'currency_code',
        ],
        'learners': ['lms_user_id', 'email', 'employee_number'],
        'programs': [
            'program_id', 'program_name', 'program_kind', 'program_version', 'starts_on', 'target_goal',
        ],
        'program_items': ['item_id', 'program_id', 'item_name', 'item_kind', 'goal'],
        'learning_events': [
            'identity_system', 'source_identity', 'event_type', 'program_id', 'item_id', 'happened_at', 'due_at',
            'assessment_kind', 'attempt_number', 'score_rate', 'is_passed', 'certification_name', 'expires_at',
            'duration_minutes', 'enrollment_id',
        ],
    } -%}
    {{- return(columns[entity] + ['row_key', 'row_status']) -}}
{%- endmacro %}

{#- The systems that give an entity and are switched on, in the order of raw_systems(). -#}
{% macro feed_systems(entity) -%}
    {%- set systems = [] -%}
    {%- for system, entry in raw_systems().items() if entity in entry.feeds and system in var('systems') -%}
        {%- do systems.append(system) -%}
    {%- endfor -%}
    {{- return(systems) -}}
{%- endmacro %}

{#- The type of a column of a feed, by the names that the project uses: _at timestamp, _on date, is_ boolean; numbers are listed; else text. -#}
{% macro feed_type(column) -%}
    {%- if column in ['amount', 'split_percentage', 'split_amount', 'call_duration_seconds', 'duration_minutes', 'quota_amount'] -%}
        decimal(28, 6)
    {%- elif column == 'score_rate' -%}
        {{ type_double() }}
    {%- elif column == 'attempt_number' -%}
        integer
    {%- elif column.endswith('_at') -%}
        timestamp
    {%- elif column.endswith('_on') -%}
        date
    {%- elif column.startswith('is_') -%}
        boolean
    {%- else -%}
        {{ dbt.type_string() }}
    {%- endif -%}
{%- endmacro %}

{#-
    Query of an entity over all systems that give it: system, object and the columns of feed_columns(entity). Without any such system it has
    no rows.
-#}
{% macro feed(entity) -%}
    {%- set systems = feed_systems(entity) -%}
    {%- for system in systems %}
    {%- set object, model = raw_systems()[system].feeds[entity] %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        '{{ system }}' as system,
        {{ "'" ~ object ~ "' as object" if object else 'object' }},
        {%- for column in feed_columns(entity) %}
        {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref(model) }}
    {%- else %}
    select
        {%- for column in ['system', 'object'] + feed_columns(entity) %}
        cast(null as {{ feed_type(column) }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (select 1 as one) as nothing
    where 1 = 0
    {%- endfor %}
{%- endmacro %}

{#- The models of what changed, by entity, of a system whose feeds are built by increments; empty of others. -#}
{% macro changes_of(system) -%}{{- return(raw_systems()[system].get('changes', {})) -}}{%- endmacro %}

{#-
    Query of the rows of an entity that an increment makes again: system, object and row_key. All of a system that cannot tell what changed; none
    in a full build.
-#}
{% macro changed_feed(entity) -%}
    {%- for system in feed_systems(entity) %}
    {%- set object, model = raw_systems()[system].feeds[entity] %}
    {%- set changes = changes_of(system).get(entity) %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        '{{ system }}' as system,
        {{ "'" ~ object ~ "' as object" if object else 'object' }},
        row_key
    from {{ ref(changes or model) }}
    {%- if not changes and continued_from() is none %}
    where 1 = 0
    {%- endif %}
    {%- else %}
    select
        {%- for column in ['system', 'object', 'row_key'] %}
        cast(null as {{ dbt.type_string() }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (select 1 as one) as nothing
    where 1 = 0
    {%- endfor %}
{%- endmacro %}
