-- Which content do owners view before a deal is won, and how often before one is lost? It goes along with winning;
-- it need not be the cause.
with deals as (
    select
        opportunity_id,
        owner_rep_id,
        status,
        closed_on,
        cast({{ dbt.dateadd('day', -(var('influence_window_days') | int), 'closed_on') }} as date) as window_started_on
    from {{ ref('fct_opportunities') }}
    where status in ('won', 'lost') and owner_rep_id is not null
),

views as (
    select * from {{ ref('fct_learning_events') }}
    where event_type = 'content_viewed'
),

deal_counts as (
    select
        sum(case when status = 'won' then 1 else 0 end) as all_won_count,
        count(*) as all_closed_count
    from deals
),

-- A deal counts once per content, however often it was viewed.
viewed as (
    select
        views.content_id,
        deals.opportunity_id,
        deals.status
    from deals
    inner join views
        on
            deals.owner_rep_id = views.rep_id
            and deals.closed_on >= views.happened_on
            and deals.window_started_on <= views.happened_on
    group by views.content_id, deals.opportunity_id, deals.status
),

counted as (
    select
        content_id,
        sum(case when status = 'won' then 1 else 0 end) as won_count,
        count(*) as closed_count
    from viewed
    group by content_id
),

final as (
    select
        counted.content_id,
        counted.won_count,
        counted.closed_count,
        1.0 * counted.won_count / nullif(counted.closed_count, 0) as win_rate_with_view,
        1.0 * (deal_counts.all_won_count - counted.won_count)
        / nullif(deal_counts.all_closed_count - counted.closed_count, 0) as win_rate_without_view
    from counted
    cross join deal_counts
)

select * from final
order by won_count desc, content_id asc
