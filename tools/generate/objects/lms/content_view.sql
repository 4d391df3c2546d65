-- Three views in two months.
with numbered as (
    select
        spells.spell, spells.active_from, spells.active_to, people.lms_user_id, people.zone,
        unnest(range(cast(ceil(spells.days / 20.0) as integer))) as place
    from spells
    inner join people on spells.person = people.person
)
select
    'view_' || (spell * 1000 + place) as "view_id",
    lms_user_id as "user_id",
    'cnt_' || lpad(cast(1 + cast(floor(roll('content', spell, place) * 18) as integer) as varchar), 2, '0') as "content_id",
    iso_time(at_local(least(add_days(active_from, 20 * place + 5), active_to), office_second(roll('view', spell, place)), zone)) as "viewed_at",
    cast(20 + cast(floor(roll('view length', spell, place) * 1400) as integer) as varchar) as "duration_seconds"
from numbered
