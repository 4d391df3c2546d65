with source as (

    {{ read_raw(
        'roster',
        'roster',
        required=[
            'rep_email',
        ],
        optional=[
            'employee_number', 'hire_date', 'role', 'role_started_on', 'region', 'segment', 'manager_email',
            'termination_date', 'leave_started_on', 'leave_ended_on',
        ],
        is_required_object=true
    ) }}

),

typed as (
    select
        -- text
        lower(source.rep_email) as rep_email,
        source.employee_number,
        source.role as role_name,
        source.region,
        source.segment,
        lower(source.manager_email) as manager_email,
        -- dates
        {{ parse_date('source.hire_date') }} as hired_on,
        source.hire_date as raw_hired_on,
        {{ parse_date('source.role_started_on') }} as role_started_on,
        source.role_started_on as raw_role_started_on,
        {{ parse_date('source.termination_date') }} as terminated_on,
        source.termination_date as raw_terminated_on,
        {{ parse_date('source.leave_started_on') }} as leave_started_on,
        source.leave_started_on as raw_leave_started_on,
        {{ parse_date('source.leave_ended_on') }} as leave_ended_on,
        source.leave_ended_on as raw_leave_ended_on,
        -- fate of the row
        {{ dbt.hash('lower(source.rep_email)') }}
        || '|' || coalesce(source.hire_date, '')
        || '|' || coalesce(source.role_started_on, '')
        || '|' || coalesce(source.leave_started_on, '') as row_key,
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
                {{ is_unparsable('typed.raw_hired_on', 'typed.hired_on') }}
                or {{ is_unparsable('typed.raw_role_started_on', 'typed.role_started_on') }}
                or {{ is_unparsable('typed.raw_terminated_on', 'typed.terminated_on') }}
                or {{ is_unparsable('typed.raw_leave_started_on', 'typed.leave_started_on') }}
                or {{ is_unparsable('typed.raw_leave_ended_on', 'typed.leave_ended_on') }}
                then 'unparsable_date'
            when
                {{ is_out_of_range('typed.hired_on') }}
                or {{ is_out_of_range('typed.role_started_on') }}
                or {{ is_out_of_range('typed.terminated_on') }}
                or {{ is_out_of_range('typed.leave_started_on') }}
                or {{ is_out_of_range('typed.leave_ended_on') }}
                then 'date_out_of_range'
            when
                typed.terminated_on < typed.hired_on
                or typed.leave_ended_on < typed.leave_started_on
                then 'end_before_start'
            when typed.rep_email = typed.manager_email then 'self_management'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.rep_email,
        judged.employee_number,
        judged.hired_on,
        judged.role_name,
        judged.role_started_on,
        judged.region,
        judged.segment,
        judged.manager_email,
        judged.terminated_on,
        judged.leave_started_on,
        judged.leave_ended_on,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
