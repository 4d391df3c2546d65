{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ delete_changed() }}",
    **table_layout(day='happened_on', cluster_by=['rep_id'])
) }}

-- Calls, meetings, demos, e-mails and other activities that happened by the as-of date.
with changed as (select * from {{ ref('cnf_changed_activities') }}),

activities as (select * from {{ ref('cnf_activities') }}),

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
        {%- if is_incremental() %}
        and activities.source_key in (select source_key from changed)
        {%- endif %}
)

{{ with_custom_columns('final', 'fct_activities', 'source_key') }}
