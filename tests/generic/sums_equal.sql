{#-
    Fails for each group whose sums differ, by however little: conservation between two models.
    column_name: the column to add up; to_model, to_column: what it must equal; group_by: columns that both models have (none: one total);
    where, to_where: filters of either side.
-#}
{% test sums_equal(model, column_name, to_model, to_column, group_by=[], where=none, to_where=none) %}
with left_sums as (
    select
        {% for column in group_by %}{{ column }}, {% endfor %}
        coalesce(sum({{ column_name }}), 0) as left_sum
    from {{ model }}
    {% if where %}where {{ where }}{% endif %}
    {% if group_by %}group by {{ group_by | join(', ') }}{% endif %}
),

right_sums as (
    select
        {% for column in group_by %}{{ column }}, {% endfor %}
        coalesce(sum({{ to_column }}), 0) as right_sum
    from {{ to_model }}
    {% if to_where %}where {{ to_where }}{% endif %}
    {% if group_by %}group by {{ group_by | join(', ') }}{% endif %}
)

select *
from left_sums
full join right_sums
    on
        1 = 1
        {%- for column in group_by %}
        and left_sums.{{ column }} is not distinct from right_sums.{{ column }}
        {%- endfor %}
where coalesce(left_sums.left_sum, 0) <> coalesce(right_sums.right_sum, 0)
{% endtest %}
