{#- The types of contracts and seeds on warehouses that have other names for some of them; dbt calls these by their names. -#}

{#- The name that the engine has for a type. Tables of Iceberg keep microseconds, and a plain timestamp of Trino's has milliseconds. -#}
{% macro engine_type(type) -%}
    {{- return({
        'bigquery': {'double precision': 'float64', 'varchar': 'string'},
        'trino': {'timestamp': 'timestamp(6)'},
    }[target.type].get(type, type)) -}}
{%- endmacro %}

{#- The columns of a contract with the engine's types. -#}
{% macro engine_columns(columns) -%}
    {%- set typed = {} -%}
    {%- for name, column in columns.items() -%}
        {%- do typed.update({name: dict(column, data_type=engine_type(column.data_type))}) -%}
    {%- endfor -%}
    {{- return(typed) -}}
{%- endmacro %}

{#- The empty query that a contract is compared with. -#}
{% macro bigquery__get_empty_schema_sql(columns) %}{{ return(default__get_empty_schema_sql(engine_columns(columns))) }}{% endmacro %}
{% macro trino__get_empty_schema_sql(columns) %}{{ return(default__get_empty_schema_sql(engine_columns(columns))) }}{% endmacro %}

{#- The columns of the table that a contract describes: dbt reads them from model. -#}
{% macro bigquery__get_table_columns_and_constraints() %}{{ return(engine_columns_and_constraints()) }}{% endmacro %}
{% macro trino__get_table_columns_and_constraints() %}{{ return(engine_columns_and_constraints()) }}{% endmacro %}
{% macro engine_columns_and_constraints() -%}
    {%- do model.update({'columns': engine_columns(model.columns)}) -%}
    {{- return(table_columns_and_constraints()) -}}
{%- endmacro %}

{#- BigQuery loads a seed's file by names of types without precision. -#}
{% macro bigquery__load_csv_rows(model, agate_table) %}
    {%- set types = {} -%}
    {%- for column, type in model.config.get('column_types', {}).items() -%}
        {%- do types.update({column: engine_type(type).split('(')[0]}) -%}
    {%- endfor -%}
    {{- return(dbt.bigquery__load_csv_rows(dict(model, config=dict(model.config, column_types=types)), agate_table)) -}}
{% endmacro %}
