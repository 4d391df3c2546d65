{#- Fails for each row whose value is smaller than the one before it. partition_by: list of columns; order_by, value: columns. NULL values are passed over. -#}
{% test sequence_in_order(model, partition_by, order_by, value) %}
with valued as (
    select
        {{ partition_by | join(', ') }},
        {{ order_by }},
        {{ value }},
        lag({{ value }}) over (partition by {{ partition_by | join(', ') }} order by {{ order_by }}) as previous_value
    from {{ model }}
    where {{ value }} is not null
)

select *
from valued
where {{ value }} < previous_value
{% endtest %}
