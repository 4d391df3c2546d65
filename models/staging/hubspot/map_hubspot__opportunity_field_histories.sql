-- Changes of a deal's owner. HubSpot writes the new value only: the old one is that of the change before it.
with changes as (select * from {{ ref('stg_hubspot__deal_property_histories') }}),

owner_changes as (
    select
        changes.*,
        lag(changes.property_value) over (
            partition by changes.deal_id, changes.row_status order by changes.changed_at, changes.row_key
        ) as previous_value
    from changes
    where changes.property_name = 'hubspot_owner_id'
),

final as (
    select
        'hubspot:' || owner_changes.deal_id as opportunity_id,
        'owner' as field_name,
        owner_changes.previous_value as old_value,
        owner_changes.property_value as new_value,
        owner_changes.changed_at,
        owner_changes.row_key,
        owner_changes.row_status
    from owner_changes
)

select * from final
