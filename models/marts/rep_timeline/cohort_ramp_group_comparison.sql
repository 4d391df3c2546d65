{#- The test sweeps a matrix of cohorts by cohorts, one pivot after the other: their number is bounded. -#}
{%- set most_cohorts = 24 -%}

with durations as (
    select * from {{ ref('int_ramp_durations') }}
    where cohort_type <> 'all'
),

cohorts as (
    select
        cohort_type,
        milestone,
        cohort,
        count(*) as ramp_count,
        sum(case when is_reached then 1 else 0 end) as reached_count
    from durations
    group by cohort_type, milestone, cohort
),

-- Small cohorts are left out, as in every comparison; 'none' says what is not known, and is no cohort.
numbered_cohorts as (
    select
        cohorts.cohort_type,
        cohorts.milestone,
        cohorts.cohort,
        cohorts.ramp_count,
        cohorts.reached_count,
        row_number() over (
            partition by cohorts.cohort_type, cohorts.milestone order by cohorts.cohort asc
        ) as arm
    from cohorts
    where cohorts.ramp_count >= {{ var('min_group_size') }} and cohorts.cohort <> 'none'
),

counted as (
    select
        cohorts.cohort_type,
        cohorts.milestone,
        count(numbered_cohorts.arm) as cohort_count,
        coalesce(sum(numbered_cohorts.ramp_count), 0) as ramp_count,
        coalesce(sum(numbered_cohorts.reached_count), 0) as reached_count,
        sum(cohorts.ramp_count) - coalesce(sum(numbered_cohorts.ramp_count), 0) as left_out_count
    from cohorts
    left join numbered_cohorts
        on
            cohorts.cohort_type = numbered_cohorts.cohort_type
            and cohorts.milestone = numbered_cohorts.milestone
            and cohorts.cohort = numbered_cohorts.cohort
    group by cohorts.cohort_type, cohorts.milestone
),

arm_durations as (
    select
        numbered_cohorts.cohort_type,
        numbered_cohorts.milestone,
        numbered_cohorts.arm,
        durations.entry_days,
        durations.duration_days,
        durations.is_reached
    from numbered_cohorts
    inner join counted
        on
            numbered_cohorts.cohort_type = counted.cohort_type
            and numbered_cohorts.milestone = counted.milestone
            and counted.cohort_count <= {{ most_cohorts }}
    inner join durations
        on
            numbered_cohorts.cohort_type = durations.cohort_type
            and numbered_cohorts.milestone = durations.milestone
            and numbered_cohorts.cohort = durations.cohort
),

{{ log_rank_groups_ctes('arm_durations', ['cohort_type', 'milestone'], most_cohorts) }},

judged as (
    select
        counted.*,
        log_rank_groups.chi_square,
        log_rank_groups.degrees_of_freedom,
        case
            when counted.cohort_count < 2
                then 'fewer than two cohorts have {{ var("min_group_size") }} ramps'
            when counted.cohort_count > {{ most_cohorts }} then 'more than {{ most_cohorts }} cohorts'
            when counted.reached_count = 0 then 'nobody reached the milestone'
            when coalesce(log_rank_groups.degrees_of_freedom, 0) = 0 then 'the cohorts were never at risk together'
        end as reason_withheld
    from counted
    left join log_rank_groups
        on
            counted.cohort_type = log_rank_groups.cohort_type
            and counted.milestone = log_rank_groups.milestone
),

chi_squares as (
    select
        cohort_type,
        milestone,
        cohort_count,
        ramp_count,
        left_out_count,
        reason_withheld,
        case when reason_withheld is null then chi_square end as chi_square,
        case when reason_withheld is null then degrees_of_freedom end as degrees_of_freedom
    from judged
),

tested as (
    select
        chi_squares.*,
        {{ chi_square_tail_df('chi_square', 'degrees_of_freedom') }} as p_value
    from chi_squares
),

{{ holm_ctes('tested', ['cohort_type']) }},

final as (
    select
        {{ surrogate_key(['cohort_type', 'milestone']) }} as cohort_ramp_group_comparison_id,
        cohort_type,
        milestone,
        cast(cohort_count as integer) as cohort_count,
        cast(ramp_count as integer) as ramp_count,
        cast(left_out_count as integer) as left_out_count,
        {{ rounded_double('chi_square') }} as chi_square,
        cast(degrees_of_freedom as integer) as degrees_of_freedom,
        {{ rounded_double('p_value') }} as p_value,
        {{ rounded_double('p_value_holm') }} as p_value_holm,
        reason_withheld is not null as is_withheld,
        reason_withheld
    from holm
)

select * from final
