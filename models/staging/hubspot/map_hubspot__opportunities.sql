-- Deals of HubSpot as opportunities: closed and won by what the pipeline says of the stage, else by HubSpot's own mark
-- on the deal, else by the ids that HubSpot gives the closing stages of its default pipeline.
with deals as (select * from {{ ref('stg_hubspot__deals') }}),

entries as (select * from {{ ref('stg_hubspot__deal_stages') }}),

stages as (select * from {{ ref('stg_hubspot__deal_pipeline_stages') }}),

-- Deals may stand in stages that were deleted. A stage of 100 % is won and one of 0 % lost: HubSpot gives an open
-- stage neither.
known_stages as (
    select
        stages.stage_id,
        stages.stage_name,
        coalesce(stages.is_won, stages.probability = 1) as is_won,
        case
            when stages.is_won then true
            else coalesce(stages.is_closed, stages.probability in (0, 1))
        end as is_closed
    from stages
    where stages.row_status in ('accepted', 'deleted')
),

last_entries as (
    select
        entries.deal_id,
        entries.stage_id,
        max(entries.entered_at) as entered_at
    from entries
    where entries.row_status = 'accepted'
    group by entries.deal_id, entries.stage_id
),

staged as (
    select
        deals.deal_id,
        deals.owner_user_id,
        deals.company_id,
        deals.deal_type,
        deals.lead_source,
        coalesce(known_stages.stage_name, deals.stage_id) as stage_name,
        deals.amount,
        deals.currency_code,
        deals.closed_on,
        deals.closed_at,
        last_entries.entered_at,
        deals.created_at,
        deals.modified_at,
        coalesce(
            known_stages.is_closed,
            deals.is_closed,
            lower(replace(deals.stage_id, ' ', '')) in ('closedwon', 'closedlost')
        ) as is_closed,
        coalesce(
            known_stages.is_won,
            deals.is_won,
            lower(replace(deals.stage_id, ' ', '')) = 'closedwon'
        ) as is_won,
        deals.row_key,
        deals.row_status,
        deals.raw_row
    from deals
    left join known_stages on deals.stage_id = known_stages.stage_id
    left join last_entries on deals.deal_id = last_entries.deal_id and deals.stage_id = last_entries.stage_id
),

final as (
    select
        'hubspot:' || staged.deal_id as opportunity_id,
        staged.owner_user_id,
        'hubspot:' || staged.company_id as account_id,
        staged.deal_type as opportunity_type,
        staged.lead_source,
        staged.stage_name,
        staged.amount,
        staged.currency_code,
        staged.closed_on,
        -- A closed deal whose close date was cleared closed when it entered its stage.
        case
            when staged.closed_at is not null then staged.closed_at
            when staged.closed_on is null and staged.is_closed then staged.entered_at
        end as closed_at,
        staged.created_at,
        staged.modified_at,
        staged.is_closed,
        staged.is_closed and staged.is_won as is_won,
        staged.row_key,
        staged.row_status,
        staged.raw_row
    from staged
)

select * from final
