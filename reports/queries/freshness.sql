-- The newest event of each system, and how long before the as-of date it happened.
select
    timeline.system,
    max(timeline.happened_on) as newest_event_on,
    date_diff('day', max(timeline.happened_on), any_value(build.as_of_date)) as days_before,
    count(*) as event_count
from rep_timeline.rep_timeline as timeline
cross join meta.build_info as build
where timeline.system <> 'rampline'
group by timeline.system
order by days_before desc, timeline.system
