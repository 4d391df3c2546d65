{{ config(access='protected', schema='conformed', contract={'enforced': false}) }}
-- How many rows name each identity, and whom it stands for. Rows that belong to nobody by intent (an anonymous answer,
-- a call without a coach) name none.
{%- set uses = [
    ('cnf_activities', 'system', 'source_identity', 'rep_id', 'happened_on'),
    ('cnf_opportunities', 'system', 'owner_source_identity', 'owner_rep_id', 'created_on'),
    ('cnf_opportunity_credits', 'system', 'source_identity', 'rep_id', 'booked_on'),
    ('cnf_quotas', 'system', 'source_identity', 'rep_id', 'period_started_on'),
    ('cnf_learning_events', 'identity_system', 'source_identity', 'rep_id', 'happened_on'),
    ('cnf_survey_scores', 'system', 'source_identity', 'rep_id', 'submitted_on'),
    ('cnf_coaching_events', 'system', 'source_identity', 'rep_id', 'happened_on'),
    ('cnf_coaching_events', 'system', 'coach_identity', 'coach_rep_id', 'happened_on'),
] %}
with named as (
    {%- for model, system, identity, rep, day in uses %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        {{ system }} as system,
        {{ identity }} as source_identity,
        {{ rep }} as rep_id,
        {{ day }} as seen_on
    from {{ ref(model) }}
    where {{ identity }} is not null{{ " and activity_status = 'happened'" if model == 'cnf_activities' }}
    {%- endfor %}
),

final as (
    select
        named.system,
        named.source_identity,
        named.rep_id,
        cast(count(*) as bigint) as row_count,
        min(named.seen_on) as first_seen_on,
        max(named.seen_on) as last_seen_on
    from named
    group by named.system, named.source_identity, named.rep_id
)

select * from final
