with source as (

    {{ read_raw(
        'lms',
        'enrollment',
        required=[
            'enrollment_id', 'user_id', 'program_id', 'enrolled_at',
        ],
        optional=[
            'started_at', 'due_at', 'completed_at', 'status', 'updated_at',
        ],
        is_required_object=true
    ) }}

),

typed as (
    select
        -- ids
        source.enrollment_id,
        source.user_id as lms_user_id,
        source.program_id,
        -- text
        lower(source.status) as enrollment_status,
        -- timestamps
        {{ parse_timestamp('source.enrolled_at') }} as enrolled_at,
        source.enrolled_at as raw_enrolled_at,
        {{ parse_timestamp('source.started_at') }} as started_at,
        source.started_at as raw_started_at,
        {{ parse_timestamp('source.due_at') }} as due_at,
        source.due_at as raw_due_at,
        {{ parse_timestamp('source.completed_at') }} as completed_at,
        source.completed_at as raw_completed_at,
        -- fate of the row
        source.enrollment_id as row_key,
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
                or typed.program_id is null
                or typed.raw_enrolled_at is null
                then 'missing_value'
            when
                {{ is_unparsable('typed.raw_enrolled_at', 'typed.enrolled_at') }}
                or {{ is_unparsable('typed.raw_started_at', 'typed.started_at') }}
                or {{ is_unparsable('typed.raw_due_at', 'typed.due_at') }}
                or {{ is_unparsable('typed.raw_completed_at', 'typed.completed_at') }}
                then 'unparsable_date'
            when
                {{ is_out_of_range('typed.enrolled_at') }}
                or {{ is_out_of_range('typed.started_at') }}
                or {{ is_out_of_range('typed.due_at') }}
                or {{ is_out_of_range('typed.completed_at') }}
                then 'date_out_of_range'
            when
                typed.completed_at < typed.enrolled_at
                or typed.completed_at < typed.started_at
                then 'end_before_start'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.enrollment_id,
        judged.lms_user_id,
        judged.program_id,
        judged.enrolled_at,
        judged.started_at,
        judged.due_at,
        judged.completed_at,
        judged.enrollment_status,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
