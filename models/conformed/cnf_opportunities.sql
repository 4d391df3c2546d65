-- Deals as they stood at the end of the as-of date. A deal closed later was open then.
with opportunities as (
    {{ feed('opportunities') }}
),

histories as (
    {{ feed('opportunity_histories') }}
),

orphan_rows as (select * from {{ ref('cnf_orphan_rows') }}),

identities as (select * from {{ ref('cnf_identities') }}),

reps as (select * from {{ ref('cnf_reps') }}),

zone_days as (select * from {{ ref('cnf_zone_days') }}),

exchange_rates as (select * from {{ ref('cnf_exchange_rates') }}),

accepted as (
    select
        opportunities.*,
        identities.rep_id as owner_rep_id,
        reps.timezone,
        {{ local_date_by_zone_days('opportunities.created_at', 'reps.timezone') }} as created_on
    from opportunities
    left join identities
        on opportunities.system = identities.system and opportunities.owner_user_id = identities.source_identity
    left join reps on identities.rep_id = reps.rep_id
    left join zone_days
        on
            coalesce(reps.timezone, '{{ var('default_timezone') }}') = zone_days.timezone
            and cast(opportunities.created_at as date) = zone_days.utc_on
    where
        opportunities.row_status = 'accepted'
        and not exists (
            select 1
            from orphan_rows
            where
                orphan_rows.system = opportunities.system
                and orphan_rows.object = opportunities.object
                and orphan_rows.row_key = opportunities.row_key
        )
),

-- A CRM that writes the instant of the close leaves its day to the owner's time zone.
close_dates as (
    select
        accepted.*,
        coalesce(accepted.closed_on, {{ local_date('accepted.closed_at', 'accepted.timezone') }}) as close_date
    from accepted
),

dated as (
    select
        close_dates.*,
        coalesce(close_dates.is_closed and close_dates.close_date <= {{ as_of_date() }}, false) as is_closed_then,
        coalesce(close_dates.is_closed, false)
        or not {{ is_by_as_of_date('close_dates.modified_at', 'close_dates.timezone') }} as is_changed_since
    from close_dates
),

known_histories as (
    select
        histories.opportunity_id,
        histories.stage_name,
        histories.amount,
        histories.closed_on,
        row_number() over (
            partition by histories.opportunity_id
            order by histories.created_at desc, histories.opportunity_history_id desc nulls last
        ) as history_rank
    from histories
    inner join dated on histories.opportunity_id = dated.opportunity_id
    where
        histories.row_status = 'accepted'
        and {{ is_by_as_of_date('histories.created_at', 'dated.timezone') }}
),

-- What changed after the as-of date is undone from the stage history, as far as there is one.
as_of_states as (
    select
        dated.opportunity_id,
        dated.system,
        dated.object,
        dated.row_key,
        dated.owner_user_id,
        dated.owner_rep_id,
        dated.account_id,
        dated.opportunity_type,
        dated.lead_source,
        dated.created_on,
        dated.close_date,
        upper(coalesce(dated.currency_code, '{{ var("corporate_currency") }}')) as currency_code,
        case
            when not dated.is_closed_then then 'open'
            when dated.is_won then 'won'
            else 'lost'
        end as status,
        case
            when dated.is_closed_then or not coalesce(dated.is_changed_since, false) then dated.stage_name
            when known_histories.stage_name is not null then known_histories.stage_name
            when dated.is_closed then '(open, stage not recorded)'
            else dated.stage_name
        end as stage_name,
        case
            when dated.is_closed_then or not coalesce(dated.is_changed_since, false) then dated.amount
            else coalesce(known_histories.amount, dated.amount)
        end as amount,
        case
            when dated.is_closed_then or not coalesce(dated.is_changed_since, false) then dated.close_date
            else coalesce(known_histories.closed_on, dated.close_date)
        end as expected_close_on,
        case when dated.is_closed_then then dated.close_date else {{ as_of_date() }} end as rated_on
    from dated
    left join known_histories
        on dated.opportunity_id = known_histories.opportunity_id and known_histories.history_rank = 1
    where dated.created_on <= {{ as_of_date() }}
),

-- Closed deals at the rate of the close date, open ones at the rate of the as-of date.
final as (
    select
        as_of_states.opportunity_id,
        as_of_states.system,
        as_of_states.owner_user_id as owner_source_identity,
        as_of_states.owner_rep_id,
        as_of_states.account_id,
        as_of_states.opportunity_type,
        as_of_states.lead_source,
        as_of_states.stage_name,
        as_of_states.status,
        cast(as_of_states.amount as decimal(18, 2)) as amount,
        as_of_states.currency_code,
        exchange_rates.conversion_rate,
        cast(
            cast(
                cast(as_of_states.amount as {{ type_double() }}) / exchange_rates.conversion_rate as decimal(28, 6)
            ) as decimal(18, 2)
        ) as amount_corporate,
        as_of_states.created_on,
        case when as_of_states.status <> 'open' then as_of_states.close_date end as closed_on,
        as_of_states.expected_close_on,
        as_of_states.system || ':' || as_of_states.object || ':' || as_of_states.row_key as source_key
    from as_of_states
    left join exchange_rates
        on
            as_of_states.currency_code = exchange_rates.currency_code
            and as_of_states.rated_on >= exchange_rates.started_on
            and (exchange_rates.ended_on is null or as_of_states.rated_on < exchange_rates.ended_on)
)

select * from final
