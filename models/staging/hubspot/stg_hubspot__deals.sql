with source as (

    {{ read_raw(
        'hubspot',
        'deal',
        required=[
            'deal_id', 'owner_id', 'deal_pipeline_stage_id', 'closedate', 'createdate',
        ],
        optional=[
            'deal_pipeline_id', 'dealname', 'amount', 'deal_currency_code', 'dealtype', 'hs_analytics_source',
            'hs_primary_associated_company', 'hs_is_closed', 'hs_is_closed_won', 'hs_lastmodifieddate', 'archived',
        ],
        is_required_object=true,
        aliases={
            'deal_id': ['id', 'record_id', 'hs_object_id'],
            'owner_id': ['hubspot_owner_id', 'deal_owner'],
            'deal_pipeline_stage_id': ['dealstage', 'deal_stage'],
            'deal_pipeline_id': ['pipeline'],
            'dealname': ['deal_name'],
            'closedate': ['close_date'],
            'createdate': ['create_date', 'hs_createdate', 'created_at'],
            'deal_currency_code': ['currency'],
            'dealtype': ['deal_type'],
            'hs_analytics_source': ['original_source', 'original_source_type', 'original_traffic_source'],
            'hs_primary_associated_company': ['primary_associated_company_id', 'associated_company_id'],
            'hs_is_closed': ['is_deal_closed', 'is_closed'],
            'hs_is_closed_won': ['is_closed_won'],
            'hs_lastmodifieddate': ['last_modified_date', 'lastmodifieddate', 'updated_at'],
        }
    ) }}

),

parsed as (
    select
        source.*,
        {{ parse_timestamp('source.closedate') }} as close_moment
    from source
),

typed as (
    select
        -- ids
        parsed.deal_id,
        parsed.owner_id as owner_user_id,
        parsed.deal_pipeline_id as pipeline_id,
        parsed.deal_pipeline_stage_id as stage_id,
        parsed.hs_primary_associated_company as company_id,
        -- text
        parsed.dealname as deal_name,
        parsed.deal_currency_code as currency_code,
        parsed.dealtype as deal_type,
        parsed.hs_analytics_source as lead_source,
        -- numerics
        {{ parse_number('parsed.amount') }} as amount,
        parsed.amount as raw_amount,
        -- booleans
        {{ parse_boolean('parsed.hs_is_closed') }} as is_closed,
        parsed.hs_is_closed as raw_is_closed,
        {{ parse_boolean('parsed.hs_is_closed_won') }} as is_won,
        parsed.hs_is_closed_won as raw_is_won,
        {{ parse_boolean('parsed.archived') }} as is_archived,
        parsed.archived as raw_is_archived,
        -- timestamps
        -- HubSpot writes an instant, whose day is the owner's. Midnight to the second is a day that was written as one.
        case
            when parsed.close_moment <> cast(cast(parsed.close_moment as date) as timestamp) then parsed.close_moment
        end as closed_at,
        case
            when parsed.close_moment = cast(cast(parsed.close_moment as date) as timestamp)
                then {{ parse_date('parsed.closedate') }}
        end as closed_on,
        parsed.close_moment,
        parsed.closedate as raw_closed_at,
        {{ parse_timestamp('parsed.createdate') }} as created_at,
        parsed.createdate as raw_created_at,
        {{ parse_timestamp('parsed.hs_lastmodifieddate') }} as modified_at,
        parsed.hs_lastmodifieddate as raw_modified_at,
        -- fate of the row
        parsed.deal_id as row_key,
        {{ parse_timestamp('parsed.hs_lastmodifieddate') }} as version,
        parsed.is_deleted or coalesce({{ parse_boolean('parsed.archived') }}, false) as is_deleted,
        parsed.loaded_at,
        parsed.landing_problem,
        parsed.raw_row
    from parsed
),

checked as (
    select
        typed.*,
        case
            when typed.row_key is null then 'missing_key'
            -- A deal may have no owner, and while it is open no close date.
            when
                typed.stage_id is null
                or typed.raw_created_at is null
                or (typed.is_closed and typed.raw_closed_at is null)
                then 'missing_value'
            when
                {{ is_unparsable('typed.raw_closed_at', 'typed.close_moment') }}
                or {{ is_unparsable('typed.raw_created_at', 'typed.created_at') }}
                or {{ is_unparsable('typed.raw_modified_at', 'typed.modified_at') }}
                then 'unparsable_date'
            when {{ is_unparsable('typed.raw_amount', 'typed.amount') }} then 'unparsable_number'
            when
                {{ is_unparsable('typed.raw_is_closed', 'typed.is_closed') }}
                or {{ is_unparsable('typed.raw_is_won', 'typed.is_won') }}
                or {{ is_unparsable('typed.raw_is_archived', 'typed.is_archived') }}
                then 'unparsable_boolean'
            when
                {{ is_out_of_range('typed.close_moment') }}
                or {{ is_out_of_range('typed.created_at') }}
                or {{ is_out_of_range('typed.modified_at') }}
                then 'date_out_of_range'
            when typed.amount < 0 then 'negative_amount'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.deal_id,
        judged.owner_user_id,
        judged.pipeline_id,
        judged.stage_id,
        judged.company_id,
        judged.deal_name,
        judged.amount,
        judged.currency_code,
        judged.deal_type,
        judged.lead_source,
        judged.is_closed,
        judged.is_won,
        judged.closed_at,
        judged.closed_on,
        judged.created_at,
        judged.modified_at,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
