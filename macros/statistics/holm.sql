{#-
    CTEs of p-values adjusted for the number of comparisons in a family; the last one is named holm: the rows of relation and p_value_holm.

    relation has the family columns and p_value, NULL where nothing was tested: such a row is no comparison and stays NULL.
    The k-th smallest of m p-values times m - k + 1, at most 1, and never below the one before it.
    Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979) 65-70.
-#}
{% macro holm_ctes(relation, family) -%}
{%- set family_list = family | join(', ') -%}
holm_ranked as (
    select
        {{ relation }}.*,
        row_number() over (partition by {{ family_list }} order by p_value asc nulls last) as holm_rank,
        count(p_value) over (partition by {{ family_list }}) as holm_count
    from {{ relation }}
),

holm as (
    select
        holm_ranked.*,
        case
            when p_value is not null
                then least(1e0, max(p_value * (holm_count - holm_rank + 1)) over (
                    partition by {{ family_list }}
                    order by holm_rank asc
                    rows between unbounded preceding and current row
                ))
        end as p_value_holm
    from holm_ranked
)
{%- endmacro %}
