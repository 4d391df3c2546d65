-- The programs that statements are about. xAPI has no list of them: name and key are those of the latest statement that
-- names it.
{%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
{%- set onboarding_activities = [] %}
{%- for activity in var('xapi_onboarding_activities') %}
{%- do onboarding_activities.append("'" ~ activity | replace("'", "''") ~ "'") %}
{%- endfor %}
with statements as (select * from {{ ref('stg_xapi__statements') }}),

ranked as (
    select
        statements.program_iri,
        statements.program_name,
        statements.row_key,
        row_number() over (
            partition by statements.program_iri
            order by
                case when statements.program_name is null then 1 else 0 end asc,
                statements.happened_at desc,
                statements.row_key desc
        ) as name_rank
    from statements
    where statements.row_status = 'accepted' and statements.is_learning
),

final as (
    select
        'xapi:' || ranked.program_iri as program_id,
        coalesce(ranked.program_name, ranked.program_iri) as program_name,
        {% if onboarding_activities -%}
        case
            when ranked.program_iri in ({{ onboarding_activities | join(', ') }}) then 'onboarding'
            else 'ongoing'
        end as program_kind,
        {%- else -%}
        'ongoing' as program_kind,
        {%- endif %}
        {{ no_text }} as program_version,
        cast(null as date) as starts_on,
        {{ no_text }} as target_goal,
        ranked.row_key,
        'accepted' as row_status
    from ranked
    where ranked.name_rank = 1
)

select * from final
