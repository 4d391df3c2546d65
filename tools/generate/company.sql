-- The company behind the rows: who sells where and when, and every deal. Objects are written from these tables.
-- Variables: reps, years, first_day, last_day, activities. Macro roll(topic, number, ..): a random number in [0, 1).

-- ---- words --------------------------------------------------------------
create macro pick(words, number) as words[1 + cast(floor(number * len(words)) as integer)];
create macro workday(day) as day + (case isodow(day) when 6 then 2 when 7 then 1 else 0 end);
create macro if_past(day) as case when day < getvariable('last_day') - 10 then day end;
create macro add_days(day, number) as cast(day + cast(floor(number) as integer) as date);
create macro sfid(prefix, number) as prefix || '5g' || lpad(cast(number as varchar), 13, '0');
create macro at_local(day, seconds, zone) as timezone('UTC', timezone(zone, day + to_seconds(cast(seconds as bigint))));
create macro office_second(number) as 9 * 3600 + 300 * cast(floor(number * 95) as integer);
create macro salesforce_time(moment) as strftime(moment, '%Y-%m-%dT%H:%M:%S.000+0000');
create macro iso_time(moment) as strftime(moment, '%Y-%m-%dT%H:%M:%SZ');
create macro flag(truth) as case when truth then 'true' else 'false' end;
create macro money(amount) as regexp_replace(cast(cast(amount as decimal(18, 2)) as varchar), '[.]00$', '');
create macro email_of(full_name, number) as lower(replace(full_name, ' ', '.')) || number || '@northbeam.example';

-- ---- people ---------------------------------------------------------------
create table zones as
select * from (values
    (0, 0, 'America/Los_Angeles', 'USD'), (0, 1, 'America/Denver', 'USD'),
    (1, 0, 'America/New_York', 'USD'), (1, 1, 'America/Chicago', 'USD'),
    (2, 0, 'Europe/London', 'GBP'), (2, 1, 'Europe/Berlin', 'EUR'),
    (3, 0, 'Asia/Singapore', 'USD'), (3, 1, 'Australia/Sydney', 'USD')
) as zones(region_no, zone_no, zone, currency);

-- A seat is one place in the sales team. Four seats in five sell (AE), one books meetings (SDR). A third of the seats is
-- new in these years; the others have somebody from the start. Most of those who leave are followed by a new hire.
create table seats as
with drawn as (
    select
        seat,
        seat % 4 as region_no,
        case when seat % 5 = 4 then 'SDR' else 'AE' end as family,
        workday(case
            when seat % 3 = 0 then add_days(getvariable('first_day'), roll('hired', seat) * getvariable('days') * 0.5)
            else add_days(getvariable('first_day'), -60 - roll('hired', seat) * 1500)
        end) as hired_on,
        case
            when roll('leaves', seat) < 0.05 then 40 + roll('stays', seat) * 20
            when roll('leaves', seat) < 0.6 then 120 + roll('stays', seat) * getvariable('days') * 0.5
        end as stays_days
    from range(getvariable('reps')) as numbers(seat)
)
select
    *,
    if_past(add_days(greatest(hired_on, getvariable('first_day')), stays_days)) as left_on
from drawn;

create table stays as
select seat, 0 as stay, seat * 2 as person, family, region_no, hired_on, left_on from seats
union all
select
    seat,
    1 as stay,
    -- One in fifty comes back to the same seat.
    seat * 2 + case when seat % 50 = 7 then 0 else 1 end as person,
    family,
    region_no,
    workday(add_days(left_on, 35 + roll('gap', seat) * 30)) as hired_on,
    case when roll('leaves again', seat) < 0.3 then if_past(add_days(left_on, 150 + roll('stays again', seat) * 500)) end
        as left_on
from seats
where left_on < getvariable('last_day') - 90;

