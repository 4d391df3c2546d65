-- What a statement says is told by the vocabularies of ADL and cmi5; those that cmi5 itself defines have a mark.
{%- set verb_prefixes = ['http://adlnet.gov/expapi/verbs/', 'http://w3id.org/xapi/adl/verbs/'] %}
{%- set learning_verbs = [
    'registered', 'launched', 'initialized', 'attempted', 'experienced', 'completed', 'satisfied', 'waived', 'passed',
    'failed', 'scored', 'attended',
] %}
{%- set cmi5_category = 'https://w3id.org/xapi/cmi5/context/categories/cmi5' %}
with source as (

    {{ read_raw(
        'xapi',
        'statement',
        required=[
            'id', 'actor', 'verb', 'object', 'timestamp',
        ],
        optional=[
            'result', 'context', 'stored',
        ],
        is_required_object=true
    ) }}

),

unpacked as (
    select
        source.*,
        {{ json_text('source.actor', ['objectType']) }} as actor_type,
        {{ json_text('source.actor', ['mbox']) }} as actor_mbox,
        {{ json_text('source.actor', ['account', 'name']) }} as actor_account_name,
        {{ json_text('source.actor', ['mbox_sha1sum']) }} as actor_mbox_sha1sum,
        {{ json_text('source.actor', ['openid']) }} as actor_openid,
        {{ json_text('source.verb', ['id']) }} as verb_id,
        replace(replace(lower({{ json_text('source.verb', ['id']) }}), 'https:', 'http:'), '//www.', '//') as verb_iri,
        coalesce({{ json_text('source.object', ['objectType']) }}, 'Activity') as object_type,
        {{ json_text('source.object', ['id']) }} as object_id,
        {%- for name, column, path in [
            ('object_name', 'object', ['definition', 'name']),
            ('grouping_name', 'context', ['contextActivities', 'grouping', 0, 'definition', 'name']),
            ('grouping_single_name', 'context', ['contextActivities', 'grouping', 'definition', 'name']),
            ('parent_name', 'context', ['contextActivities', 'parent', 0, 'definition', 'name']),
            ('parent_single_name', 'context', ['contextActivities', 'parent', 'definition', 'name']),
        ] %}
        coalesce(
            {{ json_text('source.' ~ column, path + ['en-US']) }},
            {{ json_first_text('source.' ~ column, path) }}
        ) as {{ name }},
        {%- endfor %}
        {{ json_text('source.object', ['definition', 'type']) }} as activity_type,
        -- xAPI 1.0 also allows one activity where there is a list of one.
        {{ json_text('source.context', ['contextActivities', 'grouping', 0, 'id']) }} as grouping_id,
        {{ json_text('source.context', ['contextActivities', 'grouping', 'id']) }} as grouping_single_id,
        {{ json_text('source.context', ['contextActivities', 'parent', 0, 'id']) }} as parent_id,
        {{ json_text('source.context', ['contextActivities', 'parent', 'id']) }} as parent_single_id,
        {{ json_text('source.context', ['contextActivities', 'category']) }} as category_json,
        {{ json_text('source.context', ['registration']) }} as registration,
        {{ json_text('source.result', ['score', 'scaled']) }} as raw_scaled_score,
        {{ json_text('source.result', ['score', 'raw']) }} as raw_points,
        {{ json_text('source.result', ['score', 'min']) }} as raw_min_points,
        {{ json_text('source.result', ['score', 'max']) }} as raw_max_points,
        {{ json_text('source.result', ['success']) }} as raw_is_success,
        {{ json_text('source.result', ['duration']) }} as raw_duration
    from source
),

