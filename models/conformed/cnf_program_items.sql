-- Items of a program: courses, live sessions, practice, assessments, certifications.
with items as (
    {{ feed('program_items') }}
),

programs as (select * from {{ ref('cnf_programs') }}),

final as (
    select
        items.item_id,
        programs.program_id,
        items.item_name,
        items.item_kind,
        items.goal,
        items.system || ':' || items.object || ':' || items.row_key as source_key
    from items
    inner join programs on items.program_id = programs.program_id
    where items.row_status = 'accepted'
)

select * from final
