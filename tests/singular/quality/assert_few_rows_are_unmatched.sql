{%- set query -%}
with uses as (select * from {{ ref('int_identity_uses') }}),

counted as (
    select
        uses.system,
        sum(uses.row_count) as row_count,
        sum(case when uses.rep_id is null then uses.row_count else 0 end) as unmatched_count,
        sum(case when uses.rep_id is null then 1 else 0 end) as identity_count
    from uses
    group by uses.system
),

final as (
    select
        counted.system,
        counted.row_count,
        counted.unmatched_count,
        counted.identity_count,
        100.0 * counted.unmatched_count / counted.row_count as unmatched_percent
    from counted
    where counted.unmatched_count > {{ var('max_unmatched_rate') }} * counted.row_count
)

select * from final
order by final.system
{%- endset -%}
{{ say_failures(
    query,
    'Too many rows belong to nobody.',
    '{system}: {unmatched_count} of {row_count} rows ({unmatched_percent:.1f} %) name {identity_count} identities '
    ~ 'that match no rep',
    'Var max_unmatched_rate allows ' ~ 100 * var('max_unmatched_rate') ~ ' % of a system. Look at '
    ~ 'quality.identity_gaps; '
    ~ 'add e-mails, employee numbers or rows of seed identity_overrides, or raise the var knowingly.'
) }}
{{ query }}
