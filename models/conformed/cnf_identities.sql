-- Every identity of every system that is used anywhere, with the rep it belongs to, or nobody.
-- Order: override seed, employee number, e-mail. Two reps for one identity is nobody (ambiguous), never a guess.
with persons as (select * from {{ ref('cnf_persons') }}),

employments as (select * from {{ ref('cnf_employments') }}),

overrides as (select * from {{ ref('identity_overrides') }}),

gong_users as (select * from {{ ref('stg_gong__users') }}),

calls as (select * from {{ ref('stg_gong__calls') }}),

scorecards as (select * from {{ ref('stg_gong__answered_scorecards') }}),

enrollments as (select * from {{ ref('stg_lms__enrollments') }}),

content_views as (select * from {{ ref('stg_lms__content_views') }}),

attempts as (select * from {{ ref('stg_lms__assessment_attempts') }}),

awards as (select * from {{ ref('stg_lms__certification_awards') }}),

survey_responses as (select * from {{ ref('stg_lms__survey_responses') }}),

attendances as (select * from {{ ref('stg_lms__attendances') }}),

sessions as (select * from {{ ref('stg_coaching_log__sessions') }}),

rosters as (select * from {{ ref('stg_roster__rosters') }}),

{%- for entity in [
    'users', 'learners', 'opportunities', 'opportunity_splits', 'tasks', 'events', 'quotas', 'learning_events',
] %}

{{ entity }} as (
    {{ feed(entity) }}
),
{%- endfor %}

hired as (
    select employments.rep_id
    from employments
    group by employments.rep_id
),

people as (
    select
        persons.system,
        persons.source_identity,
        hired.rep_id,
        case
            when hired.rep_id is not null then persons.match_method
            when persons.match_method = 'ambiguous' then 'ambiguous'
            else 'none'
        end as match_method,
        persons.email,
        persons.employee_number
    from persons
    left join hired on persons.rep_id = hired.rep_id
),

person_keys as (
    select
        'employee_number' as match_method,
        people.employee_number as match_key,
        people.rep_id
    from people
    where people.rep_id is not null and people.employee_number is not null
    group by people.employee_number, people.rep_id
    union all
    select
        'email' as match_method,
        people.email as match_key,
        people.rep_id
    from people
    where people.rep_id is not null and people.email is not null
    group by people.email, people.rep_id
),

key_owners as (
    select
        person_keys.match_method,
        person_keys.match_key,
        min(person_keys.rep_id) as rep_id,
        count(*) as person_count
    from person_keys
    group by person_keys.match_method, person_keys.match_key
),

-- Users first: they carry an e-mail and an employee number. Ids that only facts mention come after them.
-- Users of the CRM that are not people (integrations) are matched by an override only.
-- Each id once: millions of facts mention few.
mentioned as (
    select
        learners.system,
        learners.lms_user_id as source_identity,
        learners.email,
        learners.employee_number,
        1 as preference
    from learners
    where learners.row_status = 'accepted'
    union all
    select
        'gong' as system,
        gong_user_id as source_identity,
        email,
        cast(null as {{ dbt.type_string() }}) as employee_number,
        1 as preference
    from gong_users
    where row_status = 'accepted'
    {%- for system, relation, email in [
        ('lms', 'attendances', 'email'),
        ('coaching_log', 'sessions', 'rep_email'),
        ('coaching_log', 'sessions', 'coach_email'),
        ('roster', 'rosters', 'manager_email'),
    ] %}
    union all
    select
        '{{ system }}' as system,
        lower(trim({{ email }})) as source_identity,
        {{ email }} as email,
        cast(null as {{ dbt.type_string() }}) as employee_number,
        2 as preference
    from {{ relation }}
    where row_status = 'accepted'
    {%- endfor %}
    {%- for system, relation, column in [
        ('system', 'users', 'user_id'),
        ('system', 'opportunities', 'owner_user_id'),
        ('system', 'opportunity_splits', 'split_user_id'),
        ('system', 'tasks', 'owner_user_id'),
        ('system', 'events', 'owner_user_id'),
        ('system', 'quotas', 'quota_owner_user_id'),
        ('identity_system', 'learning_events', 'source_identity'),
        ("'lms'", 'enrollments', 'lms_user_id'),
        ("'lms'", 'content_views', 'lms_user_id'),
        ("'lms'", 'attempts', 'lms_user_id'),
        ("'lms'", 'awards', 'lms_user_id'),
        ("'lms'", 'survey_responses', 'lms_user_id'),
        ("'gong'", 'calls', 'primary_gong_user_id'),
        ("'gong'", 'scorecards', 'reviewed_gong_user_id'),
        ("'gong'", 'scorecards', 'reviewer_gong_user_id'),
    ] %}
    union all
    select distinct
        {{ system }} as system,
        {{ column }} as source_identity,
        cast(null as {{ dbt.type_string() }}) as email,
        cast(null as {{ dbt.type_string() }}) as employee_number,
        3 as preference
    from {{ relation }}
    where row_status = 'accepted'
    {%- endfor %}
),

