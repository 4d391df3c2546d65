-- Accepted rows that only a join can judge: references to nothing, and currencies without a rate.
-- A child of a rejected parent is an orphan; a child of a deleted parent is not: it is merely not used.
{%- set references = [
    ('salesforce', 'opportunity_history', 'stg_salesforce__opportunity_histories', 'opportunity_id'),
    ('salesforce', 'opportunity_field_history', 'stg_salesforce__opportunity_field_histories', 'opportunity_id'),
    ('salesforce', 'opportunity_split', 'stg_salesforce__opportunity_splits', 'opportunity_id'),
    ('lms', 'program_item', 'stg_lms__program_items', 'program_id'),
    ('lms', 'enrollment', 'stg_lms__enrollments', 'program_id'),
    ('lms', 'assessment_attempt', 'stg_lms__assessment_attempts', 'program_id'),
    ('lms', 'certification_award', 'stg_lms__certification_awards', 'program_id'),
    ('lms', 'survey_response', 'stg_lms__survey_responses', 'program_id'),
    ('lms', 'content_view', 'stg_lms__content_views', 'content_id'),
    ('gong', 'answered_scorecards', 'stg_gong__answered_scorecards', 'call_id'),
] %}
{%- set parents = {
    'opportunity_id': 'stg_salesforce__opportunities',
    'program_id': 'stg_lms__programs',
    'content_id': 'stg_lms__content_items',
    'call_id': 'stg_gong__calls',
} %}
with
{%- for system, object, child, column in references %}

{{ system }}_{{ object }}_orphans as (
    select
        '{{ system }}' as system,
        '{{ object }}' as object,
        children.row_key,
        'orphan' as reason,
        children.raw_row
    from {{ ref(child) }} as children
    where
        children.row_status = 'accepted'
        and children.{{ column }} is not null
        and not exists (
            select 1
            from {{ ref(parents[column]) }} as parents
            where parents.row_key = children.{{ column }} and parents.row_status <> 'rejected'
        )
),
{%- endfor %}

unknown_currencies as (
    select
        'salesforce' as system,
        'opportunity' as object,
        opportunities.row_key,
        'unknown_currency' as reason,
        opportunities.raw_row
    from {{ ref('stg_salesforce__opportunities') }} as opportunities
    where
        opportunities.row_status = 'accepted'
        and opportunities.currency_code <> '{{ var("corporate_currency") }}'
        and not exists (
            select 1
            from {{ ref('stg_salesforce__dated_conversion_rates') }} as rates
            where rates.currency_code = opportunities.currency_code and rates.row_status = 'accepted'
        )
),

final as (
    {%- for system, object, child, column in references %}
    select * from {{ system }}_{{ object }}_orphans
    union all
    {%- endfor %}
    select * from unknown_currencies
)

select * from final
