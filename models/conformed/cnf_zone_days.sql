-- How far the time zones of reps are from UTC at both ends of each day with an activity, a call or a change of a deal.
-- To ask an engine for the time in a zone costs more than all else that is done with an activity, and the answer seldom
-- changes.
with tasks as (
    {{ feed('tasks') }}
),

events as (
    {{ feed('events') }}
),

opportunities as (
    {{ feed('opportunities') }}
),

histories as (
    {{ feed('opportunity_histories') }}
),

calls as (select * from {{ ref('stg_gong__calls') }}),

scorecards as (select * from {{ ref('stg_gong__answered_scorecards') }}),

reps as (select * from {{ ref('cnf_reps') }}),

zones as (
    select coalesce(timezone, '{{ var('default_timezone') }}') as timezone
    from reps
    union distinct
    select '{{ var('default_timezone') }}' as timezone
),

utc_days as (
    select cast(completed_at as date) as utc_on
    from tasks
    where row_status = 'accepted' and completed_at is not null
    union distinct
    select cast(started_at as date) as utc_on
    from events
    where row_status = 'accepted' and started_at is not null
    union distinct
    select cast(created_at as date) as utc_on
    from opportunities
    where row_status = 'accepted' and created_at is not null
    union distinct
    select cast(created_at as date) as utc_on
    from histories
    where row_status = 'accepted' and created_at is not null
    union distinct
    select cast(started_at as date) as utc_on
    from calls
    where row_status = 'accepted' and started_at is not null
    union distinct
    select cast(reviewed_at as date) as utc_on
    from scorecards
    where row_status = 'accepted' and reviewed_at is not null
),

zone_days as (
    select
        zones.timezone,
        utc_days.utc_on,
        cast(utc_days.utc_on as timestamp) as starts_at,
        cast({{ dbt.dateadd('day', 1, 'utc_days.utc_on') }} as timestamp) as ends_at
    from zones
    cross join utc_days
),

final as (
    select
        timezone,
        utc_on,
        cast({{ dbt.datediff('starts_at', local_timestamp('starts_at', 'timezone'), 'second') }} as integer)
            as seconds_at_start,
        cast({{ dbt.datediff('ends_at', local_timestamp('ends_at', 'timezone'), 'second') }} as integer)
            as seconds_at_end
    from zone_days
)

select * from final
