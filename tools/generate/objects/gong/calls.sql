-- Ten recorded calls a month, with the local offset in their time.
with numbered as (
    select
        spells.spell, spells.person, spells.active_from, spells.active_to, spells.days, people.gong_user_id, people.zone,
        unnest(range(cast(ceil(spells.days / 3.0) as integer))) as place
    from spells
    inner join people on spells.person = people.person
    where spells.person % 30 <> 13
),
dated as (
    select
        *,
        cast(spell as bigint) * 10000 + place as call,
        least(workday(add_days(active_from, 3 * place)), active_to) + to_seconds(cast(office_second(roll('call', spell, place)) as bigint)) as local_time
    from numbered
),
timed as (
    select *, date_diff('minute', timezone('UTC', timezone(zone, local_time)), local_time) as offset_minutes
    from dated
)
select
    cast(7300000000000000000 + call as varchar) as "id",
    gong_user_id as "primaryUserId",
    strftime(local_time, '%Y-%m-%dT%H:%M:%S') || case when offset_minutes < 0 then '-' else '+' end
    || lpad(cast(abs(offset_minutes) // 60 as varchar), 2, '0') || ':' || lpad(cast(abs(offset_minutes) % 60 as varchar), 2, '0') as "started",
    cast(240 + cast(floor(roll('call length', call) * 3000) as integer) as varchar) as "duration",
    pick(['Outbound', 'Conference', 'Inbound'], roll('direction', call)) as "direction",
    case when roll('scope', call) < 0.95 then 'External' else 'Internal' end as "scope",
    pick(['Video', 'Video', 'Audio'], roll('media', call)) as "media",
    flag(roll('private', call) < 0.03) as "isPrivate"
from timed
