with source as (

    {{ read_raw(
        'hubspot',
        'deal_property_history',
        required=[
            'deal_id', 'name', 'timestamp',
        ],
        optional=[
            'value', 'source',
        ],
        aliases={
            'deal_id': ['object_id'],
            'name': ['property', 'property_name'],
            'source': ['source_type'],
        }
    ) }}

),

typed as (
    select
        -- ids
        source.deal_id,
        -- text
        lower(source.name) as property_name,
        source.value as property_value,
        source.source as change_source,
        -- timestamps
        {{ parse_timestamp('source.timestamp') }} as changed_at,
        source.timestamp as raw_changed_at,
        -- fate of the row
        source.deal_id
        || '|' || lower(source.name)
        || '|' || source.timestamp as row_key,
        cast(null as timestamp) as version,
        source.is_deleted,
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
            when {{ is_unparsable('typed.raw_changed_at', 'typed.changed_at') }} then 'unparsable_date'
            when {{ is_out_of_range('typed.changed_at') }} then 'date_out_of_range'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.deal_id,
        judged.property_name,
        judged.property_value,
        judged.change_source,
        judged.changed_at,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
