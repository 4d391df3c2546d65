with source as (

    {{ read_raw(
        'salesforce_enablement',
        'enablement_program',
        required=[
            'id', 'name',
        ],
        optional=[
            'status', 'type', 'published_date_time', 'last_modified_date',
        ],
        is_required_object=true
    ) }}

),

typed as (
    select
        -- ids
        source.id as program_id,
        -- text
        source.name as program_name,
        lower(source.status) as program_status,
        lower(source.type) as program_type,
        -- timestamps
        {{ parse_timestamp('source.published_date_time') }} as published_at,
        source.published_date_time as raw_published_at,
        -- fate of the row
        source.id as row_key,
        {{ parse_timestamp('source.last_modified_date') }} as version,
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
            when typed.program_name is null then 'missing_value'
            when {{ is_unparsable('typed.raw_published_at', 'typed.published_at') }} then 'unparsable_date'
            when {{ is_out_of_range('typed.published_at') }} then 'date_out_of_range'
            when typed.program_status not in ('draft', 'published', 'archived') then 'unknown_enum'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.program_id,
        judged.program_name,
        judged.program_status,
        judged.program_type,
        judged.published_at,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
