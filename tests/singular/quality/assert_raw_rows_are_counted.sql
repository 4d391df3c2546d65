-- The raw relations counted without staging: nothing is lost on the way in.
with raw_counts as (
    {%- for raw_object in raw_objects() if raw_object.system in var('systems') %}
    {%- set raw = find_raw(raw_object.system, raw_object.object, false) %}
    select
        '{{ raw_object.system }}' as system,
        '{{ raw_object.object }}' as object,
        {% if raw.relation is none -%}
        0 as raw_count
        {%- else -%}
        (select count(*) from {{ raw.relation }}) + {{ raw.unreadable | length }} as raw_count
        {%- endif %}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    raw_counts.system,
    raw_counts.object,
    raw_counts.raw_count,
    counted.raw_count as counted
from raw_counts
full join {{ ref('source_reconciliation') }} as counted
    on raw_counts.system = counted.system and raw_counts.object = counted.object
where coalesce(raw_counts.raw_count, -1) <> coalesce(counted.raw_count, -1)
