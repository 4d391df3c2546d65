with source as (

    {{ read_raw(
        'hubspot',
        'owner',
        required=[
            'owner_id', 'email', 'created_at',
        ],
        optional=[
            'first_name', 'last_name', 'type', 'is_active', 'updated_at',
        ],
        is_required_object=true,
        aliases={
            'owner_id': ['id', 'hubspot_owner_id'],
            'email': ['owner_email'],
            'created_at': ['create_date'],
        }
    ) }}

),

typed as (
    select
        -- ids
        source.owner_id as user_id,
        -- text
        lower(source.email) as email,
        nullif(trim(coalesce(source.first_name, '') || ' ' || coalesce(source.last_name, '')), '') as full_name,
        lower(source.type) as owner_type,
        -- booleans
        {{ parse_boolean('source.is_active') }} as is_active,
        source.is_active as raw_is_active,
        -- timestamps
        {{ parse_timestamp('source.created_at') }} as created_at,
        source.created_at as raw_created_at,
        -- fate of the row
        source.owner_id as row_key,
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
                typed.email is null
                or typed.raw_created_at is null
                then 'missing_value'
            when {{ is_unparsable('typed.raw_created_at', 'typed.created_at') }} then 'unparsable_date'
            when {{ is_unparsable('typed.raw_is_active', 'typed.is_active') }} then 'unparsable_boolean'
            when {{ is_out_of_range('typed.created_at') }} then 'date_out_of_range'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.user_id,
        judged.email,
        judged.full_name,
        judged.owner_type,
        judged.is_active,
        judged.created_at,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
