-- Every raw row that was not taken, with the reason: what staging refused, and what only a join could judge.
with orphan_rows as (select * from {{ ref('cnf_orphan_rows') }}),

refused as (
    {%- for raw_object in raw_objects() if raw_object.system in var('systems') %}
    select
        '{{ raw_object.system }}' as system,
        '{{ raw_object.object }}' as object,
        staged.row_key,
        staged.reject_reason as reason,
        staged.raw_row
    from {{ ref(raw_object.model) }} as staged
    where staged.row_status = 'rejected'
    union all
    {%- endfor %}
    select
        orphan_rows.system,
        orphan_rows.object,
        orphan_rows.row_key,
        orphan_rows.reason,
        orphan_rows.raw_row
    from orphan_rows
),

final as (
    select
        refused.system,
        refused.object,
        refused.row_key,
        refused.reason,
        -- A survey answer must not lead to who gave it: other answers of the same response are published.
        case
            when refused.object = 'survey_response'
                then {{ mask_personal('refused.raw_row', more_columns=['[a-z_]*id', '[a-z_]*at', 'score']) }}
            else {{ mask_personal('refused.raw_row') }}
        end as raw_row,
        {{ as_of_date() }} as as_of_date
    from refused
)

select * from final
