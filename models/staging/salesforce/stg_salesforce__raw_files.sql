{{ config(materialized='table') }}

{{ raw_file_contents('salesforce', ['task', 'event']) }}
