with durations as (
    select * from {{ ref('int_ramp_durations') }}
),

labels as (
    select
        cohort_type,
        cohort,
        milestone,
        min(cohort_label) as cohort_label,
        count(*) as ramp_count
    from durations
    group by cohort_type, cohort, milestone
),

{{ kaplan_meier_ctes('durations', ['cohort_type', 'cohort', 'milestone']) }},

final as (
    select
        {{ surrogate_key([
            'km_curves.cohort_type', 'km_curves.cohort', 'km_curves.milestone', 'km_curves.day'
        ]) }} as cohort_ramp_curve_id,
        km_curves.cohort_type,
        km_curves.cohort,
        labels.cohort_label,
        km_curves.milestone,
        cast(km_curves.day as integer) as day,
        cast(km_curves.next_day as integer) as next_day,
        cast(labels.ramp_count as integer) as ramp_count,
        labels.ramp_count < {{ var('min_group_size') }} as is_small_cohort,
        km_curves.entered_count,
        km_curves.at_risk_count,
        km_curves.reached_count,
        km_curves.censored_count,
        km_curves.left_count,
        {{ rounded_double('km_curves.survival') }} as survival,
        {{ rounded_double('km_curves.survival_se') }} as survival_se,
        {{ rounded_double('km_curves.ci_low') }} as ci_low,
        {{ rounded_double('km_curves.ci_high') }} as ci_high,
        {{ rounded_double('km_curves.cumulative_incidence') }} as cumulative_incidence
    from km_curves
    inner join labels
        on
            km_curves.cohort_type = labels.cohort_type
            and km_curves.cohort = labels.cohort
            and km_curves.milestone = labels.milestone
)

select * from final
