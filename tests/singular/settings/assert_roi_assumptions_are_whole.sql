{#- Kind, column that it needs, when a value is wrong, what it must be. int_roi_months counts up to 120 months. -#}
{%- set checks = [
    ('onboarding', 'hires_per_month', '<= 0', 'above 0'),
    ('onboarding', 'hiring_months', 'not between 1 and 120', '1 to 120 months'),
    ('onboarding', 'hire_timing', "not in ('start', 'middle', 'end')", 'start, middle or end'),
    ('onboarding', 'ramp_shape', "not in ('step', 'linear')", 'step or linear'),
    ('onboarding', 'ramp_months_before', '<= 0', 'above 0'),
    ('onboarding', 'ramp_months_after', '<= 0', 'above 0'),
    ('onboarding', 'window_months', 'not between 1 and 120', '1 to 120 months'),
    ('onboarding', 'annual_quota_amount', '<= 0', 'above 0'),
    ('onboarding', 'attainment_before_rate', 'not between 0 and 3', '0 to 3 (0.5 = 50 %)'),
    ('onboarding', 'gross_margin_rate', 'not between 0 and 1', '0 to 1 (0.5 = 50 %)'),
    ('ongoing', 'rep_count', '<= 0', 'above 0'),
    ('ongoing', 'attainment_after_rate', 'not between 0 and 3', '0 to 3 (0.5 = 50 %)'),
    ('ongoing', 'window_months', 'not between 1 and 120', '1 to 120 months'),
    ('ongoing', 'annual_quota_amount', '<= 0', 'above 0'),
    ('ongoing', 'attainment_before_rate', 'not between 0 and 3', '0 to 3 (0.5 = 50 %)'),
    ('ongoing', 'gross_margin_rate', 'not between 0 and 1', '0 to 1 (0.5 = 50 %)'),
] -%}
{%- set query -%}
with assumptions as (select * from {{ ref('roi_assumptions') }}),

problems as (
    {% for kind, column, wrong, right in checks %}
    select
        assumptions.scenario,
        '{{ column }} of kind {{ kind }} must be {{ right }}, it is '
        || coalesce(cast(assumptions.{{ column }} as {{ dbt.type_string() }}), 'empty') as problem
    from assumptions
    where assumptions.kind = '{{ kind }}' and (assumptions.{{ column }} is null or assumptions.{{ column }} {{ wrong }})
    union all
    {% endfor %}
    select
        assumptions.scenario,
        'program_cost_amount must not be negative, it is '
        || cast(assumptions.program_cost_amount as {{ dbt.type_string() }}) as problem
    from assumptions
    where assumptions.program_cost_amount < 0
),

final as (
    select
        problems.scenario,
        problems.problem
    from problems
)

select * from final
order by final.scenario, final.problem
{%- endset -%}
{{ say_failures(
    query,
    'Scenarios that cannot be computed.',
    '{scenario}: {problem}',
    'Correct the rows in seeds/settings/roi_assumptions.csv.'
) }}
{{ query }}
