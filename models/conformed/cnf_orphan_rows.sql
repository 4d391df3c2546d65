-- Accepted rows that only a join can judge: references to nothing, and currencies without a rate.
-- A child of a rejected parent is an orphan; a child of a deleted parent is not: it is merely not used.
{%- set references = [] %}
{%- for system, entry in raw_systems().items() if system in var('systems') %}
{%- for object, column, parent in entry.references %}
{%- do references.append((system, object, entry.objects[object], column, entry.objects[parent], true)) %}
{%- endfor %}
{%- for object, column, parent in entry.references_if_landed or [] %}
{%- do references.append((system, object, entry.objects[object], column, entry.objects[parent], false)) %}
{%- endfor %}
{%- endfor %}
with opportunities as (
    {{ feed('opportunities') }}
),

rates as (select * from {{ ref('stg_salesforce__dated_conversion_rates') }}),

unknown_currencies as (
    select
        opportunities.system,
        opportunities.object,
        opportunities.row_key,
        'unknown_currency' as reason,
        opportunities.raw_row
    from opportunities
    where
        opportunities.row_status = 'accepted'
        and opportunities.currency_code <> '{{ var("corporate_currency") }}'
        and not exists (
            select 1
            from rates
            where rates.currency_code = opportunities.currency_code and rates.row_status = 'accepted'
        )
),
{%- for system, object, child, column, parent, is_always in references %}

{{ system }}_{{ object }}_{{ column }}_orphans as (
    select
        '{{ system }}' as system,
        '{{ object }}' as object,
        children.row_key,
        'orphan' as reason,
        children.raw_row
    from {{ ref(child) }} as children
    where
        children.row_status = 'accepted'
        and children.{{ column }} is not null
        and not exists (
            select 1
            from {{ ref(parent) }} as parents
            where parents.row_key = children.{{ column }} and parents.row_status <> 'rejected'
        )
        and {{ '1 = 1' if is_always else 'exists (select 1 from ' ~ ref(parent) ~ ')' }}
),
{%- endfor %}

found as (
    {%- for system, object, child, column, parent, is_always in references %}
    select * from {{ system }}_{{ object }}_{{ column }}_orphans
    union all
    {%- endfor %}
    select * from unknown_currencies
),

-- A row that misses two parents is one row.
final as (
    select
        found.system,
        found.object,
        found.row_key,
        min(found.reason) as reason,
        min(found.raw_row) as raw_row
    from found
    group by found.system, found.object, found.row_key
)

select * from final
