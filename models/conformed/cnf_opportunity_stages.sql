-- Stage spells: consecutive states of a deal in the same stage are one spell, with the amount it had when it ended.
with states as (select * from {{ ref('cnf_opportunity_states') }}),

with_previous as (
    select
        states.*,
        lag(states.stage_name) over (partition by states.opportunity_id order by states.state_number)
            as previous_stage_name
    from states
),

numbered as (
    select
        with_previous.*,
        sum(case when with_previous.stage_name = with_previous.previous_stage_name then 0 else 1 end) over (
            partition by with_previous.opportunity_id
            order by with_previous.state_number
            rows between unbounded preceding and current row
        ) as stage_number
    from with_previous
),

ranked as (
    select
        numbered.*,
        min(numbered.started_on) over (partition by numbered.opportunity_id, numbered.stage_number) as entered_on,
        row_number() over (
            partition by numbered.opportunity_id, numbered.stage_number order by numbered.state_number desc
        ) as state_rank
    from numbered
),

final as (
    select
        ranked.opportunity_id,
        cast(ranked.stage_number as integer) as stage_number,
        ranked.stage_name,
        ranked.entered_on,
        ranked.ended_on as left_on,
        ranked.amount_corporate,
        ranked.is_closed_stage,
        ranked.is_won_stage
    from ranked
    where ranked.state_rank = 1
)

select * from final
