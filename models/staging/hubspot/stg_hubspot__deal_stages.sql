with source as (

    {{ read_raw(
        'hubspot',
        'deal_stage',
        required=[
            'deal_id', 'value', 'date_entered',
        ],
        optional=[
            'source', '_fivetran_active',
        ],
        aliases={
            'value': ['stage_id', 'dealstage'],
            'date_entered': ['_fivetran_start', 'timestamp'],
        }
    ) }}

),

typed as (
    select
        -- ids
        source.deal_id,
        source.value as stage_id,
        -- text
        source.source as change_source,
        -- timestamps
        {{ parse_timestamp('source.date_entered') }} as entered_at,
        source.date_entered as raw_entered_at,
        -- fate of the row
        source.deal_id
        || '|' || source.value
        || '|' || source.date_entered as row_key,
        cast(null as timestamp) as version,
        -- Fivetran keeps this object as history: only the stage that a deal stands in is active. The others are past,
        -- not deleted.
        source.is_deleted and coalesce({{ parse_boolean('source._fivetran_active') }}, true) as is_deleted,
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
            when {{ is_unparsable('typed.raw_entered_at', 'typed.entered_at') }} then 'unparsable_date'
            when {{ is_out_of_range('typed.entered_at') }} then 'date_out_of_range'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.deal_id,
        judged.stage_id,
        judged.change_source,
        judged.entered_at,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
