-- One learner in twenty-five is known by employee number only, others by e-mail only, in capitals or with spaces.
select
    lms_user_id as "user_id",
    case
        when person % 25 = 1 then 'learner' || person || '@northbeam-learning.example'
        when person % 25 = 2 then upper(email)
        when person % 25 = 4 then '  ' || email || ' '
        else email
    end as "email",
    case when person % 25 in (2, 4) or person % 3 = 0 and person % 25 <> 1 then '' else employee_number end as "employee_number"
from people
