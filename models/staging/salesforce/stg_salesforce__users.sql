with source as (

    {{ read_raw(
        'salesforce',
        'user',
        required=[
            'id', 'email', 'created_date',
        ],
        optional=[
            'name', 'username', 'is_active', 'user_type', 'user_role_id', 'manager_id', 'title',
            'department', 'employee_number', 'time_zone_sid_key', var('salesforce_hire_date_field'),
            var('salesforce_role_start_date_field'), var('salesforce_termination_date_field'),
            'last_modified_date',
        ],
        is_required_object=true
    ) }}

),

typed as (
    select
        -- ids
        source.id as user_id,
        source.user_role_id,
        source.manager_id as manager_user_id,
        -- text
        lower(source.email) as email,
        source.name as full_name,
        source.username,
        source.user_type,
        source.title,
        source.department,
        source.employee_number,
        source.time_zone_sid_key as timezone,
        -- booleans
        {{ parse_boolean('source.is_active') }} as is_active,
        source.is_active as raw_is_active,
        -- dates
        {{ parse_date('source.' ~ (var('salesforce_hire_date_field') | lower)) }} as hired_on,
        source.{{ var('salesforce_hire_date_field') | lower }} as raw_hired_on,
        {{ parse_date('source.' ~ (var('salesforce_role_start_date_field') | lower)) }} as role_started_on,
        source.{{ var('salesforce_role_start_date_field') | lower }} as raw_role_started_on,
        {{ parse_date('source.' ~ (var('salesforce_termination_date_field') | lower)) }} as terminated_on,
        source.{{ var('salesforce_termination_date_field') | lower }} as raw_terminated_on,
        -- timestamps
        {{ parse_timestamp('source.created_date') }} as created_at,
        source.created_date as raw_created_at,
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
            when
                typed.email is null
                or typed.raw_created_at is null
                then 'missing_value'
            when
                {{ is_unparsable('typed.raw_hired_on', 'typed.hired_on') }}
                or {{ is_unparsable('typed.raw_role_started_on', 'typed.role_started_on') }}
                or {{ is_unparsable('typed.raw_terminated_on', 'typed.terminated_on') }}
                or {{ is_unparsable('typed.raw_created_at', 'typed.created_at') }}
                then 'unparsable_date'
            when {{ is_unparsable('typed.raw_is_active', 'typed.is_active') }} then 'unparsable_boolean'
            when
                {{ is_out_of_range('typed.hired_on') }}
                or {{ is_out_of_range('typed.role_started_on') }}
                or {{ is_out_of_range('typed.terminated_on') }}
                or {{ is_out_of_range('typed.created_at') }}
                then 'date_out_of_range'
            when typed.terminated_on < typed.hired_on then 'end_before_start'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.user_id,
        judged.email,
        judged.full_name,
        judged.username,
        judged.is_active,
        judged.user_type,
        judged.user_role_id,
        judged.manager_user_id,
        judged.title,
        judged.department,
        judged.employee_number,
        judged.timezone,
        judged.hired_on,
        judged.role_started_on,
        judged.terminated_on,
        judged.created_at,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
