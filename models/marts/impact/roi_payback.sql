-- What each scenario has returned by the end of each month of its window.
with months as (
    select * from {{ ref('int_roi_months') }}
    where variant = 'base'
),

final as (
    select
        {{ surrogate_key(['months.scenario', 'months.month_number']) }} as roi_payback_id,
        months.scenario,
        months.month_number,
        cast(months.rep_months_gained as {{ type_double() }}) as rep_months_gained,
        months.extra_bookings_amount,
        months.gross_profit_amount,
        months.program_cost_amount,
        cast(months.gross_profit_amount - months.program_cost_amount as decimal(18, 2)) as net_value_amount,
        months.gross_profit_amount >= months.program_cost_amount as is_paid_back
    from months
)

select * from final
