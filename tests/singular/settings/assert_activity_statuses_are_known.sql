{%- set query -%}
with rules as (select * from {{ ref('activity_statuses') }}),

problems as (
    select
        rules.priority,
        'system is "' || rules.system || '", write one of {{ raw_systems().keys() | join(", ") }}' as problem
    from rules
    where rules.system not in ('{{ raw_systems().keys() | join("', '") }}')
    union all
    select
        rules.priority,
        'write the pattern in lower case: ' || lower(rules.pattern) as problem
    from rules
    where rules.pattern <> lower(rules.pattern)
),

final as (
    select
        problems.priority,
        problems.problem
    from problems
)

select * from final
order by final.priority, final.problem
{%- endset -%}
{{ say_failures(
    query,
    'Rules of activity statuses that are not understood.',
    'priority {priority}: {problem}',
    'Correct the rows in seeds/settings/activity_statuses.csv.'
) }}
{{ query }}
