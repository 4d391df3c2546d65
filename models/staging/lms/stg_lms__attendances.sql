with source as (

    {{ read_raw(
        'lms',
        'attendance',
        required=[
            'session_id', 'email', 'attended_on',
        ],
        optional=[
            'program_id', 'item_id', 'minutes',
        ]
    ) }}

),

typed as (
    select
        -- ids
        source.session_id,
        source.program_id,
        source.item_id,
        -- text
        lower(source.email) as email,
        -- numerics
        {{ parse_number('source.minutes') }} as attended_minutes,
        source.minutes as raw_attended_minutes,
        -- dates
        {{ parse_date('source.attended_on') }} as attended_on,
        source.attended_on as raw_attended_on,
        -- fate of the row
        source.session_id
        || '|' || {{ dbt.hash('lower(source.email)') }} as row_key,
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
            when typed.raw_attended_on is null then 'missing_value'
            when {{ is_unparsable('typed.raw_attended_on', 'typed.attended_on') }} then 'unparsable_date'
            when {{ is_unparsable('typed.raw_attended_minutes', 'typed.attended_minutes') }} then 'unparsable_number'
            when {{ is_out_of_range('typed.attended_on') }} then 'date_out_of_range'
            when typed.attended_minutes < 0 then 'negative_amount'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.session_id,
        judged.email,
        judged.program_id,
        judged.item_id,
        judged.attended_on,
        judged.attended_minutes,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
