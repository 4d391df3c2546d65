select
    sfid('026', epoch(month) // 86400) as "Id",
    cast(cast(month as date) as varchar) as "StartDate",
    cast(last_day(month) as varchar) as "EndDate",
    'Month' as "Type"
from range(getvariable('first_day'), getvariable('last_day') + interval 6 months, interval 1 month) as months(month)
