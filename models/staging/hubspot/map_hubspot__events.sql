-- Meetings of HubSpot as events. Owner, start and kind are the meeting's own, else its engagement's. A meeting of a
-- deleted engagement is deleted; one of an unknown engagement is an orphan (cnf_orphan_rows), where any landed.
with meetings as (select * from {{ ref('stg_hubspot__engagement_meetings') }}),

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
        max(case when engagements.row_status = 'accepted' then engagements.activity_type end) as activity_type,
        max(case when engagements.row_status = 'deleted' then 1 else 0 end) as is_deleted
    from engagements
    where engagements.row_status <> 'rejected'
    group by engagements.engagement_id
),

final as (
    select
        coalesce(meetings.owner_user_id, known_engagements.owner_user_id) as owner_user_id,
        cast(null as {{ dbt.type_string() }}) as what_id,
        cast(null as {{ dbt.type_string() }}) as account_id,
        meetings.title as subject,
        coalesce(meetings.meeting_type, known_engagements.activity_type, 'meeting') as event_type,
        cast(null as {{ dbt.type_string() }}) as event_subtype,
        meetings.outcome as status,
        coalesce(meetings.started_at, known_engagements.happened_at) as started_at,
        meetings.ended_at,
        cast(null as decimal(28, 6)) as duration_minutes,
        false as is_child,
        false as is_all_day,
        meetings.row_key,
        case
            when meetings.row_status <> 'accepted' then meetings.row_status
            when known_engagements.is_deleted = 1 then 'deleted'
            when landed.engagement_count > 0 and known_engagements.engagement_id is null then 'rejected'
            else meetings.row_status
        end as row_status
    from meetings
    cross join landed
    left join known_engagements on meetings.engagement_id = known_engagements.engagement_id
)

select * from final
