{{ config(access='private', schema='conformed', contract={'enforced': false}) }}
-- The one place that decides which survey results are withheld: too few people, or a result that would give them away.
{%- set min_people = var('min_group_size') | int %}
{#- Of so many role groups every set is looked through: 2 ^ 7, one bit for each group but the last. -#}
{%- set most_groups = 8 %}
{%- set group_numbers = range(1, most_groups) %}
with people as (select * from {{ ref('int_kirkpatrick_people') }}),

reactions as (select * from {{ ref('int_kirkpatrick_reactions') }}),

respondents as (
    select
        reactions.program_id,
        reactions.metric,
        reactions.breakdown_type,
        reactions.breakdown,
        reactions.person_key,
        coalesce(people.role_family, 'unmatched') as role_family,
        coalesce(people.hire_quarter, 'unmatched') as hire_quarter
    from reactions
    left join people
        on reactions.program_id = people.program_id and reactions.person_key = people.person_key
    where reactions.is_counted = 1
),

cells as (
    select
        program_id,
        metric,
        breakdown_type,
        breakdown,
        'all' as cohort_type,
        'all' as cohort,
        count(*) as people_count
    from respondents
    group by program_id, metric, breakdown_type, breakdown
    union all
    select
        program_id,
        metric,
        breakdown_type,
        breakdown,
        'role_family' as cohort_type,
        role_family as cohort,
        count(*) as people_count
    from respondents
    group by program_id, metric, breakdown_type, breakdown, role_family
    union all
    select
        program_id,
        metric,
        breakdown_type,
        breakdown,
        'hire_quarter' as cohort_type,
        hire_quarter as cohort,
        count(*) as people_count
    from respondents
    group by program_id, metric, breakdown_type, breakdown, hire_quarter
),

-- 1. Fewer people than the minimum.
small as (
    select
        cells.*,
        case when cells.people_count < {{ min_people }} then 1 else 0 end as is_small
    from cells
),

-- 2. One small cohort, or small ones that are too few together, would be the rest when its siblings are taken from
-- all: the next smallest goes too. Unmatched people, the same in every cohort type, go last: then they go in all types.
small_sums as (
    select
        small.*,
        sum(small.is_small) over (
            partition by small.program_id, small.metric, small.breakdown_type, small.breakdown, small.cohort_type
        ) as small_cohorts,
        sum(small.is_small * small.people_count) over (
            partition by small.program_id, small.metric, small.breakdown_type, small.breakdown, small.cohort_type
        ) as small_people,
        row_number() over (
            partition by
                small.program_id, small.metric, small.breakdown_type, small.breakdown, small.cohort_type, small.is_small
            order by case when small.cohort = 'unmatched' then 1 else 0 end, small.people_count, small.cohort
        ) as size_rank
    from small
),

complemented as (
    select
        small_sums.*,
        case
            when
                small_sums.is_small = 0
                and small_sums.size_rank = 1
                and small_sums.small_cohorts > 0
                and (small_sums.small_cohorts = 1 or small_sums.small_people < {{ min_people }})
                then 1
            else 0
        end as is_complement
    from small_sums
),

closed as (
    select
        program_id,
        metric,
        breakdown_type,
        breakdown,
        cohort_type,
        cohort,
        people_count,
        is_small,
        case when is_small = 1 or is_complement = 1 then 1 else 0 end as is_closed
    from complemented
),

-- 3. Two cohort types cut the same people twice. Where the hire quarters that lie within some role families leave fewer
-- people of them than the minimum, the difference would give these away: then the hire quarters go that cut a family.
-- Cohorts that are withheld already count as one group, since only their sum can be worked out.
placed as (
    select
        respondents.program_id,
        respondents.metric,
        respondents.breakdown,
        respondents.hire_quarter,
        case when family_cells.is_closed = 1 then '(withheld)' else respondents.role_family end as role_group,
        case when quarter_cells.is_closed = 1 then '(withheld)' else respondents.hire_quarter end as quarter_group
    from respondents
    inner join closed as family_cells
        on
            respondents.program_id = family_cells.program_id
            and respondents.metric = family_cells.metric
            and respondents.breakdown = family_cells.breakdown
            and respondents.role_family = family_cells.cohort
            and family_cells.cohort_type = 'role_family'
    inner join closed as quarter_cells
        on
            respondents.program_id = quarter_cells.program_id
            and respondents.metric = quarter_cells.metric
            and respondents.breakdown = quarter_cells.breakdown
            and respondents.hire_quarter = quarter_cells.cohort
            and quarter_cells.cohort_type = 'hire_quarter'
),

grouped as (
    select
        program_id,
        metric,
        breakdown,
        role_group,
        quarter_group,
        count(*) as people_count
    from placed
    group by program_id, metric, breakdown, role_group, quarter_group
),

role_groups as (
    select
        program_id,
        metric,
        breakdown,
        role_group,
        row_number() over (partition by program_id, metric, breakdown order by role_group) as group_rank,
        count(*) over (partition by program_id, metric, breakdown) as group_count,
        count(distinct hire_quarter) as quarter_count
    from placed
    group by program_id, metric, breakdown, role_group
),

bits as (
    select 0 as bit
    union all
    select 1 as bit
),

-- Every set of role groups once: a set without the last group stands for itself and for the others.
set_numbers as (
    select
        {%- for number in group_numbers %}
        bits_{{ number }}.bit as has_{{ number }},
        {%- endfor %}
        {%- for number in group_numbers %}
        {{ '+ ' if not loop.first }}bits_{{ number }}.bit * {{ 2 ** (number - 1) }}
        {%- endfor %}
            as set_number
    from bits as bits_1
    cross join bits as bits_2
    cross join bits as bits_3
    cross join bits as bits_4
    cross join bits as bits_5
    cross join bits as bits_6
    cross join bits as bits_7
),

role_sets as (
    select
        role_groups.program_id,
        role_groups.metric,
        role_groups.breakdown,
        role_groups.role_group,
        set_numbers.set_number,
        case role_groups.group_rank
            {%- for number in group_numbers %}
            when {{ number }} then set_numbers.has_{{ number }}
            {%- endfor %}
            else 0
        end as is_inside
    from role_groups
    inner join set_numbers
        on
            set_numbers.set_number > 0
            and set_numbers.set_number < power(2, role_groups.group_count - 1)
    where role_groups.group_count <= {{ most_groups }}
),

set_quarters as (
    select
        role_sets.program_id,
        role_sets.metric,
        role_sets.breakdown,
        role_sets.set_number,
        grouped.quarter_group,
        sum(role_sets.is_inside * grouped.people_count) as inside_count,
        sum((1 - role_sets.is_inside) * grouped.people_count) as outside_count
    from role_sets
    inner join grouped
        on
            role_sets.program_id = grouped.program_id
            and role_sets.metric = grouped.metric
            and role_sets.breakdown = grouped.breakdown
            and role_sets.role_group = grouped.role_group
    group by
        role_sets.program_id,
        role_sets.metric,
        role_sets.breakdown,
        role_sets.set_number,
        grouped.quarter_group
),

set_rests as (
    select
        program_id,
        metric,
        breakdown,
        set_number,
        sum(case when outside_count > 0 then inside_count else 0 end) as inside_rest,
        sum(case when inside_count > 0 then outside_count else 0 end) as outside_rest
    from set_quarters
    group by program_id, metric, breakdown, set_number
),

-- More role groups than are looked through are taken to have such a difference.
differences as (
    select
        program_id,
        metric,
        breakdown
    from set_rests
    where
        (inside_rest > 0 and inside_rest < {{ min_people }})
        or (outside_rest > 0 and outside_rest < {{ min_people }})
    group by program_id, metric, breakdown
    union all
    select
        program_id,
        metric,
        breakdown
    from role_groups
    where group_count > {{ most_groups }}
    group by program_id, metric, breakdown
),

-- A quarter of whole role groups is their sum: withholding it hides nothing, and it gives nobody away.
cutting_quarters as (
    select
        placed.program_id,
        placed.metric,
        placed.breakdown,
        placed.hire_quarter
    from placed
    inner join role_groups
        on
            placed.program_id = role_groups.program_id
            and placed.metric = role_groups.metric
            and placed.breakdown = role_groups.breakdown
            and placed.role_group = role_groups.role_group
    where role_groups.quarter_count > 1
    group by placed.program_id, placed.metric, placed.breakdown, placed.hire_quarter
),

reasoned as (
    select
        closed.*,
        case
            when closed.is_small = 1 then 'too_few'
            when closed.cohort_type = 'hire_quarter' and cutting_quarters.program_id is null then null
            when closed.is_closed = 1 then 'complement'
            when closed.cohort_type = 'hire_quarter' and differences.program_id is not null then 'difference'
        end as withheld_reason
    from closed
    left join differences
        on
            closed.program_id = differences.program_id
            and closed.metric = differences.metric
            and closed.breakdown = differences.breakdown
    left join cutting_quarters
        on
            closed.program_id = cutting_quarters.program_id
            and closed.metric = cutting_quarters.metric
            and closed.breakdown = cutting_quarters.breakdown
            and closed.cohort = cutting_quarters.hire_quarter
),

final as (
    select
        program_id,
        metric,
        breakdown_type,
        breakdown,
        cohort_type,
        cohort,
        cast(people_count as integer) as people_count,
        withheld_reason is not null as is_withheld,
        withheld_reason
    from reasoned
)

select * from final
