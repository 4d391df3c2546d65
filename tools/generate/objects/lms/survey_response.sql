-- Two in three answer, a third of them without a name.
with asked as (
    select *
    from enrolments
    cross join (values
        ('How satisfied were you?', 'satisfaction', 1, 5),
        ('How good was the material?', 'material_quality', 1, 7),
        ('Did the trainers know their subject?', 'instructor_quality', 0, 10),
        ('How relevant is it to your work?', 'relevance', 1, 5),
        ('Would you recommend it to a colleague?', 'nps', 0, 10)
    ) as questions(question, dimension, scale_min, scale_max)
    where completed_on is not null and roll('answers', enrolment) < 0.68
)
select
    'srv_' || enrolment as "response_id",
    case when roll('anonymous', enrolment) < 0.33 then '' else lms_user_id end as "user_id",
    program as "program_id",
    '' as "item_id",
    question as "question",
    dimension as "dimension",
    cast(scale_min as varchar) as "scale_min",
    cast(scale_max as varchar) as "scale_max",
    cast(scale_min + cast(floor((0.4 + 0.6 * roll(dimension, enrolment)) * (scale_max - scale_min + 0.99)) as integer) as varchar) as "score",
    case when roll('comments', enrolment) < 0.1 then 'Slides were out of date, examples were "good"' else '' end as "comment",
    iso_time(least(at_local(completed_on, 18 * 3600, zone), getvariable('last_day') + interval 22 hours)) as "submitted_at"
from asked
order by enrolment, dimension
