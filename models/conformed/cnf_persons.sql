-- Who the people are: each CRM user and each roster e-mail, with the person (rep_id) it stands for.
-- Overrides are resolved in a second step, against the people that stand without them.
with users as (select * from {{ ref('stg_salesforce__users') }}),

rosters as (select * from {{ ref('stg_roster__rosters') }}),

orphan_rows as (select * from {{ ref('cnf_orphan_rows') }}),

overrides as (select * from {{ ref('identity_overrides') }}),

timezones as (select * from ({{ timezone_names() }}) as names),

crm_users as (
    select
        users.user_id,
        lower(trim(users.email)) as email,
        users.employee_number,
        users.timezone,
        coalesce(lower(users.user_type), 'standard') = 'standard' as is_person
    from users
    where
        users.row_status = 'accepted'
        and not exists (
            select 1
            from orphan_rows
            where
                orphan_rows.system = 'salesforce'
                and orphan_rows.object = 'user'
                and orphan_rows.row_key = users.row_key
        )
),

crm_overrides as (
    select
        crm_users.user_id,
        min(lower(trim(overrides.rep_email))) as rep_email
    from crm_users
    inner join overrides
        on
            overrides.system = 'salesforce'
            and (
                trim(overrides.source_identity) = crm_users.user_id
                or lower(trim(overrides.source_identity)) = crm_users.email
            )
            and lower(trim(overrides.rep_email)) is distinct from crm_users.email
    group by crm_users.user_id
),

crm_people as (
    select
        crm_users.user_id,
        crm_users.email,
        crm_users.employee_number,
        crm_users.timezone,
        md5('salesforce:' || crm_users.user_id) as rep_id
    from crm_users
    left join crm_overrides on crm_users.user_id = crm_overrides.user_id
    where crm_users.is_person and crm_overrides.user_id is null
),

roster_people as (
    select
        lower(trim(rosters.rep_email)) as email,
        max(rosters.employee_number) as employee_number,
        count(*) as source_row_count,
        min(rosters.hired_on) as first_seen_on,
        max(rosters.hired_on) as last_seen_on
    from rosters
    where rosters.row_status = 'accepted'
    group by lower(trim(rosters.rep_email))
),

roster_overrides as (
    select
        roster_people.email,
        min(lower(trim(overrides.rep_email))) as rep_email
    from roster_people
    inner join overrides
        on
            overrides.system = 'roster'
            and lower(trim(overrides.source_identity)) = roster_people.email
            and lower(trim(overrides.rep_email)) <> roster_people.email
    group by roster_people.email
),

roster_candidates as (
    select
        roster_people.email,
        'employee_number' as match_method,
        1 as rule_order,
        crm_people.rep_id
    from roster_people
    inner join crm_people on roster_people.employee_number = crm_people.employee_number
    union all
    select
        roster_people.email,
        'email' as match_method,
        2 as rule_order,
        crm_people.rep_id
    from roster_people
    inner join crm_people on roster_people.email = crm_people.email
),

roster_rules as (
    select
        roster_candidates.email,
        roster_candidates.match_method,
        roster_candidates.rule_order,
        min(roster_candidates.rep_id) as rep_id,
        count(*) as person_count
    from roster_candidates
    group by roster_candidates.email, roster_candidates.match_method, roster_candidates.rule_order
),

roster_ranked as (
    select
        roster_rules.*,
        row_number() over (partition by roster_rules.email order by roster_rules.rule_order) as rule_rank
    from roster_rules
),

roster_matches as (
    select
        roster_people.email,
        roster_people.employee_number,
        case
            when roster_ranked.email is null
                then md5('roster:' || coalesce(roster_people.employee_number, roster_people.email))
            when roster_ranked.person_count = 1 then roster_ranked.rep_id
        end as rep_id,
        case
            when roster_ranked.email is null then 'self'
            when roster_ranked.person_count = 1 then roster_ranked.match_method
            else 'ambiguous'
        end as match_method
    from roster_people
    left join roster_overrides on roster_people.email = roster_overrides.email
    left join roster_ranked on roster_people.email = roster_ranked.email and roster_ranked.rule_rank = 1
    where roster_overrides.email is null
),

first_step as (
    select
        'salesforce' as system,
        crm_people.user_id as source_identity,
        crm_people.rep_id,
        'self' as match_method,
        crm_people.email,
        crm_people.employee_number
    from crm_people
    union all
    select
        'roster' as system,
        roster_matches.email as source_identity,
        roster_matches.rep_id,
        roster_matches.match_method,
        roster_matches.email,
        roster_matches.employee_number
    from roster_matches
),

emails as (
    select
        first_step.email,
        first_step.rep_id
    from first_step
    where first_step.rep_id is not null and first_step.email is not null
    group by first_step.email, first_step.rep_id
),

email_owners as (
    select
        emails.email,
        min(emails.rep_id) as rep_id,
        count(*) as person_count
    from emails
    group by emails.email
),

overridden as (
    select
        'salesforce' as system,
        crm_users.user_id as source_identity,
        crm_overrides.rep_email,
        crm_users.email,
        crm_users.employee_number
    from crm_overrides
    inner join crm_users on crm_overrides.user_id = crm_users.user_id
    union all
    select
        'roster' as system,
        roster_people.email as source_identity,
        roster_overrides.rep_email,
        roster_people.email,
        roster_people.employee_number
    from roster_overrides
    inner join roster_people on roster_overrides.email = roster_people.email
),

second_step as (
    select
        overridden.system,
        overridden.source_identity,
        case when email_owners.person_count = 1 then email_owners.rep_id end as rep_id,
        case
            when email_owners.person_count = 1 then 'override'
            when email_owners.person_count > 1 then 'ambiguous'
            else 'none'
        end as match_method,
        overridden.email,
        overridden.employee_number
    from overridden
    left join email_owners on overridden.rep_email = email_owners.email
),

matched as (
    select
        first_step.system,
        first_step.source_identity,
        first_step.rep_id,
        first_step.match_method,
        first_step.email,
        first_step.employee_number
    from first_step
    union all
    select
        second_step.system,
        second_step.source_identity,
        second_step.rep_id,
        second_step.match_method,
        second_step.email,
        second_step.employee_number
    from second_step
),

final as (
    select
        matched.system,
        matched.source_identity,
        matched.rep_id,
        matched.match_method,
        matched.email,
        matched.employee_number,
        matched.system = 'salesforce' and matched.match_method = 'self' as is_crm_person,
        coalesce(timezones.timezone, 'UTC') as timezone,
        timezones.timezone is not null as is_timezone_known,
        coalesce(roster_people.source_row_count, 1) as source_row_count,
        roster_people.first_seen_on,
        roster_people.last_seen_on
    from matched
    left join roster_people on matched.system = 'roster' and matched.source_identity = roster_people.email
    left join crm_people on matched.system = 'salesforce' and matched.source_identity = crm_people.user_id
    left join timezones on crm_people.timezone = timezones.timezone
)

select * from final
