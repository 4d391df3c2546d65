{#- Says which rows in a sentence: the counts alone send people searching. -#}
{%- set limit = var('max_unmatched_rate') -%}
{%- set query -%}
with uses as (select * from {{ ref('int_identity_uses') }}),

final as (
    select
        uses.system,
        sum(uses.row_count) as row_count,
        sum(case when uses.rep_id is null then uses.row_count else 0 end) as unmatched_count,
        sum(case when uses.rep_id is null then 1 else 0 end) as unmatched_identity_count
    from uses
    group by uses.system
    having sum(case when uses.rep_id is null then uses.row_count else 0 end) > {{ limit }} * sum(uses.row_count)
)

select * from final
{%- endset -%}
{%- if execute and flags.WHICH in ['build', 'test'] -%}
    {%- set sentences = [] -%}
    {%- for row in run_query(query ~ ' order by final.system') -%}
        {%- do sentences.append(
            row['system'] ~ ': ' ~ row['unmatched_count'] ~ ' of ' ~ row['row_count'] ~ ' rows ('
            ~ (100.0 * row['unmatched_count'] / row['row_count']) | round(1) ~ ' %) name ' ~ row['unmatched_identity_count']
            ~ ' identities that match no rep'
        ) -%}
    {%- endfor -%}
    {%- if sentences -%}
        {{- exceptions.raise_compiler_error(
            'Too many rows belong to nobody. ' ~ sentences | join('; ') ~ '. Var max_unmatched_rate allows ' ~ (100.0 * limit) | round(1)
            ~ ' % of a system. Look at quality.identity_gaps, add e-mails or employee numbers, or rows to seed identity_overrides, or raise the var knowingly.'
        ) -}}
    {%- endif -%}
{%- endif -%}
{{ query }}
