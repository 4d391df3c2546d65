with source as (

    {{ read_raw(
        'salesforce',
        'period',
        required=[
            'id', 'start_date', 'end_date',
        ],
        optional=[
            'type',
        ]
    ) }}

),

typed as (
    select
        -- ids
        source.id as period_id,
        -- text
        source.type as period_type,
        -- dates
        {{ parse_date('source.start_date') }} as started_on,
        source.start_date as raw_started_on,
        {{ parse_date('source.end_date') }} as ended_on,
        source.end_date as raw_ended_on,
        -- fate of the row
        source.id as row_key,
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
            when
                typed.raw_started_on is null
                or typed.raw_ended_on is null
                then 'missing_value'
            when
                {{ is_unparsable('typed.raw_started_on', 'typed.started_on') }}
                or {{ is_unparsable('typed.raw_ended_on', 'typed.ended_on') }}
                then 'unparsable_date'
            when
                {{ is_out_of_range('typed.started_on') }}
                or {{ is_out_of_range('typed.ended_on') }}
                then 'date_out_of_range'
            when typed.ended_on < typed.started_on then 'end_before_start'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.period_id,
        judged.started_on,
        judged.ended_on,
        judged.period_type,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
