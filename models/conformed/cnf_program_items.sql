-- Items of a program: courses, live sessions, practice, assessments, certifications.
with items as (select * from {{ ref('stg_lms__program_items') }}),

programs as (select * from {{ ref('cnf_programs') }}),

final as (
    select
        items.item_id,
        programs.program_id,
        items.item_name,
        items.item_kind,
        items.goal,
        'lms:program_item:' || items.row_key as source_key
    from items
    inner join programs on items.program_id = programs.program_id
    where items.row_status = 'accepted'
)

select * from final
