-- One row per rep and employment. The roster wins over the CRM; a second hire date is a rehire.
with persons as (select * from {{ ref('cnf_persons') }}),

rosters as (select * from {{ ref('stg_roster__rosters') }}),

users as (
    {{ feed('users') }}
),

crm as (
    select
        persons.rep_id,
        coalesce(users.hired_on, {{ local_date('users.created_at', 'persons.timezone') }}) as hired_on,
        users.terminated_on
    from persons
    inner join users
        on
            persons.system = users.system
            and persons.source_identity = users.user_id
            and users.row_status = 'accepted'
    where persons.is_crm_person
),

roster_rows as (
    select
        persons.rep_id,
        rosters.hired_on,
        rosters.role_started_on,
        rosters.terminated_on,
        max(rosters.hired_on) over (partition by persons.rep_id) as latest_hired_on
    from rosters
    inner join persons
        on
            persons.system = 'roster'
            and lower(trim(rosters.rep_email)) = persons.source_identity
            and persons.rep_id is not null
    where rosters.row_status = 'accepted'
),

roster_dated as (
    select
        roster_rows.rep_id,
        coalesce(
            roster_rows.hired_on, roster_rows.latest_hired_on, crm.hired_on, roster_rows.role_started_on
        ) as hired_on,
        roster_rows.terminated_on
    from roster_rows
    left join crm on roster_rows.rep_id = crm.rep_id
),

roster_employments as (
    select
        roster_dated.rep_id,
        roster_dated.hired_on,
        max(roster_dated.terminated_on) as terminated_on
    from roster_dated
    group by roster_dated.rep_id, roster_dated.hired_on
),

employments as (
    select
        roster_employments.rep_id,
        roster_employments.hired_on,
        roster_employments.terminated_on
    from roster_employments
    union all
    select
        crm.rep_id,
        crm.hired_on,
        crm.terminated_on
    from crm
    where not exists (
        select 1 from roster_employments
        where roster_employments.rep_id = crm.rep_id
    )
),

-- The CRM's termination date fills a blank one of the latest employment only.
ordered as (
    select
        employments.rep_id,
        employments.hired_on,
        employments.terminated_on,
        row_number() over (partition by employments.rep_id order by employments.hired_on nulls last) as hire_number,
        count(*) over (partition by employments.rep_id) as hire_count
    from employments
),

filled as (
    select
        ordered.rep_id,
        ordered.hired_on,
        case
            when ordered.terminated_on is null and ordered.hire_number = ordered.hire_count then crm.terminated_on
            else ordered.terminated_on
        end as terminated_on
    from ordered
    left join crm on ordered.rep_id = crm.rep_id
),

known as (
    select
        filled.rep_id,
        filled.hired_on,
        case
            when
                filled.terminated_on <= {{ as_of_date() }}
                and filled.terminated_on >= coalesce(filled.hired_on, filled.terminated_on)
                then filled.terminated_on
        end as terminated_on
    from filled
    where filled.hired_on is null or filled.hired_on <= {{ as_of_date() }}
),

numbered as (
    select
        known.rep_id,
        known.hired_on,
        known.terminated_on,
        row_number() over (partition by known.rep_id order by known.hired_on nulls last) as employment_number,
        lead(known.hired_on) over (partition by known.rep_id order by known.hired_on nulls last) as next_hired_on
    from known
),

final as (
    select
        numbered.rep_id,
        cast(numbered.employment_number as integer) as employment_number,
        numbered.hired_on,
        numbered.terminated_on,
        case
            when numbered.next_hired_on is null then numbered.terminated_on
            when numbered.terminated_on < numbered.next_hired_on then numbered.terminated_on
            else cast({{ dbt.dateadd('day', -1, 'numbered.next_hired_on') }} as date)
        end as ended_on,
        numbered.next_hired_on is null as is_latest
    from numbered
)

select * from final
