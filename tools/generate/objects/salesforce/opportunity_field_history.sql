-- Who leaves hands the won deals to the manager; a few other deals change hands after the close, or before.
select
    sfid('017', deal) as "Id",
    deal_id as "OpportunityId",
    'Owner' as "Field",
    case owner_change when 'after' then user_id else manager_user_id end as "OldValue",
    case owner_change when 'after' then manager_user_id else user_id end as "NewValue",
    salesforce_time(
        at_local(
            case
                when owner_change = 'after' then greatest(closed_on, coalesce(ended_on, closed_on)) + 3
                when is_inherited then active_from
                else add_days(created_on, (closed_on - created_on) * 0.5)
            end,
            8 * 3600, person_zone
        )
    ) as "CreatedDate"
from deals
where owner_change is not null and (owner_change = 'after' or closed_on <= getvariable('last_day'))
