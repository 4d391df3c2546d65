-- One row per rep, employment and role: from the roster where it has the rep, else the CRM's current role.
with persons as (select * from {{ ref('cnf_persons') }}),

employments as (select * from {{ ref('cnf_employments') }}),

identities as (select * from {{ ref('cnf_identities') }}),

rosters as (select * from {{ ref('stg_roster__rosters') }}),

users as (
    {{ feed('users') }}
),

user_roles as (
    {{ feed('user_roles') }}
),

role_rules as (select * from {{ ref('rep_roles') }}),

crm as (
    select
        persons.rep_id,
        users.role_started_on,
        coalesce(user_roles.role_name, users.title) as role_name,
        manager_identities.rep_id as manager_rep_id
    from persons
    inner join users
        on
            persons.system = users.system
            and persons.source_identity = users.user_id
            and users.row_status = 'accepted'
    left join user_roles
        on
            users.system = user_roles.system
            and users.user_role_id = user_roles.user_role_id
            and user_roles.row_status = 'accepted'
    left join identities as manager_identities
        on users.system = manager_identities.system and users.manager_user_id = manager_identities.source_identity
    where persons.is_crm_person
),

-- A roster row without a hire date belongs to the latest employment.
roster_rows as (
    select
        employments.rep_id,
        employments.employment_number,
        rosters.role_started_on,
        rosters.role_name,
        rosters.region,
        rosters.segment,
        manager_identities.rep_id as manager_rep_id
    from rosters
    inner join persons
        on persons.system = 'roster' and lower(trim(rosters.rep_email)) = persons.source_identity
    inner join employments
        on
            persons.rep_id = employments.rep_id
            and (rosters.hired_on = employments.hired_on or (rosters.hired_on is null and employments.is_latest))
    left join identities as manager_identities
        on
            manager_identities.system = 'roster'
            and lower(trim(rosters.manager_email)) = manager_identities.source_identity
    where rosters.row_status = 'accepted'
),

-- Rows of one role differ by leave only.
roster_roles as (
    select
        roster_rows.rep_id,
        roster_rows.employment_number,
        roster_rows.role_started_on,
        max(roster_rows.role_name) as role_name,
        max(roster_rows.region) as region,
        max(roster_rows.segment) as segment,
        max(roster_rows.manager_rep_id) as manager_rep_id
    from roster_rows
    group by roster_rows.rep_id, roster_rows.employment_number, roster_rows.role_started_on
),

counted_roles as (
    select
        roster_roles.*,
        count(*) over (partition by roster_roles.rep_id) as role_count
    from roster_roles
),

-- The CRM knows one role, today's: its start fills a blank of the roster only where the roster has one role too.
roles as (
    select
        employments.rep_id,
        employments.employment_number,
        employments.hired_on,
        employments.ended_on as employment_ended_on,
        coalesce(
            counted_roles.role_started_on,
            case when coalesce(counted_roles.role_count, 1) = 1 and employments.is_latest then crm.role_started_on end
        ) as role_started_on,
        coalesce(counted_roles.role_name, crm.role_name) as role_name,
        counted_roles.region,
        counted_roles.segment,
        coalesce(counted_roles.manager_rep_id, crm.manager_rep_id) as manager_rep_id
    from employments
    left join counted_roles
        on
            employments.rep_id = counted_roles.rep_id
            and employments.employment_number = counted_roles.employment_number
    left join crm on employments.rep_id = crm.rep_id
),

started as (
    select
        roles.*,
        case
            when roles.role_started_on is null then roles.hired_on
            when roles.role_started_on < roles.hired_on then roles.hired_on
            else roles.role_started_on
        end as spell_started_on
    from roles
),

ranked as (
    select
        started.*,
        row_number() over (
            partition by started.rep_id, started.employment_number, started.spell_started_on
            order by started.role_started_on desc nulls last, started.role_name asc nulls last
        ) as spell_rank
    from started
    where
        started.spell_started_on <= {{ as_of_date() }}
        and (started.employment_ended_on is null or started.spell_started_on <= started.employment_ended_on)
),

ordered as (
    select
        ranked.*,
        lead(ranked.spell_started_on) over (
            partition by ranked.rep_id, ranked.employment_number order by ranked.spell_started_on
        ) as next_started_on
    from ranked
    where ranked.spell_rank = 1
),

role_names as (
    select ordered.role_name
    from ordered
    where ordered.role_name is not null
    group by ordered.role_name
),

role_matches as (
    select
        role_names.role_name,
        role_rules.role_family,
        role_rules.is_ramping,
        row_number() over (partition by role_names.role_name order by role_rules.priority) as rule_rank
    from role_names
    inner join role_rules on lower(role_names.role_name) like lower(role_rules.pattern)
),

final as (
    select
        {{ surrogate_key([
            'ordered.rep_id', 'ordered.employment_number', 'ordered.spell_started_on'
        ]) }} as role_spell_id,
        ordered.rep_id,
        ordered.employment_number,
        ordered.role_name,
        coalesce(role_matches.role_family, 'other') as role_family,
        coalesce(role_matches.is_ramping, false) as is_ramping,
        ordered.hired_on,
        ordered.role_started_on,
        ordered.spell_started_on,
        case
            when ordered.next_started_on is not null
                then cast({{ dbt.dateadd('day', -1, 'ordered.next_started_on') }} as date)
            else ordered.employment_ended_on
        end as spell_ended_on,
        case
            when ordered.next_started_on is not null then 'moved'
            when ordered.employment_ended_on is not null then 'left'
        end as ended_reason,
        ordered.region,
        ordered.segment,
        case when ordered.manager_rep_id <> ordered.rep_id then ordered.manager_rep_id end as manager_rep_id
    from ordered
    left join role_matches on ordered.role_name = role_matches.role_name and role_matches.rule_rank = 1
)

select * from final
