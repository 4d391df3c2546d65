select role_family, status, measure, all_deal_count, deal_count, mean, median
from impact.deal_comparison
order by role_family, measure, status
