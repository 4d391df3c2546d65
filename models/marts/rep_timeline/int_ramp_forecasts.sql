{{ config(access='private', schema='conformed', contract={'enforced': false}) }}
{%- set min_reached = var('forecast_min_reached') %}
{%- set horizons = [30, 60, 90] %}

with durations as (
    select * from {{ ref('int_reference_durations') }}
),

curves as (
    select * from {{ ref('int_reference_curves') }}
),

ramps as (
    select * from {{ ref('dim_ramps') }}
),

programs as (
    select * from {{ ref('dim_programs') }}
),

version_starts as (
    select
        ramps.onboarding_version,
        min(programs.starts_on) as starts_on
    from ramps
    inner join programs
        on ramps.onboarding_program_id = programs.program_id
    where ramps.onboarding_version is not null
    group by ramps.onboarding_version
),

-- Reference, nearest first: the newest onboarding version of the role family with enough ramps that reached the
-- milestone, else the role family if it has enough ramps, else all ramps.
version_groups as (
    select
        forecast_on,
        milestone,
        role_family,
        onboarding_version,
        count(*) as reference_count,
        sum(case when is_reached then 1 else 0 end) as reference_reached_count
    from durations
    where onboarding_version <> 'none'
    group by forecast_on, milestone, role_family, onboarding_version
),

family_groups as (
    select
        forecast_on,
        milestone,
        role_family,
        count(*) as reference_count,
        sum(case when is_reached then 1 else 0 end) as reference_reached_count
    from durations
    group by forecast_on, milestone, role_family
),

total_groups as (
    select
        forecast_on,
        milestone,
        count(*) as reference_count,
        sum(case when is_reached then 1 else 0 end) as reference_reached_count
    from durations
    group by forecast_on, milestone
),

candidates as (
    select
        version_groups.forecast_on,
        version_groups.milestone,
        version_groups.role_family,
        'role_family_version' as reference_level,
        version_groups.role_family || ' / ' || version_groups.onboarding_version as reference_cohort,
        version_groups.reference_count,
        version_groups.reference_reached_count,
        1 as preference,
        version_starts.starts_on,
        version_groups.onboarding_version
    from version_groups
    left join version_starts
        on version_groups.onboarding_version = version_starts.onboarding_version
    where version_groups.reference_reached_count >= {{ min_reached }}

    union all

    select
        forecast_on,
        milestone,
        role_family,
        'role_family' as reference_level,
        role_family as reference_cohort,
        reference_count,
        reference_reached_count,
        2 as preference,
        cast(null as date) as starts_on,
        cast(null as {{ dbt.type_string() }}) as onboarding_version
    from family_groups
    where reference_count >= {{ min_reached }}

    union all

    select
        families.forecast_on,
        families.milestone,
        families.role_family,
        'all' as reference_level,
        'all' as reference_cohort,
        totals.reference_count,
        totals.reference_reached_count,
        3 as preference,
        cast(null as date) as starts_on,
        cast(null as {{ dbt.type_string() }}) as onboarding_version
    from family_groups as families
    inner join total_groups as totals
        on
            families.forecast_on = totals.forecast_on
            and families.milestone = totals.milestone
),

ranked_candidates as (
    select
        *,
        row_number() over (
            partition by forecast_on, milestone, role_family
            order by preference asc, starts_on desc nulls last, onboarding_version desc nulls last
        ) as candidate_rank
    from candidates
),

open_milestones as (
    select
        durations.forecast_on,
        durations.ramp_id,
        durations.rep_id,
        durations.milestone,
        durations.ramp_started_on,
        durations.duration_days as elapsed_days,
        ranked_candidates.reference_level,
        ranked_candidates.reference_cohort,
        ranked_candidates.reference_count,
        ranked_candidates.reference_reached_count
    from durations
    inner join ranked_candidates
        on
            durations.forecast_on = ranked_candidates.forecast_on
            and durations.milestone = ranked_candidates.milestone
            and durations.role_family = ranked_candidates.role_family
            and ranked_candidates.candidate_rank = 1
    where durations.is_open
),

-- The reference curve read at the days passed, and 30, 60 and 90 days on.
readings as (
    select
        open_milestones.forecast_on,
        open_milestones.ramp_id,
        open_milestones.milestone,
        max(curves.day) as follow_up_days,
        min(curves.survival) as last_survival,
        min(case when curves.survival <= 0.5e0 + 1e-12 then curves.day end) as median_days,
        min(case when curves.survival <= 0.25e0 + 1e-12 then curves.day end) as p75_days,
        {%- for horizon in horizons %}
        min(
            case when curves.day <= open_milestones.elapsed_days + {{ horizon }} then curves.survival end
        ) as survival_{{ horizon }},
        {%- endfor %}
        min(case when curves.day <= open_milestones.elapsed_days then curves.survival end) as survival_now
    from open_milestones
    inner join curves
        on
            open_milestones.forecast_on = curves.forecast_on
            and open_milestones.reference_level = curves.reference_level
            and open_milestones.reference_cohort = curves.reference_cohort
            and open_milestones.milestone = curves.milestone
    group by open_milestones.forecast_on, open_milestones.ramp_id, open_milestones.milestone
),

joined as (
    select
        open_milestones.*,
        readings.follow_up_days,
        readings.last_survival,
        readings.median_days,
        readings.p75_days,
        {%- for horizon in horizons %}
        case
            when
                open_milestones.elapsed_days + {{ horizon }} <= readings.follow_up_days
                or readings.last_survival <= 0
                then readings.survival_{{ horizon }}
        end as survival_{{ horizon }},
        {%- endfor %}
        case
            when open_milestones.elapsed_days <= readings.follow_up_days or readings.last_survival <= 0
                then readings.survival_now
        end as survival_now
    from open_milestones
    inner join readings
        on
            open_milestones.forecast_on = readings.forecast_on
            and open_milestones.ramp_id = readings.ramp_id
            and open_milestones.milestone = readings.milestone
),

-- Of those who had not reached it by now, half have by this day.
expected as (
    select
        joined.forecast_on,
        joined.ramp_id,
        joined.milestone,
        min(curves.day) as expected_day
    from joined
    inner join curves
        on
            joined.forecast_on = curves.forecast_on
            and joined.reference_level = curves.reference_level
            and joined.reference_cohort = curves.reference_cohort
            and joined.milestone = curves.milestone
            and joined.survival_now / 2e0 + 1e-12 >= curves.survival
    where joined.survival_now > 0
    group by joined.forecast_on, joined.ramp_id, joined.milestone
),

final as (
    select
        joined.forecast_on,
        joined.ramp_id,
        joined.rep_id,
        joined.milestone,
        joined.ramp_started_on,
        joined.elapsed_days,
        {%- for horizon in horizons %}
        {{ rounded_double('1e0 - joined.survival_' ~ horizon ~ ' / nullif(joined.survival_now, 0e0)') }}
            as probability_{{ horizon }}_days,
        {%- endfor %}
        expected.expected_day,
        {{ dbt.dateadd('day', 'expected.expected_day', 'joined.ramp_started_on') }} as expected_at,
        joined.median_days,
        joined.p75_days,
        joined.follow_up_days,
        joined.reference_level,
        joined.reference_cohort,
        joined.reference_count,
        joined.reference_reached_count
    from joined
    left join expected
        on
            joined.forecast_on = expected.forecast_on
            and joined.ramp_id = expected.ramp_id
            and joined.milestone = expected.milestone
)

select * from final
