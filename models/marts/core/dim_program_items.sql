-- Items of the training programs.
with items as (select * from {{ ref('cnf_program_items') }}),

final as (
    select
        items.item_id,
        items.program_id,
        items.item_name,
        items.item_kind,
        items.goal
    from items
)

select * from final
