-- Sign-in sheets: one e-mail in six in capitals with a space behind it.
select
    'live_' || enrolment as "session_id",
    case when enrolment % 6 = 0 then upper(email) || ' ' else email end as "email",
    program as "program_id",
    live_item as "item_id",
    cast(begun_on as varchar) as "attended_on",
    cast(60 + 15 * cast(floor(roll('minutes', enrolment) * 3) as integer) as varchar) as "minutes"
from enrolments
where live_item is not null and roll('attends', enrolment) < 0.9
