-- parts
select
    sfid('00T', activity) as "Id",
    user_id as "OwnerId",
    coalesce(deal_id, '') as "WhatId",
    case kind when 'email' then 'Email: follow-up' else 'Call' end as "Subject",
    case kind when 'email' then 'Email' else 'Call' end as "TaskSubtype",
    case when state < 0.01 then 'Deferred' when state < 0.03 then 'Not Started' else 'Completed' end as "Status",
    flag(state < 0.01 or state >= 0.03) as "IsClosed",
    cast(day + cast(floor(roll('due', activity) * 8) as integer) - 2 as varchar) as "ActivityDate",
    -- Loaders and imports spell the same instant in other ways.
    case
        when state < 0.03 then ''
        when state < 0.04 then strftime(moment, '%Y-%m-%dT%H:%M:%SZ')
        when state < 0.05 then strftime(moment + interval 2 hours, '%Y-%m-%dT%H:%M:%S+02:00')
        when state < 0.06 then strftime(moment, '%Y-%m-%d %H:%M:%S')
        when state < 0.07 then cast(epoch_ms(moment) as varchar)
        else salesforce_time(moment)
    end as "CompletedDateTime",
    salesforce_time(moment - to_hours(cast(floor(roll('created', activity) * 20) as bigint))) as "CreatedDate",
    case kind when 'call' then cast(90 + cast(floor(roll('length', activity) * 1400) as integer) as varchar) else '' end
        as "CallDurationInSeconds",
    flag(roll('deleted', activity) < 0.005) as "IsDeleted"
from (select *, roll('state', activity) as state from activities where is_task) as tasks
