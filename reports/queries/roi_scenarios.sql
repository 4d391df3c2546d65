-- The reference scenarios first: they are where a reader begins.
select *
from impact.roi_scenarios
order by case when scenario like '%reference' then 1 else 2 end, kind, scenario
