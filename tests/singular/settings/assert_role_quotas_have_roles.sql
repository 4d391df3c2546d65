{%- set query -%}
with quotas as (select * from {{ ref('role_quotas') }}),

role_rules as (select * from {{ ref('rep_roles') }}),

final as (
    select quotas.role_family
    from quotas
    left join role_rules on quotas.role_family = role_rules.role_family
    where quotas.role_family is not null and role_rules.role_family is null
    group by quotas.role_family
)

select * from final
order by final.role_family
{%- endset -%}
{{ say_failures(
    query,
    'Quotas of role families that nobody has.',
    '{role_family} is no role_family of seed rep_roles',
    'Correct the family in seeds/settings/role_quotas.csv, or add it to seeds/settings/rep_roles.csv.'
) }}
{{ query }}
