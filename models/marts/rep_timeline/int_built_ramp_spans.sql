{{ config(materialized='table', access='private', schema='conformed', contract={'enforced': false}) }}
-- What int_changed_rep_timelines compares the ramps of the next build with; made after it, therefore.
-- depends_on: {{ ref('int_changed_rep_timelines') }}

select * from {{ ref('int_ramp_spans') }}
