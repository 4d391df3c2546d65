{{ config(access='private', schema='conformed', contract={'enforced': false}) }}

-- The gain of each variant of a scenario by the end of each month of its window. Totals, payback and sensitivity are
-- all read from here.
with variants as (
    select * from {{ ref('int_roi_variants') }}
),

numbers as (
    {{ dbt.generate_series(120) }}
),

months as (
    select
        variants.*,
        numbers.generated_number as month_number
    from variants
    inner join numbers on variants.window_months >= numbers.generated_number
),

-- A hire at the start of month h has m - h + 1 months behind them at the end of month m; in its middle half a month
-- less, at its end a month less.
hires as (
    select
        months.scenario,
        months.variant,
        months.month_number,
        months.hires_per_month,
        months.ramp_shape,
        cast(months.ramp_months_before as {{ type_double() }}) as ramp_before,
        cast(months.ramp_months_after as {{ type_double() }}) as ramp_after,
        months.month_number - numbers.generated_number + 1e0
        - case months.hire_timing when 'middle' then 0.5e0 when 'end' then 1e0 else 0e0 end as months_since_hire
    from months
    inner join numbers
        on
            months.kind = 'onboarding'
            and months.hiring_months >= numbers.generated_number
            and months.month_number >= numbers.generated_number
),

-- Productive months within a months of a ramp of r: step max(0, a - r); linear a - r / 2 once ramped, a^2 / 2r before.
productive as (
    select
        hires.scenario,
        hires.variant,
        hires.month_number,
        hires.hires_per_month,
        case
            when hires.ramp_shape = 'step' then greatest(0e0, hires.months_since_hire - hires.ramp_before)
            when hires.months_since_hire >= hires.ramp_before
                then hires.months_since_hire - hires.ramp_before / 2
            else hires.months_since_hire * hires.months_since_hire / (2 * hires.ramp_before)
        end as productive_months_before,
        case
            when hires.ramp_shape = 'step' then greatest(0e0, hires.months_since_hire - hires.ramp_after)
            when hires.months_since_hire >= hires.ramp_after
                then hires.months_since_hire - hires.ramp_after / 2
            else hires.months_since_hire * hires.months_since_hire / (2 * hires.ramp_after)
        end as productive_months_after
    from hires
),

rep_months as (
    select
        productive.scenario,
        productive.variant,
        productive.month_number,
        {{ ordered_sum(
            'productive.hires_per_month'
            ~ ' * (productive.productive_months_after - productive.productive_months_before)'
        ) }} as rep_months_gained
    from productive
    group by productive.scenario, productive.variant, productive.month_number
),

gains as (
    select
        months.scenario,
        months.variant,
        months.month_number,
        months.gross_margin_rate,
        months.program_cost_amount,
        case when months.kind = 'onboarding' then coalesce(rep_months.rep_months_gained, 0e0) end as rep_months_gained,
        case
            when months.kind = 'onboarding'
                then
                    coalesce(rep_months.rep_months_gained, 0e0)
                    * months.annual_quota_amount / 12 * months.attainment_before_rate
            else
                months.rep_count * months.annual_quota_amount / 12 * months.month_number
                * (months.attainment_after_rate - months.attainment_before_rate)
        end as extra_bookings
    from months
    left join rep_months
        on
            months.scenario = rep_months.scenario
            and months.variant = rep_months.variant
            and months.month_number = rep_months.month_number
),

final as (
    select
        gains.scenario,
        gains.variant,
        cast(gains.month_number as integer) as month_number,
        gains.rep_months_gained,
        cast(gains.extra_bookings as decimal(18, 2)) as extra_bookings_amount,
        cast(gains.extra_bookings * gains.gross_margin_rate as decimal(18, 2)) as gross_profit_amount,
        gains.program_cost_amount
    from gains
)

select * from final
