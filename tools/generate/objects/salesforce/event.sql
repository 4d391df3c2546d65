-- parts
select
    sfid('00U', activity) as "Id",
    user_id as "OwnerId",
    coalesce(deal_id, '') as "WhatId",
    case when roll('cancelled', activity) < 0.03 then 'Canceled: ' else '' end
    || case kind when 'demo' then 'Product demo' when 'meeting' then 'Discovery meeting' else 'Enablement session' end as "Subject",
    case kind when 'demo' then 'Demo' when 'meeting' then 'Meeting' else 'Training' end as "Type",
    salesforce_time(moment) as "StartDateTime",
    salesforce_time(moment + to_minutes(minutes)) as "EndDateTime",
    cast(minutes as varchar) as "DurationInMinutes",
    flag(roll('child', activity) < 0.02) as "IsChild",
    flag(roll('deleted', activity) < 0.005) as "IsDeleted"
from (
    select *, 15 * cast(1 + floor(roll('length', activity) * 4) as bigint) as minutes
    from activities
    where not is_task
) as events
