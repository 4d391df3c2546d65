-- Owners of HubSpot as users of a CRM. HubSpot knows no manager, role, time zone or employee number of an owner.
with owners as (select * from {{ ref('stg_hubspot__owners') }}),

final as (
    select
        owners.user_id,
        owners.email,
        owners.full_name,
        -- An owner that is no person is a queue.
        case when coalesce(owners.owner_type, 'person') = 'person' then 'Standard' else owners.owner_type end
            as user_type,
        cast(null as {{ dbt.type_string() }}) as user_role_id,
        cast(null as {{ dbt.type_string() }}) as manager_user_id,
        cast(null as {{ dbt.type_string() }}) as title,
        cast(null as {{ dbt.type_string() }}) as employee_number,
        cast(null as {{ dbt.type_string() }}) as timezone,
        cast(null as date) as hired_on,
        cast(null as date) as role_started_on,
        cast(null as date) as terminated_on,
        owners.created_at,
        owners.row_key,
        owners.row_status
    from owners
)

select * from final