-- One row for each stretch in a role. One SDR in three becomes an AE after 300 days.
create table spells as
with staged as (
    select
        *,
        coalesce(
            family = 'SDR' and seat % 15 = 4 and stay = 0
            and greatest(hired_on, getvariable('first_day')) + 300 < least(coalesce(left_on, getvariable('last_day')), getvariable('last_day')) - 60,
            false
        ) as is_mover
    from stays
),
moved as (
    select *, family as spell_family, hired_on as started_on,
        case when is_mover then greatest(hired_on, getvariable('first_day')) + 299 else left_on end as ended_on
    from staged
    union all
    select *, 'AE' as spell_family, greatest(hired_on, getvariable('first_day')) + 300 as started_on, left_on as ended_on
    from staged
    where is_mover
),
dated as (
    select
        cast(row_number() over (order by seat, stay, started_on) - 1 as integer) as spell,
        person, seat, stay, region_no, hired_on, left_on, is_mover,
        spell_family as family,
        cast(started_on as date) as started_on,
        cast(ended_on as date) as ended_on,
        cast(greatest(started_on, getvariable('first_day')) as date) as active_from,
        cast(least(coalesce(ended_on, getvariable('last_day')), getvariable('last_day')) as date) as active_to,
        hired_on >= getvariable('first_day') as is_new
    from moved
)
select
    dated.*,
    zones.zone,
    zones.currency,
    active_to - active_from + 1 as days,
    case when hired_on < getvariable('version_2_from') then 'v1' else 'v2' end as version,
    case
        when not is_new then started_on
        when hired_on < getvariable('version_2_from') then add_days(started_on, 130 + roll('productive', spell) * 40)
        else add_days(started_on, 75 + roll('productive', spell) * 30)
    end as productive_on,
    -- First call, meeting and demo of a new hire, in days after the start.
    case when is_new then 2 + floor(roll('first call', spell) * 7) else 0 end as call_day,
    case when is_new then 9 + floor(roll('first meeting', spell) * 14) else 0 end as meeting_day,
    case when is_new then 24 + floor(roll('first demo', spell) * 30) else 0 end as demo_day,
    case when person % 25 = 3 and is_new then add_days(hired_on, 45 + roll('leave', spell) * 60) end as leave_from,
    case when person % 25 = 3 and is_new then add_days(hired_on, 75 + roll('leave', spell) * 60) end as leave_to,
    case family when 'SDR' then 'Sales Development Representative' else 'Account Executive' end as role
from dated
inner join zones on dated.region_no = zones.region_no and dated.person % 2 = zones.zone_no
where active_to >= active_from
order by spell;

create table managers as
select
    manager,
    manager % 4 as region_no,
    sfid('005', 9000000000 + manager) as user_id,
    pick(['Ava', 'Liam', 'Mia', 'Noah', 'Zoe', 'Ethan'], roll('manager first', manager)) || ' '
    || pick(['Albers', 'Haddad', 'Moreau', 'Xu', 'Petrov'], roll('manager last', manager)) as full_name,
    case manager % 4 when 0 then 'America/Denver' when 1 then 'America/Chicago' when 2 then 'Europe/Berlin' else 'Asia/Singapore' end as zone
from range(4 * cast(ceil(getvariable('reps') / 32.0) as bigint)) as numbers(manager);

-- One row a person, as the CRM knows them: the latest spell.
create table people as
with latest as (
    select *, row_number() over (partition by person order by spell desc) as place
    from spells
),
named as (
    select
        latest.*,
        pick(['Owen', 'Ruby', 'Kenji', 'Priya', 'Marco', 'Elsa', 'Igor', 'Dana', 'Hugo', 'Clara', 'Felix', 'Nora'], roll('first name', person)) || ' '
        || pick(['Banerjee', 'Castillo', 'Duarte', 'Eriksen', 'Ibarra', 'Kowalski', 'Nakamura', 'Okafor', 'Rossi', 'Vasquez'], roll('last name', person)) as full_name
    from latest
    where place = 1
)
select
    named.person, named.seat, named.region_no, named.family, named.role, named.hired_on, named.started_on, named.ended_on,
    named.zone, named.currency, named.full_name, named.is_new,
    sfid('005', named.person) as user_id,
    email_of(named.full_name, named.person) as email,
    'E' || (100000 + named.person) as employee_number,
    'u' || (100000 + named.person) as lms_user_id,
    cast(6100000000000000000 + named.person * 48611952973 as varchar) as gong_user_id,
    ['SMB', 'Mid-Market', 'Enterprise'][1 + named.person % 3] as segment,
    ['AMER West', 'AMER East', 'EMEA', 'APAC'][1 + named.region_no] as region,
    managers.user_id as manager_user_id,
    email_of(managers.full_name, 'm' || managers.manager) as manager_email,
    managers.manager
