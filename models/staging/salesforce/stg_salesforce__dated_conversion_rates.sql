with source as (

    {{ read_raw(
        'salesforce',
        'dated_conversion_rate',
        required=[
            'iso_code', 'conversion_rate', 'start_date',
        ],
        optional=[
            'next_start_date', 'last_modified_date',
        ]
    ) }}

),

typed as (
    select
        -- text
        source.iso_code as currency_code,
        -- numerics
        {{ parse_number('source.conversion_rate') }} as conversion_rate,
        source.conversion_rate as raw_conversion_rate,
        -- dates
        {{ parse_date('source.start_date') }} as started_on,
        source.start_date as raw_started_on,
        {{ parse_date('source.next_start_date') }} as next_started_on,
        source.next_start_date as raw_next_started_on,
        -- fate of the row
        source.iso_code
        || '|' || source.start_date as row_key,
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
            when typed.raw_conversion_rate is null then 'missing_value'
            when
                {{ is_unparsable('typed.raw_started_on', 'typed.started_on') }}
                or {{ is_unparsable('typed.raw_next_started_on', 'typed.next_started_on') }}
                then 'unparsable_date'
            when {{ is_unparsable('typed.raw_conversion_rate', 'typed.conversion_rate') }} then 'unparsable_number'
            when
                {{ is_out_of_range('typed.started_on') }}
                or {{ is_out_of_range('typed.next_started_on') }}
                then 'date_out_of_range'
            when typed.conversion_rate <= 0 then 'negative_amount'
            when typed.next_started_on <= typed.started_on then 'end_before_start'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.currency_code,
        judged.conversion_rate,
        judged.started_on,
        judged.next_started_on,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
