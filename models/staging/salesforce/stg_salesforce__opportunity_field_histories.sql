with source as (

    {{ read_raw(
        'salesforce',
        'opportunity_field_history',
        required=[
            'opportunity_id', 'field', 'created_date',
        ],
        optional=[
            'old_value', 'new_value',
        ]
    ) }}

),

typed as (
    select
        -- ids
        source.opportunity_id,
        -- text
        source.field as field_name,
        source.old_value,
        source.new_value,
        -- timestamps
        {{ parse_timestamp('source.created_date') }} as changed_at,
        source.created_date as raw_changed_at,
        -- fate of the row
        source.opportunity_id
        || '|' || source.field
        || '|' || source.created_date
        || '|' || coalesce(source.new_value, '') as row_key,
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
        judged.opportunity_id,
        judged.field_name,
        judged.old_value,
        judged.new_value,
        judged.changed_at,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
