with source as (

    {{ read_raw(
        'salesforce',
        'opportunity_split',
        required=[
            'opportunity_id', 'split_owner_id',
        ],
        optional=[
            'id', 'split_percentage', 'split_amount', 'last_modified_date',
        ]
    ) }}

),

typed as (
    select
        -- ids
        source.id as opportunity_split_id,
        source.opportunity_id,
        source.split_owner_id as split_user_id,
        -- numerics
        {{ parse_number('source.split_percentage') }} as split_percentage,
        source.split_percentage as raw_split_percentage,
        {{ parse_number('source.split_amount') }} as split_amount,
        source.split_amount as raw_split_amount,
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
                typed.opportunity_id is null
                or typed.split_user_id is null
                then 'missing_value'
            when
                {{ is_unparsable('typed.raw_split_percentage', 'typed.split_percentage') }}
                or {{ is_unparsable('typed.raw_split_amount', 'typed.split_amount') }}
                then 'unparsable_number'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.opportunity_split_id,
        judged.opportunity_id,
        judged.split_user_id,
        judged.split_percentage,
        judged.split_amount,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
