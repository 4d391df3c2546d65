-- Who the people are: each CRM user and each roster e-mail, with the person (rep_id) it stands for.
-- People are who the first CRM says. Users of a second CRM are matched to them, and stand for themselves where none
-- fits.
-- Overrides are resolved in a second step, against the people that stand without them.
{%- set crms = feed_systems('users') %}
with users as (
    {{ feed('users') }}
),

rosters as (select * from {{ ref('stg_roster__rosters') }}),

orphan_rows as (select * from {{ ref('cnf_orphan_rows') }}),

overrides as (select * from {{ ref('identity_overrides') }}),

timezones as (select * from ({{ timezone_names() }}) as names),

crm_users as (
    select
        users.system,
        case users.system
            {%- for system in crms %}
            when '{{ system }}' then {{ loop.index }}
            {%- endfor %}
            else 0
        end as crm_rank,
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
                orphan_rows.system = users.system
                and orphan_rows.object = users.object
                and orphan_rows.row_key = users.row_key
        )
),

crm_overrides as (
    select
        crm_users.system,
        crm_users.user_id,
        min(lower(trim(overrides.rep_email))) as rep_email
    from crm_users
    inner join overrides
        on
            crm_users.system = overrides.system
            and (
                trim(overrides.source_identity) = crm_users.user_id
                or lower(trim(overrides.source_identity)) = crm_users.email
            )
            and lower(trim(overrides.rep_email)) is distinct from crm_users.email
    group by crm_users.system, crm_users.user_id
),

crm_standing as (
    select
        crm_users.system,
        crm_users.crm_rank,
        crm_users.user_id,
        crm_users.email,
        crm_users.employee_number,
        crm_users.timezone,
        {{ surrogate_key(['crm_users.system', 'crm_users.user_id'], separator=':') }} as rep_id
    from crm_users
    left join crm_overrides
        on crm_users.system = crm_overrides.system and crm_users.user_id = crm_overrides.user_id
    where crm_users.is_person and crm_overrides.user_id is null
),

crm_candidates as (
    select
        crm_standing.system,
        crm_standing.user_id,
        'employee_number' as match_method,
        1 as rule_order,
        first_people.rep_id
    from crm_standing
    inner join crm_standing as first_people
        on
            first_people.crm_rank <= 1
            and crm_standing.employee_number = first_people.employee_number
    where crm_standing.crm_rank > 1
    union all
    select
        crm_standing.system,
        crm_standing.user_id,
        'email' as match_method,
        2 as rule_order,
        first_people.rep_id
    from crm_standing
    inner join crm_standing as first_people
        on
            first_people.crm_rank <= 1
            and crm_standing.email = first_people.email
    where crm_standing.crm_rank > 1
),

crm_rules as (
    select
        crm_candidates.system,
        crm_candidates.user_id,
        crm_candidates.match_method,
        crm_candidates.rule_order,
        min(crm_candidates.rep_id) as rep_id,
        count(*) as person_count
    from crm_candidates
    group by
        crm_candidates.system, crm_candidates.user_id, crm_candidates.match_method, crm_candidates.rule_order
),

crm_ranked as (
    select
        crm_rules.*,
        row_number() over (partition by crm_rules.system, crm_rules.user_id order by crm_rules.rule_order)
            as rule_rank
    from crm_rules
),

crm_people as (
    select
        crm_standing.system,
        crm_standing.user_id,
        crm_standing.email,
        crm_standing.employee_number,
        crm_standing.timezone,
        case
            when crm_ranked.user_id is null then crm_standing.rep_id
            when crm_ranked.person_count = 1 then crm_ranked.rep_id
        end as rep_id,
        case
            when crm_ranked.user_id is null then 'self'
            when crm_ranked.person_count = 1 then crm_ranked.match_method
            else 'ambiguous'
        end as match_method
    from crm_standing
    left join crm_ranked
        on
            crm_standing.system = crm_ranked.system
            and crm_standing.user_id = crm_ranked.user_id
            and crm_ranked.rule_rank = 1
),

-- One row per person and key, though a person may be a user of two CRMs.
crm_employee_numbers as (
    select
        crm_people.employee_number,
        crm_people.rep_id
    from crm_people
    where crm_people.rep_id is not null and crm_people.employee_number is not null
    group by crm_people.employee_number, crm_people.rep_id
),

crm_emails as (
    select
        crm_people.email,
        crm_people.rep_id
    from crm_people
    where crm_people.rep_id is not null and crm_people.email is not null
    group by crm_people.email, crm_people.rep_id
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
        crm_employee_numbers.rep_id
    from roster_people
    inner join crm_employee_numbers on roster_people.employee_number = crm_employee_numbers.employee_number
    union all
    select
        roster_people.email,
        'email' as match_method,
        2 as rule_order,
        crm_emails.rep_id
    from roster_people
    inner join crm_emails on roster_people.email = crm_emails.email
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
                then {{ surrogate_key([
                    "'roster'", 'coalesce(roster_people.employee_number, roster_people.email)'
                ], separator=':') }}
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
        crm_people.system,
        crm_people.user_id as source_identity,
        crm_people.rep_id,
        crm_people.match_method,
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
        crm_users.system,
        crm_users.user_id as source_identity,
        crm_overrides.rep_email,
        crm_users.email,
        crm_users.employee_number
    from crm_overrides
    inner join crm_users
        on crm_overrides.system = crm_users.system and crm_overrides.user_id = crm_users.user_id
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
        matched.system <> 'roster' and matched.match_method = 'self' as is_crm_person,
        coalesce(timezones.timezone, '{{ var("default_timezone") }}') as timezone,
        timezones.timezone is not null as is_timezone_known,
        coalesce(roster_people.source_row_count, 1) as source_row_count,
        roster_people.first_seen_on,
        roster_people.last_seen_on
    from matched
    left join roster_people on matched.system = 'roster' and matched.source_identity = roster_people.email
    left join crm_people on matched.system = crm_people.system and matched.source_identity = crm_people.user_id
    left join timezones on crm_people.timezone = timezones.timezone
)

select * from final
