{%- set query -%}
with overrides as (select * from {{ ref('identity_overrides') }}),

problems as (
    select
        overrides.system,
        overrides.source_identity,
        'the system is unknown, write one of {{ raw_systems().keys() | join(", ") }}' as problem
    from overrides
    where overrides.system not in ('{{ raw_systems().keys() | join("', '") }}')
    union all
    -- An identity that is an e-mail is compared without regard to case.
    select
        lower(trim(overrides.system)) as system,
        lower(trim(overrides.source_identity)) as source_identity,
        'it is there ' || cast(count(*) as {{ dbt.type_string() }}) || ' times, keep one' as problem
    from overrides
    group by lower(trim(overrides.system)), lower(trim(overrides.source_identity))
    having count(*) > 1
),

final as (
    select
        problems.system,
        problems.source_identity,
        problems.problem
    from problems
)

select * from final
order by final.system, final.source_identity, final.problem
{%- endset -%}
{{ say_failures(
    query,
    'Identities that are not clearly matched.',
    '{source_identity} of {system}: {problem}',
    'Correct the rows in seeds/settings/identity_overrides.csv.'
) }}
{{ query }}
