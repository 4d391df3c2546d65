-- The least that DuckDB has to do for the three marts, written by hand for this one company: every raw file is read once, only
-- the columns that are needed, and nothing is kept that is not used. Tables owners, ramps and spells come from people.py.
-- What is parsed becomes a table first: DuckDB would move the filters down and parse a value as often as they mention it.

create macro parse_time(text) as coalesce(
    try_cast(text as timestamptz) at time zone 'UTC',
    make_timestamp(case when len(text) in (12, 13) then try_cast(text as bigint) * 1000 end)
);
create macro local_day(instant, zone) as cast((instant at time zone 'UTC') at time zone zone as date);
-- To ask for the time in a zone row by row costs more than all else: what is ahead of UTC is asked for once per zone and day, and row by
-- row only on days on which that changes.
create macro ahead(instant, zone) as ((instant at time zone 'UTC') at time zone zone) - instant;
create table zone_days as
select
    zone, cast(starts_at as date) as day, ahead(starts_at, zone) as ahead, ahead(starts_at, zone) = ahead(starts_at + interval 1 day, zone) as is_even
from (select distinct zone from owners), range(timestamp '1990-01-01', timestamp '2031-07-01', interval 1 day) as days (starts_at);
create macro filled(text) as nullif(trim(text), '');
create macro is_far(day) as day < date '1990-01-01' or day > date '2031-06-30';
create macro cents(amount) as cast(cast(amount as decimal(28, 6)) as decimal(18, 2));

-- ---- activities -----------------------------------------------------------
create table tasks as
select
    filled("Id") as id, filled("OwnerId") as owner, filled("Subject") as subject, lower(filled("TaskSubtype")) as subtype,
    lower(filled("Status")) as status, filled("IsClosed") as closed, filled("ActivityDate") as due, filled("CompletedDateTime") as completed,
    filled("CallDurationInSeconds") as length, "IsDeleted" = 'true' as is_deleted,
    parse_time(filled("CompletedDateTime")) as completed_at,
    try_cast(filled("ActivityDate") as date) as due_on,
    try_cast(filled("CreatedDate") as timestamptz) as created_at,
    try_cast(filled("CallDurationInSeconds") as double) as seconds
from read_parquet(getvariable('raw') || '/salesforce/task/*.parquet');

create table events as
select
    filled("Id") as id, filled("OwnerId") as owner, lower(filled("Subject")) as subject, lower(filled("Type")) as type,
    filled("EndDateTime") as ended, "IsDeleted" = 'true' as is_deleted, "IsChild" = 'true' as is_child,
    parse_time(filled("StartDateTime")) as started_at,
    parse_time(filled("EndDateTime")) as ended_at,
    try_cast(filled("DurationInMinutes") as double) as minutes
from read_parquet(getvariable('raw') || '/salesforce/event/*.parquet');

create table activities as
with sound_tasks as (
    select id, owner, subject, subtype, status, closed, due_on, completed_at, is_deleted
    from tasks
    where
        id is not null and owner is not null and created_at is not null
        and (completed is null or completed_at is not null)
        and (due is null or due_on is not null)
        and (length is null or seconds >= 0)
        and lower(closed) in ('true', 'false')
        and not coalesce(is_far(completed_at), false) and not coalesce(is_far(due_on), false) and not is_far(created_at)
),
conflicts as (
    select id from sound_tasks group by id having count(*) > 1 and min(subject || status) <> max(subject || status)
),
done as (
    select
        'salesforce:task:' || id as source_key,
        owner,
        case when subtype = 'call' then 'call' else 'other' end as kind,
        completed_at as happened_at,
        due_on
    from sound_tasks
    where
        not is_deleted and status <> 'deferred' and (closed = 'true' or status = 'completed')
        and id not in (select id from conflicts)
),
held as (
    select
        'salesforce:event:' || id as source_key,
        owner,
        case
            when type like 'demo%' or subject like '%demo%' then 'demo'
            when type like 'meeting%' or subject like '%meeting%' then 'meeting'
            else 'other'
        end as kind,
        started_at as happened_at
    from events
    where
        id is not null and owner is not null and started_at is not null and not is_far(started_at)
        and (ended is null or ended_at >= started_at) and not coalesce(is_far(ended_at), false) and minutes >= 0
        and not is_deleted and not is_child
        and not regexp_matches(subject, '^(canceled|cancelled|declined):')
),
happened as (
    select source_key, owner, kind, happened_at, due_on from done
    union all
    select source_key, owner, kind, happened_at, null as due_on from held
)
select
    owners.rep_id, happened.kind, happened.source_key, coalesce(happened.happened_at, cast(due_on as timestamp)) as happened_at,
    case
        when happened.happened_at is null then due_on
        when zone_days.is_even then cast(happened.happened_at + zone_days.ahead as date)
        else local_day(happened.happened_at, owners.zone)
    end as happened_on
