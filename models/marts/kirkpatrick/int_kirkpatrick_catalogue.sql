{{ config(access='private', schema='conformed', contract={'enforced': false}) }}
-- The metrics of the four levels, and the breakdowns that every program has a row for (NULL = as many as there are).
{#- level, metric, unit, how the value comes about, and the breakdowns that every program has a row for -#}
{%- set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
{%- set metrics = [
    (0, 'content_views', 'count', 'count', [('all', 'all')]),
    (0, 'distinct_viewers', 'people', 'count', [('all', 'all')]),
    (0, 'programs_started', 'people', 'count', [('all', 'all')]),
    (0, 'programs_completed', 'people', 'count', [('all', 'all')]),
    (0, 'completion_rate', 'rate', 'ratio', [('all', 'all')]),
    (0, 'on_time_rate', 'rate', 'ratio', [('all', 'all')]),
    (0, 'attendance_count', 'count', 'count', [('all', 'all')]),
    (0, 'attendees', 'people', 'count', [('all', 'all')]),
    (1, 'mean_score', 'score', 'ratio', [
        ('dimension', 'satisfaction'),
        ('dimension', 'material_quality'),
        ('dimension', 'instructor_quality'),
        ('dimension', 'relevance'),
    ]),
    (1, 'response_rate', 'rate', 'ratio', [('all', 'all')]),
    (1, 'nps', 'net_share', 'ratio', [('all', 'all')]),
    (2, 'first_attempt_pass_rate', 'rate', 'ratio', [('all', 'all')]),
    (2, 'eventual_pass_rate', 'rate', 'ratio', [('all', 'all')]),
    (2, 'score_gain', 'score', 'ratio', [('all', 'all')]),
    (2, 'normalised_gain', 'score', 'ratio', [('all', 'all')]),
    (2, 'retention_score', 'score', 'ratio', [('all', 'all')]),
    (2, 'certifications', 'count', 'count', [('all', 'all')]),
    (3, 'scorecard_score_before', 'score', 'ratio', [('all', 'all')]),
    (3, 'scorecard_score_after', 'score', 'ratio', [('all', 'all')]),
    (3, 'scorecard_score_change', 'score', 'ratio', [('all', 'all')]),
    (3, 'practice_recordings', 'per_rep_month', 'ratio', [('all', 'all')]),
    (3, 'recorded_calls', 'per_rep_month', 'ratio', [('all', 'all')]),
    (3, 'coaching_sessions', 'per_rep_month', 'ratio', [('all', 'all')]),
    (3, 'coaching_minutes', 'per_rep_month', 'ratio', [('all', 'all')]),
    (3, 'adoption_rate', 'rate', 'ratio', [('all', 'all')]),
    (4, 'milestone_reached_rate', 'rate', 'ratio', []),
    (4, 'milestone_days_median', 'days', 'median', []),
    (4, 'attainment', 'rate', 'ratio', [('all', 'all')]),
    (4, 'win_rate', 'rate', 'ratio', [('all', 'all')]),
    (4, 'win_rate_by_value', 'rate', 'ratio', [('all', 'all')]),
    (4, 'sales_cycle_days_median', 'days', 'median', [('all', 'all')]),
    (4, 'pipeline_created', 'currency_per_person', 'ratio', [('all', 'all')]),
    (4, 'bookings', 'currency_per_person', 'ratio', [('all', 'all')]),
] %}
with final as (
    {%- set rows = [] %}
    {%- for level, metric, unit, value_kind, breakdowns in metrics %}
    {%- for breakdown_type, breakdown in breakdowns or [(none, none)] %}
    {%- do rows.append((level, metric, unit, value_kind, breakdown_type, breakdown)) %}
    {%- endfor %}
    {%- endfor %}
    {%- for level, metric, unit, value_kind, breakdown_type, breakdown in rows %}
    select
        {{ level }} as level,
        '{{ metric }}' as metric,
        '{{ unit }}' as unit,
        '{{ value_kind }}' as value_kind,
        {{ "'" ~ breakdown_type ~ "'" if breakdown_type else no_text }} as breakdown_type,
        {{ "'" ~ breakdown ~ "'" if breakdown else no_text }} as breakdown
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from final
