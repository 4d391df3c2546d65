with source as (

    {{ read_raw(
        'lms',
        'program',
        required=[
            'program_id', 'name',
        ],
        optional=[
            'kind', 'version', 'starts_on', 'target_goal', 'updated_at',
        ],
        is_required_object=true
    ) }}

),

typed as (
    select
        -- ids
        source.program_id,
        -- text
        source.name as program_name,
        lower(source.kind) as program_kind,
        source.version as program_version,
        source.target_goal,
        -- dates
        {{ parse_date('source.starts_on') }} as starts_on,
        source.starts_on as raw_starts_on,
        -- fate of the row
        source.program_id as row_key,
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
            when typed.program_name is null then 'missing_value'
            when {{ is_unparsable('typed.raw_starts_on', 'typed.starts_on') }} then 'unparsable_date'
            when {{ is_out_of_range('typed.starts_on') }} then 'date_out_of_range'
            when typed.program_kind not in ('onboarding', 'ongoing') then 'unknown_enum'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.program_id,
        judged.program_name,
        judged.program_kind,
        judged.program_version,
        judged.starts_on,
        judged.target_goal,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
