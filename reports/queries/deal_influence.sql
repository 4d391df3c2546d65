-- Won bookings by what touched the deal before it was won; a deal that nothing touched is a row too.
select
    influence.weighting,
    coalesce(programs.program_name || ' ' || programs.program_version, influence.touch_kind, 'no touch') as touched_by,
    sum(influence.influenced_amount) as influenced_amount,
    count(distinct influence.opportunity_id) as deal_count
from impact.deal_influence as influence
left join core.dim_programs as programs using (program_id)
where influence.outcome = 'won'
group by all
order by influence.weighting, influenced_amount desc, touched_by
