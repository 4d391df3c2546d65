-- Recorded leave, overlapping and adjoining rows merged, cut off at the as-of date. Leave without an end goes on.
with persons as (select * from {{ ref('cnf_persons') }}),

employments as (select * from {{ ref('cnf_employments') }}),

rosters as (select * from {{ ref('stg_roster__rosters') }}),

hired as (
    select employments.rep_id
    from employments
    group by employments.rep_id
),

leaves as (
    select
        persons.rep_id,
        rosters.leave_started_on,
        case
            when rosters.leave_ended_on < {{ as_of_date() }} then rosters.leave_ended_on
            else {{ as_of_date() }}
        end as leave_ended_on
    from rosters
    inner join persons on persons.system = 'roster' and lower(trim(rosters.rep_email)) = persons.source_identity
    inner join hired on persons.rep_id = hired.rep_id
    where
        rosters.row_status = 'accepted'
        and rosters.leave_started_on <= {{ as_of_date() }}
),

with_previous as (
    select
        leaves.rep_id,
        leaves.leave_started_on,
        leaves.leave_ended_on,
        max(leaves.leave_ended_on) over (
            partition by leaves.rep_id
            order by leaves.leave_started_on, leaves.leave_ended_on
            rows between unbounded preceding and 1 preceding
        ) as previous_ended_on
    from leaves
),

flagged as (
    select
        with_previous.rep_id,
        with_previous.leave_started_on,
        with_previous.leave_ended_on,
        case
            when
                with_previous.previous_ended_on
                >= cast({{ dbt.dateadd('day', -1, 'with_previous.leave_started_on') }} as date)
                then 0
            else 1
        end as starts_new
    from with_previous
),

numbered as (
    select
        flagged.rep_id,
        flagged.leave_started_on,
        flagged.leave_ended_on,
        sum(flagged.starts_new) over (
            partition by flagged.rep_id
            order by flagged.leave_started_on, flagged.leave_ended_on
            rows between unbounded preceding and current row
        ) as leave_number
    from flagged
),

final as (
    select
        numbered.rep_id,
        min(numbered.leave_started_on) as leave_started_on,
        max(numbered.leave_ended_on) as leave_ended_on
    from numbered
    group by numbered.rep_id, numbered.leave_number
)

select * from final
