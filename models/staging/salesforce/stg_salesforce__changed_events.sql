{{ config(materialized='table') }}

{{ changed_rows('salesforce', 'event', key='id', staged='stg_salesforce__events') }}
