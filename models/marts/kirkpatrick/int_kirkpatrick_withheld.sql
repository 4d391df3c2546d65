{{ config(access='private', schema='conformed', contract={'enforced': false}) }}
-- The one place that decides which survey results are withheld: too few people, or a result that would give them away.
{%- set min_people = var('min_group_size') | int %}
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

-- 3. Two cohort types cut the same people twice. Where the hire quarters that lie within one or two role families leave
-- fewer people of them than the minimum, the difference would give these away: then all hire quarters go.
-- Cohorts that are withheld already count as one group, since only their sum can be worked out.
grouped as (
    select
        respondents.program_id,
        respondents.metric,
        respondents.breakdown_type,
        respondents.breakdown,
        case when family_cells.is_closed = 1 then '(withheld)' else respondents.role_family end as role_group,
        case when quarter_cells.is_closed = 1 then '(withheld)' else respondents.hire_quarter end as quarter_group,
        count(*) as people_count
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
    group by
        respondents.program_id,
        respondents.metric,
        respondents.breakdown_type,
        respondents.breakdown,
        case when family_cells.is_closed = 1 then '(withheld)' else respondents.role_family end,
        case when quarter_cells.is_closed = 1 then '(withheld)' else respondents.hire_quarter end
),

role_groups as (
    select
        program_id,
        metric,
        breakdown,
        role_group
    from grouped
    group by program_id, metric, breakdown, role_group
),

role_sets as (
    select
        role_groups.program_id,
        role_groups.metric,
        role_groups.breakdown,
        role_groups.role_group as first_group,
        second_groups.role_group as second_group
    from role_groups
    inner join role_groups as second_groups
        on
            role_groups.program_id = second_groups.program_id
            and role_groups.metric = second_groups.metric
            and role_groups.breakdown = second_groups.breakdown
            and role_groups.role_group <= second_groups.role_group
),

set_quarters as (
    select
        role_sets.program_id,
        role_sets.metric,
        role_sets.breakdown,
        role_sets.first_group,
        role_sets.second_group,
        grouped.quarter_group,
        sum(
            case
                when grouped.role_group in (role_sets.first_group, role_sets.second_group) then grouped.people_count
                else 0
            end
        ) as inside_count,
        sum(
            case
                when grouped.role_group in (role_sets.first_group, role_sets.second_group) then 0
                else grouped.people_count
            end
        ) as outside_count
    from role_sets
    inner join grouped
        on
            role_sets.program_id = grouped.program_id
            and role_sets.metric = grouped.metric
            and role_sets.breakdown = grouped.breakdown
    group by
        role_sets.program_id,
        role_sets.metric,
        role_sets.breakdown,
        role_sets.first_group,
        role_sets.second_group,
        grouped.quarter_group
),

set_rests as (
    select
        program_id,
        metric,
        breakdown,
        first_group,
        second_group,
        sum(case when outside_count > 0 then inside_count else 0 end) as inside_rest,
        sum(case when inside_count > 0 then outside_count else 0 end) as outside_rest
    from set_quarters
    group by program_id, metric, breakdown, first_group, second_group
),

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
),

final as (
    select
        closed.program_id,
        closed.metric,
        closed.breakdown_type,
        closed.breakdown,
        closed.cohort_type,
        closed.cohort,
        cast(closed.people_count as integer) as people_count,
        closed.is_closed = 1 or (closed.cohort_type = 'hire_quarter' and differences.program_id is not null)
            as is_withheld,
        case
            when closed.is_small = 1 then 'too_few'
            when closed.is_closed = 1 then 'complement'
            when closed.cohort_type = 'hire_quarter' and differences.program_id is not null then 'difference'
        end as withheld_reason
    from closed
    left join differences
        on
            closed.program_id = differences.program_id
            and closed.metric = differences.metric
            and closed.breakdown = differences.breakdown
)

select * from final
