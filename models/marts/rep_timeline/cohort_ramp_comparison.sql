with durations as (
    select * from {{ ref('int_ramp_durations') }}
    where cohort_type <> 'all'
),

ramps as (
    select * from {{ ref('dim_ramps') }}
),

programs as (
    select * from {{ ref('dim_programs') }}
),

cohorts as (
    select
        cohort_type,
        cohort,
        milestone,
        min(cohort_label) as cohort_label,
        count(*) as ramp_count
    from durations
    group by cohort_type, cohort, milestone
),

version_starts as (
    select
        ramps.onboarding_version as cohort,
        min(programs.starts_on) as starts_on
    from ramps
    inner join programs
        on ramps.onboarding_program_id = programs.program_id
    where ramps.onboarding_version is not null
    group by ramps.onboarding_version
),

-- Reference: for onboarding versions the earliest one, for the time of hire the year before the last, for others the
-- largest cohort; ties by name.
-- No cohort ('none') comes last.
ranked_cohorts as (
    select
        cohorts.*,
        row_number() over (
            partition by cohorts.cohort_type, cohorts.milestone
            order by
                case when cohorts.cohort = 'none' then 1 else 0 end asc,
                case when cohorts.cohort_type = 'onboarding_version' then version_starts.starts_on end asc nulls last,
                case when cohorts.cohort = '12 to 24 months ago' then 0 else 1 end asc,
                case when cohorts.cohort_type = 'onboarding_version' then 0 else -cohorts.ramp_count end asc,
                cohorts.cohort asc
        ) as reference_rank
    from cohorts
    left join version_starts
        on
            cohorts.cohort_type = 'onboarding_version'
            and cohorts.cohort = version_starts.cohort
),

pairs as (
    select
        compared.cohort_type,
        compared.milestone,
        compared.cohort,
        compared.cohort_label,
        compared.ramp_count,
        reference.cohort as reference_cohort,
        reference.cohort_label as reference_label,
        reference.ramp_count as reference_count
    from ranked_cohorts as compared
    inner join ranked_cohorts as reference
        on
            compared.cohort_type = reference.cohort_type
            and compared.milestone = reference.milestone
            and reference.reference_rank = 1
    where compared.reference_rank > 1
),

pair_durations as (
    select
        pairs.cohort_type,
        pairs.milestone,
        pairs.cohort,
        durations.cohort = pairs.cohort as is_compared,
        durations.entry_days,
        durations.duration_days,
        durations.is_reached
    from pairs
    inner join durations
        on
            pairs.cohort_type = durations.cohort_type
            and pairs.milestone = durations.milestone
            and (pairs.cohort = durations.cohort or pairs.reference_cohort = durations.cohort)
),

{{ log_rank_ctes('pair_durations', ['cohort_type', 'milestone', 'cohort']) }},

judged as (
    select
        pairs.*,
        log_rank.observed_count,
        log_rank.expected_count,
        log_rank.variance,
        case
            when pairs.ramp_count < {{ var('min_group_size') }}
                then 'cohort has fewer than {{ var("min_group_size") }} ramps'
            when pairs.reference_count < {{ var('min_group_size') }}
                then 'reference cohort has fewer than {{ var("min_group_size") }} ramps'
            when log_rank.pooled_reached_count = 0 then 'nobody reached the milestone'
            when log_rank.variance <= 0 then 'the cohorts were never at risk together'
        end as reason_withheld
    from pairs
    inner join log_rank
        on
            pairs.cohort_type = log_rank.cohort_type
            and pairs.milestone = log_rank.milestone
            and pairs.cohort = log_rank.cohort
),

chi_squares as (
    select
        *,
        case
            when reason_withheld is null
                then (observed_count - expected_count) * (observed_count - expected_count) / variance
        end as chi_square
    from judged
),

tested as (
    select
        *,
        {{ chi_square_tail('chi_square') }} as p_value
    from chi_squares
),

{{ holm_ctes('tested', ['cohort_type']) }},

final as (
    select
        {{ surrogate_key(['cohort_type', 'cohort', 'milestone']) }} as cohort_ramp_comparison_id,
        cohort_type,
        cohort,
        cohort_label,
        milestone,
        reference_cohort,
        reference_label,
        cast(ramp_count as integer) as ramp_count,
        cast(reference_count as integer) as reference_count,
        case when reason_withheld is null then cast(observed_count as integer) end as observed_count,
        case when reason_withheld is null then {{ rounded_double('expected_count') }} end as expected_count,
        {{ rounded_double('chi_square') }} as chi_square,
        {{ rounded_double('p_value') }} as p_value,
        {{ rounded_double('p_value_holm') }} as p_value_holm,
        reason_withheld is not null as is_withheld,
        reason_withheld
    from holm
)

select * from final
