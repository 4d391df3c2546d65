{#- The numbers of an ROI scenario that a range may move, with the columns of seed roi_assumptions and their types. -#}
{% macro roi_inputs() -%}
    {{ return({
        'hires_per_month': 'decimal(9, 2)',
        'hiring_months': 'integer',
        'window_months': 'integer',
        'ramp_months_before': 'decimal(9, 2)',
        'ramp_months_after': 'decimal(9, 2)',
        'rep_count': 'integer',
        'annual_quota_amount': 'decimal(18, 2)',
        'attainment_before_rate': 'decimal(9, 6)',
        'attainment_after_rate': 'decimal(9, 6)',
        'gross_margin_rate': 'decimal(9, 6)',
        'program_cost_amount': 'decimal(18, 2)',
    }) }}
{%- endmacro %}
