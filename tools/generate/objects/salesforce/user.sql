select
    user_id as "Id",
    email || '.crm' as "Username",
    email as "Email",
    full_name as "Name",
    flag(ended_on is null) as "IsActive",
    'Standard' as "UserType",
    role_id as "UserRoleId",
    manager_user_id as "ManagerId",
    role as "Title",
    'Sales' as "Department",
    employee_number as "EmployeeNumber",
    case person % 50 when 11 then '' when 12 then 'Mars/Olympus_Mons' else zone end as "TimeZoneSidKey",
    cast(hired_on as varchar) as "Hire_Date__c",
    cast(started_on as varchar) as "Role_Start_Date__c",
    coalesce(cast(ended_on as varchar), '') as "Termination_Date__c",
    salesforce_time(hired_on - interval 3 days + interval 8 hours) as "CreatedDate",
    salesforce_time(coalesce(ended_on, greatest(hired_on, getvariable('first_day'))) + interval 18 hours) as "LastModifiedDate"
from (select *, case family when 'SDR' then '00E5g00000000000003' else '00E5g00000000000002' end as role_id from people) as reps
union all
select
    user_id, email_of(full_name, 'm' || manager) || '.crm', email_of(full_name, 'm' || manager), full_name, 'true', 'Standard',
    '00E5g00000000000001', '0055g09999999999999', 'Sales Manager', 'Sales', 'M' || (1000 + manager), zone, '2018-03-01', '2018-03-01',
    '', '2018-02-26T08:00:00.000+0000', '2018-02-26T08:00:00.000+0000'
from managers
union all
select *
from (values
    (
        '0055g09999999999999', 'vp@northbeam.example.crm', 'vp@northbeam.example', 'Val Prentice', 'true', 'Standard', '00E5g00000000000000', '',
        'VP Sales', 'Sales', 'M999', 'America/New_York', '2018-02-05', '2018-02-05', '', '2018-02-02T08:00:00.000+0000', '2018-02-02T08:00:00.000+0000'
    ),
    (
        '0055g08888888888888', 'integration@northbeam.example.crm', 'integration@northbeam.example', 'Integration User', 'true', 'AutomatedProcess', '', '',
        '', '', '', 'UTC', '', '', '', '2018-01-02T08:00:00.000+0000', '2018-01-02T08:00:00.000+0000'
    )
) as others
