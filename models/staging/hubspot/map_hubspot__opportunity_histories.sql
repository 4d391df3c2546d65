-- The stages that a deal entered, with the amount and close date that it had at that moment by its property history.
-- Where the history of amounts did not land, the amount is the deal's.
with deals as (select * from {{ ref('stg_hubspot__deals') }}),

entries as (select * from {{ ref('stg_hubspot__deal_stages') }}),

changes as (select * from {{ ref('stg_hubspot__deal_property_histories') }}),

stages as (select * from {{ ref('stg_hubspot__deal_pipeline_stages') }}),

-- Loaders without the object deal_stage have the same in the property history.
entered as (
    select
        'deal_stage' as object,
        entries.deal_id,
        entries.stage_id,
        entries.entered_at,
        'deal_stage:' || entries.row_key as entry_key,
        entries.row_key,
        entries.row_status
    from entries
    union all
    select
        'deal_property_history' as object,
        changes.deal_id,
        changes.property_value as stage_id,
        changes.changed_at as entered_at,
        'deal_property_history:' || changes.row_key as entry_key,
        changes.row_key,
        changes.row_status
    from changes
    where
        changes.property_name = 'dealstage'
        and changes.property_value is not null
        and not exists (
            select 1
            from entries
            where entries.deal_id = changes.deal_id and entries.row_status = 'accepted'
        )
),

known_values as (
    select
        entered.entry_key,
        changes.property_name,
        changes.property_value,
        row_number() over (
            partition by entered.entry_key, changes.property_name order by changes.changed_at desc
        ) as value_rank
    from entered
    inner join changes
        on
            entered.deal_id = changes.deal_id
            and entered.entered_at >= changes.changed_at
            and changes.property_name in ('amount', 'closedate')
            and changes.row_status = 'accepted'
    where entered.row_status = 'accepted'
),

amounts as (
    select
        known_values.entry_key,
        {{ parse_number('known_values.property_value') }} as amount
    from known_values
    where known_values.property_name = 'amount' and known_values.value_rank = 1
),

close_dates as (
    select
        known_values.entry_key,
        {{ parse_date('known_values.property_value') }} as closed_on
    from known_values
    where known_values.property_name = 'closedate' and known_values.value_rank = 1
),

final as (
    select
        entered.object,
        'hubspot:' || entered.entry_key as opportunity_history_id,
        'hubspot:' || entered.deal_id as opportunity_id,
        coalesce(stages.stage_name, entered.stage_id) as stage_name,
        case when amounts.entry_key is null then deals.amount else amounts.amount end as amount,
        close_dates.closed_on,
        entered.entered_at as created_at,
        entered.row_key,
        entered.row_status
    from entered
    left join deals on entered.deal_id = deals.deal_id and deals.row_status = 'accepted'
    left join stages on entered.stage_id = stages.stage_id and stages.row_status in ('accepted', 'deleted')
    left join amounts on entered.entry_key = amounts.entry_key
    left join close_dates on entered.entry_key = close_dates.entry_key
)

select * from final
