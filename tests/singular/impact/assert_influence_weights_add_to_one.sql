select
    opportunity_id,
    weighting,
    sum(weight) as total_weight
from {{ ref('deal_influence') }}
group by opportunity_id, weighting
having abs(sum(weight) - 1) > 0.000000001
