{#- A kind that is unknown is told by the test of the column kind; here it is passed over. -#}
{%- set qualifiers = {
    'activity': ['*', 'call', 'meeting', 'demo', 'email', 'other'],
    'opportunity_created': ['*'],
    'deal_won': ['*'],
    'quota': ['*'],
    'learning': [
        '*', 'enrolled', 'started', 'completed', 'content_viewed', 'assessment_submitted', 'certified', 'attended',
    ],
    'coaching': [
        '*', 'recorded_call', 'scorecard', 'one_on_one', 'call_review', 'role_play', 'ride_along',
        'practice_recording', 'other',
    ],
} -%}
{%- set query -%}
with milestones as (select * from {{ ref('ramp_milestones') }}),

role_rules as (select * from {{ ref('rep_roles') }}),

problems as (
    {% for kind, known in qualifiers.items() %}
    select
        milestones.milestone,
        'qualifier is "' || coalesce(milestones.qualifier, '') || '", kind {{ kind }} has {{ known | join(", ") }}'
            as problem
    from milestones
    where
        milestones.kind = '{{ kind }}'
        and (milestones.qualifier is null or milestones.qualifier not in ('{{ known | join("', '") }}'))
    union all
    {% endfor %}
    select
        milestones.milestone,
        'kind quota needs a threshold above 0 and up to 10 (0.5 = 50 %), it is '
        || coalesce(cast(milestones.threshold as {{ dbt.type_string() }}), 'empty') as problem
    from milestones
    where
        milestones.kind = 'quota'
        and (milestones.threshold is null or milestones.threshold <= 0 or milestones.threshold > 10)
    union all
    select
        milestones.milestone,
        'threshold is ' || cast(milestones.threshold as {{ dbt.type_string() }}) || ', only kind quota has one'
            as problem
    from milestones
    where coalesce(milestones.kind, '') <> 'quota' and milestones.threshold is not null
    union all
    select
        milestones.milestone,
        'role_family is "' || milestones.role_family || '", which is neither * nor a family of seed rep_roles'
            as problem
    from milestones
    left join role_rules on milestones.role_family = role_rules.role_family
    where milestones.role_family <> '*' and role_rules.role_family is null
),

final as (
    select
        problems.milestone,
        problems.problem
    from problems
)

select * from final
order by final.milestone, final.problem
{%- endset -%}
{{ say_failures(
    query,
    'Milestones that nobody can reach.',
    '{milestone}: {problem}',
    'Correct the rows in seeds/settings/ramp_milestones.csv.'
) }}
{{ query }}
