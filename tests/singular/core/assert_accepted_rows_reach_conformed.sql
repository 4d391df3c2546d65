-- Accepted rows that are not in the conformed layer although nothing explains it: not an orphan, not a child of
-- something deleted, not an invitee's copy, not later than the as-of date. An increment asks it of the tasks and events
-- that were made again; the others were asked when they were made.
{%- set changed = ref('cnf_changed_activities') %}
{%- set if_made_again = (
    "and system || ':' || object || ':' || row_key in (select source_key from " ~ changed ~ ")"
) if continued_from() is not none else '' %}
with orphan_rows as (select * from {{ ref('cnf_orphan_rows') }}),

programs as (select * from {{ ref('cnf_programs') }}),

opportunities as (
    {{ feed('opportunities') }}
),

tasks as (
    {{ feed('tasks') }}
),

events as (
    {{ feed('events') }}
),

quotas as (
    {{ feed('quotas') }}
),

enrollments as (select * from {{ ref('stg_lms__enrollments') }}),

content_views as (select * from {{ ref('stg_lms__content_views') }}),

content_items as (select * from {{ ref('stg_lms__content_items') }}),

attempts as (select * from {{ ref('stg_lms__assessment_attempts') }}),

awards as (select * from {{ ref('stg_lms__certification_awards') }}),

attendances as (select * from {{ ref('stg_lms__attendances') }}),

responses as (select * from {{ ref('stg_lms__survey_responses') }}),

calls as (select * from {{ ref('stg_gong__calls') }}),

scorecards as (select * from {{ ref('stg_gong__answered_scorecards') }}),

sessions as (select * from {{ ref('stg_coaching_log__sessions') }}),

accepted as (
    select
        system,
        object,
        row_key,
        created_at as happened_at
    from opportunities
    where row_status = 'accepted'
    union all
    select
        system,
        object,
        row_key,
        cast(null as timestamp) as happened_at
    from tasks
    where row_status = 'accepted' {{ if_made_again }}
    union all
    select
        system,
        object,
        row_key,
        cast(null as timestamp) as happened_at
    from events
    where row_status = 'accepted' and not coalesce(is_child, false) {{ if_made_again }}
    union all
    select
        system,
        object,
        row_key,
        cast(period_started_on as timestamp) as happened_at
    from quotas
    where
        row_status = 'accepted' and coalesce(is_amount, true)
        {%- if var('forecasting_type') %}
        and forecasting_type_id = '{{ var("forecasting_type") | string | replace("'", "''") }}'
        {%- endif %}
    union all
    select
        'lms' as system,
        'enrollment' as object,
        row_key,
        enrolled_at as happened_at
    from enrollments
    where
        row_status = 'accepted' and exists (
            select 1 from programs
            where programs.program_id = enrollments.program_id
        )
    union all
    select
        'lms' as system,
        'content_view' as object,
        row_key,
        viewed_at as happened_at
    from content_views
    where
        row_status = 'accepted'
        and exists (
            select 1
            from content_items
            where content_items.content_id = content_views.content_id and content_items.row_status = 'accepted'
        )
    union all
    select
        'lms' as system,
        'assessment_attempt' as object,
        row_key,
        submitted_at as happened_at
    from attempts
    where
        row_status = 'accepted'
        and (program_id is null or exists (
            select 1 from programs
            where programs.program_id = attempts.program_id
        ))
    union all
    select
        'lms' as system,
        'certification_award' as object,
        row_key,
        awarded_at as happened_at
    from awards
    where
        row_status = 'accepted'
        and (program_id is null or exists (
            select 1 from programs
            where programs.program_id = awards.program_id
        ))
    union all
    select
        'lms' as system,
        'attendance' as object,
        row_key,
        cast(attended_on as timestamp) as happened_at
    from attendances
    where row_status = 'accepted'
    union all
    select
        'lms' as system,
        'survey_response' as object,
        row_key,
        submitted_at as happened_at
    from responses
    where
        row_status = 'accepted' and exists (
            select 1 from programs
            where programs.program_id = responses.program_id
        )
    union all
    select
        'gong' as system,
        'calls' as object,
        row_key,
        started_at as happened_at
    from calls
    where row_status = 'accepted'
    union all
    select
        'gong' as system,
        'answered_scorecards' as object,
        row_key,
        reviewed_at as happened_at
    from scorecards
    where
        row_status = 'accepted'
        and exists (
            select 1 from calls
            where calls.call_id = scorecards.call_id and calls.row_status = 'accepted'
        )
    union all
    select
        'coaching_log' as system,
        'session' as object,
        row_key,
        cast(held_on as timestamp) as happened_at
    from sessions
    where row_status = 'accepted'
),

conformed as (
    select source_key from {{ ref('cnf_opportunities') }}
    union all
    select source_key from {{ ref('cnf_activities') }}
    {%- if continued_from() is not none %}
    where source_key in (select source_key from {{ changed }})
    {%- endif %}
    union all
    select source_key from {{ ref('cnf_quotas') }}
    union all
    select source_key from {{ ref('cnf_learning_events') }}
    union all
    select source_key from {{ ref('cnf_survey_scores') }}
    union all
    select source_key from {{ ref('cnf_coaching_events') }}
),

-- The as-of day itself may end earlier or later in a rep's time zone: rows of that day on are not judged.
final as (
    select
        accepted.system,
        accepted.object,
        accepted.row_key,
        accepted.happened_at
    from accepted
    left join conformed on accepted.system || ':' || accepted.object || ':' || accepted.row_key = conformed.source_key
    left join orphan_rows
        on
            accepted.system = orphan_rows.system
            and accepted.object = orphan_rows.object
            and accepted.row_key = orphan_rows.row_key
    where
        conformed.source_key is null
        and orphan_rows.row_key is null
        and (accepted.happened_at is null or cast(accepted.happened_at as date) < {{ as_of_date() }})
)

select * from final
