with source as (

    {{ read_raw(
        'salesforce',
        'account',
        required=[
            'id',
        ],
        optional=[
            'name', 'industry', 'number_of_employees', 'billing_country', 'last_modified_date',
        ]
    ) }}

),

typed as (
    select
        -- ids
        source.id as account_id,
        -- text
        source.name as account_name,
        source.industry,
        source.billing_country,
        -- numerics
        {{ parse_number('source.number_of_employees') }} as employee_count,
        source.number_of_employees as raw_employee_count,
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
            when {{ is_unparsable('typed.raw_employee_count', 'typed.employee_count') }} then 'unparsable_number'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.account_id,
        judged.account_name,
        judged.industry,
        judged.employee_count,
        judged.billing_country,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
