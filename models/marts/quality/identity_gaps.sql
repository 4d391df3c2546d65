-- Identities that facts refer to and that match no rep, or more than one.
with uses as (select * from {{ ref('int_identity_uses') }}),

persons as (select * from {{ ref('cnf_persons') }}),

identities as (select * from {{ ref('cnf_identities') }}),

counted as (
    select
        uses.system,
        uses.source_identity,
        uses.row_count,
        uses.first_seen_on,
        uses.last_seen_on
    from uses
    where uses.rep_id is null
    union all
    -- Roster rows of an e-mail that stands for two people, or that an override gives to nobody.
    select
        persons.system,
        persons.source_identity,
        persons.source_row_count as row_count,
        persons.first_seen_on,
        persons.last_seen_on
    from persons
    where persons.system = 'roster' and persons.rep_id is null
),

gaps as (
    select
        counted.system,
        counted.source_identity,
        sum(counted.row_count) as row_count,
        min(counted.first_seen_on) as first_seen_on,
        max(counted.last_seen_on) as last_seen_on
    from counted
    group by counted.system, counted.source_identity
),

final as (
    select
        gaps.system,
        {{ dbt.hash('gaps.source_identity') }} as identity_hash,
        coalesce(identities.match_method, 'none') as match_method,
        cast(gaps.row_count as bigint) as row_count,
        gaps.first_seen_on,
        gaps.last_seen_on
    from gaps
    left join identities
        on gaps.system = identities.system and gaps.source_identity = identities.source_identity
)

select * from final