from happened
inner join owners on happened.owner = owners.user_id
left join zone_days on owners.zone = zone_days.zone and cast(happened.happened_at as date) = zone_days.day;

-- ---- deals ----------------------------------------------------------------
create table rates as
select "IsoCode" as currency, cast("StartDate" as date) as started_on, cast("ConversionRate" as double) as rate
from read_parquet(getvariable('raw') || '/salesforce/dated_conversion_rate/*.parquet')
where "IsoCode" <> 'USD'
union all
select 'USD', date '1900-01-01', 1.0;

create table typed_deals as
select
    filled("Id") as id, filled("OwnerId") as owner, filled("StageName") as stage, filled("CurrencyIsoCode") as currency,
    filled("Amount") as raw_amount, coalesce(cast(try_cast(filled("Amount") as decimal(18, 6)) as decimal(28, 6)), try_cast(filled("Amount") as decimal(28, 6))) as amount,
    "IsClosed" = 'true' as is_closed, "IsWon" = 'true' as is_won, "IsDeleted" = 'true' as is_deleted,
    try_cast("CloseDate" as date) as closed_on, parse_time("CreatedDate") as created_at, parse_time("LastModifiedDate") as modified_at,
    try_cast(substr("CreatedDate", 1, 10) as date) as created_day
from read_parquet(getvariable('raw') || '/salesforce/opportunity/*.parquet');

create table deals as
with sound as (
    select * from typed_deals
    where
        id is not null and owner is not null and closed_on is not null and created_at is not null and modified_at is not null
        and (raw_amount is null or amount >= 0)
        and not is_far(closed_on) and not is_far(created_at) and not is_far(modified_at)
        and not (is_closed and closed_on < created_day - 1)
        and currency in (select currency from rates)
),
newest as (
    select * from sound
    qualify row_number() over (partition by id order by modified_at desc) = 1
)
select
    newest.id, newest.owner, owners.rep_id, coalesce(owners.zone, 'UTC') as zone, newest.closed_on,
    case when not newest.is_closed or newest.closed_on > date '2026-06-30' then 'open' when newest.is_won then 'won' else 'lost' end as status,
    local_day(newest.created_at, coalesce(owners.zone, 'UTC')) as created_on,
    cents(cast(newest.amount as double) / rates.rate) as amount
from newest
left join owners on newest.owner = owners.user_id
asof join rates on newest.currency = rates.currency and least(newest.closed_on, date '2026-06-30') >= rates.started_on
where not newest.is_deleted;

create table bookings as
with won as (select * from deals where status = 'won'),
changes as (
    select
        history."OpportunityId" as id, history."OldValue" as old_value, history."NewValue" as new_value,
        parse_time(history."CreatedDate") as changed_at,
        local_day(parse_time(history."CreatedDate"), won.zone) <= won.closed_on as is_by_close
    from read_parquet(getvariable('raw') || '/salesforce/opportunity_field_history/*.parquet') as history
    inner join won on history."OpportunityId" = won.id
    where history."Field" = 'Owner'
),
owners_at_close as (
    select
        won.id,
        coalesce(
            max_by(changes.new_value, changes.changed_at) filter (changes.is_by_close),
            min_by(changes.old_value, changes.changed_at) filter (not changes.is_by_close),
            won.owner
        ) as owner
    from won
    left join changes on won.id = changes.id
    group by won.id, won.owner
),
splits as (
    select "OpportunityId" as id, "SplitOwnerId" as owner, cast("SplitPercentage" as double) as percentage
    from read_parquet(getvariable('raw') || '/salesforce/opportunity_split/*.parquet')
    where "IsDeleted" = 'false'
),
complete as (
    select id, sum(percentage) as total from splits group by id having sum(percentage) between 99.994999999 and 100.005000001
),
shares as (
    select splits.id, splits.owner, splits.percentage / complete.total as share
    from splits
    inner join complete on splits.id = complete.id
    union all
    select id, owner, 1.0 from owners_at_close where id not in (select id from complete)
),
credits as (
    select
        won.id, owners.rep_id, coalesce(owners.rep_id, 'nobody:' || shares.owner) as credit_key, won.closed_on as booked_on, won.amount,
        sum(shares.share) as share
    from won
    inner join shares on won.id = shares.id
    left join owners on shares.owner = owners.user_id
    group by all
),
rounded as (
    select
        *,
        cents(cast(amount as double) * share) as part,
        row_number() over (partition by id order by share desc, credit_key) as place
    from credits
)
select
    id, rep_id, booked_on,
    part + case when place = 1 then amount - sum(part) over (partition by id) else 0 end as amount
