select
    'cert_' || enrolment as "award_id",
    lms_user_id as "user_id",
    case when program like 'prog_onboarding%' then 'Certified pitch' else 'Discovery certificate' end as "certification",
    program as "program_id",
    iso_time(at_local(completed_on, 17 * 3600, zone)) as "awarded_at",
    iso_time(at_local(completed_on, 17 * 3600, zone) + interval 1 year) as "expires_at"
from enrolments
where completed_on is not null and program <> 'prog_product_news' and roll('certified', enrolment) < 0.85
