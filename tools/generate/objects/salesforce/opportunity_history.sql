-- A deal enters two to four stages; a closed one ends in its last. One won deal in a hundred was lost and reopened before.
with staged as (
    select
        *,
        2 + cast(floor(roll('stages', deal) * 3) as integer) as stage_count,
        least(closed_on, getvariable('last_day')) as last_on
    from deals
),
entered as (
    select *, unnest(range(stage_count)) as place
    from staged
)
select
    sfid('008', deal * 4 + place) as "Id",
    deal_id as "OpportunityId",
    case
        when place < stage_count - 1 or status = 'open'
            then case
                when status = 'won' and place = 2 and roll('reopened', deal) < 0.03 then 'Closed Lost'
                else (['Prospecting', 'Discovery', 'Demo', 'Proposal'])[1 + place]
            end
        when status = 'won' then 'Closed Won'
        else 'Closed Lost'
    end as "StageName",
    money(case when place = 0 and roll('guess', deal) < 0.5 then amount * 0.9 else amount end) as "Amount",
    cast(closed_on as varchar) as "CloseDate",
    salesforce_time(
        at_local(
            add_days(created_on, place * (last_on - created_on) / greatest(stage_count - 1, 1)),
            9 * 3600 + place * 3600,
            person_zone
        )
    ) as "CreatedDate"
from entered