from rounded;

-- ---- first events of each ramp ----------------------------------------------
create table firsts as
with events as (
    select rep_id, 'first_' || kind as milestone, happened_on, happened_at, source_key as order_key, source_key
    from activities
    where kind <> 'other'
    union all
    select rep_id, 'first_activity', happened_on, happened_at, source_key, source_key
    from activities
    where kind <> 'other'
    union all
    select rep_id, 'first_opportunity', created_on, null, id, 'salesforce:opportunity:' || id
    from deals
    where rep_id is not null and created_on <= date '2026-06-30'
    union all
    select rep_id, 'first_deal', booked_on, null, id, 'salesforce:opportunity:' || id
    from bookings
    where rep_id is not null
)
select
    ramps.ramp_id, events.milestone,
    min({'a': events.happened_on, 'b': events.happened_at, 'c': events.order_key, 'd': events.source_key}) as first_event
from ramps
inner join events on ramps.rep_id = events.rep_id and events.happened_on between ramps.started_on and ramps.observed_until
group by ramps.ramp_id, events.milestone;

-- ---- quotas ---------------------------------------------------------------
create table quotas as
with typed as (
    select
        filled("QuotaOwnerId") as owner, cast("StartDate" as date) as started_on, try_cast(filled("QuotaAmount") as decimal(18, 2)) as amount
    from read_parquet(getvariable('raw') || '/salesforce/forecasting_quota/*.parquet')
    where "IsAmount" = 'true' and "ForecastingTypeId" = '0Db5g0000000TIuCAM'
),
assigned as (
    select owners.rep_id, typed.started_on, last_day(typed.started_on) as ended_on, sum(typed.amount) as quota
    from typed
    inner join owners on typed.owner = owners.user_id
    where typed.amount is not null and typed.started_on <= date '2026-06-30'
    group by all
)
select
    assigned.*,
    case
        when min_by(spells.role_family, spells.started_on) = 'AE' then 50000.00
        else assigned.quota
    end as milestone_quota
from assigned
left join spells
    on assigned.rep_id = spells.rep_id and assigned.ended_on >= spells.started_on
    and (spells.ended_on is null or assigned.started_on <= spells.ended_on)
group by assigned.rep_id, assigned.started_on, assigned.ended_on, assigned.quota;

create table attainment as
with placed as (
    select
        bookings.rep_id, coalesce(quotas.started_on, cast(date_trunc('month', bookings.booked_on) as date)) as period_started_on,
        quotas.quota, bookings.amount, bookings.id
    from bookings
    left join quotas on bookings.rep_id = quotas.rep_id and bookings.booked_on between quotas.started_on and quotas.ended_on
    where bookings.rep_id is not null
    union all
    select rep_id, started_on, quota, 0, null from quotas
)
select
    rep_id, period_started_on, quota as quota_amount, sum(amount) as bookings_amount,
    cast(sum(amount) as double) / nullif(cast(quota as double), 0) as attainment_rate,
    count(distinct id) as deals_won_count
from placed
group by rep_id, period_started_on, quota;

create table periods as
select ramps.ramp_id, ramps.started_on as ramp_started_on, ramps.observed_until, quotas.*
from ramps
inner join quotas on ramps.rep_id = quotas.rep_id and ramps.observed_until >= quotas.started_on and ramps.started_on <= quotas.ended_on
where quotas.milestone_quota > 0;

create table crossings as
with progress as (
    select
        periods.ramp_id, periods.milestone_quota, bookings.id, bookings.booked_on,
        sum(bookings.amount) over (partition by periods.ramp_id, periods.started_on order by bookings.booked_on, bookings.id) as total
    from periods
    inner join bookings
        on periods.rep_id = bookings.rep_id and bookings.booked_on between periods.started_on and periods.ended_on
        and bookings.booked_on between periods.ramp_started_on and periods.observed_until
)
select
    progress.ramp_id, 'quota_' || levels.level as milestone, min({'a': progress.booked_on, 'b': progress.id}) as first_crossing
from progress
cross join (values (50), (80), (100)) as levels(level)
where progress.total * 100 >= levels.level * progress.milestone_quota
group by all;