typed as (
    select
        -- ids
        lower(unpacked.id) as statement_id,
        unpacked.verb_id,
        unpacked.object_id,
        lower(unpacked.registration) as registration,
        unpacked.actor as raw_actor,
        unpacked.verb as raw_verb,
        unpacked.object as raw_object,
        unpacked.result as raw_result,
        unpacked.context as raw_context,
        -- Groups are not people.
        case
            when coalesce(unpacked.actor_type, 'Agent') <> 'Agent' then null
            when unpacked.actor_mbox is not null
                then nullif(replace(lower(trim(unpacked.actor_mbox)), 'mailto:', ''), '')
            when unpacked.actor_account_name like '%@%' then lower(trim(unpacked.actor_account_name))
            else
                nullif(
                    trim(
                        coalesce(
                            unpacked.actor_account_name, lower(unpacked.actor_mbox_sha1sum), unpacked.actor_openid
                        )
                    ),
                    ''
                )
        end as source_identity,
        coalesce(unpacked.actor_type, 'Agent') as actor_type,
        -- text
        case
            {%- for prefix in verb_prefixes %}
            when unpacked.verb_iri like '{{ prefix }}%' then substr(unpacked.verb_iri, {{ prefix | length + 1 }})
            {%- endfor %}
        end as verb,
        unpacked.object_type,
        unpacked.object_name as activity_name,
        unpacked.activity_type,
        coalesce(
            unpacked.grouping_id, unpacked.grouping_single_id, unpacked.parent_id, unpacked.parent_single_id
        ) as container_id,
        case
            when unpacked.grouping_id is not null then unpacked.grouping_name
            when unpacked.grouping_single_id is not null then unpacked.grouping_single_name
            when unpacked.parent_id is not null then unpacked.parent_name
            else unpacked.parent_single_name
        end as container_name,
        -- numerics
        {{ parse_number('unpacked.raw_scaled_score') }} as scaled_score,
        unpacked.raw_scaled_score,
        {{ parse_number('unpacked.raw_points') }} as points,
        unpacked.raw_points,
        {{ parse_number('unpacked.raw_min_points') }} as min_points,
        unpacked.raw_min_points,
        {{ parse_number('unpacked.raw_max_points') }} as max_points,
        unpacked.raw_max_points,
        {{ parse_duration_minutes('unpacked.raw_duration') }} as duration_minutes,
        unpacked.raw_duration,
        -- booleans
        {{ parse_boolean('unpacked.raw_is_success') }} as is_success,
        unpacked.raw_is_success,
        coalesce(unpacked.category_json like '%{{ cmi5_category }}%', false) as is_cmi5,
        -- timestamps
        {{ parse_timestamp('unpacked.timestamp') }} as happened_at,
        unpacked.timestamp as raw_happened_at,
        -- fate of the row
        lower(unpacked.id) as row_key,
        {{ parse_timestamp('unpacked.stored') }} as stored_at,
        unpacked.is_deleted,
        unpacked.loaded_at,
        unpacked.landing_problem,
        unpacked.raw_row
    from unpacked
),

checked as (
    select
        typed.*,
        case
            when typed.landing_problem is not null then typed.landing_problem
            when typed.row_key is null then 'missing_key'
            when
                typed.raw_actor is null
                or typed.raw_verb is null
                or typed.raw_object is null
                or typed.raw_happened_at is null
                then 'missing_value'
            {%- for column in ['actor', 'verb', 'object', 'result', 'context'] %}
            when typed.raw_{{ column }} is not null and not {{ is_json_object('typed.raw_' ~ column) }}
                then 'unparsable_json'
            {%- endfor %}
            when
                typed.verb_id is null
                or (typed.actor_type = 'Agent' and typed.source_identity is null)
                or (typed.object_type in ('Activity', 'StatementRef') and typed.object_id is null)
                then 'missing_value'
            when {{ is_unparsable('typed.raw_happened_at', 'typed.happened_at') }} then 'unparsable_date'
            when
                {{ is_unparsable('typed.raw_scaled_score', 'typed.scaled_score') }}
                or {{ is_unparsable('typed.raw_points', 'typed.points') }}
                or {{ is_unparsable('typed.raw_min_points', 'typed.min_points') }}
                or {{ is_unparsable('typed.raw_max_points', 'typed.max_points') }}
                then 'unparsable_number'
            when {{ is_unparsable('typed.raw_is_success', 'typed.is_success') }} then 'unparsable_boolean'
            when {{ is_unparsable('typed.raw_duration', 'typed.duration_minutes') }} then 'unparsable_duration'
            when {{ is_out_of_range('typed.happened_at') }} then 'date_out_of_range'
            when
                typed.scaled_score not between -1 and 1
                or (
                    typed.scaled_score is null
                    and (
                        typed.points < coalesce(typed.min_points, 0)
                        or typed.points > typed.max_points
                        or typed.max_points <= coalesce(typed.min_points, 0)
                    )
                )
                then 'score_out_of_range'
        end as problem
    from typed
),

