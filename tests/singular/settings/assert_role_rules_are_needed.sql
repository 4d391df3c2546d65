{{ config(severity='warn') }}
{#-
    A rule is hidden when an earlier one matches all that it matches. That is so when the earlier one matches both the
    shortest text that the later one matches (each % nothing) and a long one that no rule names (each % twenty tildes).
-#}
{%- set query -%}
with rules as (select * from {{ ref('rep_roles') }}),

final as (
    select
        later.priority,
        later.pattern,
        min(earlier.pattern) as earlier_pattern
    from rules as later
    inner join rules as earlier
        on
            later.priority > earlier.priority
            and replace(lower(later.pattern), '%', '') like lower(earlier.pattern)
            and replace(lower(later.pattern), '%', '{{ '~' * 20 }}') like lower(earlier.pattern)
    where
        later.role_family is not distinct from earlier.role_family
        and later.is_ramping is not distinct from earlier.is_ramping
    group by later.priority, later.pattern
)

select * from final
order by final.priority
{%- endset -%}
{{ say_warnings(
    query,
    'Seed rep_roles: {pattern} (priority {priority}) is not needed, {earlier_pattern} matches all of it first. '
    ~ 'Take it out.'
) }}
{{ query }}
