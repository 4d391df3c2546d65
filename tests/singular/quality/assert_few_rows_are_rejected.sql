{#- Says which rows in a sentence: the counts alone send people searching. -#}
{%- set limit = var('max_rejected_rate') -%}
{%- set query -%}
with reconciliation as (select * from {{ ref('source_reconciliation') }}),

rejected as (select * from {{ ref('rejected_rows') }}),

reasons as (
    select
        rejected.system,
        rejected.object,
        rejected.reason,
        rejected.row_key,
        count(*) over (partition by rejected.system, rejected.object, rejected.reason) as reason_count,
        row_number() over (
            partition by rejected.system, rejected.object, rejected.reason order by rejected.row_key nulls last
        ) as key_rank
    from rejected
),

final as (
    select
        reasons.system,
        reasons.object,
        reasons.reason,
        reasons.reason_count,
        reconciliation.rejected_count,
        reconciliation.raw_count,
        max(case when reasons.key_rank = 1 then coalesce(reasons.row_key, '(no key)') end) as first_key,
        max(case when reasons.key_rank = 2 then coalesce(reasons.row_key, '(no key)') end) as second_key,
        max(case when reasons.key_rank = 3 then coalesce(reasons.row_key, '(no key)') end) as third_key
    from reconciliation
    inner join reasons
        on reconciliation.system = reasons.system and reconciliation.object = reasons.object
    where reconciliation.rejected_rate > {{ limit }}
    group by
        reasons.system, reasons.object, reasons.reason, reasons.reason_count, reconciliation.rejected_count,
        reconciliation.raw_count
)

select * from final
{%- endset -%}
{%- if execute and flags.WHICH in ['build', 'test'] -%}
    {%- set sentences = [] -%}
    {%- for row in run_query(query ~ ' order by final.system, final.object, final.reason_count desc, final.reason') -%}
        {%- do sentences.append(
            row['system'] ~ '.' ~ row['object'] ~ ': ' ~ row['reason_count'] ~ ' of ' ~ row['raw_count'] ~ ' rows ('
            ~ (100.0 * row['reason_count'] / row['raw_count']) | round(1) ~ ' %) are rejected as ' ~ row['reason'] ~ ', such as '
            ~ [row['first_key'], row['second_key'], row['third_key']] | reject('none') | join(', ')
        ) -%}
    {%- endfor -%}
    {%- if sentences -%}
        {{- exceptions.raise_compiler_error(
            'Too many rows are rejected. ' ~ sentences | join('; ') ~ '. Var max_rejected_rate allows ' ~ (100.0 * limit) | round(1)
            ~ ' % of an object. Look at raw_row in quality.rejected_rows, mend the source, or raise the var knowingly.'
        ) -}}
    {%- endif -%}
{%- endif -%}
{{ query }}
