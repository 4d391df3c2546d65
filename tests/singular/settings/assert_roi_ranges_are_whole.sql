{#- Of each scenario: an input of its kind, and a range around what is assumed, within what a scenario may have. -#}
{%- set bounds = {
    'hires_per_month': (0.01, 'null'), 'hiring_months': (1, 120), 'window_months': (1, 120),
    'ramp_months_before': (0.01, 'null'), 'ramp_months_after': (0.01, 'null'), 'rep_count': (1, 'null'),
    'annual_quota_amount': (0.01, 'null'), 'attainment_before_rate': (0, 3), 'attainment_after_rate': (0, 3),
    'gross_margin_rate': (0, 1), 'program_cost_amount': (0, 'null'),
} -%}
{%- set names = roi_inputs() -%}
{%- set query -%}
with assumptions as (select * from {{ ref('roi_assumptions') }}),

ranges as (select * from {{ ref('roi_ranges') }}),

inputs as (
    select
        ranges.*,
        assumptions.scenario is not null and ranges.input in ('{{ names | join("', '") }}') as is_known,
        ranges.input in ('hiring_months', 'window_months', 'rep_count') as is_whole,
        case ranges.input
        {% for input in names %}
            when '{{ input }}' then cast(assumptions.{{ input }} as decimal(18, 6))
        {% endfor %}
        end as base_value,
        case ranges.input
        {% for input in names %}
            when '{{ input }}' then cast({{ bounds[input][0] }} as decimal(18, 6))
        {% endfor %}
        end as lowest,
        case ranges.input
        {% for input in names %}
            when '{{ input }}' then cast({{ bounds[input][1] }} as decimal(18, 6))
        {% endfor %}
        end as highest
    from ranges
    left join assumptions on ranges.scenario = assumptions.scenario
    where ranges.scenario is not null and ranges.input is not null
),

judged as (
    select
        inputs.scenario,
        inputs.input,
        case
            when not inputs.is_known then 'there is no such scenario or input'
            when inputs.base_value is null then 'the scenario does not have this input'
            when inputs.low_value > inputs.base_value or inputs.high_value < inputs.base_value
                then
                    'the range does not hold the value of the scenario, '
                    || cast(inputs.base_value as {{ dbt.type_string() }})
            when inputs.low_value < inputs.lowest or inputs.high_value > inputs.highest
                then 'the range goes beyond what a scenario may have'
            when
                inputs.is_whole
                and (inputs.low_value <> floor(inputs.low_value) or inputs.high_value <> floor(inputs.high_value))
                then 'it takes whole numbers only'
        end as problem
    from inputs
),

final as (
    select
        judged.scenario,
        judged.input,
        judged.problem
    from judged
    where judged.problem is not null
)

select * from final
order by final.scenario, final.input
{%- endset -%}
{{ say_failures(
    query,
    'Ranges that cannot be used.',
    '{input} of {scenario}: {problem}',
    'Correct the rows in seeds/settings/roi_ranges.csv.'
) }}
{{ query }}
