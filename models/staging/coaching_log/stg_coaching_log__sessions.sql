with source as (

    {{ read_raw(
        'coaching_log',
        'session',
        required=[
            'session_id', 'rep_email', 'held_on',
        ],
        optional=[
            'coach_email', 'minutes', 'kind', 'topic', 'score', 'scale_max', 'recording_url',
        ],
        is_required_object=true
    ) }}

),

typed as (
    select
        -- ids
        source.session_id,
        -- text
        lower(source.rep_email) as rep_email,
        lower(source.coach_email) as coach_email,
        lower(source.kind) as session_kind,
        source.topic,
        source.recording_url,
        -- numerics
        {{ parse_number('source.minutes') }} as duration_minutes,
        source.minutes as raw_duration_minutes,
        {{ parse_number('source.score') }} as score,
        source.score as raw_score,
        {{ parse_number('source.scale_max') }} as scale_max,
        source.scale_max as raw_scale_max,
        -- dates
        {{ parse_date('source.held_on') }} as held_on,
        source.held_on as raw_held_on,
        -- fate of the row
        source.session_id as row_key,
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
                typed.rep_email is null
                or typed.raw_held_on is null
                then 'missing_value'
            when {{ is_unparsable('typed.raw_held_on', 'typed.held_on') }} then 'unparsable_date'
            when
                {{ is_unparsable('typed.raw_duration_minutes', 'typed.duration_minutes') }}
                or {{ is_unparsable('typed.raw_score', 'typed.score') }}
                or {{ is_unparsable('typed.raw_scale_max', 'typed.scale_max') }}
                then 'unparsable_number'
            when {{ is_out_of_range('typed.held_on') }} then 'date_out_of_range'
            when
                typed.session_kind not in ('one_on_one', 'call_review', 'role_play', 'ride_along', 'practice_recording')
                then 'unknown_enum'
            when typed.duration_minutes < 0 then 'negative_amount'
            when
                typed.score < 0
                or typed.score > typed.scale_max
                then 'score_out_of_range'
        end as problem
    from typed
),

{{ row_fate('checked') }},

final as (
    select
        judged.session_id,
        judged.rep_email,
        judged.coach_email,
        judged.held_on,
        judged.duration_minutes,
        judged.session_kind,
        judged.topic,
        judged.score,
        judged.scale_max,
        judged.recording_url,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
