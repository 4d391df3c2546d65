select program_id, item_id, item_name, item_kind, goal
from core.dim_program_items
order by program_id, item_id
