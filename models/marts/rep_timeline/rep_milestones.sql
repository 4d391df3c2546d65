with ramps as (
    select * from {{ ref('dim_ramps') }}
),

milestones as (
    select * from {{ ref('ramp_milestones') }}
),

event_milestones as (
    select * from {{ ref('int_ramp_event_milestones') }}
    where not is_before_start
),

quota_milestones as (
    select * from {{ ref('int_ramp_quota_milestones') }}
),

leaves as (
    select * from {{ ref('cnf_leaves') }}
),

persons as (
    select * from {{ ref('cnf_persons') }}
),

late_entries as (
    select * from {{ ref('late_entries') }}
),

-- What a company knows of the time before its records: milestones that had not been reached when they began.
known_open as (
    select
        persons.rep_id,
        late_entries.milestone
    from late_entries
    inner join persons on persons.email = lower(trim(late_entries.rep_email))
    where persons.rep_id is not null
    group by persons.rep_id, late_entries.milestone
),

ramp_milestones as (
    select
        ramps.ramp_id,
        ramps.rep_id,
        ramps.role_family,
        ramps.ramp_started_on,
        ramps.observed_until,
        ramps.observed_days,
        ramps.ended_reason,
        ramps.is_observed_from_start,
        ramps.recorded_from_on,
        milestones.milestone,
        milestones.label,
        milestones.sequence,
        milestones.kind
    from ramps
    inner join milestones
        on milestones.role_family = '*' or ramps.role_family = milestones.role_family
),

reached as (
    select
        ramp_milestones.*,
        case
            when ramp_milestones.kind = 'quota' then quota_milestones.happened_on
            else event_milestones.happened_on
        end as reached_on,
        case
            when ramp_milestones.kind = 'quota' then quota_milestones.source_key
            else event_milestones.source_key
        end as source_key,
        case
            when ramp_milestones.kind = 'quota' then coalesce(quota_milestones.is_evaluable, false)
            else true
        end as is_evaluable,
        case
            when ramp_milestones.kind = 'quota' then quota_milestones.evaluable_from_on
            else ramp_milestones.ramp_started_on
        end as evaluable_from_on,
        quota_milestones.quota_period_started_on,
        quota_milestones.bookings_amount,
        quota_milestones.quota_amount
    from ramp_milestones
    left join event_milestones
        on
            ramp_milestones.ramp_id = event_milestones.ramp_id
            and ramp_milestones.milestone = event_milestones.milestone
    left join quota_milestones
        on
            ramp_milestones.ramp_id = quota_milestones.ramp_id
            and ramp_milestones.milestone = quota_milestones.milestone
),

-- Leave days in [ramp_started_on, reached_on): the day of the milestone itself is never taken off.
leave_spells as (
    select
        reached.ramp_id,
        reached.milestone,
        reached.reached_on,
        greatest(leaves.leave_started_on, reached.ramp_started_on) as counted_from,
        least(coalesce(leaves.leave_ended_on, reached.reached_on), reached.reached_on) as counted_until
    from reached
    inner join leaves
        on
            reached.rep_id = leaves.rep_id
            and reached.reached_on > leaves.leave_started_on
            and reached.ramp_started_on <= coalesce(leaves.leave_ended_on, reached.reached_on)
),

leave_days as (
    select
        ramp_id,
        milestone,
        sum(
            {{ dbt.datediff('counted_from', 'counted_until', 'day') }}
            + case when counted_until < reached_on then 1 else 0 end
        ) as leave_day_count
    from leave_spells
    group by ramp_id, milestone
),

counted as (
    select
        reached.*,
        {{ dbt.datediff('reached.ramp_started_on', 'reached.reached_on', 'day') }}
            as days_to,
        coalesce(leave_days.leave_day_count, 0) as leave_day_count,
        {{ dbt.datediff('reached.ramp_started_on', 'reached.recorded_from_on', 'day') }}
            as recorded_from_day,
        known_open.rep_id is not null as is_known_open
    from reached
    left join leave_days
        on
            reached.ramp_id = leave_days.ramp_id
            and reached.milestone = leave_days.milestone
    left join known_open
        on
            reached.rep_id = known_open.rep_id
            and reached.milestone = known_open.milestone
),

final as (
    select
        {{ surrogate_key(['ramp_id', 'milestone']) }} as rep_milestone_id,
        ramp_id,
        rep_id,
        role_family,
        milestone,
        label,
        cast(sequence as integer) as sequence,
        kind,
        ramp_started_on,
        observed_until,
        reached_on,
        cast(days_to as integer) as days_to,
        cast(days_to - leave_day_count as integer) as active_days_to,
        reached_on is not null as is_reached,
        is_evaluable and reached_on is null as is_censored,
        cast(observed_days as integer) as observed_days,
        is_evaluable,
        evaluable_from_on,
        is_observed_from_start,
        -- A ramp that was over, or a milestone that was reached, when the records began does not enter.
        cast(
            case
                when is_observed_from_start or (is_known_open and coalesce(days_to, observed_days) >= recorded_from_day)
                    then recorded_from_day
            end as integer
        ) as entry_days,
        ended_reason,
        source_key,
        quota_period_started_on,
        bookings_amount,
        quota_amount
    from counted
)

select * from final
