{{ config(access='private', schema='conformed', contract={'enforced': false}) }}

-- Two-sided p-values by Student's t. A model of its own: the tail is one expression of 20 kB, too deep for sqlfluff to
-- read.
with estimates as (
    select * from {{ ref('int_program_performance_estimates') }}
),

final as (
    select
        estimates.program_id,
        estimates.outcome,
        estimates.estimand,
        {{ rounded_double(two_sided_t_p('estimates.t_statistic', 'estimates.degrees_of_freedom')) }} as p_value
    from estimates
)

select * from final
