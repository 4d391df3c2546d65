-- One e-mail in twenty is written in capitals, one rep in thirty is not recorded.
select
    gong_user_id as "id",
    case when person % 20 = 0 then upper(email) else email end as "emailAddress",
    cast(6200000000000000000 + manager as varchar) as "managerId"
from people
where person % 30 <> 13
union all
select cast(6200000000000000000 + manager as varchar), email_of(full_name, 'm' || manager), ''
from managers
