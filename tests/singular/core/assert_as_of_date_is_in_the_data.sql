{#- Depends on the employments, which all else is built on: when it fails, nothing further is built. -#}
{%- set query -%}
with users as (
    {{ feed('users') }}
),

rosters as (select * from {{ ref('stg_roster__rosters') }}),

employments as (select * from {{ ref('cnf_employments') }}),

people_ahead as (
    select users.row_key
    from users
    where coalesce(cast(users.hired_on as timestamp), users.created_at) > cast({{ as_of_date() }} as timestamp)
    union all
    select rosters.row_key
    from rosters
    where rosters.hired_on > {{ as_of_date() }}
),

counted as (
    select count(*) as ahead_count
    from people_ahead
),

final as (
    select
        counted.ahead_count,
        {{ as_of_date() }} as as_of_date
    from counted
    where counted.ahead_count > 0 and not exists (select 1 from employments)
)

select * from final
{%- endset -%}
{{ say_failures(
    query,
    'Nobody is there yet.',
    'The data has {ahead_count} rows of people who came later, and nobody was hired by the end of {as_of_date}',
    'Set var as_of_date to a day within the data, or leave it empty for today.'
) }}
{{ query }}
