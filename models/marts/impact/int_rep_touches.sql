{{ config(access='private', schema='conformed', contract={'enforced': false}) }}
-- What int_changed_deals compares the touches of the next build with; made after it, therefore.
-- depends_on: {{ ref('int_changed_deals') }}

select * from {{ ref('int_rep_touch_events') }}
