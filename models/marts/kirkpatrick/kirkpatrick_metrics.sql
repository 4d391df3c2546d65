-- Every Kirkpatrick metric of every program and cohort. Survey results of few people are withheld.
with programs as (select * from {{ ref('dim_programs') }}),

people as (select * from {{ ref('int_kirkpatrick_people') }}),

participation as (select * from {{ ref('int_kirkpatrick_participation') }}),

reactions as (select * from {{ ref('int_kirkpatrick_reactions') }}),

learning as (select * from {{ ref('int_kirkpatrick_learning') }}),

behaviors as (select * from {{ ref('int_kirkpatrick_behaviors') }}),

results as (select * from {{ ref('int_kirkpatrick_results') }}),

withheld as (select * from {{ ref('int_kirkpatrick_withheld') }}),

catalogue as (select * from {{ ref('int_kirkpatrick_catalogue') }}),

metrics as (
    select
        level,
        metric,
        unit,
        value_kind
    from catalogue
    group by level, metric, unit, value_kind
),

contributions as (
    {%- for source in ['participation', 'reactions', 'learning', 'behaviors'] %}
    select
        program_id,
        person_key,
        metric,
        breakdown_type,
        breakdown,
        numerator,
        denominator,
        is_counted,
        cast(null as {{ type_double() }}) as observed_value
    from {{ source }}
    union all
    {%- endfor %}
    select
        program_id,
        person_key,
        metric,
        breakdown_type,
        breakdown,
        numerator,
        denominator,
        1 as is_counted,
        observed_value
    from results
),

-- Whoever matched nobody, and whoever answered anonymously, is in the cohort unmatched of each cohort type.
placed as (
    select
        contributions.*,
        coalesce(people.role_family, 'unmatched') as role_family,
        coalesce(people.hire_quarter, 'unmatched') as hire_quarter
    from contributions
    left join people
        on contributions.program_id = people.program_id and contributions.person_key = people.person_key
),

cohort_types as (
    select 'all' as cohort_type
    union all
    select 'role_family' as cohort_type
    union all
    select 'hire_quarter' as cohort_type
),

in_cohorts as (
    select
        placed.*,
        cohort_types.cohort_type,
        case cohort_types.cohort_type
            when 'role_family' then placed.role_family
            when 'hire_quarter' then placed.hire_quarter
            else 'all'
        end as cohort
    from placed
    cross join cohort_types
),

ranked as (
    select
        in_cohorts.*,
        row_number() over (
            partition by
                in_cohorts.program_id,
                in_cohorts.cohort_type,
                in_cohorts.cohort,
                in_cohorts.metric,
                in_cohorts.breakdown_type,
                in_cohorts.breakdown
            order by in_cohorts.observed_value asc nulls last
        ) as value_rank,
        count(in_cohorts.observed_value) over (
            partition by
                in_cohorts.program_id,
                in_cohorts.cohort_type,
                in_cohorts.cohort,
                in_cohorts.metric,
                in_cohorts.breakdown_type,
                in_cohorts.breakdown
        ) as value_count
    from in_cohorts
),

-- The median is the mean of the one or two observations in the middle. It has a row per observation, so people are
-- counted by key.
aggregated as (
    select
        program_id,
        cohort_type,
        cohort,
        metric,
        breakdown_type,
        breakdown,
        {{ ordered_sum('numerator') }} as numerator,
        {{ ordered_sum('denominator') }} as denominator,
        avg(case when 2 * value_rank between value_count and value_count + 2 then observed_value end) as median_value,
        count(distinct case when is_counted = 1 then person_key end) as people_count
    from ranked
    group by program_id, cohort_type, cohort, metric, breakdown_type, breakdown
),

-- Every program has every metric, in all and in each cohort that has anybody; nobody unmatched reaches levels 3 and 4.
-- The cohort unmatched is always there: it must not tell that somebody answered anonymously.
program_cohorts as (
    select
        program_id,
        'all' as cohort_type,
        'all' as cohort
    from programs
    union all
    select
        program_id,
        'role_family' as cohort_type,
        'unmatched' as cohort
    from programs
    union all
    select
        program_id,
        'hire_quarter' as cohort_type,
        'unmatched' as cohort
    from programs
    union all
    select
        program_id,
        'role_family' as cohort_type,
        role_family as cohort
    from placed
    group by program_id, role_family
    union all
    select
        program_id,
        'hire_quarter' as cohort_type,
        hire_quarter as cohort
    from placed
    group by program_id, hire_quarter
),

