{{ config(severity='warn') }}
-- Programs, questions and contents of the settings that the data do not have.
{%- set query -%}
with programs as (select * from {{ ref('dim_programs') }}),

costs as (select * from {{ ref('program_costs') }}),

behaviors as (select * from {{ ref('program_behaviors') }}),

scorecard_answers as (select * from {{ ref('cnf_scorecard_answers') }}),

learning_events as (select * from {{ ref('cnf_learning_events') }}),

settings as (
    select
        'program_costs' as seed_name,
        'program_id' as column_name,
        'program' as kind,
        costs.program_id as named
    from costs
    union distinct
    select
        'program_behaviors' as seed_name,
        'program_id' as column_name,
        'program' as kind,
        behaviors.program_id as named
    from behaviors
    union distinct
    select
        'program_behaviors' as seed_name,
        'behavior' as column_name,
        behaviors.behavior_kind as kind,
        behaviors.behavior as named
    from behaviors
    where behaviors.behavior_kind in ('scorecard_question', 'content')
),

known as (
    select
        'program' as kind,
        programs.program_id as named
    from programs
    union distinct
    select
        'scorecard_question' as kind,
        scorecard_answers.question_id as named
    from scorecard_answers
    union distinct
    select
        'content' as kind,
        learning_events.content_id as named
    from learning_events
    where learning_events.event_type = 'content_viewed'
),

final as (
    select
        settings.seed_name,
        settings.column_name,
        settings.named
    from settings
    left join known on settings.kind = known.kind and settings.named = known.named
    where settings.named is not null and known.named is null
)

select * from final
order by final.seed_name, final.column_name, final.named
{%- endset -%}
{{ say_warnings(
    query,
    'Seed {seed_name}: the data have nothing with the {column_name} {named}. Correct it, or take the row out.'
) }}
{{ query }}
