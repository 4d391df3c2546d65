select test_name, kind, table_name, column_name, severity, status, failures_count, description
from meta.test_results
order by case status when 'warn' then 1 else 2 end, failures_count desc, table_name, test_name
