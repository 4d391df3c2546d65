with source as (

    {{ read_raw(
        'lms',
        'user',
        required=[
            'user_id', 'email',
        ],
        optional=[
            'employee_number', 'updated_at',
        ],
        is_required_object=true
    ) }}

),

typed as (
    select
        -- ids
        source.user_id as lms_user_id,
        -- text
        lower(source.email) as email,
        source.employee_number,
        -- fate of the row
        source.user_id as row_key,
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
            when typed.email is null then 'missing_value'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.lms_user_id,
        judged.email,
        judged.employee_number,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
