-- One row per person of the company that had been hired by the as-of date: reps, managers and others.
with persons as (select * from {{ ref('cnf_persons') }}),

employments as (select * from {{ ref('cnf_employments') }}),

role_spells as (select * from {{ ref('cnf_role_spells') }}),

users as (
    {{ feed('users') }}
),

latest_employments as (
    select
        employments.rep_id,
        employments.hired_on,
        employments.terminated_on
    from employments
    where employments.is_latest
),

ranked_spells as (
    select
        role_spells.*,
        row_number() over (
            partition by role_spells.rep_id
            order by role_spells.employment_number desc, role_spells.spell_started_on desc
        ) as spell_rank
    from role_spells
),

crm as (
    select
        persons.rep_id,
        persons.source_identity as crm_user_id,
        users.full_name,
        persons.email,
        persons.employee_number,
        persons.timezone,
        persons.is_timezone_known
    from persons
    inner join users
        on
            persons.system = users.system
            and persons.source_identity = users.user_id
            and users.row_status = 'accepted'
    where persons.is_crm_person
),

roster as (
    select
        persons.rep_id,
        min(persons.email) as email,
        max(persons.employee_number) as employee_number
    from persons
    where persons.system = 'roster' and persons.rep_id is not null
    group by persons.rep_id
),

final as (
    select
        latest_employments.rep_id,
        crm.full_name,
        coalesce(crm.email, roster.email) as email,
        {{ dbt.hash('coalesce(crm.email, roster.email)') }} as email_hash,
        coalesce(roster.employee_number, crm.employee_number) as employee_number,
        crm.crm_user_id,
        coalesce(crm.timezone, '{{ var("default_timezone") }}') as timezone,
        coalesce(crm.is_timezone_known, false) as is_timezone_known,
        latest_employments.hired_on,
        latest_employments.terminated_on,
        ranked_spells.manager_rep_id,
        ranked_spells.role_name,
        coalesce(ranked_spells.role_family, 'other') as role_family,
        coalesce(ranked_spells.is_ramping, false) as is_ramping_role,
        ranked_spells.region,
        ranked_spells.segment,
        latest_employments.terminated_on is null as is_active
    from latest_employments
    left join crm on latest_employments.rep_id = crm.rep_id
    left join roster on latest_employments.rep_id = roster.rep_id
    left join ranked_spells on latest_employments.rep_id = ranked_spells.rep_id and ranked_spells.spell_rank = 1
)

select * from final
