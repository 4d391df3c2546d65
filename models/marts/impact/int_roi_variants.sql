{{ config(access='private', schema='conformed', contract={'enforced': false}) }}
{%- set inputs = roi_inputs() %}

-- Each scenario as it is assumed (base), and with one input moved to the low or the high end of its range.
with assumptions as (
    select * from {{ ref('roi_assumptions') }}
),

ranges as (
    select * from {{ ref('roi_ranges') }}
),

moves as (
    select
        assumptions.scenario,
        'base' as variant,
        cast(null as {{ dbt.type_string() }}) as moved_input,
        cast(null as decimal(18, 6)) as moved_value
    from assumptions

    union all

    select
        ranges.scenario,
        ranges.input || ' low' as variant,
        ranges.input as moved_input,
        ranges.low_value as moved_value
    from ranges

    union all

    select
        ranges.scenario,
        ranges.input || ' high' as variant,
        ranges.input as moved_input,
        ranges.high_value as moved_value
    from ranges
),

moved as (
    select
        assumptions.scenario,
        moves.variant,
        assumptions.kind,
        assumptions.hire_timing,
        assumptions.ramp_shape,
    {%- for input in inputs %}
    case when moves.moved_input = '{{ input }}' then moves.moved_value else assumptions.{{ input }} end
        as {{ input }}
    {{- ',' if not loop.last }}
    {%- endfor %}
    from moves
    inner join assumptions on moves.scenario = assumptions.scenario
),

final as (
    select
        moved.scenario,
        moved.variant,
        moved.kind,
        moved.hire_timing,
        moved.ramp_shape,
    {%- for input, type in inputs.items() %}
    cast(moved.{{ input }} as {{ type }}) as {{ input }}
    {{- ',' if not loop.last }}
    {%- endfor %}
    from moved
)

select * from final
