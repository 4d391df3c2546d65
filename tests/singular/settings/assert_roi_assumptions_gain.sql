{{ config(severity='warn') }}
-- Scenarios in which the program makes things worse: legal, but before and after are more often mixed up.
{%- set query -%}
with assumptions as (select * from {{ ref('roi_assumptions') }}),

final as (
    select
        assumptions.scenario,
        case
            when assumptions.kind = 'onboarding' then 'the ramp is longer'
            else 'attainment is lower'
        end as problem
    from assumptions
    where
        (assumptions.kind = 'onboarding' and assumptions.ramp_months_after > assumptions.ramp_months_before)
        or (assumptions.kind = 'ongoing' and assumptions.attainment_after_rate < assumptions.attainment_before_rate)
)

select * from final
order by final.scenario
{%- endset -%}
{{ say_warnings(
    query,
    'Seed roi_assumptions, scenario {scenario}: with the program {problem} than without. Are before and after mixed up?'
) }}
{{ query }}
