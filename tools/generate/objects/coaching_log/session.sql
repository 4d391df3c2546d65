-- Three sessions in two months.
with numbered as (
    select spells.*, unnest(range(cast(ceil(days / 20.0) as integer))) as place
    from spells
),
drawn as (
    select
        *,
        cast(spell * 1000 + place as bigint) as session,
        add_days(active_from, (place + roll('session', spell, place)) * 20) as held_on,
        pick(['one_on_one', 'call_review', 'role_play', 'ride_along', 'practice_recording'], roll('session kind', spell, place)) as kind
    from numbered
)
select
    'C' || session as "session_id",
    case when session % 9 = 0 then upper(people.email) else people.email end as "rep_email",
    people.manager_email as "coach_email",
    cast(least(held_on, active_to) as varchar) as "held_on",
    cast(15 * (1 + cast(floor(roll('session length', session) * 4) as integer)) as varchar) as "minutes",
    drawn.kind as "kind",
    pick(['discovery', 'pricing', 'objections', 'pipeline', 'demo', 'negotiation'], roll('topic', session)) as "topic",
    case when kind in ('call_review', 'role_play', 'practice_recording') then cast(2 + cast(floor(roll('session score', session) * 4) as integer) as varchar) else '' end as "score",
    case when kind in ('call_review', 'role_play', 'practice_recording') then '5' else '' end as "scale_max",
    case when kind = 'practice_recording' then 'https://rec.example/' || session else '' end as "recording_url"
from drawn
inner join people on drawn.person = people.person
order by session
