{#-
    The systems that Rampline reads, in one place. A system is one folder in models/staging and one entry here.

    objects     raw object (as in the raw contract) -> the staging model that reads it. rejected_rows, source_reconciliation and
                check_data go through these.
    references  (object, column, parent object): rows that name a parent which is not there are orphans (cnf_orphan_rows).
                references_if_landed: the same for a parent object that not every loader has; without any row of it nothing is an orphan.
    feeds       entity of the conformed layer -> (object, model): the model has the columns that feed_columns() lists for the entity.
                It is the staging model itself where that has them, else a model map_<system>__<entity> beside it.
                An object of none: the model reads several, and says in its column object which one each row comes from.
    changes     entity (tasks, events) -> the model of changed_rows() for its object, where the feed is the incremental staging model itself.
                Activities of a system without are all made again by each increment.
    files       the model of raw_file_contents() for the objects of these entities.

    The order matters once: people are who the first CRM says; users of a CRM further down are matched to them.
-#}
{% macro raw_systems() -%}
    {{- return({
        'salesforce': {
            'objects': {
                'user': 'stg_salesforce__users',
                'user_role': 'stg_salesforce__user_roles',
                'account': 'stg_salesforce__accounts',
                'opportunity': 'stg_salesforce__opportunities',
                'opportunity_history': 'stg_salesforce__opportunity_histories',
                'opportunity_field_history': 'stg_salesforce__opportunity_field_histories',
                'opportunity_split': 'stg_salesforce__opportunity_splits',
                'task': 'stg_salesforce__tasks',
                'event': 'stg_salesforce__events',
                'forecasting_quota': 'stg_salesforce__forecasting_quotas',
                'period': 'stg_salesforce__periods',
                'dated_conversion_rate': 'stg_salesforce__dated_conversion_rates',
            },
            'references': [
                ('opportunity_history', 'opportunity_id', 'opportunity'),
                ('opportunity_field_history', 'opportunity_id', 'opportunity'),
                ('opportunity_split', 'opportunity_id', 'opportunity'),
            ],
            'feeds': {
                'users': ('user', 'stg_salesforce__users'),
                'user_roles': ('user_role', 'stg_salesforce__user_roles'),
                'opportunities': ('opportunity', 'stg_salesforce__opportunities'),
                'opportunity_histories': ('opportunity_history', 'stg_salesforce__opportunity_histories'),
                'opportunity_field_histories': ('opportunity_field_history', 'stg_salesforce__opportunity_field_histories'),
                'opportunity_splits': ('opportunity_split', 'stg_salesforce__opportunity_splits'),
                'tasks': ('task', 'stg_salesforce__tasks'),
                'events': ('event', 'stg_salesforce__events'),
                'quotas': ('forecasting_quota', 'stg_salesforce__forecasting_quotas'),
            },
            'changes': {'tasks': 'stg_salesforce__changed_tasks', 'events': 'stg_salesforce__changed_events'},
            'files': 'stg_salesforce__raw_files',
        },
        'hubspot': {
            'objects': {
                'owner': 'stg_hubspot__owners',
                'deal': 'stg_hubspot__deals',
                'deal_stage': 'stg_hubspot__deal_stages',
                'deal_pipeline_stage': 'stg_hubspot__deal_pipeline_stages',
                'deal_property_history': 'stg_hubspot__deal_property_histories',
                'engagement': 'stg_hubspot__engagements',
                'engagement_call': 'stg_hubspot__engagement_calls',
                'engagement_meeting': 'stg_hubspot__engagement_meetings',
            },
            'references': [
                ('deal_stage', 'deal_id', 'deal'),
                ('deal_property_history', 'deal_id', 'deal'),
            ],
            'references_if_landed': [
                ('engagement_call', 'engagement_id', 'engagement'),
                ('engagement_meeting', 'engagement_id', 'engagement'),
            ],
            'feeds': {
                'users': ('owner', 'map_hubspot__users'),
                'opportunities': ('deal', 'map_hubspot__opportunities'),
                'opportunity_histories': (none, 'map_hubspot__opportunity_histories'),
                'opportunity_field_histories': ('deal_property_history', 'map_hubspot__opportunity_field_histories'),
                'tasks': ('engagement_call', 'map_hubspot__tasks'),
                'events': ('engagement_meeting', 'map_hubspot__events'),
            },
        },
        'lms': {
            'objects': {
                'user': 'stg_lms__users',
                'program': 'stg_lms__programs',
                'program_item': 'stg_lms__program_items',
                'enrollment': 'stg_lms__enrollments',
                'content_item': 'stg_lms__content_items',
                'content_view': 'stg_lms__content_views',
                'assessment_attempt': 'stg_lms__assessment_attempts',
                'certification_award': 'stg_lms__certification_awards',
                'survey_response': 'stg_lms__survey_responses',
                'attendance': 'stg_lms__attendances',
            },
            'references': [
                ('program_item', 'program_id', 'program'),
                ('enrollment', 'program_id', 'program'),
                ('assessment_attempt', 'program_id', 'program'),
                ('certification_award', 'program_id', 'program'),
                ('survey_response', 'program_id', 'program'),
                ('content_view', 'content_id', 'content_item'),
            ],
            'feeds': {
                'learners': ('user', 'stg_lms__users'),
                'programs': ('program', 'stg_lms__programs'),
                'program_items': ('program_item', 'stg_lms__program_items'),
            },
        },
        'gong': {
            'objects': {
                'users': 'stg_gong__users',
                'calls': 'stg_gong__calls',
                'answered_scorecards': 'stg_gong__answered_scorecards',
            },
            'references': [('answered_scorecards', 'call_id', 'calls')],
            'feeds': {},
        },
        'coaching_log': {'objects': {'session': 'stg_coaching_log__sessions'}, 'references': [], 'feeds': {}},
        'roster': {'objects': {'roster': 'stg_roster__rosters'}, 'references': [], 'feeds': {}},
        'xapi': {
            'objects': {'statement': 'stg_xapi__statements'},
            'references': [],
            'feeds': {
                'learners': ('statement', 'map_xapi__learners'),
                'programs': ('statement', 'map_xapi__programs'),
                'program_items': ('statement', 'map_xapi__program_items'),
                'learning_events': ('statement', 'map_xapi__learning_events'),
            },
        },
        'salesforce_enablement': {
            'objects': {
                'enablement_program': 'stg_salesforce_enablement__enablement_programs',
                'learning_item': 'stg_salesforce_enablement__learning_items',
                'enbl_program_task_definition': 'stg_salesforce_enablement__task_definitions',
                'enbl_program_task_progress': 'stg_salesforce_enablement__task_progresses',
                'learning_item_assignment': 'stg_salesforce_enablement__item_assignments',
                'learning_item_progress': 'stg_salesforce_enablement__item_progresses',
            },
            'references': [
                ('learning_item', 'program_id', 'enablement_program'),
                ('enbl_program_task_definition', 'program_id', 'enablement_program'),
                ('enbl_program_task_progress', 'task_definition_id', 'enbl_program_task_definition'),
                ('enbl_program_task_progress', 'learning_item_progress_id', 'learning_item_progress'),
                ('learning_item_assignment', 'unresolved_learning_item_id', 'learning_item'),
                ('learning_item_progress', 'unresolved_learning_item_id', 'learning_item'),
            ],
            'feeds': {
                'programs': ('enablement_program', 'map_salesforce_enablement__programs'),
                'program_items': ('enbl_program_task_definition', 'map_salesforce_enablement__program_items'),
                'learning_events': (none, 'map_salesforce_enablement__learning_events'),
            },
        },
    }) -}}
{%- endmacro %}

{#- The raw objects of all systems, as a list of system, object and model. -#}
{% macro raw_objects() -%}
    {%- set objects = [] -%}
    {%- for system, entry in raw_systems().items() -%}
        {%- for object, model in entry.objects.items() -%}
            {%- do objects.append({'system': system, 'object': object, 'model': model}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(objects) -}}
{%- endmacro %}
