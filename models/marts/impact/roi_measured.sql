-- What each program has returned by the company's own measured effects, as a range. Onboarding: months of ramp saved
-- times what a productive rep books in a month. Ongoing: extra bookings per rep-month for the reps who took it, over a
-- year.
with programs as (
    select * from {{ ref('dim_programs') }}
),

ramp_effects as (
    select * from {{ ref('program_ramp_effect') }}
    where comparison = 'version' and milestone = '{{ var("roi_ramp_milestone") }}'
),

performance_effects as (
    select * from {{ ref('program_performance_effect') }}
    where outcome = 'bookings_per_month'
),

attainment as (
    select * from {{ ref('fct_attainment') }}
),

reps as (
    select * from {{ ref('dim_reps') }}
),

-- A productive rep: a year or more in the company, with a quota, over the last twelve months.
productive as (
    select
        cast(sum(attainment.bookings_amount) as {{ type_double() }}) as bookings_amount,
        {{ ordered_sum('attainment.period_months') }} as rep_months
    from attainment
    inner join reps on attainment.rep_id = reps.rep_id
    where
        attainment.is_complete_period
        and attainment.quota_amount > 0
        and attainment.period_started_on > {{ dbt.dateadd('month', -12, as_of_date()) }}
        and {{ dbt.dateadd('month', 12, 'reps.hired_on') }} <= attainment.period_started_on
),

onboarding as (
    select
        programs.program_id,
        'onboarding' as kind,
        'months of ramp saved per hire, to {{ var("roi_ramp_milestone") }}, restricted mean, against the version before'
            as effect_source,
        coalesce(ramp_effects.treated_count, 0) as people_count,
        -- 30.4375 days a month; fewer days is a gain, so the interval turns round.
        -ramp_effects.restricted_mean_difference_days / 30.4375 as effect,
        -ramp_effects.ci_high / 30.4375 as effect_low,
        -ramp_effects.ci_low / 30.4375 as effect_high,
        productive.bookings_amount / nullif(productive.rep_months, 0) as value_per_unit,
        case
            when ramp_effects.program_id is null then 'no earlier version to compare with'
            when ramp_effects.reason_withheld is not null then ramp_effects.reason_withheld
            when coalesce(productive.rep_months, 0) = 0 then 'no productive reps with a quota in the last twelve months'
        end as reason_withheld
    from programs
    cross join productive
    left join ramp_effects on programs.program_id = ramp_effects.program_id
    where programs.program_kind = 'onboarding'
),

ongoing as (
    select
        programs.program_id,
        'ongoing' as kind,
        'extra bookings per rep-month, difference in differences, over twelve months' as effect_source,
        coalesce(performance_effects.treated_count, 0) as people_count,
        performance_effects.effect,
        performance_effects.ci_low as effect_low,
        performance_effects.ci_high as effect_high,
        12e0 as value_per_unit,
        performance_effects.reason_withheld
    from programs
    left join performance_effects on programs.program_id = performance_effects.program_id
    where programs.program_kind = 'ongoing'
),

measured as (
    select * from onboarding
    union all
    select * from ongoing
),

valued as (
    select
        measured.*,
        programs.cost_amount as program_cost_amount,
    {%- for bound, column in [('low', 'effect_low'), ('central', 'effect'), ('high', 'effect_high')] %}
    cast(measured.people_count * measured.{{ column }} * measured.value_per_unit as decimal(18, 2))
        as extra_bookings_{{ bound }}_amount
    {{- ',' if not loop.last }}
    {%- endfor %}
    from measured
    inner join programs on measured.program_id = programs.program_id
),

profits as (
    select
        valued.*,
    {%- for bound in ['low', 'central', 'high'] %}
    cast(valued.extra_bookings_{{ bound }}_amount * {{ var('gross_margin_rate') }} as decimal(18, 2))
        as gross_profit_{{ bound }}_amount
    {{- ',' if not loop.last }}
    {%- endfor %}
    from valued
),

final as (
    select
        profits.program_id,
        profits.kind,
        profits.effect_source,
        cast(profits.people_count as integer) as people_count,
        {{ rounded_double('profits.effect_low') }} as effect_low,
        {{ rounded_double('profits.effect') }} as effect,
        {{ rounded_double('profits.effect_high') }} as effect_high,
        {{ rounded_double('profits.value_per_unit') }} as value_per_unit,
        {%- for bound in ['low', 'central', 'high'] %}
        profits.extra_bookings_{{ bound }}_amount,
        {%- endfor %}
        {%- for bound in ['low', 'central', 'high'] %}
        profits.gross_profit_{{ bound }}_amount,
        {%- endfor %}
        cast(profits.program_cost_amount as decimal(18, 2)) as program_cost_amount,
        {%- for bound in ['low', 'central', 'high'] %}
        cast(profits.gross_profit_{{ bound }}_amount - profits.program_cost_amount as decimal(18, 2))
            as net_value_{{ bound }}_amount,
        {%- endfor %}
        {%- for bound in ['low', 'central', 'high'] %}
        cast(
            1.0 * (profits.gross_profit_{{ bound }}_amount - profits.program_cost_amount)
            / nullif(profits.program_cost_amount, 0) as {{ type_double() }}
        ) as roi_{{ bound }}_rate,
        {%- endfor %}
        false as is_additive,
        profits.reason_withheld
    from profits
)

select * from final
