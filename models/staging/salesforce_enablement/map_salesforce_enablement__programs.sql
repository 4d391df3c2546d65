-- Programs of Salesforce Enablement. Salesforce does not say which of them are onboarding:
-- var salesforce_enablement_onboarding_programs does.
{%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
{%- set onboarding_programs = [] %}
{%- for program in var('salesforce_enablement_onboarding_programs') %}
{%- do onboarding_programs.append("'" ~ program | string | replace("'", "''") ~ "'") %}
{%- endfor %}
with programs as (select * from {{ ref('stg_salesforce_enablement__enablement_programs') }}),

final as (
    select
        'salesforce_enablement:' || programs.program_id as program_id,
        programs.program_name,
        {% if onboarding_programs -%}
        case
            when
                programs.program_id in ({{ onboarding_programs | join(', ') }})
                or programs.program_name in ({{ onboarding_programs | join(', ') }})
                then 'onboarding'
            else 'ongoing'
        end as program_kind,
        {%- else -%}
        'ongoing' as program_kind,
        {%- endif %}
        {{ no_text }} as program_version,
        cast(programs.published_at as date) as starts_on,
        {{ no_text }} as target_goal,
        programs.row_key,
        programs.row_status
    from programs
)

select * from final
