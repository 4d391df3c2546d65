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

-- Many ramps wait as long for the same reference: each wait is looked up once.
waits as (
    select
        forecast_on,
        reference_level,
        reference_cohort,
        milestone,
        elapsed_days
    from open_milestones
    group by forecast_on, reference_level, reference_cohort, milestone, elapsed_days
),

curve_ends as (
    select
        forecast_on,
        reference_level,
        reference_cohort,
        milestone,
        max(day) as follow_up_days,
        min(survival) as last_survival,
        min(case when survival <= 0.5e0 + 1e-12 then day end) as median_days,
        min(case when survival <= 0.25e0 + 1e-12 then day end) as p75_days
    from curves
    group by forecast_on, reference_level, reference_cohort, milestone
),

-- The reference curve read at the days passed, and 30, 60 and 90 days on. No step after these is looked at.
readings as (
    select
        waits.forecast_on,
        waits.reference_level,
        waits.reference_cohort,
        waits.milestone,
        waits.elapsed_days,
        {%- for horizon in horizons[:-1] %}
        min(case when curves.day <= waits.elapsed_days + {{ horizon }} then curves.survival end)
            as reading_{{ horizon }},
        {%- endfor %}
        min(curves.survival) as reading_{{ horizons[-1] }},
        min(case when curves.day <= waits.elapsed_days then curves.survival end) as survival_now
    from waits
    left join curves
        on
            waits.forecast_on = curves.forecast_on
            and waits.reference_level = curves.reference_level
            and waits.reference_cohort = curves.reference_cohort
            and waits.milestone = curves.milestone
            and waits.elapsed_days + {{ horizons[-1] }} >= curves.day
    group by
        waits.forecast_on, waits.reference_level, waits.reference_cohort, waits.milestone, waits.elapsed_days
),

-- Beyond the follow-up nothing is known, unless all had reached it.
survivals as (
    select
        {%- for horizon in horizons %}
        case
            when
                readings.elapsed_days + {{ horizon }} <= curve_ends.follow_up_days
                or curve_ends.last_survival <= 0
                then readings.reading_{{ horizon }}
        end as survival_{{ horizon }},
        {%- endfor %}
        readings.*,
        curve_ends.median_days,
        curve_ends.p75_days,
        curve_ends.follow_up_days
    from readings
    inner join curve_ends
        on
            readings.forecast_on = curve_ends.forecast_on
            and readings.reference_level = curve_ends.reference_level
            and readings.reference_cohort = curve_ends.reference_cohort
            and readings.milestone = curve_ends.milestone
),

-- Of those who had not reached it by now, half have by this day.
expected as (
    select
        survivals.forecast_on,
        survivals.reference_level,
        survivals.reference_cohort,
        survivals.milestone,
        survivals.elapsed_days,
        min(curves.day) as expected_day
    from survivals
    inner join curves
        on
            survivals.forecast_on = curves.forecast_on
            and survivals.reference_level = curves.reference_level
            and survivals.reference_cohort = curves.reference_cohort
            and survivals.milestone = curves.milestone
            and survivals.survival_now / 2e0 + 1e-12 >= curves.survival
    where survivals.survival_now > 0
    group by
        survivals.forecast_on,
        survivals.reference_level,
        survivals.reference_cohort,
        survivals.milestone,
        survivals.elapsed_days
),

final as (
    select
        open_milestones.forecast_on,
        open_milestones.ramp_id,
        open_milestones.rep_id,
        open_milestones.milestone,
        open_milestones.ramp_started_on,
        open_milestones.elapsed_days,
        {%- for horizon in horizons %}
        {{ rounded_double('1e0 - survivals.survival_' ~ horizon ~ ' / nullif(survivals.survival_now, 0e0)') }}
            as probability_{{ horizon }}_days,
        {%- endfor %}
        expected.expected_day,
        {{ dbt.dateadd('day', 'expected.expected_day', 'open_milestones.ramp_started_on') }} as expected_at,
        survivals.median_days,
        survivals.p75_days,
        survivals.follow_up_days,
        open_milestones.reference_level,
        open_milestones.reference_cohort,
        open_milestones.reference_count,
        open_milestones.reference_reached_count
    from open_milestones
    inner join survivals
        on
            open_milestones.forecast_on = survivals.forecast_on
            and open_milestones.reference_level = survivals.reference_level
            and open_milestones.reference_cohort = survivals.reference_cohort
            and open_milestones.milestone = survivals.milestone
            and open_milestones.elapsed_days = survivals.elapsed_days
    left join expected
        on
            open_milestones.forecast_on = expected.forecast_on
            and open_milestones.reference_level = expected.reference_level
            and open_milestones.reference_cohort = expected.reference_cohort
            and open_milestones.milestone = expected.milestone
            and open_milestones.elapsed_days = expected.elapsed_days
)

select * from final
