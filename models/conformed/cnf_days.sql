-- Days from the year of the first hire or event to the end of the as-of year.
with reps as (select * from {{ ref('cnf_reps') }}),

deals as (select * from {{ ref('cnf_opportunities') }}),

activities as (select * from {{ ref('cnf_activities') }}),

quotas as (select * from {{ ref('cnf_quotas') }}),

learning_events as (select * from {{ ref('cnf_learning_events') }}),

coaching_events as (select * from {{ ref('cnf_coaching_events') }}),

first_days as (
    select min(reps.hired_on) as first_on from reps
    union all
    select min(deals.created_on) as first_on from deals
    union all
    select min(activities.happened_on) as first_on from activities
    union all
    select min(quotas.period_started_on) as first_on from quotas
    union all
    select min(learning_events.happened_on) as first_on from learning_events
    union all
    select min(coaching_events.happened_on) as first_on from coaching_events
    union all
    select {{ as_of_date() }} as first_on
),

bounds as (
    select
        cast({{ dbt.date_trunc('year', 'min(first_days.first_on)') }} as date) as first_on,
        cast({{ dbt.date_trunc('year', as_of_date()) }} as date) as last_year_on
    from first_days
),

-- 90 years: staging rejects dates before 1990.
numbers as (
    {{ dbt.generate_series(32873) }}
),

final as (
    select
        cast({{ dbt.dateadd('day', 'cast(numbers.generated_number as integer) - 1', 'bounds.first_on') }} as date)
            as date_day
    from numbers
    cross join bounds
    where
        {{ dbt.dateadd('day', 'cast(numbers.generated_number as integer) - 1', 'bounds.first_on') }}
        < {{ dbt.dateadd('year', 1, 'bounds.last_year_on') }}
)

select * from final
