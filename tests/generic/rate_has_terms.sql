{#-
    Fails for each row whose rate is not numerator / denominator (to 1e-9), or is not NULL although one of them is missing or the denominator
    is zero.
    column_name: the rate; numerator, denominator: the columns beside it.
-#}
{% test rate_has_terms(model, column_name, numerator, denominator) %}
select
    {{ column_name }},
    {{ numerator }},
    {{ denominator }}
from {{ model }}
where
    ((coalesce({{ denominator }}, 0) = 0 or {{ numerator }} is null) and {{ column_name }} is not null)
    or (coalesce({{ denominator }}, 0) <> 0 and {{ numerator }} is not null and {{ column_name }} is null)
    or abs({{ column_name }} - 1.0 * {{ numerator }} / nullif({{ denominator }}, 0)) > 0.000000001
{% endtest %}
