{{ config(materialized='table') }}

{{ changed_rows('salesforce', 'task', key='id', staged='stg_salesforce__tasks') }}
