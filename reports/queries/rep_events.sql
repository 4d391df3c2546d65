-- What a rep did and what happened to them. Stages of deals are left out: the deal's beginning and end tell enough.
select rep_id, happened_on, day_of_ramp, category, event, detail, amount
from rep_timeline.rep_timeline
where event <> 'stage_reached'
order by rep_id, happened_on, event_sequence
