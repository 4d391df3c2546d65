{{ config(severity='warn') }}
-- Two people who are each other's manager: both cannot be right.
with reps as (select * from {{ ref('dim_reps') }}),

final as (
    select
        reps.rep_id,
        reps.manager_rep_id
    from reps
    inner join reps as managers on reps.manager_rep_id = managers.rep_id
    where managers.manager_rep_id = reps.rep_id and reps.rep_id < managers.rep_id
)

select * from final
