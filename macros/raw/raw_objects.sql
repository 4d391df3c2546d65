{#-
    The raw objects, in one place: system, object (as in the raw contract) and the staging model that reads it.
    rejected_rows and source_reconciliation go through this list; a staging model that is missing here fails a test.
-#}
{% macro raw_objects() -%}
    {{- return([
        {'system': 'salesforce', 'object': 'user', 'model': 'stg_salesforce__users'},
        {'system': 'salesforce', 'object': 'user_role', 'model': 'stg_salesforce__user_roles'},
        {'system': 'salesforce', 'object': 'account', 'model': 'stg_salesforce__accounts'},
        {'system': 'salesforce', 'object': 'opportunity', 'model': 'stg_salesforce__opportunities'},
        {'system': 'salesforce', 'object': 'opportunity_history', 'model': 'stg_salesforce__opportunity_histories'},
        {'system': 'salesforce', 'object': 'opportunity_field_history', 'model': 'stg_salesforce__opportunity_field_histories'},
        {'system': 'salesforce', 'object': 'opportunity_split', 'model': 'stg_salesforce__opportunity_splits'},
        {'system': 'salesforce', 'object': 'task', 'model': 'stg_salesforce__tasks'},
        {'system': 'salesforce', 'object': 'event', 'model': 'stg_salesforce__events'},
        {'system': 'salesforce', 'object': 'forecasting_quota', 'model': 'stg_salesforce__forecasting_quotas'},
        {'system': 'salesforce', 'object': 'period', 'model': 'stg_salesforce__periods'},
        {'system': 'salesforce', 'object': 'dated_conversion_rate', 'model': 'stg_salesforce__dated_conversion_rates'},
        {'system': 'lms', 'object': 'user', 'model': 'stg_lms__users'},
        {'system': 'lms', 'object': 'program', 'model': 'stg_lms__programs'},
        {'system': 'lms', 'object': 'program_item', 'model': 'stg_lms__program_items'},
        {'system': 'lms', 'object': 'enrollment', 'model': 'stg_lms__enrollments'},
        {'system': 'lms', 'object': 'content_item', 'model': 'stg_lms__content_items'},
        {'system': 'lms', 'object': 'content_view', 'model': 'stg_lms__content_views'},
        {'system': 'lms', 'object': 'assessment_attempt', 'model': 'stg_lms__assessment_attempts'},
        {'system': 'lms', 'object': 'certification_award', 'model': 'stg_lms__certification_awards'},
        {'system': 'lms', 'object': 'survey_response', 'model': 'stg_lms__survey_responses'},
        {'system': 'lms', 'object': 'attendance', 'model': 'stg_lms__attendances'},
        {'system': 'gong', 'object': 'users', 'model': 'stg_gong__users'},
        {'system': 'gong', 'object': 'calls', 'model': 'stg_gong__calls'},
        {'system': 'gong', 'object': 'answered_scorecards', 'model': 'stg_gong__answered_scorecards'},
        {'system': 'coaching_log', 'object': 'session', 'model': 'stg_coaching_log__sessions'},
        {'system': 'roster', 'object': 'roster', 'model': 'stg_roster__rosters'},
    ]) -}}
{%- endmacro %}
