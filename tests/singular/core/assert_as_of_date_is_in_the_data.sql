{#- Depends on the employments, which all else is built on: when it fails, nothing further is built. -#}
{%- set query -%}
with persons as (select * from {{ ref('cnf_persons') }}),

employments as (select * from {{ ref('cnf_employments') }}),

people as (
    select count(*) as person_count
    from persons
    where persons.rep_id is not null
),

known as (
    select count(*) as employment_count
    from employments
),

final as (
    select
        people.person_count,
        {{ as_of_date() }} as as_of_date
    from people
    cross join known
    where people.person_count > 0 and known.employment_count = 0
)

select * from final
{%- endset -%}
{{ say_failures(
    query,
    'Nobody is there yet.',
    'The data has {person_count} people, and none had been hired by the end of {as_of_date}',
    'Set var as_of_date to a day within the data, or leave it empty for today.'
) }}
{{ query }}
