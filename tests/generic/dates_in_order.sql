{#- Fails for each row where a column is later than one after it in the list; NULLs are passed over, ties are legal. columns: from earliest to latest. -#}
{% test dates_in_order(model, columns) %}
select *
from {{ model }}
where
    1 = 0
    {%- for earlier in columns %}
    {%- for later in columns[loop.index:] %}
    or {{ earlier }} > {{ later }}
    {%- endfor %}
    {%- endfor %}
{% endtest %}
