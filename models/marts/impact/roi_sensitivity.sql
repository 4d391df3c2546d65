-- What the result of a scenario becomes when one input moves to the low and the high end of its range, the others kept.
with ranges as (
    select * from {{ ref('roi_ranges') }}
),

variants as (
    select * from {{ ref('int_roi_variants') }}
),

months as (
    select * from {{ ref('int_roi_months') }}
),

results as (
    select
        variants.scenario,
        variants.variant,
        months.extra_bookings_amount,
        cast(months.gross_profit_amount - variants.program_cost_amount as decimal(18, 2)) as net_value_amount,
        -- A cost that is not known does not move.
        months.gross_profit_amount - coalesce(variants.program_cost_amount, 0) as value_amount
    from variants
    inner join months
        on
            variants.scenario = months.scenario
            and variants.variant = months.variant
            and variants.window_months = months.month_number
),

base_values as (
    {%- for input in roi_inputs() %}
    select
        variants.scenario,
        '{{ input }}' as input,
        cast(variants.{{ input }} as decimal(18, 6)) as base_value
    from variants
    where variants.variant = 'base'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

compared as (
    select
        ranges.scenario,
        ranges.input,
        ranges.low_value,
        base_values.base_value,
        ranges.high_value,
        low.extra_bookings_amount as extra_bookings_low_amount,
        base.extra_bookings_amount as extra_bookings_base_amount,
        high.extra_bookings_amount as extra_bookings_high_amount,
        low.net_value_amount as net_value_low_amount,
        base.net_value_amount as net_value_base_amount,
        high.net_value_amount as net_value_high_amount,
        cast(high.value_amount - low.value_amount as decimal(18, 2)) as swing_amount
    from ranges
    inner join base_values on ranges.scenario = base_values.scenario and ranges.input = base_values.input
    inner join results as low on ranges.scenario = low.scenario and low.variant = ranges.input || ' low'
    inner join results as high on ranges.scenario = high.scenario and high.variant = ranges.input || ' high'
    inner join results as base on ranges.scenario = base.scenario and base.variant = 'base'
),

final as (
    select
        {{ surrogate_key(['compared.scenario', 'compared.input']) }} as roi_sensitivity_id,
        compared.*,
        cast(
            row_number() over (
                partition by compared.scenario order by abs(compared.swing_amount) desc, compared.input asc
            ) as integer
        ) as swing_rank
    from compared
)

select * from final
