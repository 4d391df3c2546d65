{{ config(severity='warn') }}
-- Late entries that do nothing: nobody has the e-mail, or the ramp of the rep began with the records or after them.
{%- set query -%}
with late_entries as (select * from {{ ref('late_entries') }}),

persons as (select * from {{ ref('cnf_persons') }}),

ramps as (select * from {{ ref('dim_ramps') }}),

late_reps as (
    select ramps.rep_id
    from ramps
    where ramps.recorded_from_on > ramps.ramp_started_on and ramps.observed_until >= ramps.recorded_from_on
    group by ramps.rep_id
),

matched as (
    select
        late_entries.rep_email,
        late_entries.milestone,
        count(persons.rep_id) as person_count,
        count(late_reps.rep_id) as late_count
    from late_entries
    left join persons on persons.email = lower(trim(late_entries.rep_email))
    left join late_reps on persons.rep_id = late_reps.rep_id
    group by late_entries.rep_email, late_entries.milestone
),

final as (
    select
        matched.rep_email,
        matched.milestone,
        case
            when matched.person_count = 0 then 'nobody has this e-mail'
            else 'no ramp of this rep was running when the records began'
        end as problem
    from matched
    where matched.late_count = 0 and matched.rep_email is not null
)

select * from final
order by final.rep_email, final.milestone
{%- endset -%}
{{ say_warnings(
    query,
    'Seed late_entries, {milestone} of {rep_email}: {problem}. Correct it, or take the row out.'
) }}
{{ query }}
