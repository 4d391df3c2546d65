-- Who is credited with a won deal: the revenue splits where they add to 100 %, else the owner at close.
with deals as (select * from {{ ref('cnf_opportunities') }}),

field_histories as (
    {{ feed('opportunity_field_histories') }}
),

splits as (
    {{ feed('opportunity_splits') }}
),

users as (
    {{ feed('users') }}
),

identities as (select * from {{ ref('cnf_identities') }}),

reps as (select * from {{ ref('cnf_reps') }}),

won as (
    select
        deals.opportunity_id,
        deals.system,
        deals.owner_source_identity,
        coalesce(deals.amount, 0) as amount,
        coalesce(deals.amount_corporate, 0) as amount_corporate,
        deals.closed_on,
        reps.timezone
    from deals
    left join reps on deals.owner_rep_id = reps.rep_id
    where deals.status = 'won'
),

known_ids as (
    select
        users.system,
        users.user_id as source_identity
    from users
    union all
    select
        deals.system,
        deals.owner_source_identity as source_identity
    from deals
),

user_ids as (
    select
        known_ids.system,
        known_ids.source_identity
    from known_ids
    where known_ids.source_identity is not null
    group by known_ids.system, known_ids.source_identity
),

-- The CRM writes an owner change twice, once with names and once with ids: only the ids are read.
owner_changes as (
    select
        won.opportunity_id,
        field_histories.old_value,
        field_histories.new_value,
        field_histories.changed_at,
        {{ local_date('field_histories.changed_at', 'won.timezone') }} <= won.closed_on as is_by_close
    from field_histories
    inner join won on field_histories.opportunity_id = won.opportunity_id
    left join user_ids as new_ids
        on field_histories.system = new_ids.system and field_histories.new_value = new_ids.source_identity
    left join user_ids as old_ids
        on field_histories.system = old_ids.system and field_histories.old_value = old_ids.source_identity
    where
        field_histories.row_status = 'accepted'
        and lower(field_histories.field_name) in ('owner', 'ownerid', 'owner_id')
        and (new_ids.source_identity is not null or old_ids.source_identity is not null)
),

ranked_changes as (
    select
        owner_changes.*,
        row_number() over (
            partition by owner_changes.opportunity_id, owner_changes.is_by_close
            order by owner_changes.changed_at, owner_changes.new_value nulls last
        ) as first_rank,
        row_number() over (
            partition by owner_changes.opportunity_id, owner_changes.is_by_close
            order by owner_changes.changed_at desc, owner_changes.new_value desc nulls last
        ) as last_rank
    from owner_changes
),

owners as (
    select
        won.opportunity_id,
        coalesce(before_close.new_value, after_close.old_value, won.owner_source_identity) as source_identity
    from won
    left join ranked_changes as before_close
        on
            won.opportunity_id = before_close.opportunity_id
            and before_close.is_by_close
            and before_close.last_rank = 1
    left join ranked_changes as after_close
        on
            won.opportunity_id = after_close.opportunity_id
            and not after_close.is_by_close
            and after_close.first_rank = 1
),

split_percentages as (
    select
        won.opportunity_id,
        splits.split_user_id as source_identity,
        coalesce(
            cast(splits.split_percentage as {{ type_double() }}),
            100.0 * cast(splits.split_amount as {{ type_double() }})
            / nullif(cast(won.amount as {{ type_double() }}), 0)
        ) as split_percentage
    from splits
    inner join won on splits.opportunity_id = won.opportunity_id
    where splits.row_status = 'accepted'
),

split_totals as (
    select
        split_percentages.opportunity_id,
        {{ ordered_sum('split_percentages.split_percentage') }} as total_percentage,
        sum(case when split_percentages.split_percentage is null then 1 else 0 end) as unknown_count
    from split_percentages
    group by split_percentages.opportunity_id
),

-- 0.005 percentage points of rounding are tolerated (and a hair more for binary fractions).
split_checks as (
    select
        split_totals.opportunity_id,
        split_totals.total_percentage,
        split_totals.unknown_count = 0
        and split_totals.total_percentage between 99.994999999 and 100.005000001 as is_complete
    from split_totals
),

shares as (
    select
        split_percentages.opportunity_id,
        split_percentages.source_identity,
        split_percentages.split_percentage / split_checks.total_percentage as credit_share,
        'split' as credit_method
    from split_percentages
    inner join split_checks on split_percentages.opportunity_id = split_checks.opportunity_id
    where split_checks.is_complete and split_percentages.split_percentage <> 0
    union all
    select
        owners.opportunity_id,
        owners.source_identity,
        cast(1 as {{ type_double() }}) as credit_share,
        case when split_checks.opportunity_id is null then 'owner_at_close' else 'owner_split_mismatch' end
            as credit_method
    from owners
    left join split_checks on owners.opportunity_id = split_checks.opportunity_id
    where not coalesce(split_checks.is_complete, false)
),

-- Two identities of one rep are one credit; two identities of nobody stay two.
identified as (
    select
        shares.opportunity_id,
        won.system,
        shares.source_identity,
        shares.credit_share,
        shares.credit_method,
        identities.rep_id,
        coalesce(identities.rep_id, 'nobody:' || shares.source_identity) as credit_key
    from shares
    inner join won on shares.opportunity_id = won.opportunity_id
    left join identities on won.system = identities.system and shares.source_identity = identities.source_identity
),

credits as (
    select
        identified.opportunity_id,
        identified.credit_key,
        min(identified.system) as system,
        min(identified.rep_id) as rep_id,
        min(identified.source_identity) as source_identity,
        min(identified.credit_method) as credit_method,
        {{ ordered_sum('identified.credit_share') }} as credit_share
    from identified
    group by identified.opportunity_id, identified.credit_key
),

rounded as (
    select
        credits.*,
        won.closed_on as booked_on,
        won.amount_corporate,
        cast(
            cast(cast(won.amount_corporate as {{ type_double() }}) * credits.credit_share as decimal(28, 6))
            as decimal(18, 2)
        ) as rounded_amount,
        row_number() over (
            partition by credits.opportunity_id order by credits.credit_share desc, credits.credit_key asc
        ) as share_rank
    from credits
    inner join won on credits.opportunity_id = won.opportunity_id
),

totals as (
    select
        rounded.opportunity_id,
        sum(rounded.rounded_amount) as rounded_total
    from rounded
    group by rounded.opportunity_id
),

-- Cents that rounding leaves over go to the largest share, so that the credits of a deal add up to it exactly.
final as (
    select
        {{ surrogate_key(['rounded.opportunity_id', 'rounded.credit_key']) }} as opportunity_credit_id,
        rounded.opportunity_id,
        rounded.system,
        rounded.source_identity,
        rounded.rep_id,
        rounded.credit_share,
        cast(
            rounded.rounded_amount
            + case when rounded.share_rank = 1 then rounded.amount_corporate - totals.rounded_total else 0 end
            as decimal(18, 2)
        ) as credited_amount,
        rounded.booked_on,
        rounded.credit_method
    from rounded
    inner join totals on rounded.opportunity_id = totals.opportunity_id
)

select * from final
