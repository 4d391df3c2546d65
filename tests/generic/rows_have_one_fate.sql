{#-
    For staging models. Fails for each key with more than one accepted row, for accepted rows without a key, and for rows with none of the four
    fates. One test in place of two, since each of these models needs both.
-#}
{% test rows_have_one_fate(model) %}
select
    row_key,
    row_status,
    count(*) as row_count
from {{ model }}
where row_status is null or row_status not in ('rejected', 'superseded', 'deleted')
group by row_key, row_status
having count(*) > 1 or row_key is null or row_status is null or row_status <> 'accepted'
{% endtest %}
