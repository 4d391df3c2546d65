with source as (

    {{ read_raw(
        'hubspot',
        'deal_pipeline_stage',
        required=[
            'stage_id',
        ],
        optional=[
            'pipeline_id', 'label', 'closed_won', 'is_closed', 'probability', 'updated_at',
        ],
        aliases={
            'stage_id': ['id'],
            'closed_won': ['is_closed_won', 'is_won'],
        }
    ) }}

),

typed as (
    select
        -- ids
        source.stage_id,
        source.pipeline_id,
        -- text
        source.label as stage_name,
        -- numerics
        {{ parse_number('source.probability') }} as probability,
        source.probability as raw_probability,
        -- booleans
        {{ parse_boolean('source.closed_won') }} as is_won,
        source.closed_won as raw_is_won,
        {{ parse_boolean('source.is_closed') }} as is_closed,
        source.is_closed as raw_is_closed,
        -- fate of the row
        source.stage_id as row_key,
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
            when {{ is_unparsable('typed.raw_probability', 'typed.probability') }} then 'unparsable_number'
            when
                {{ is_unparsable('typed.raw_is_won', 'typed.is_won') }}
                or {{ is_unparsable('typed.raw_is_closed', 'typed.is_closed') }}
                then 'unparsable_boolean'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.stage_id,
        judged.pipeline_id,
        judged.stage_name,
        judged.probability,
        judged.is_won,
        judged.is_closed,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
