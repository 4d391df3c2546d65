-- What each scenario of seed roi_assumptions is worth over its window.
with assumptions as (
    select * from {{ ref('roi_assumptions') }}
),

months as (
    select * from {{ ref('roi_payback') }}
),

paybacks as (
    select
        months.scenario,
        min(months.month_number) as payback_months
    from months
    where months.is_paid_back and months.program_cost_amount > 0
    group by months.scenario
),

valued as (
    select
        assumptions.*,
        months.rep_months_gained,
        months.extra_bookings_amount,
        months.gross_profit_amount,
        months.net_value_amount,
        paybacks.payback_months
    from assumptions
    inner join months
        on assumptions.scenario = months.scenario and assumptions.window_months = months.month_number
    left join paybacks on assumptions.scenario = paybacks.scenario
),

final as (
    select
        valued.scenario,
        valued.kind,
        valued.label,
        valued.hires_per_month,
        valued.hiring_months,
        valued.hire_timing,
        valued.window_months,
        valued.ramp_shape,
        valued.ramp_months_before,
        valued.ramp_months_after,
        valued.rep_count,
        valued.annual_quota_amount,
        valued.attainment_before_rate,
        valued.attainment_after_rate,
        valued.gross_margin_rate,
        valued.rep_months_gained,
        valued.extra_bookings_amount,
        valued.gross_profit_amount,
        valued.program_cost_amount,
        valued.net_value_amount,
        cast(1.0 * valued.net_value_amount / nullif(valued.program_cost_amount, 0) as {{ type_double() }}) as roi_rate,
        cast(valued.payback_months as integer) as payback_months,
        false as is_additive
    from valued
)

select * from final
