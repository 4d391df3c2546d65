-- Three deals an account.
select
    sfid('001', account) as "Id",
    pick(['Alder', 'Birch', 'Cobalt', 'Delta', 'Ember', 'Fjord', 'Granite', 'Harbor'], roll('account', account)) || ' ' || account as "Name",
    pick(['Foods', 'Labs', 'Freight', 'Media', 'Health', 'Energy', 'Bank', 'Retail'], roll('industry', account)) as "Industry",
    cast(40 + cast(floor(roll('size', account) * 5000) as integer) as varchar) as "NumberOfEmployees",
    pick(['US', 'US', 'US', 'GB', 'DE', 'FR', 'SG', 'AU'], roll('country', account)) as "BillingCountry"
from range((select count(*) // 3 + 1 from deals)) as numbers(account)