expected as (
    select
        program_cohorts.program_id,
        program_cohorts.cohort_type,
        program_cohorts.cohort,
        catalogue.metric,
        catalogue.breakdown_type,
        catalogue.breakdown
    from program_cohorts
    inner join catalogue
        on
            catalogue.breakdown is not null
            and (catalogue.level <= 2 or program_cohorts.cohort <> 'unmatched')
    union all
    select
        program_id,
        cohort_type,
        cohort,
        metric,
        breakdown_type,
        breakdown
    from aggregated
),

grain as (
    select
        program_id,
        cohort_type,
        cohort,
        metric,
        breakdown_type,
        breakdown
    from expected
    group by program_id, cohort_type, cohort, metric, breakdown_type, breakdown
),

measured as (
    select
        grain.program_id,
        grain.cohort_type,
        grain.cohort,
        metrics.level,
        grain.metric,
        metrics.unit,
        metrics.value_kind,
        grain.breakdown_type,
        grain.breakdown,
        case when metrics.value_kind <> 'median' then coalesce(aggregated.numerator, 0) end as numerator,
        case when metrics.value_kind <> 'count' then coalesce(aggregated.denominator, 0) end as denominator,
        aggregated.median_value,
        coalesce(aggregated.people_count, 0) as people_count
    from grain
    inner join metrics on grain.metric = metrics.metric
    left join aggregated
        on
            grain.program_id = aggregated.program_id
            and grain.cohort_type = aggregated.cohort_type
            and grain.cohort = aggregated.cohort
            and grain.metric = aggregated.metric
            and grain.breakdown_type = aggregated.breakdown_type
            and grain.breakdown = aggregated.breakdown
),

-- Beside a withheld cohort, one that nobody answered in is withheld too: else withheld would mean somebody, and five
-- withheld cohorts of five people would be one each.
withheld_types as (
    select
        program_id,
        cohort_type,
        metric,
        breakdown_type,
        breakdown
    from withheld
    where is_withheld
    group by program_id, cohort_type, metric, breakdown_type, breakdown
),

decided as (
    select
        measured.*,
        coalesce(
            withheld.is_withheld,
            measured.level = 1 and (measured.people_count > 0 or withheld_types.program_id is not null)
        ) as is_withheld
    from measured
    left join withheld
        on
            measured.program_id = withheld.program_id
            and measured.cohort_type = withheld.cohort_type
            and measured.cohort = withheld.cohort
            and measured.metric = withheld.metric
            and measured.breakdown_type = withheld.breakdown_type
            and measured.breakdown = withheld.breakdown
    left join withheld_types
        on
            measured.program_id = withheld_types.program_id
            and measured.cohort_type = withheld_types.cohort_type
            and measured.metric = withheld_types.metric
            and measured.breakdown_type = withheld_types.breakdown_type
            and measured.breakdown = withheld_types.breakdown
),

final as (
    select
        {{ surrogate_key([
            'program_id', 'cohort_type', 'cohort', 'metric', 'breakdown_type', 'breakdown'
        ]) }} as kirkpatrick_metric_id,
        program_id,
        cohort_type,
        cohort,
        cast(level as integer) as level,
        metric,
        breakdown_type,
        breakdown,
        unit,
        case when not is_withheld then {{ rounded_double('numerator') }} end as numerator,
        case when not is_withheld then {{ rounded_double('denominator') }} end as denominator,
        case
            when is_withheld then null
            when value_kind = 'count' then {{ rounded_double('numerator') }}
            when value_kind = 'median' then {{ rounded_double('median_value') }}
            else {{ rounded_double('numerator / nullif(denominator, 0)') }}
        end as value,
        case when not is_withheld then cast(people_count as integer) end as people_count,
        is_withheld,
        {{ as_of_date() }} as as_of_date
    from decided
)

select * from final
