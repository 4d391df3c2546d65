-- Every ramp that statistics may use ends once on each curve it belongs to, and no curve is missing.
with expected as (
    select
        milestone,
        count(*) as ramp_count,
        sum(case when is_reached then 1 else 0 end) as reached_count
    from {{ ref('rep_milestones') }}
    where entry_days is not null and is_evaluable
    group by milestone
),

cohort_types as (
    {%- for cohort_type in [
        'all', 'hire_quarter', 'hire_recency', 'role_family', 'region', 'manager', 'onboarding_version'
    ] %}
    select '{{ cohort_type }}' as cohort_type
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

found as (
    select
        cohort_type,
        milestone,
        sum(reached_count + censored_count + left_count) as ramp_count,
        sum(entered_count) as entered_count,
        sum(reached_count) as reached_count
    from {{ ref('cohort_ramp_curves') }}
    group by cohort_type, milestone
)

select
    cohort_types.cohort_type,
    expected.milestone,
    expected.ramp_count as expected_count,
    found.ramp_count as found_count
from expected
cross join cohort_types
left join found
    on
        expected.milestone = found.milestone
        and cohort_types.cohort_type = found.cohort_type
where
    found.ramp_count is distinct from expected.ramp_count
    or found.entered_count is distinct from expected.ramp_count
    or found.reached_count is distinct from expected.reached_count
