{#- Fails for each value outside [min_value, max_value], and for NaN; either bound may be left out; NULLs pass. -#}
{% test value_between(model, column_name, min_value=none, max_value=none) %}
select {{ column_name }}
from {{ model }}
where
    cast({{ column_name }} as {{ type_double() }}) = cast('NaN' as {{ type_double() }})
    {%- if min_value is not none %}
    or {{ column_name }} < {{ min_value }}
    {%- endif %}
    {%- if max_value is not none %}
    or {{ column_name }} > {{ max_value }}
    {%- endif %}
{% endtest %}
