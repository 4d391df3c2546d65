{{ config(access='private', schema='conformed', contract={'enforced': false}) }}

with durations as (
    select * from {{ ref('int_reference_durations') }}
),

-- Three circles of colleagues, from the nearest to the widest.
by_reference as (
    select
        forecast_on,
        milestone,
        'role_family_version' as reference_level,
        role_family || ' / ' || onboarding_version as reference_cohort,
        entry_days,
        duration_days,
        is_reached,
        is_left
    from durations
    where onboarding_version <> 'none'

    union all

    select
        forecast_on,
        milestone,
        'role_family' as reference_level,
        role_family as reference_cohort,
        entry_days,
        duration_days,
        is_reached,
        is_left
    from durations

    union all

    select
        forecast_on,
        milestone,
        'all' as reference_level,
        'all' as reference_cohort,
        entry_days,
        duration_days,
        is_reached,
        is_left
    from durations
),

{{ kaplan_meier_ctes('by_reference', ['forecast_on', 'reference_level', 'reference_cohort', 'milestone']) }},

final as (
    select
        forecast_on,
        reference_level,
        reference_cohort,
        milestone,
        day,
        at_risk_count,
        reached_count,
        survival
    from km_curves
)

select * from final
