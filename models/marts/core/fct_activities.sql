{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ delete_changed() }}",
    **table_layout(day='happened_on', cluster_by=['rep_id'])
) }}

-- Calls, meetings, demos, e-mails and other activities that happened by the as-of date.
with activities as (select * from {{ ref('cnf_activities') }}),

final as (
    select
        activities.activity_id,
        activities.system,
        activities.rep_id,
        activities.activity_type,
        activities.happened_at,
        activities.happened_on,
        activities.duration_minutes,
        activities.opportunity_id,
        activities.account_id,
        activities.source_key
    from activities
    where
        activities.activity_status = 'happened'
        and {{ only_changed('activities.source_key', 'cnf_changed_activities', 'source_key') }}
)

{{ with_custom_columns('final', 'fct_activities', 'source_key') }}
