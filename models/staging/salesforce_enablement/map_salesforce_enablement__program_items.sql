-- Exercises, milestones and outcomes of Salesforce Enablement programs.
with definitions as (select * from {{ ref('stg_salesforce_enablement__task_definitions') }}),

final as (
    select
        'salesforce_enablement:' || definitions.task_definition_id as item_id,
        'salesforce_enablement:' || definitions.program_id as program_id,
        definitions.task_name as item_name,
        -- A milestone is measured in the CRM: it is nothing that is taught or tested.
        case
            when definitions.task_category = 'milestone' then null
            when definitions.task_sub_category = 'scheduledevent' then 'live_session'
            when definitions.task_sub_category in ('feedbackrequest', 'actionitem') then 'practice'
            else 'course'
        end as item_kind,
        cast(null as {{ dbt.type_string() }}) as goal,
        definitions.row_key,
        definitions.row_status
    from definitions
)

select * from final
