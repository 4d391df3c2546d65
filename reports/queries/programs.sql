select
    programs.program_id,
    programs.program_name,
    programs.program_version,
    programs.program_kind,
    programs.starts_on,
    programs.target_goal,
    programs.cost_amount
from core.dim_programs as programs
order by programs.program_kind desc, programs.starts_on desc, programs.program_id
