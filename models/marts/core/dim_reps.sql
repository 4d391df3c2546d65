-- The people: reps, their managers and everybody else of the sales company that had been hired by the as-of date.
with reps as (select * from {{ ref('cnf_reps') }}),

final as (
    select
        reps.rep_id,
        reps.full_name,
        reps.email_hash,
        reps.role_name,
        reps.role_family,
        reps.is_ramping_role,
        reps.region,
        reps.segment,
        reps.manager_rep_id,
        reps.hired_on,
        reps.terminated_on,
        reps.is_active,
        reps.timezone,
        reps.is_timezone_known
    from reps
)

{{ with_custom_columns('final', 'dim_reps', 'rep_id') }}