ranked_mentions as (
    select
        mentioned.system,
        mentioned.source_identity,
        lower(trim(mentioned.email)) as email,
        mentioned.employee_number,
        row_number() over (
            partition by mentioned.system, mentioned.source_identity
            order by mentioned.preference, mentioned.email nulls last, mentioned.employee_number nulls last
        ) as mention_rank
    from mentioned
    where mentioned.source_identity is not null
),

others as (
    select
        ranked_mentions.system,
        ranked_mentions.source_identity,
        ranked_mentions.email,
        ranked_mentions.employee_number
    from ranked_mentions
    where
        ranked_mentions.mention_rank = 1
        and not exists (
            select 1
            from people
            where
                people.system = ranked_mentions.system
                and people.source_identity = ranked_mentions.source_identity
        )
),

override_matches as (
    select
        others.system,
        others.source_identity,
        min(lower(trim(overrides.rep_email))) as rep_email
    from others
    inner join overrides
        on
            others.system = overrides.system
            and (
                trim(overrides.source_identity) = others.source_identity
                or lower(trim(overrides.source_identity)) = others.email
            )
    group by others.system, others.source_identity
),

-- The first rule that applies decides, even when it finds two people.
rules as (
    select
        override_matches.system,
        override_matches.source_identity,
        1 as rule_order,
        case
            when key_owners.person_count > 1 then 'ambiguous'
            when key_owners.person_count = 1 then 'override'
            else 'none'
        end as match_method,
        case when key_owners.person_count = 1 then key_owners.rep_id end as rep_id
    from override_matches
    left join key_owners
        on key_owners.match_method = 'email' and override_matches.rep_email = key_owners.match_key
    union all
    select
        others.system,
        others.source_identity,
        2 as rule_order,
        case when key_owners.person_count > 1 then 'ambiguous' else 'employee_number' end as match_method,
        case when key_owners.person_count = 1 then key_owners.rep_id end as rep_id
    from others
    inner join key_owners
        on key_owners.match_method = 'employee_number' and others.employee_number = key_owners.match_key
    union all
    select
        others.system,
        others.source_identity,
        3 as rule_order,
        case when key_owners.person_count > 1 then 'ambiguous' else 'email' end as match_method,
        case when key_owners.person_count = 1 then key_owners.rep_id end as rep_id
    from others
    inner join key_owners on key_owners.match_method = 'email' and others.email = key_owners.match_key
),

ranked_rules as (
    select
        rules.system,
        rules.source_identity,
        rules.match_method,
        rules.rep_id,
        row_number() over (partition by rules.system, rules.source_identity order by rules.rule_order) as rule_rank
    from rules
),

final as (
    select
        people.system,
        people.source_identity,
        people.rep_id,
        people.match_method,
        {{ dbt.hash('people.email') }} as email_hash
    from people
    union all
    select
        others.system,
        others.source_identity,
        ranked_rules.rep_id,
        coalesce(ranked_rules.match_method, 'none') as match_method,
        {{ dbt.hash('others.email') }} as email_hash
    from others
    left join ranked_rules
        on
            others.system = ranked_rules.system
            and others.source_identity = ranked_rules.source_identity
            and ranked_rules.rule_rank = 1
)

select * from final
