-- Where the raw rows of each object ended: accepted + rejected + superseded + deleted = raw.
with orphan_rows as (select * from {{ ref('cnf_orphan_rows') }}),

orphan_counts as (
    select
        orphan_rows.system,
        orphan_rows.object,
        count(*) as orphan_count
    from orphan_rows
    group by orphan_rows.system, orphan_rows.object
),

staged_counts as (
    {%- for raw_object in raw_objects() if raw_object.system in var('systems') %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        '{{ raw_object.system }}' as system,
        '{{ raw_object.object }}' as object,
        count(*) as raw_count,
        sum(case when staged.row_status = 'accepted' then 1 else 0 end) as accepted_count,
        sum(case when staged.row_status = 'rejected' then 1 else 0 end) as rejected_count,
        sum(case when staged.row_status = 'superseded' then 1 else 0 end) as superseded_count,
        sum(case when staged.row_status = 'deleted' then 1 else 0 end) as deleted_count
    from {{ ref(raw_object.model) }} as staged
    {%- endfor %}
),

final as (
    select
        staged_counts.system,
        staged_counts.object,
        cast(staged_counts.raw_count as bigint) as raw_count,
        cast(coalesce(staged_counts.accepted_count, 0) - coalesce(orphan_counts.orphan_count, 0) as bigint)
            as accepted_count,
        cast(coalesce(staged_counts.rejected_count, 0) + coalesce(orphan_counts.orphan_count, 0) as bigint)
            as rejected_count,
        cast(coalesce(staged_counts.superseded_count, 0) as bigint) as superseded_count,
        cast(coalesce(staged_counts.deleted_count, 0) as bigint) as deleted_count,
        cast(
            1.0 * (coalesce(staged_counts.rejected_count, 0) + coalesce(orphan_counts.orphan_count, 0))
            / nullif(staged_counts.raw_count, 0) as {{ type_double() }}
        ) as rejected_rate
    from staged_counts
    left join orphan_counts
        on staged_counts.system = orphan_counts.system and staged_counts.object = orphan_counts.object
)

select * from final
