{#- Of each scenario: an input of its kind, and a range around what is assumed, within what a scenario may have. -#}
{%- set bounds = {
    'hires_per_month': (0.01, none), 'hiring_months': (1, 120), 'window_months': (1, 120),
    'ramp_months_before': (0.01, none), 'ramp_months_after': (0.01, none), 'rep_count': (1, none),
    'annual_quota_amount': (0.01, none), 'attainment_before_rate': (0, 3), 'attainment_after_rate': (0, 3),
    'gross_margin_rate': (0, 1), 'program_cost_amount': (0, none),
} -%}
{%- set query -%}
with assumptions as (select * from {{ ref('roi_assumptions') }}),

ranges as (select * from {{ ref('roi_ranges') }}),

inputs as (
    {%- for input, type in roi_inputs().items() %}
    select
        assumptions.scenario,
        '{{ input }}' as input,
        cast(assumptions.{{ input }} as numeric(18, 6)) as base_value,
        cast({{ bounds[input][0] }} as numeric(18, 6)) as lowest,
        cast({{ bounds[input][1] if bounds[input][1] is not none else 'null' }} as numeric(18, 6)) as highest,
        {{ 'true' if type == 'integer' else 'false' }} as is_whole
    from assumptions
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

judged as (
    select
        ranges.scenario,
        ranges.input,
        case
            when inputs.input is null then 'there is no such scenario or input'
            when inputs.base_value is null then 'the scenario does not have this input'
            when ranges.low_value > inputs.base_value or ranges.high_value < inputs.base_value
                then
                    'the range does not hold the value of the scenario, '
                    || cast(inputs.base_value as {{ dbt.type_string() }})
            when ranges.low_value < inputs.lowest or ranges.high_value > inputs.highest
                then 'the range goes beyond what a scenario may have'
            when
                inputs.is_whole
                and (ranges.low_value <> floor(ranges.low_value) or ranges.high_value <> floor(ranges.high_value))
                then 'it takes whole numbers only'
        end as problem
    from ranges
    left join inputs on ranges.scenario = inputs.scenario and ranges.input = inputs.input
    where ranges.scenario is not null and ranges.input is not null
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
