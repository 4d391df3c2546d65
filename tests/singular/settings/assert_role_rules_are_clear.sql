{#-
    A rule is hidden when an earlier one matches all that it matches. That is so when the earlier one matches both the
    shortest text that the later one matches (each % nothing) and a long one that no rule names (each % twenty tildes).
-#}
{%- set query -%}
with rules as (select * from {{ ref('rep_roles') }}),

problems as (
    select
        later.priority,
        later.pattern,
        'never wins: ' || earlier.pattern || ' (priority ' || cast(earlier.priority as {{ dbt.type_string() }})
        || ') matches all of it first, with another role_family or is_ramping' as problem
    from rules as later
    inner join rules as earlier
        on
            later.priority > earlier.priority
            and replace(lower(later.pattern), '%', '') like lower(earlier.pattern)
            and replace(lower(later.pattern), '%', '{{ '~' * 20 }}') like lower(earlier.pattern)
    where
        later.role_family is distinct from earlier.role_family
        or later.is_ramping is distinct from earlier.is_ramping
    union all
    select
        rules.priority,
        rules.pattern,
        'write it in lower case: ' || lower(rules.pattern) as problem
    from rules
    where rules.pattern <> lower(rules.pattern)
),

final as (
    select
        problems.priority,
        problems.pattern,
        problems.problem
    from problems
)

select * from final
order by final.priority, final.problem
{%- endset -%}
{{ say_failures(
    query,
    'Rules of job roles that do not do what they say.',
    '{pattern} (priority {priority}): {problem}',
    'Give the narrower rule the lower priority number, or take it out, in seeds/settings/rep_roles.csv.'
) }}
{{ query }}
