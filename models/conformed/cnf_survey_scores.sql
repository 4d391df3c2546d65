-- Survey answers on a 0-1 scale. Who answered anonymously is never guessed; comments stay in staging.
with responses as (select * from {{ ref('stg_lms__survey_responses') }}),

programs as (select * from {{ ref('cnf_programs') }}),

items as (select * from {{ ref('cnf_program_items') }}),

identities as (select * from {{ ref('cnf_identities') }}),

reps as (select * from {{ ref('cnf_reps') }}),

scored as (
    select
        responses.row_key,
        responses.response_id,
        responses.lms_user_id,
        identities.rep_id,
        programs.program_id,
        items.item_id,
        responses.question,
        responses.dimension,
        cast(responses.score as {{ type_double() }}) as score,
        cast(responses.scale_min as {{ type_double() }}) as scale_min,
        cast(responses.scale_max as {{ type_double() }}) as scale_max,
        {{ local_date('responses.submitted_at', 'reps.timezone') }} as submitted_on
    from responses
    inner join programs on responses.program_id = programs.program_id
    left join items on responses.item_id = items.item_id
    left join identities on identities.system = 'lms' and responses.lms_user_id = identities.source_identity
    left join reps on identities.rep_id = reps.rep_id
    where responses.row_status = 'accepted'
),

final as (
    select
        {{ surrogate_key(["'lms'", "'survey_response'", 'scored.row_key'], separator=':') }} as survey_score_id,
        'lms' as system,
        scored.lms_user_id as source_identity,
        scored.response_id,
        {{ dbt.hash(
            "coalesce('rep|' || scored.rep_id, 'identity|' || scored.lms_user_id, 'response|' || scored.response_id)"
        ) }} as respondent_key,
        scored.rep_id,
        scored.program_id,
        scored.item_id,
        scored.question,
        scored.dimension,
        scored.score,
        scored.scale_min,
        scored.scale_max,
        (scored.score - scored.scale_min) / nullif(scored.scale_max - scored.scale_min, 0) as score_rate,
        scored.submitted_on,
        'lms:survey_response:' || scored.row_key as source_key
    from scored
    where scored.submitted_on <= {{ as_of_date() }}
)

select * from final
