{#- Depends on the employments, which all else is built on: when it fails, nothing further is built. -#}
{%- set query -%}
with users as (
    {{ feed('users') }}
),

rosters as (select * from {{ ref('stg_roster__rosters') }}),

employments as (select * from {{ ref('cnf_employments') }}),

people as (
    select users.row_key from users
    union all
    select rosters.row_key from rosters
),

counted as (
    select
        (select count(*) from people) as person_row_count,
        (select count(*) from employments) as employment_count
),

final as (
    select
        counted.person_row_count,
        {{ as_of_date() }} as as_of_date
    from counted
    where counted.person_row_count > 0 and counted.employment_count = 0
)

select * from final
{%- endset -%}
{{ say_failures(
    query,
    'Nobody is there yet.',
    'The data has {person_row_count} rows of people, and nobody was hired by the end of {as_of_date}',
    'Set var as_of_date to a day within the data, or leave it empty for today.'
) }}
{{ query }}
