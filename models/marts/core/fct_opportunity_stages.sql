-- The stages that each deal went through, and how long it stood in each.
with stages as (select * from {{ ref('cnf_opportunity_stages') }}),

final as (
    select
        {{ surrogate_key(['stages.opportunity_id', 'stages.stage_number']) }}
            as opportunity_stage_id,
        stages.opportunity_id,
        stages.stage_number,
        stages.stage_name,
        stages.entered_on,
        stages.left_on,
        stages.amount_corporate,
        stages.is_closed_stage,
        stages.is_won_stage,
        cast(
            case
                when stages.left_on is not null then {{ dbt.datediff('stages.entered_on', 'stages.left_on', 'day') }}
                when not stages.is_closed_stage then {{ dbt.datediff('stages.entered_on', as_of_date(), 'day') }}
            end as integer
        ) as days_in_stage
    from stages
)

select * from final
