{#-
    The columns of var custom_columns, as a list of system, object, model, name (as the company writes it), alias (with x_), mart and
    identity (the column of the staging model that names the person, for dim_reps).
    An object whose rows reach none of the four marts is an error.
-#}
{% macro custom_columns() -%}
    {%- set marts = {
        'users': 'dim_reps', 'learners': 'dim_reps', 'opportunities': 'fct_opportunities', 'tasks': 'fct_activities',
        'events': 'fct_activities', 'programs': 'dim_programs',
    } -%}
    {%- set identities = {'users': 'user_id', 'learners': 'lms_user_id'} -%}
    {%- set places = {'roster.roster': {'mart': 'dim_reps', 'identity': 'rep_email', 'model': 'stg_roster__rosters'}} -%}
    {%- for system, entry in raw_systems().items() -%}
        {%- for entity, feeding in entry.feeds.items() if entity in marts -%}
            {%- do places.update({system ~ '.' ~ feeding[0]: {
                'mart': marts[entity], 'identity': identities.get(entity), 'model': entry.objects[feeding[0]],
            }}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set columns = [] -%}
    {%- for place, wanted in var('custom_columns').items() -%}
        {%- if place not in places -%}
            {{- exceptions.raise_compiler_error(
                "var custom_columns names the object '" ~ place ~ "': write one of " ~ places.keys() | sort | join(', ') ~ '.'
            ) -}}
        {%- endif -%}
        {%- for column in wanted -%}
            {%- set name = column if column is string else column.name -%}
            {%- set alias = modules.re.sub('_+c$', '', name | lower) if column is string else column.get('alias', name) | lower -%}
            {%- do columns.append(dict(places[place], system=place.split('.')[0], object=place.split('.')[1], name=name,
                alias='x_' ~ modules.re.sub('[^a-z0-9]+', '_', alias).strip('_'))) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(columns) -}}
{%- endmacro %}

{#- The aliases that a mart gets, each once, in the order of the var. -#}
{% macro custom_aliases(mart) -%}
    {%- set aliases = [] -%}
    {%- for column in custom_columns() if column.mart == mart and column.alias not in aliases -%}
        {%- do aliases.append(column.alias) -%}
    {%- endfor -%}
    {{- return(aliases) -}}
{%- endmacro %}

{#-
    The last query of a mart that takes custom columns: all of relation, and a column x_<alias> for each of the mart's custom columns.
    Without any it is a plain select. key: the column of relation that cnf_custom_values has as entity_key.
-#}
{% macro with_custom_columns(relation, mart, key) -%}
{%- set aliases = custom_aliases(mart) -%}
{%- if aliases -%}
select
    {{ relation }}.*
    {%- for alias in aliases %},
    custom.{{ alias }}
    {%- endfor %}
from {{ relation }}
left join (
    select
        entity_key
        {%- for alias in aliases %},
        max(case when column_name = '{{ alias }}' then column_value end) as {{ alias }}
        {%- endfor %}
    from {{ ref('cnf_custom_values') }}
    where mart = '{{ mart }}'
    group by entity_key
) as custom on {{ relation }}.{{ key }} = custom.entity_key
{%- else -%}
select * from {{ relation }}
{%- endif -%}
{%- endmacro %}