-- Statements never change: what stands under one id twice is a copy when it says the same, whenever it was stored and
-- however it names its verb and its activities, and a conflict when it does not.
contents as (
    select
        checked.*,
        coalesce(checked.source_identity, checked.raw_actor)
        || '|' || checked.verb_id
        || '|' || coalesce(checked.object_id, checked.raw_object)
        || '|' || coalesce(checked.container_id, '')
        || '|' || coalesce(checked.registration, '')
        || '|' || coalesce(checked.raw_result, '')
        || '|' || cast(checked.happened_at as {{ dbt.type_string() }}) as content
    from checked
),

compared_contents as (
    select
        contents.*,
        min(contents.content) over (partition by contents.row_key, contents.problem is null) as first_content,
        max(contents.content) over (partition by contents.row_key, contents.problem is null) as last_content,
        row_number() over (
            partition by contents.row_key
            order by contents.stored_at asc nulls first, contents.loaded_at asc nulls first, contents.raw_row asc
        ) as copy_number
    from contents
),

settled as (
    select
        compared_contents.*,
        case
            when compared_contents.problem is not null then compared_contents.problem
            when compared_contents.first_content <> compared_contents.last_content then 'duplicate_key_conflict'
        end as settled_problem
    from compared_contents
),

-- A statement that voids another one cannot be voided itself.
voidings as (
    select lower(settled.object_id) as voided_statement_id
    from settled
    where
        settled.verb = 'voided'
        and settled.object_type = 'StatementRef'
        and settled.settled_problem is null
        and not settled.is_deleted
    group by lower(settled.object_id)
),

marked as (
    select
        settled.statement_id,
        settled.verb_id,
        settled.verb,
        settled.actor_type,
        settled.source_identity,
        settled.object_type,
        settled.object_id,
        settled.activity_name,
        settled.activity_type,
        settled.container_id,
        settled.container_name,
        settled.is_cmi5,
        settled.registration,
        settled.scaled_score,
        settled.points,
        settled.min_points,
        settled.max_points,
        settled.is_success,
        settled.duration_minutes,
        settled.happened_at,
        settled.row_key,
        -- Copies differ in nothing that counts: the one that was stored last stands, and any where nobody says when.
        {{ dbt.dateadd('second', 'settled.copy_number', "cast('1970-01-01' as timestamp)") }} as version,
        settled.is_deleted or coalesce(settled.verb, '') <> 'voided' and voidings.voided_statement_id is not null
            as is_deleted,
        settled.loaded_at,
        settled.landing_problem,
        settled.settled_problem as problem,
        settled.raw_row
    from settled
    left join voidings on settled.row_key = voidings.voided_statement_id
),

{{ row_fate('marked') }},

final as (
    select
        judged.statement_id,
        judged.actor_type,
        judged.source_identity,
        judged.verb_id,
        judged.verb,
        judged.object_type,
        judged.object_id,
        judged.activity_type,
        -- What is grouped under an activity is an item of it. The grouping of a statement that cmi5 defines is no
        -- container: it is the activity itself under its publisher's id, which is the same for all learners.
        case when judged.object_type = 'Activity' then coalesce(judged.container_id, judged.object_id) end
            as program_iri,
        case
            when judged.object_type = 'Activity' and (judged.is_cmi5 or judged.container_id is null)
                then judged.activity_name
            when judged.object_type = 'Activity' then judged.container_name
        end as program_name,
        case
            when
                judged.object_type = 'Activity'
                and not judged.is_cmi5
                and judged.container_id <> judged.object_id
                then judged.object_id
        end as item_iri,
        judged.activity_name,
        -- Verbs are an open set: those that say nothing about learning are accepted, and are no events.
        coalesce(
            judged.object_type = 'Activity'
            and judged.source_identity is not null
            and judged.verb in ('{{ learning_verbs | join("', '") }}'),
            false
        ) as is_learning,
        judged.registration,
        -- A negative score is worth nothing, not half of what a score of the same size is worth.
        cast(
            case
                when judged.scaled_score < 0 then 0
                when judged.scaled_score is not null then judged.scaled_score
                else
                    (judged.points - coalesce(judged.min_points, 0))
                    / nullif(judged.max_points - coalesce(judged.min_points, 0), 0)
            end as {{ type_double() }}
        ) as score_rate,
        judged.is_success,
        judged.duration_minutes,
        judged.happened_at,
        judged.row_key,
        judged.row_status,
        judged.reject_reason,
        judged.raw_row
    from judged
)

select * from final
