-- Two calls in five are reviewed.
with numbered as (
    select
        spells.spell, spells.active_from, spells.active_to, people.gong_user_id, people.manager,
        unnest(range(cast(ceil(spells.days / 3.0) as integer))) as place
    from spells
    inner join people on spells.person = people.person
    where spells.person % 30 <> 13
),
reviewed as (
    select
        *,
        cast(spell as bigint) * 10000 + place as call,
        cast(1 + floor(4.5 * roll('overall', spell, place)) as integer) as overall,
        cast(1 + floor(4.5 * roll('discovery', spell, place)) as integer) as discovery,
        roll('skipped', spell, place) < 0.12 as is_skipped
    from numbered
    where place % 5 < 2
)
select
    cast(8800000000000000000 + call as varchar) as "answeredScorecardId",
    '7700112233445566778' as "scorecardId",
    'Call quality' as "scorecardName",
    cast(7300000000000000000 + call as varchar) as "callId",
    gong_user_id as "reviewedUserId",
    cast(6200000000000000000 + manager as varchar) as "reviewerUserId",
    iso_time(least(add_days(active_from, 3 * place + 2), getvariable('last_day')) + interval 17 hours) as "reviewTime",
    '[{"questionId":"overall","isOverall":true,"score":' || overall || ',"notApplicable":false},'
    || '{"questionId":"discovery","isOverall":false,"score":' || discovery || ',"notApplicable":false},'
    || '{"questionId":"next_steps","isOverall":false,"score":' || case when is_skipped then 'null' else cast(overall as varchar) end
    || ',"notApplicable":' || is_skipped || '}]' as "answers"
from reviewed
