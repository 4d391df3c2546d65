{#- Fails for each range that begins before the one before it has ended, or has no beginning. Both ends belong to the range; a NULL end is open. -#}
{% test no_overlap(model, partition_by, started_on, ended_on) %}
with ranges as (
    select
        {{ partition_by | join(', ') }},
        {{ started_on }},
        {{ ended_on }},
        max(coalesce({{ ended_on }}, cast('9999-12-31' as date))) over (
            partition by {{ partition_by | join(', ') }}
            order by {{ started_on }}, coalesce({{ ended_on }}, cast('9999-12-31' as date))
            rows between unbounded preceding and 1 preceding
        ) as latest_end_before
    from {{ model }}
)

select *
from ranges
where {{ started_on }} <= latest_end_before or {{ started_on }} is null
{% endtest %}
