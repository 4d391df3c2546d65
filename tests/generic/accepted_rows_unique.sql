{#- Fails for each key with more than one accepted row, and for accepted rows without a key. For staging models. -#}
{% test accepted_rows_unique(model) %}
select
    row_key,
    count(*) as row_count
from {{ model }}
where row_status = 'accepted'
group by row_key
having count(*) > 1 or row_key is null
{% endtest %}
