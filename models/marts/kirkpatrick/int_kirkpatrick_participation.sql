{{ config(access='private', schema='conformed', contract={'enforced': false}) }}
-- Level 0: what each person adds to each measure of participation in a program.
with people as (select * from {{ ref('int_kirkpatrick_people') }}),

learning_events as (select * from {{ ref('fct_learning_events') }}),

views as (
    select
        program_id,
        person_key,
        count(*) as view_count
    from learning_events
    where event_type = 'content_viewed' and program_id is not null
    group by program_id, person_key
),

attendances as (
    select
        program_id,
        person_key,
        item_id,
        count(*) as attendance_count
    from learning_events
    where event_type = 'attended' and program_id is not null
    group by program_id, person_key, item_id
),

broken_down as (
    select
        program_id,
        person_key,
        'all' as breakdown_type,
        'all' as breakdown,
        sum(attendance_count) as attendance_count
    from attendances
    group by program_id, person_key
    union all
    select
        program_id,
        person_key,
        'item' as breakdown_type,
        item_id as breakdown,
        attendance_count
    from attendances
    where item_id is not null
),

measured as (
    select
        program_id,
        person_key,
        'content_views' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        view_count as numerator,
        cast(null as integer) as denominator
    from views
    union all
    select
        program_id,
        person_key,
        'distinct_viewers' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        1 as numerator,
        cast(null as integer) as denominator
    from views
    union all
    select
        program_id,
        person_key,
        'programs_started' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        1 as numerator,
        cast(null as integer) as denominator
    from people
    where started_on is not null
    union all
    select
        program_id,
        person_key,
        'programs_completed' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        1 as numerator,
        cast(null as integer) as denominator
    from people
    where completed_on is not null
    union all
    select
        program_id,
        person_key,
        'completion_rate' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        case when completed_on is not null then 1 else 0 end as numerator,
        1 as denominator
    from people
    where enrolled_on is not null
    union all
    select
        program_id,
        person_key,
        'on_time_rate' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        case when is_completed_on_time then 1 else 0 end as numerator,
        1 as denominator
    from people
    where completed_on is not null and is_completed_on_time is not null
    union all
    select
        program_id,
        person_key,
        'attendance_count' as metric,
        breakdown_type,
        breakdown,
        attendance_count as numerator,
        cast(null as integer) as denominator
    from broken_down
    union all
    select
        program_id,
        person_key,
        'attendees' as metric,
        breakdown_type,
        breakdown,
        1 as numerator,
        cast(null as integer) as denominator
    from broken_down
),

final as (
    select
        program_id,
        person_key,
        metric,
        breakdown_type,
        breakdown,
        {{ rounded_double('numerator') }} as numerator,
        cast(denominator as {{ type_double() }}) as denominator,
        1 as is_counted
    from measured
)

select * from final
