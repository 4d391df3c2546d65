{{ config(access='private', schema='conformed', contract={'enforced': false}) }}
-- Level 2: what each person adds to each measure of learning in a program, in all, per learning goal and per item.
with people as (select * from {{ ref('int_kirkpatrick_people') }}),

learning_events as (select * from {{ ref('fct_learning_events') }}),

items as (select * from {{ ref('dim_program_items') }}),

attempts as (
    select
        learning_events.learning_event_id,
        learning_events.program_id,
        learning_events.person_key,
        coalesce(learning_events.item_id, '(none)') as item_key,
        learning_events.item_id,
        items.goal,
        coalesce(learning_events.assessment_kind, 'quiz') as assessment_kind,
        learning_events.attempt_number,
        learning_events.happened_at,
        learning_events.happened_on,
        learning_events.score_rate,
        learning_events.is_passed
    from learning_events
    left join items on learning_events.item_id = items.item_id
    where learning_events.event_type = 'assessment_submitted' and learning_events.program_id is not null
),

-- A test before the program and one weeks after it are measured by their scores, not as attempts to pass.
ranked_attempts as (
    select
        attempts.*,
        row_number() over (
            partition by attempts.program_id, attempts.person_key, attempts.item_key
            order by attempts.attempt_number nulls last, attempts.happened_at, attempts.learning_event_id
        ) as attempt_rank
    from attempts
    where attempts.assessment_kind not in ('pre', 'retention')
),

passes as (
    select
        program_id,
        person_key,
        item_id,
        goal,
        max(case when attempt_rank = 1 and is_passed then 1 when attempt_rank = 1 and not is_passed then 0 end)
            as is_passed_first,
        max(case when is_passed then 1 when not is_passed then 0 end) as is_passed_ever
    from ranked_attempts
    group by program_id, person_key, item_id, goal
),

ranked_pre as (
    select
        attempts.*,
        row_number() over (
            partition by attempts.program_id, attempts.person_key, attempts.item_key
            order by attempts.happened_at, attempts.attempt_number nulls last, attempts.learning_event_id
        ) as pre_rank
    from attempts
    where attempts.assessment_kind = 'pre' and attempts.score_rate is not null
),

-- The first test before against the first test after: retakes would be practice.
ranked_post as (
    select
        ranked_pre.program_id,
        ranked_pre.person_key,
        ranked_pre.item_id,
        ranked_pre.goal,
        ranked_pre.score_rate as pre_rate,
        attempts.score_rate as post_rate,
        row_number() over (
            partition by ranked_pre.program_id, ranked_pre.person_key, ranked_pre.item_key
            order by attempts.happened_at, attempts.attempt_number nulls last, attempts.learning_event_id
        ) as post_rank
    from ranked_pre
    inner join attempts
        on
            ranked_pre.program_id = attempts.program_id
            and ranked_pre.person_key = attempts.person_key
            and ranked_pre.item_key = attempts.item_key
            and attempts.assessment_kind = 'post'
            and attempts.score_rate is not null
            and ranked_pre.happened_at <= attempts.happened_at
    where ranked_pre.pre_rank = 1
),

-- A few weeks after: 14 to 56 days after the program was completed, both days included.
retention_attempts as (
    select
        attempts.*,
        cast({{ dbt.dateadd('day', 14, 'people.completed_on') }} as date) as retention_from_on,
        cast({{ dbt.dateadd('day', 56, 'people.completed_on') }} as date) as retention_until_on
    from attempts
    inner join people
        on attempts.program_id = people.program_id and attempts.person_key = people.person_key
    where attempts.assessment_kind = 'retention' and attempts.score_rate is not null
),

ranked_retention as (
    select
        program_id,
        person_key,
        item_id,
        goal,
        score_rate,
        row_number() over (
            partition by program_id, person_key, item_key
            order by happened_at, attempt_number nulls last, learning_event_id
        ) as retention_rank
    from retention_attempts
    where happened_on between retention_from_on and retention_until_on
),

item_measures as (
    select
        program_id,
        person_key,
        item_id,
        goal,
        'first_attempt_pass_rate' as metric,
        cast(is_passed_first as {{ type_double() }}) as numerator
    from passes
    where is_passed_first is not null
    union all
    select
        program_id,
        person_key,
        item_id,
        goal,
        'eventual_pass_rate' as metric,
        cast(is_passed_ever as {{ type_double() }}) as numerator
    from passes
    where is_passed_ever is not null
    union all
    select
        program_id,
        person_key,
        item_id,
        goal,
        'score_gain' as metric,
        post_rate - pre_rate as numerator
    from ranked_post
    where post_rank = 1
    union all
    -- Whoever had the full score before has nothing left to gain.
    select
        program_id,
        person_key,
        item_id,
        goal,
        'normalised_gain' as metric,
        (post_rate - pre_rate) / nullif(1 - pre_rate, 0) as numerator
    from ranked_post
    where post_rank = 1 and pre_rate < 1
    union all
    select
        program_id,
        person_key,
        item_id,
        goal,
        'retention_score' as metric,
        score_rate as numerator
    from ranked_retention
    where retention_rank = 1
),

certificates as (
    select
        program_id,
        person_key,
        certification_name
    from learning_events
    where
        event_type = 'certified'
        and program_id is not null
        and happened_on <= {{ as_of_date() }}
        and (expires_on is null or expires_on > {{ as_of_date() }})
    group by program_id, person_key, certification_name
),

measured as (
    select
        program_id,
        person_key,
        metric,
        'all' as breakdown_type,
        'all' as breakdown,
        {{ ordered_sum('numerator') }} as numerator,
        count(*) as denominator
    from item_measures
    group by program_id, person_key, metric
    union all
    select
        program_id,
        person_key,
        metric,
        'goal' as breakdown_type,
        goal as breakdown,
        {{ ordered_sum('numerator') }} as numerator,
        count(*) as denominator
    from item_measures
    where goal is not null
    group by program_id, person_key, metric, goal
    union all
    select
        program_id,
        person_key,
        metric,
        'item' as breakdown_type,
        item_id as breakdown,
        {{ ordered_sum('numerator') }} as numerator,
        count(*) as denominator
    from item_measures
    where item_id is not null
    group by program_id, person_key, metric, item_id
    union all
    select
        program_id,
        person_key,
        'certifications' as metric,
        'all' as breakdown_type,
        'all' as breakdown,
        cast(count(*) as {{ type_double() }}) as numerator,
        null as denominator
    from certificates
    group by program_id, person_key
),

final as (
    select
        program_id,
        person_key,
        metric,
        breakdown_type,
        breakdown,
        {{ rounded_double('numerator') }} as numerator,
        cast(denominator as {{ type_double() }}) as denominator,
        1 as is_counted
    from measured
)

select * from final
