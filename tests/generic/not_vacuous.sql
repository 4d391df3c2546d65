{#-
    Fails when the model has fewer than at_least rows although the objects that feed it had accepted rows.

    fed_by: list of '<system>.<object>' of raw_objects(); the model may be empty only when all of them are. Empty list: never. A name that is no
    raw object is an error: it would read as an object that fed nothing.
-#}
{% test not_vacuous(model, at_least=1, fed_by=[]) %}
{%- set known = [] -%}
{%- for item in raw_objects() -%}{%- do known.append(item.system ~ '.' ~ item.object) -%}{%- endfor -%}
{%- for name in fed_by if execute and name not in known -%}
    {{- exceptions.raise_compiler_error("not_vacuous of " ~ model ~ ": fed_by names '" ~ name ~ "', which is no raw object (see raw_systems).") -}}
{%- endfor -%}
with counted as (
    select count(*) as row_count
    from {{ model }}
),

fed as (
    {% if fed_by -%}
    select coalesce(sum(reconciliation.accepted_count), 0) as fed_count
    from {{ ref('source_reconciliation') }} as reconciliation
    where reconciliation.system || '.' || reconciliation.object in ('{{ fed_by | join("', '") }}')
    {%- else -%}
    select 1 as fed_count
    {%- endif %}
)

select
    counted.row_count,
    fed.fed_count
from counted
cross join fed
where counted.row_count < {{ at_least }} and fed.fed_count > 0
{% endtest %}
