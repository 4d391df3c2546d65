-- Before, after, and weeks later. Who fails the second tries once more.
with attempts as (
    select *, 1 as number, 'pre' as kind, 35 + 25 * roll('pre', enrolment) as points, at_local(begun_on, 12 * 3600, zone) as moment
    from enrolments
    union all
    select *, 1, 'post', 55 + 40 * roll('post', enrolment), at_local(completed_on, 15 * 3600, zone)
    from enrolments
    where completed_on is not null
    union all
    select *, 2, 'post', 70 + 25 * roll('retry', enrolment), at_local(completed_on, 16 * 3600, zone)
    from enrolments
    where completed_on is not null and 55 + 40 * roll('post', enrolment) < 70
    union all
    select *, 1, 'retention', 50 + 40 * roll('retention', enrolment), at_local(completed_on + 30, 10 * 3600, zone)
    from enrolments
    where completed_on + 30 <= active_to
)
select
    'att_' || enrolment || '_' || kind || '_' || number as "attempt_id",
    lms_user_id as "user_id",
    assessment_item as "item_id",
    program as "program_id",
    cast(number as varchar) as "attempt_number",
    kind as "kind",
    cast(cast(floor(points) as integer) as varchar) as "score",
    '100' as "max_score",
    flag(floor(points) >= 70) as "passed",
    iso_time(moment) as "submitted_at"
from attempts
order by enrolment, kind, number
