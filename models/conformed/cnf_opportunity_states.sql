-- What a deal looked like over time: stage and amount from each row of stage history, as intervals of days.
-- A deal without history has its own dates only. The deal's own status and amount have the last word.
with deals as (select * from {{ ref('cnf_opportunities') }}),

opportunities as (
    {{ feed('opportunities') }}
),

histories as (
    {{ feed('opportunity_histories') }}
),

reps as (select * from {{ ref('cnf_reps') }}),

zone_days as (select * from {{ ref('cnf_zone_days') }}),

-- The CRM's list of stages is not exported: a stage is closed or won when most deals that stand in it are.
stage_counts as (
    select
        opportunities.system,
        opportunities.stage_name,
        sum(case when opportunities.is_closed then 1 else 0 end) as closed_count,
        sum(case when opportunities.is_closed and opportunities.is_won then 1 else 0 end) as won_count,
        count(*) as deal_count
    from opportunities
    where opportunities.row_status = 'accepted'
    group by opportunities.system, opportunities.stage_name
),

dated as (
    select
        deals.opportunity_id,
        histories.opportunity_history_id,
        histories.stage_name,
        histories.amount,
        histories.created_at,
        {{ local_date_by_zone_days('histories.created_at', 'reps.timezone') }} as started_on
    from histories
    inner join deals on histories.opportunity_id = deals.opportunity_id
    left join reps on deals.owner_rep_id = reps.rep_id
    left join zone_days
        on
            coalesce(reps.timezone, '{{ var('default_timezone') }}') = zone_days.timezone
            and cast(histories.created_at as date) = zone_days.utc_on
    where histories.row_status = 'accepted'
),

recorded as (
    select
        dated.*,
        row_number() over (
            partition by dated.opportunity_id
            order by dated.created_at, dated.opportunity_history_id nulls last
        ) as record_number,
        row_number() over (
            partition by dated.opportunity_id
            order by dated.created_at desc, dated.opportunity_history_id desc nulls first
        ) as record_number_backwards
    from dated
    where dated.started_on <= {{ as_of_date() }}
),

last_states as (
    select
        recorded.opportunity_id,
        recorded.stage_name,
        recorded.started_on,
        recorded.record_number
    from recorded
    where recorded.record_number_backwards = 1
),

states as (
    select
        recorded.opportunity_id,
        recorded.record_number as state_number,
        recorded.stage_name,
        recorded.amount,
        case
            when recorded.record_number = 1 and recorded.started_on > deals.created_on then deals.created_on
            else recorded.started_on
        end as started_on
    from recorded
    inner join deals on recorded.opportunity_id = deals.opportunity_id
    union all
    -- No history: open from creation.
    select
        deals.opportunity_id,
        1 as state_number,
        case when deals.status = 'open' then deals.stage_name else '(open, stage not recorded)' end as stage_name,
        deals.amount,
        deals.created_on as started_on
    from deals
    left join last_states on deals.opportunity_id = last_states.opportunity_id
    where last_states.opportunity_id is null
    union all
    -- Closed by its own dates, while the history does not end in that stage.
    select
        deals.opportunity_id,
        coalesce(last_states.record_number, 1) + 1 as state_number,
        deals.stage_name,
        deals.amount,
        case
            when last_states.started_on > deals.closed_on then last_states.started_on
            when deals.created_on > deals.closed_on then deals.created_on
            else deals.closed_on
        end as started_on
    from deals
    left join last_states on deals.opportunity_id = last_states.opportunity_id
    where
        deals.status <> 'open'
        and (last_states.opportunity_id is null or last_states.stage_name <> deals.stage_name)
),

intervals as (
    select
        states.*,
        lead(states.started_on) over (partition by states.opportunity_id order by states.state_number) as ended_on
    from states
),

final as (
    select
        intervals.opportunity_id,
        cast(intervals.state_number as integer) as state_number,
        intervals.started_on,
        intervals.ended_on,
        intervals.stage_name,
        case
            when intervals.ended_on is null then deals.amount_corporate
            else
                cast(
                    cast(cast(intervals.amount as {{ type_double() }}) / deals.conversion_rate as decimal(28, 6))
                    as decimal(18, 2)
                )
        end as amount_corporate,
        case
            when intervals.ended_on is null then deals.status <> 'open'
            when stage_counts.deal_count > 0 then 2 * stage_counts.closed_count > stage_counts.deal_count
            else lower(intervals.stage_name) like 'closed%'
        end as is_closed_stage,
        case
            when intervals.ended_on is null then deals.status = 'won'
            when stage_counts.deal_count > 0 then 2 * stage_counts.won_count > stage_counts.deal_count
            else lower(intervals.stage_name) like 'closed won%'
        end as is_won_stage
    from intervals
    inner join deals on intervals.opportunity_id = deals.opportunity_id
    left join stage_counts
        on deals.system = stage_counts.system and intervals.stage_name = stage_counts.stage_name
)

select * from final
