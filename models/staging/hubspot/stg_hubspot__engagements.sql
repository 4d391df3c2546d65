with source as (

    {{ read_raw(
        'hubspot',
        'engagement',
        required=[
            'id',
        ],
        optional=[
            'type', 'activity_type', 'owner_id', 'timestamp', 'active', 'last_updated',
        ],
        aliases={
            'id': ['engagement_id'],
            'owner_id': ['hubspot_owner_id'],
            'timestamp': ['hs_timestamp'],
            'last_updated': ['hs_lastmodifieddate', 'updated_at'],
        }
    ) }}

),

typed as (
    select
        -- ids
        source.id as engagement_id,
        source.owner_id as owner_user_id,
        -- text
        lower(source.type) as engagement_type,
        source.activity_type,
        -- booleans
        {{ parse_boolean('source.active') }} as is_active,
        source.active as raw_is_active,
        -- timestamps
        {{ parse_timestamp('source.timestamp') }} as happened_at,
        source.timestamp as raw_happened_at,
        -- fate of the row
        source.id as row_key,
        {{ parse_timestamp('source.last_updated') }} as version,
        -- HubSpot no longer shows an engagement that is not active.
        source.is_deleted or not coalesce({{ parse_boolean('source.active') }}, true) as is_deleted,
        source.loaded_at,
        source.landing_problem,
        source.raw_row
    from source
),

checked as (
    select
        typed.*,
        case
            when typed.row_key is null then 'missing_key'
            when {{ is_unparsable('typed.raw_happened_at', 'typed.happened_at') }} then 'unparsable_date'
            when {{ is_unparsable('typed.raw_is_active', 'typed.is_active') }} then 'unparsable_boolean'
            when {{ is_out_of_range('typed.happened_at') }} then 'date_out_of_range'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.engagement_id,
        judged.owner_user_id,
        judged.engagement_type,
        judged.activity_type,
        judged.is_active,
        judged.happened_at,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
