select
    currency as "IsoCode",
    cast(rate as varchar) as "ConversionRate",
    cast(started_on as varchar) as "StartDate",
    coalesce(cast(lead(started_on) over (partition by currency order by started_on) as varchar), '') as "NextStartDate"
from rates
order by currency, started_on