from named
inner join managers on managers.manager = (named.seat // 32) * 4 + named.seat % 4
order by named.person;

-- ---- deals ----------------------------------------------------------------
create table rates as
select
    currency,
    cast(quarter as date) as started_on,
    case currency when 'USD' then 1.0 else round(case currency when 'EUR' then 0.88 else 0.74 end + 0.1 * roll(currency, epoch(quarter)), 3) end as rate
from (values ('USD'), ('EUR'), ('GBP')) as currencies(currency)
cross join range(getvariable('first_day'), getvariable('last_day') + 1, interval 3 months) as quarters(quarter);

-- Three deals begin per AE and month. Before the productive day few are won, and they are small. One in three hundred is
-- inherited: it began before the rep did.
create table deals as
with counted as (
    select *, cast(ceil(days * 3 / 30.4) as integer) as deal_count
    from spells
    where family = 'AE' and days > 30
),
numbered as (
    select
        counted.*,
        unnest(range(deal_count)) as place
    from counted
),
drawn as (
    select
        cast(row_number() over (order by spell, place) - 1 as bigint) as deal,
        *,
        add_days(active_from, (place + 0.5) / deal_count * days) as began_on,
        15 + floor(75 * roll('cycle', spell, place)) as cycle_days,
        exp(0.45 * (roll('amount', spell, place) + roll('amount 2', spell, place) + roll('amount 3', spell, place) - 1.5) * 2) * 17000 as size,
        is_new and place = 0 and roll('inherited', spell) < 0.3 as is_inherited
    from numbered
),
dated as (
    select
        *,
        case when is_inherited then active_from - 45 else began_on end as created_on,
        least(workday(case when is_inherited then add_days(active_from, 3) else add_days(began_on, cycle_days) end), case when ended_on is null then date '9999-01-01' else active_to end) as closed_on
    from drawn
),
judged as (
    select
        *,
        case
            when closed_on > getvariable('last_day') or (ended_on is null and active_to = getvariable('last_day') and place = deal_count - 1) then 'open'
            when roll('won', deal) < case when closed_on >= productive_on or is_inherited then 0.41 else 0.08 end then 'won'
            else 'lost'
        end as status
    from dated
)
select
    judged.* exclude (size, place),
    sfid('006', deal) as deal_id,
    people.user_id,
    people.manager_user_id,
    people.zone as person_zone,
    round(case when judged.closed_on < judged.productive_on and judged.status = 'won' then 3800 + 5000 * roll('small', deal) else judged.size end, -1) * rates.rate as amount,
    case
        when judged.status = 'won' and (judged.ended_on is not null or roll('owner after', deal) < 0.03) then 'after'
        when judged.is_inherited or roll('owner before', deal) < 0.03 then 'before'
    end as owner_change,
    case when judged.status = 'won' then
        case when roll('split', deal) < 0.01 then 1 when roll('split', deal) < 0.08 then 2 + cast(floor(roll('shape', deal) * 4) as integer) end
    end as split_shape
from judged
inner join people on judged.person = people.person
inner join rates
    on people.currency = rates.currency
    and least(judged.closed_on, getvariable('last_day')) >= rates.started_on
    and least(judged.closed_on, getvariable('last_day')) < rates.started_on + interval 3 months
order by deal;

create table deal_ranges as
select spell, min(deal) as first_deal, count(*) as deal_count from deals group by spell;

-- ---- activities -----------------------------------------------------------
-- Activities are written in parts of a quarter. A spell has as many in a part as it has days there.
create table parts as
select
    cast(row_number() over (order by quarter) - 1 as integer) as part,
    cast(quarter as date) as part_from,
    cast(least(quarter + interval 3 months, getvariable('last_day') + interval 1 day) as date) - 1 as part_to
from range(getvariable('first_day'), getvariable('last_day') + 1, interval 3 months) as quarters(quarter);

create table activity_counts as
with shared as (
    select
        parts.part,
        spells.*,
        greatest(active_from, part_from) as work_from,
        least(active_to, part_to) as work_to
    from parts
    inner join spells on active_from <= part_to and active_to >= part_from
),
summed as (
    select
        *,
        work_to - work_from + 1 as work_days,
        cast(sum(work_to - work_from + 1) over () as bigint) as all_days,
        cast(
            coalesce(sum(work_to - work_from + 1) over (order by part, spell rows between unbounded preceding and 1 preceding), 0)
            as bigint
        ) as days_before
    from shared
)
select
    summed.part, summed.spell, summed.person, summed.is_new, summed.started_on, summed.family, summed.call_day, summed.meeting_day,
    summed.demo_day, summed.leave_from, summed.leave_to, summed.work_from, summed.work_to, summed.work_days, summed.active_from, summed.days,
    people.user_id, people.zone, deal_ranges.first_deal, deal_ranges.deal_count,
    (days_before * getvariable('activities')) // all_days as first_activity,
    ((days_before + work_days) * getvariable('activities')) // all_days - (days_before * getvariable('activities')) // all_days as activity_count
from summed
inner join people on summed.person = people.person
left join deal_ranges on summed.spell = deal_ranges.spell
order by summed.part, summed.spell;

-- The activities of the part that variable part names. Three in four are tasks, the others events.
create view activities as
with numbered as (
    select
        activity_counts.*,
        unnest(range(activity_count)) as place
    from activity_counts
    where part = getvariable('part')
),
placed as (
    select
        *,
        first_activity + place as activity,
        workday(add_days(work_from, (place + roll('day', first_activity + place)) / activity_count * work_days)) as any_day
    from numbered
),
dated as (
    select
        *,
        least(case when any_day between leave_from and leave_to then leave_to + 1 else any_day end, work_to) as day,
        roll('kind', activity) as kind_roll,
        roll('task or event', activity) < 0.75 as is_task
    from placed
)
select
    activity, user_id, zone, day, is_task,
    case
        when is_task and (day - started_on < call_day or kind_roll < 0.5) then 'email'
        when is_task then 'call'
        when day - started_on < meeting_day then 'training'
        when family = 'SDR' or day - started_on < demo_day or kind_roll < 0.65 then 'meeting'
        else 'demo'
    end as kind,
    at_local(
        day,
        case when not is_task and roll('late', activity) < 0.002 then 23 * 3600 + 1800 else office_second(roll('time', activity)) end,
        zone
    ) as moment,
    case
        when roll('deal', activity) < 0.8
            then sfid('006', first_deal + cast(floor(deal_count * least((day - active_from) / days, 0.9999)) as bigint))
    end as deal_id
from dated;

-- ---- learning -------------------------------------------------------------
-- New reps are onboarded. Half of the AEs who are there long before and after its launch take each of two ongoing programs;
-- three people take the third, too few to say anything.
create table enrolments as
with programs as (
    select * from (values
        ('prog_product_news', add_days(getvariable('first_day'), getvariable('days') * 0.4), 'item_12', null),
        ('prog_discovery_skills', add_days(getvariable('first_day'), getvariable('days') * 0.6), 'item_15', 'item_13')
    ) as programs(program, launched_on, assessment_item, live_item)
),
taken as (
    select
        'prog_onboarding_' || version as program,
        case version when 'v1' then 'item_04' else 'item_09' end as assessment_item,
        case version when 'v1' then 'item_02' else 'item_07' end as live_item,
        spell, person, active_to,
        add_days(started_on, roll('enrolled', spell) * 3) as enrolled_on,
        case when roll('completes', spell) < 0.9 then add_days(started_on, 21 + roll('completed', spell) * 33) end as done_on
    from spells
    where is_new and days > 5
    union all
    select
        program, assessment_item, live_item, spell, person, active_to, launched_on, add_days(launched_on, 10 + roll('completed', spell, launched_on) * 14)
    from spells
    cross join programs
    where family = 'AE' and active_from <= launched_on - 120 and active_to >= launched_on + 180 and roll('treated', spell, launched_on) < 0.5
    union all
    select 'prog_executive_briefing', 'item_17', 'item_17', spell, person, active_to, active_to - 60, active_to - 50
    from (select * from spells where family = 'AE' and days > 200 and active_to = getvariable('last_day') order by spell limit 3) as three
)
select
    cast(row_number() over (order by taken.program, taken.spell) as bigint) as enrolment,
    taken.program, taken.assessment_item, taken.live_item, taken.active_to, taken.enrolled_on,
    least(workday(taken.enrolled_on + 2), taken.active_to) as begun_on,
    case when taken.done_on <= taken.active_to then taken.done_on end as completed_on,
    people.lms_user_id, people.email, people.zone
from taken
inner join people on taken.person = people.person
order by enrolment;
