-- The wide mart is the long one, turned: recomputed from it, both ways.
{% set shipped = [
    'first_activity',
    'first_call',
    'first_meeting',
    'first_demo',
    'first_opportunity',
    'first_deal',
    'quota_50',
    'quota_80',
    'quota_100',
    'first_program_completed',
    'first_certification',
] %}

with wide as (
    {%- for milestone in shipped %}
    select
        ramp_id,
        '{{ milestone }}' as milestone,
        days_to_{{ milestone }} as days_to
    from {{ ref('rep_ramp') }}
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

long_form as (
    select
        ramp_id,
        milestone,
        {{ dbt.datediff('ramp_started_on', 'reached_on', 'day') }}
            as days_to
    from {{ ref('rep_milestones') }}
    where milestone in ('{{ shipped | join("', '") }}')
)

select
    coalesce(wide.ramp_id, long_form.ramp_id) as ramp_id,
    coalesce(wide.milestone, long_form.milestone) as milestone,
    wide.days_to as wide_days_to,
    long_form.days_to as long_days_to
from wide
full join long_form
    on
        wide.ramp_id = long_form.ramp_id
        and wide.milestone = long_form.milestone
where
    wide.ramp_id is null
    or (long_form.ramp_id is null and wide.days_to is not null)
    or wide.days_to is distinct from long_form.days_to
