with source as (

    {{ read_raw(
        'lms',
        'certification_award',
        required=[
            'award_id', 'user_id', 'certification', 'awarded_at',
        ],
        optional=[
            'program_id', 'expires_at', 'updated_at',
        ]
    ) }}

),

typed as (
    select
        -- ids
        source.award_id,
        source.user_id as lms_user_id,
        source.program_id,
        -- text
        source.certification as certification_name,
        -- timestamps
        {{ parse_timestamp('source.awarded_at') }} as awarded_at,
        source.awarded_at as raw_awarded_at,
        {{ parse_timestamp('source.expires_at') }} as expires_at,
        source.expires_at as raw_expires_at,
        -- fate of the row
        source.award_id as row_key,
        {{ parse_timestamp('source.updated_at') }} as version,
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
                typed.lms_user_id is null
                or typed.certification_name is null
                or typed.raw_awarded_at is null
                then 'missing_value'
            when
                {{ is_unparsable('typed.raw_awarded_at', 'typed.awarded_at') }}
                or {{ is_unparsable('typed.raw_expires_at', 'typed.expires_at') }}
                then 'unparsable_date'
            when
                {{ is_out_of_range('typed.awarded_at') }}
                or {{ is_out_of_range('typed.expires_at') }}
                then 'date_out_of_range'
            when typed.expires_at < typed.awarded_at then 'end_before_start'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.award_id,
        judged.lms_user_id,
        judged.certification_name,
        judged.program_id,
        judged.awarded_at,
        judged.expires_at,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
