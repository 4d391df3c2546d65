select
    deal_id as "Id",
    case owner_change when 'after' then manager_user_id else user_id end as "OwnerId",
    sfid('001', deal // 3) as "AccountId",
    'Deal ' || deal as "Name",
    case status
        when 'won' then 'Closed Won'
        when 'lost' then 'Closed Lost'
        else pick(['Prospecting', 'Discovery', 'Demo', 'Proposal'], roll('stage', deal))
    end as "StageName",
    money(amount) as "Amount",
    currency as "CurrencyIsoCode",
    cast(closed_on as varchar) as "CloseDate",
    salesforce_time(at_local(created_on, 9 * 3600, person_zone)) as "CreatedDate",
    flag(status <> 'open') as "IsClosed",
    flag(status = 'won') as "IsWon",
    case when roll('type', deal) < 0.8 then 'New Business' else 'Upsell' end as "Type",
    pick(['Web', 'Event', 'Outbound', 'Partner', 'SDR'], roll('source', deal)) as "LeadSource",
    user_id as "CreatedById",
    salesforce_time(
        at_local(
            case
                when status = 'open' then least(created_on + 10, getvariable('last_day'))
                when owner_change = 'after' then least(closed_on + 15, getvariable('last_day'))
                else closed_on
            end,
            18 * 3600, person_zone
        )
    ) as "LastModifiedDate",
    flag(roll('deleted', deal) < 0.003) as "IsDeleted"
from deals
