-- One row for each spell and leave; one rep in twenty-five is missing. Dates of leaving are those of the employment.
select
    people.email as "rep_email",
    people.employee_number as "employee_number",
    cast(spells.hired_on as varchar) as "hire_date",
    spells.role as "role",
    cast(spells.started_on as varchar) as "role_started_on",
    people.region as "region",
    people.segment as "segment",
    people.manager_email as "manager_email",
    coalesce(cast(spells.left_on as varchar), '') as "termination_date",
    coalesce(cast(spells.leave_from as varchar), '') as "leave_started_on",
    coalesce(cast(spells.leave_to as varchar), '') as "leave_ended_on"
from spells
inner join people on spells.person = people.person
where spells.person % 25 <> 16
order by spells.spell
