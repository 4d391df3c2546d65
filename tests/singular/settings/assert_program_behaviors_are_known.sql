{#- Questions and contents are known to the data only: assert_program_settings_match_data looks for them. -#}
{%- set query -%}
with behaviors as (select * from {{ ref('program_behaviors') }}),

final as (
    select
        behaviors.program_id,
        behaviors.behavior
    from behaviors
    where
        behaviors.behavior_kind = 'activity_type'
        and behaviors.behavior not in ('call', 'meeting', 'demo', 'email', 'other')
)

select * from final
order by final.program_id, final.behavior
{%- endset -%}
{{ say_failures(
    query,
    'Behaviours that are no type of activity.',
    '{program_id}: {behavior}',
    'Write call, meeting, demo, email or other in seeds/settings/program_behaviors.csv.'
) }}
{{ query }}
