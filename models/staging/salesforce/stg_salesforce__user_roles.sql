with source as (

    {{ read_raw(
        'salesforce',
        'user_role',
        required=[
            'id', 'name',
        ],
        optional=[
            'parent_role_id',
        ]
    ) }}

),

typed as (
    select
        -- ids
        source.id as user_role_id,
        source.parent_role_id,
        -- text
        source.name as role_name,
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
            when typed.role_name is null then 'missing_value'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.user_role_id,
        judged.role_name,
        judged.parent_role_id,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
