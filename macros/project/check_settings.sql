{#-
    Stops a run, before any model, when a var has a value that means nothing: one sentence for each, with what may be written.
    Runs at the start of every dbt build, run and test (on-run-start).
-#}
{% macro check_settings() -%}
    {%- set problems = [] -%}
    {%- set choices = {
        'ramp_clock': ['role_start', 'hire', 'first_quota', 'onboarding_enrolment'],
        'quota_period': ['month', 'quarter', 'year', 'until_next'],
        'quota_milestone_mode': ['first_period', 'rolling_n', 'cumulative'],
        'quota_basis': ['full', 'assigned'],
    } -%}
    {%- for name, allowed in choices.items() if var(name) not in allowed -%}
        {%- do problems.append("var " ~ name ~ " is '" ~ var(name) ~ "': write " ~ allowed[:-1] | join(', ') ~ ' or ' ~ allowed[-1]) -%}
    {%- endfor -%}

    {%- set numbers = {
        'max_rejected_rate': (0, 1), 'max_unmatched_rate': (0, 1), 'gross_margin_rate': (0, 1), 'fiscal_year_start_month': (1, 12),
        'quota_rolling_periods': (1, 60), 'gong_scorecard_max_score': (2, 1000), 'min_group_size': (1, 1000), 'ramp_horizon_days': (1, 3650),
        'effect_window_months': (1, 36), 'influence_window_days': (1, 3650), 'influence_half_life_days': (1, 3650), 'forecast_min_reached': (1, 1000),
        'published_files_kept': (0, 100),
    } -%}
    {%- for name, bounds in numbers.items() -%}
        {%- set value = var(name) -%}
        {%- if value is not number or value is boolean or value < bounds[0] or value > bounds[1] -%}
            {%- do problems.append("var " ~ name ~ " is '" ~ value ~ "': write a number from " ~ bounds[0] ~ ' to ' ~ bounds[1]) -%}
        {%- elif bounds[1] > 1 and value != value | int -%}
            {%- do problems.append("var " ~ name ~ " is '" ~ value ~ "': write a whole number") -%}
        {%- endif -%}
    {%- endfor -%}

    {%- for name in ['as_of_date', 'demo_as_of_date', 'history_starts_on'] if var(name) -%}
        {%- if not is_day(var(name) | string) -%}
            {%- do problems.append("var " ~ name ~ " is '" ~ var(name) ~ "': write a day as YYYY-MM-DD, or leave it empty") -%}
        {%- endif -%}
    {%- endfor -%}

    {%- set systems = raw_systems().keys() | list -%}
    {%- if var('systems') is string or var('systems') is mapping or var('systems') is not iterable -%}
        {%- do problems.append("var systems is '" ~ var('systems') ~ "': write a list, such as [" ~ systems | join(', ') ~ ']') -%}
    {%- else -%}
        {%- for system in var('systems') if system not in systems -%}
            {%- do problems.append("var systems names '" ~ system ~ "': write some of " ~ systems | join(', ')) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for name in ['raw_from', 'raw_files', 'raw_tables', 'custom_columns'] if var(name) is not string -%}
        {%- for key in var(name) if key.split('.')[0] not in systems and not (name == 'raw_from' and key == 'default') -%}
            {%- do problems.append("var " ~ name ~ " names the system '" ~ key ~ "': write one of " ~ systems | join(', ')) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for name in ['raw_files', 'raw_tables', 'custom_columns'] if var(name) is not mapping -%}
        {%- do problems.append("var " ~ name ~ " is '" ~ var(name) ~ "': write a mapping by system, as in dbt_project.yml") -%}
    {%- endfor -%}

    {%- for day in var('landmark_days') if day is not number or day < 1 -%}
        {%- do problems.append("var landmark_days has '" ~ day ~ "': write days as whole numbers, such as [30, 60, 90]") -%}
    {%- endfor -%}
    {%- for name in ['xapi_onboarding_activities', 'salesforce_enablement_onboarding_programs'] -%}
        {%- if var(name) is string or var(name) is mapping or var(name) is not iterable -%}
            {%- do problems.append("var " ~ name ~ " is '" ~ var(name) ~ "': write a list, such as [id1, id2], or []") -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not modules.re.match('^[A-Z]{3}$', var('corporate_currency') | string) -%}
        {%- do problems.append("var corporate_currency is '" ~ var('corporate_currency') ~ "': write an ISO code of three capitals, such as USD") -%}
    {%- endif -%}
    {%- if var('raw_csv_delimiter') not in [',', ';', '\t', '|'] -%}
        {%- do problems.append("var raw_csv_delimiter is '" ~ var('raw_csv_delimiter') ~ "': write one of , ; | or a tab") -%}
    {%- endif -%}
    {%- for name in ['salesforce_hire_date_field', 'salesforce_role_start_date_field', 'salesforce_termination_date_field'] -%}
        {%- if not modules.re.match('^[A-Za-z][A-Za-z0-9_]*$', var(name) | string) -%}
            {%- do problems.append("var " ~ name ~ " is '" ~ var(name) ~ "': write the API name of a field, such as Hire_Date__c") -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not problems and flags.WHICH in ['build', 'run', 'test'] -%}
        {%- set zones = run_query(
            "select count(*) from (" ~ timezone_names() ~ ") as names where timezone = '" ~ var('default_timezone') | string | replace("'", "''") ~ "'"
        ) -%}
        {%- if zones and zones[0][0] == 0 -%}
            {%- do problems.append("var default_timezone is '" ~ var('default_timezone') ~ "': write an IANA name, such as Europe/Berlin or UTC") -%}
        {%- endif -%}
    {%- endif -%}

    {#- What was given on the command line and is no setting was meant to be one. -#}
    {%- for name in invocation_args_dict.get('vars', {}) if execute and name not in known_settings() -%}
        {%- do exceptions.warn("var " ~ name ~ " is not a setting of Rampline and has no effect: the settings are in dbt_project.yml.") -%}
    {%- endfor -%}

    {%- if problems -%}
        {{- exceptions.raise_compiler_error('A setting is wrong: ' ~ problems | join('; ') ~ '. Settings are vars: see dbt_project.yml.') -}}
    {%- endif -%}
{%- endmacro %}

{#- Whether a text is a day of the calendar, written YYYY-MM-DD. -#}
{% macro is_day(text) -%}
    {%- if not modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2}$', text) -%}{{- return(false) -}}{%- endif -%}
    {%- set year, month, day = text[:4] | int, text[5:7] | int, text[8:] | int -%}
    {%- set leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0 -%}
    {%- set lengths = [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] -%}
    {{- return(year > 0 and 1 <= month <= 12 and 1 <= day <= lengths[month - 1]) -}}
{%- endmacro %}

{#- Every var of dbt_project.yml (a test compares). -#}
{% macro known_settings() -%}
    {{- return([
        'raw_from',
        'raw_folder',
        'raw_files',
        'raw_csv_delimiter',
        'raw_tables',
        'systems',
        'max_rejected_rate',
        'max_unmatched_rate',
        'as_of_date',
        'demo_as_of_date',
        'history_starts_on',
        'fiscal_year_start_month',
        'default_timezone',
        'salesforce_hire_date_field',
        'salesforce_role_start_date_field',
        'salesforce_termination_date_field',
        'ramp_clock',
        'corporate_currency',
        'quota_period',
        'forecasting_type',
        'quota_milestone_mode',
        'quota_rolling_periods',
        'quota_basis',
        'custom_columns',
        'xapi_onboarding_activities',
        'salesforce_enablement_onboarding_programs',
        'gong_scorecard_max_score',
        'min_group_size',
        'forecast_min_reached',
        'ramp_horizon_days',
        'landmark_days',
        'effect_window_months',
        'influence_window_days',
        'influence_half_life_days',
        'roi_ramp_milestone',
        'gross_margin_rate',
        'published_files_kept',
    ]) -}}
{%- endmacro %}
