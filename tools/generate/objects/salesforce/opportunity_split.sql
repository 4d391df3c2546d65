-- The owner and up to two colleagues of the next seats. Shape 1 does not add up.
with shaped as (
    select
        *,
        case split_shape
            when 1 then [60, 30]
            when 2 then [60, 40]
            when 3 then [50, 50]
            when 4 then [50, 30, 20]
            else [33.34, 33.33, 33.33]
        end as percentages
    from deals
    where split_shape is not null
),
shared as (
    select *, unnest(range(len(percentages))) as place
    from shaped
)
select
    sfid('1Oe', deal * 3 + place) as "Id",
    deal_id as "OpportunityId",
    case place
        when 0 then user_id
        else sfid('005', 2 * ((seat + place) % getvariable('reps')))
    end as "SplitOwnerId",
    cast(percentages[1 + place] as varchar) as "SplitPercentage",
    money(round(amount, 2) * percentages[1 + place] / 100) as "SplitAmount",
    'false' as "IsDeleted"
from shared
