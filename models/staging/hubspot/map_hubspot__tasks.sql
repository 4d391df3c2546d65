-- Calls of HubSpot as tasks. Owner and time are the call's own, else those of its engagement. A call of a deleted
-- engagement is deleted; one of an unknown engagement is an orphan (cnf_orphan_rows), where any landed.
with calls as (select * from {{ ref('stg_hubspot__engagement_calls') }}),

engagements as (select * from {{ ref('stg_hubspot__engagements') }}),

landed as (
    select count(*) as engagement_count
    from engagements
),

known_engagements as (
    select
        engagements.engagement_id,
        max(case when engagements.row_status = 'accepted' then engagements.owner_user_id end) as owner_user_id,
        max(case when engagements.row_status = 'accepted' then engagements.happened_at end) as happened_at,
        max(case when engagements.row_status = 'deleted' then 1 else 0 end) as is_deleted
    from engagements
    where engagements.row_status <> 'rejected'
    group by engagements.engagement_id
),

final as (
    select
        coalesce(calls.owner_user_id, known_engagements.owner_user_id) as owner_user_id,
        cast(null as {{ dbt.type_string() }}) as what_id,
        cast(null as {{ dbt.type_string() }}) as account_id,
        calls.title as subject,
        cast(null as {{ dbt.type_string() }}) as task_type,
        'call' as task_subtype,
        calls.call_status as status,
        -- A call that a rep logged by hand has no status: it is over. The others are judged by theirs.
        calls.call_status is null as is_closed,
        cast(null as date) as due_on,
        coalesce(calls.happened_at, known_engagements.happened_at) as completed_at,
        calls.duration_seconds as call_duration_seconds,
        calls.row_key,
        case
            when calls.row_status <> 'accepted' then calls.row_status
            when known_engagements.is_deleted = 1 then 'deleted'
            when landed.engagement_count > 0 and known_engagements.engagement_id is null then 'rejected'
            else calls.row_status
        end as row_status
    from calls
    cross join landed
    left join known_engagements on calls.engagement_id = known_engagements.engagement_id
)

select * from final
