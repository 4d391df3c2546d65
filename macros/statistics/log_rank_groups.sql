{#-
    CTEs of the log-rank test of several arms at once; the last one is named log_rank_groups, a row per group.

    relation has the group columns and: arm (integer, 1 to k, without gaps), entry_days and duration_days (integers, 0 <= entry_days <=
    duration_days; see kaplan_meier_ctes), is_reached. most_arms is the largest k that is computed; further arms must have been left out.
    log_rank_groups has the group columns, chi_square and degrees_of_freedom (k - 1, less where an arm was never at risk beside another;
    0 = nothing can be compared, and chi_square is 0).

    With n_i at risk and d_i reached of arm i on a day, n and d of all arms: u_i = sum of d_i - n_i d / n, and
    V_ij = sum of (n n_i [i = j] - n_i n_j) d (n - d) / (n^2 (n - 1)). chi-square = u' V^-1 u over the first k - 1 arms.
    No engine inverts a matrix in SQL: V bordered by u, [[V, u], [u', 0]], is swept, one step of Gauss' elimination after the other (a step
    is three windows and no join), and what is left in the corner is -u' V^-1 u.
    Formula: Klein and Moeschberger, Survival Analysis, 2nd ed., 7.3; the corner is the Schur complement.
-#}
{% macro log_rank_groups_ctes(relation, groups, most_arms) -%}
{%- set group_list = groups | join(', ') -%}
arm_rows as (
    select
        {{ group_list }},
        arm,
        duration_days as day,
        0 as entered,
        1 as exited,
        case when is_reached then 1 else 0 end as reached
    from {{ relation }}

    union all

    select
        {{ group_list }},
        arm,
        entry_days as day,
        1 as entered,
        0 as exited,
        0 as reached
    from {{ relation }}
),

arm_moves as (
    select
        {{ group_list }},
        arm,
        day,
        sum(entered) as entries,
        sum(exited) as exits,
        sum(reached) as reached
    from arm_rows
    group by {{ group_list }}, arm, day
),

arm_days as (
    select
        {{ group_list }},
        day,
        sum(reached) as reached
    from arm_moves
    group by {{ group_list }}, day
),

arms as (
    select
        {{ group_list }},
        arm,
        max(arm) over (partition by {{ group_list }}) as last_arm
    from arm_moves
    group by {{ group_list }}, arm
),

-- Every arm on every day, so that it is counted as at risk on the days of the others.
arm_grid as (
    select
        {% for name in groups %}arms.{{ name }},
        {% endfor -%}
        arms.arm,
        arms.last_arm,
        arm_days.day,
        arm_days.reached as day_reached,
        coalesce(arm_moves.entries, 0) as entries,
        coalesce(arm_moves.exits, 0) as exits,
        coalesce(arm_moves.reached, 0) as reached
    from arms
    inner join arm_days
        on {% for name in groups %}arms.{{ name }} = arm_days.{{ name }}{{ '\n            and ' if not loop.last }}{% endfor %}
    left join arm_moves
        on {% for name in groups %}arms.{{ name }} = arm_moves.{{ name }}
            and {% endfor %}arms.arm = arm_moves.arm
            and arm_days.day = arm_moves.day
),

arms_at_risk as (
    select
        arm_grid.*,
        exits + sum(entries - exits) over (
            partition by {{ group_list }}, arm order by day asc rows between unbounded preceding and current row
        ) as arm_at_risk
    from arm_grid
),

arm_terms as (
    select
        {{ group_list }},
        arm,
        last_arm,
        day,
        cast(reached as {{ type_double() }}) as arm_reached,
        cast(day_reached as {{ type_double() }}) as reached,
        cast(arm_at_risk as {{ type_double() }}) as arm_at_risk,
        cast(sum(arm_at_risk) over (partition by {{ group_list }}, day) as {{ type_double() }}) as at_risk
    from arms_at_risk
    where day_reached > 0
),

arm_pairs as (
    select
        {% for name in groups %}a.{{ name }},
        {% endfor -%}
        a.arm as i,
        b.arm as j,
        case
            when a.at_risk > 1
                then
                    (case when a.arm = b.arm then a.at_risk * a.arm_at_risk else 0e0 end - a.arm_at_risk * b.arm_at_risk)
                    * a.reached * (a.at_risk - a.reached)
                    / (a.at_risk * a.at_risk * (a.at_risk - 1))
            else 0e0
        end as covariance
    from arm_terms as a
    inner join arm_terms as b
        on {% for name in groups %}a.{{ name }} = b.{{ name }}
            and {% endfor %}a.day = b.day
    where a.arm < a.last_arm and b.arm < b.last_arm
),

matrix_cells as (
    -- 0 is the border.
    select
        {{ group_list }},
        0 as i,
        0 as j,
        0e0 as cell
    from arm_terms
    group by {{ group_list }}

    union all

    select
        {{ group_list }},
        arm as i,
        0 as j,
        {{ ordered_sum('arm_reached - arm_at_risk * reached / at_risk') }} as cell
    from arm_terms
    where arm < last_arm
    group by {{ group_list }}, arm

    union all

    select
        {{ group_list }},
        0 as i,
        arm as j,
        {{ ordered_sum('arm_reached - arm_at_risk * reached / at_risk') }} as cell
    from arm_terms
    where arm < last_arm
    group by {{ group_list }}, arm

    union all

    select
        {{ group_list }},
        i,
        j,
        {{ ordered_sum('covariance') }} as cell
    from arm_pairs
    group by {{ group_list }}, i, j
),

swept_0 as (
    select
        matrix_cells.*,
        0 as pivot_count
    from matrix_cells
),
{% for step in range(1, most_arms) %}
sweep_{{ step }} as (
    select
        swept_{{ step - 1 }}.*,
        max(case when i = {{ step }} and j = {{ step }} then cell end) over (partition by {{ group_list }}) as pivot_cell,
        max(case when i = {{ step }} then cell end) over (partition by {{ group_list }}, j) as pivot_row,
        max(case when j = {{ step }} then cell end) over (partition by {{ group_list }}, i) as pivot_column
    from swept_{{ step - 1 }}
),

-- An arm that was never at risk beside the others has variance 0, but for rounding, and is passed over.
swept_{{ step }} as {{ materialized_cte() }} (
    select
        {{ group_list }},
        i,
        j,
        case when pivot_cell > 1e-9 then cell - pivot_row * pivot_column / pivot_cell else cell end as cell,
        case when pivot_cell > 1e-9 then pivot_count + 1 else pivot_count end as pivot_count
    from sweep_{{ step }}
    where i <> {{ step }} and j <> {{ step }}
),
{% endfor %}
log_rank_groups as (
    select
        {{ group_list }},
        -cell as chi_square,
        pivot_count as degrees_of_freedom
    from swept_{{ most_arms - 1 }}
    where i = 0 and j = 0
)
{%- endmacro %}
