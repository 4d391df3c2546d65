-- The main metrics of each level side by side, one row per program.
{#- column prefix, metric, breakdown -#}
{%- set measures = [
    ('completion_rate', 'completion_rate', 'all'),
    ('on_time_rate', 'on_time_rate', 'all'),
    ('satisfaction_score', 'mean_score', 'satisfaction'),
    ('response_rate', 'response_rate', 'all'),
    ('nps', 'nps', 'all'),
    ('first_attempt_pass_rate', 'first_attempt_pass_rate', 'all'),
    ('score_gain', 'score_gain', 'all'),
    ('retention_score', 'retention_score', 'all'),
    ('scorecard_score_change', 'scorecard_score_change', 'all'),
    ('adoption_rate', 'adoption_rate', 'all'),
    ('first_deal_rate', 'milestone_reached_rate', 'first_deal'),
    ('attainment_rate', 'attainment', 'all'),
    ('win_rate', 'win_rate', 'all'),
] %}
with programs as (select * from {{ ref('dim_programs') }}),

metrics as (
    select * from {{ ref('kirkpatrick_metrics') }}
    where cohort_type = 'all'
),

pivoted as (
    select
        program_id,
        {%- for name, metric, breakdown in measures %}
        max(case when metric = '{{ metric }}' and breakdown = '{{ breakdown }}' then numerator end)
            as {{ name }}_numerator,
        max(case when metric = '{{ metric }}' and breakdown = '{{ breakdown }}' then denominator end)
            as {{ name }}_denominator,
        max(case when metric = '{{ metric }}' and breakdown = '{{ breakdown }}' then value end)
            as {{ name }},
        max(case when metric = '{{ metric }}' and breakdown = '{{ breakdown }}' then people_count end)
            as {{ name }}_people_count,
        {%- endfor %}
        max(case when metric = 'certifications' and breakdown = 'all' then numerator end) as certifications_count,
        max(case when level = 1 and is_withheld then 1 else 0 end) = 1 as has_withheld_reaction
    from metrics
    group by program_id
),

final as (
    select
        programs.program_id,
        programs.program_name,
        programs.program_kind,
        programs.program_version,
        {%- for name, metric, breakdown in measures %}
        pivoted.{{ name }}_numerator,
        pivoted.{{ name }}_denominator,
        pivoted.{{ name }},
        pivoted.{{ name }}_people_count,
        {%- endfor %}
        cast(coalesce(pivoted.certifications_count, 0) as integer) as certifications_count,
        coalesce(pivoted.has_withheld_reaction, false) as has_withheld_reaction
    from programs
    left join pivoted on programs.program_id = pivoted.program_id
)

select * from final
