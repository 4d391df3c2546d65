-- The items of programs that statements are about. An activity that stands under several programs is an item of the one
-- that the latest statement names.
with statements as (select * from {{ ref('stg_xapi__statements') }}),

ranked as (
    select
        statements.item_iri,
        statements.program_iri,
        statements.activity_name,
        statements.activity_type,
        statements.row_key,
        row_number() over (
            partition by statements.item_iri
            order by
                case when statements.activity_name is null then 1 else 0 end asc,
                statements.happened_at desc,
                statements.row_key desc
        ) as name_rank
    from statements
    where
        statements.row_status = 'accepted'
        and statements.is_learning
        and statements.item_iri is not null
),

final as (
    select
        'xapi:' || ranked.item_iri as item_id,
        'xapi:' || ranked.program_iri as program_id,
        coalesce(ranked.activity_name, ranked.item_iri) as item_name,
        case lower(replace(ranked.activity_type, 'https:', 'http:'))
            {%- for kind, types in {
                'course': ['course', 'lesson', 'module'], 'live_session': ['meeting', 'performance'],
                'practice': ['simulation'], 'assessment': ['assessment', 'question', 'cmi.interaction'],
            }.items() %}
            {%- for type in types %}
            when 'http://adlnet.gov/expapi/activities/{{ type }}' then '{{ kind }}'
            {%- endfor %}
            {%- endfor %}
        end as item_kind,
        cast(null as {{ dbt.type_string() }}) as goal,
        ranked.row_key,
        'accepted' as row_status
    from ranked
    where ranked.name_rank = 1
)

select * from final
