select
    'enr_' || enrolment as "enrollment_id",
    lms_user_id as "user_id",
    program as "program_id",
    iso_time(at_local(enrolled_on, 9 * 3600, zone)) as "enrolled_at",
    iso_time(at_local(begun_on, 11 * 3600, zone)) as "started_at",
    iso_time(at_local(enrolled_on + 42, 18 * 3600, zone)) as "due_at",
    coalesce(iso_time(at_local(completed_on, 17 * 3600, zone)), '') as "completed_at",
    case when completed_on is null then 'in_progress' else 'completed' end as "status"
from enrolments
