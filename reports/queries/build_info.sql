select as_of_date, project_version, built_at, git_commit, passed_test_count, warned_test_count, corporate_currency
from meta.build_info
