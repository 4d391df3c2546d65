{{ config(severity='warn') }}
-- Rows of seed identity_overrides whose rep_email is nobody's, or whose identity is not used anywhere.
with overrides as (select * from {{ ref('identity_overrides') }}),

identities as (select * from {{ ref('cnf_identities') }}),

matched as (
    select
        identities.system,
        identities.source_identity,
        identities.email_hash,
        identities.rep_id
    from identities
    where identities.match_method = 'override'
),

final as (
    select
        overrides.system,
        overrides.source_identity
    from overrides
    left join matched
        on
            overrides.system = matched.system
            and (
                trim(overrides.source_identity) = matched.source_identity
                or {{ dbt.hash('lower(trim(overrides.source_identity))') }} = matched.email_hash
            )
    where matched.rep_id is null
)

select * from final
