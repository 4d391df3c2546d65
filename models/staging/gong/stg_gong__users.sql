with source as (

    {{ read_raw(
        'gong',
        'users',
        required=[
            'id', 'email_address',
        ],
        optional=[
            'manager_id',
        ],
        is_required_object=true
    ) }}

),

typed as (
    select
        -- ids
        source.id as gong_user_id,
        source.manager_id as manager_gong_user_id,
        -- text
        lower(source.email_address) as email,
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
            when typed.email is null then 'missing_value'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.gong_user_id,
        judged.email,
        judged.manager_gong_user_id,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
