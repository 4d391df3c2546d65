{#- What dbt-spark 1.11 does otherwise than dbt elsewhere; dbt calls these by their names. -#}

{#- The name that Spark has for a type of the contracts and seeds. -#}
{% macro spark_type(type) -%}
    {{- return({'varchar': 'string', 'double precision': 'double'}.get(type, type)) -}}
{%- endmacro %}

{#- The empty query that a contract is compared with; dbt's own writes the contract's types as they stand. -#}
{% macro spark__get_empty_schema_sql(columns) %}
    {%- set named = {} -%}
    {%- for name, column in columns.items() -%}
        {%- do named.update({name: dict(column, data_type=spark_type(column.data_type))}) -%}
    {%- endfor -%}
    {{- return(default__get_empty_schema_sql(named)) -}}
{% endmacro %}

{#- Text within a literal: a backslash escapes there. -#}
{% macro spark__escape_single_quotes(expression) -%}
    {{- expression | replace('\\', '\\\\') | replace("'", "\\'") -}}
{%- endmacro %}

{#- The columns of a seed: name -> type. -#}
{% macro spark_seed_columns(model, agate_table) -%}
    {%- set given = model.config.get('column_types', {}) -%}
    {%- set columns = {} -%}
    {%- for name in agate_table.column_names -%}
        {%- do columns.update({name: spark_type(given.get(name, adapter.convert_type(agate_table, loop.index0)))}) -%}
    {%- endfor -%}
    {{- return(columns) -}}
{%- endmacro %}

{% macro spark__create_csv_table(model, agate_table) %}
    {%- set definitions = [] -%}
    {%- for name, type in spark_seed_columns(model, agate_table).items() -%}
        {%- do definitions.append(adapter.quote(name) ~ ' ' ~ type) -%}
    {%- endfor -%}
    {%- set sql = 'create table ' ~ this.render() ~ ' (' ~ definitions | join(', ') ~ ') ' ~ file_format_clause() ~ location_clause() -%}
    {%- do run_query(sql) -%}
    {{- return(sql) -}}
{% endmacro %}

{#- One JSON literal a batch: a literal a cell takes Spark minutes to plan. dbt's own also makes NULL the word None and breaks at a quote. -#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {%- set columns = spark_seed_columns(model, agate_table) -%}
    {%- set fields, casts = [], [] -%}
    {%- for name, type in columns.items() -%}
        {%- do fields.append(adapter.quote(name) ~ ':string') -%}
        {%- do casts.append('cast(' ~ adapter.quote(name) ~ ' as ' ~ type ~ ')') -%}
    {%- endfor -%}
    {%- set statements = [] -%}
    {%- for batch in agate_table.rows | batch(get_batch_size()) -%}
        {%- set rows = [] -%}
        {%- for cells in batch -%}
            {%- set row = {} -%}
            {%- for name in columns -%}
                {%- do row.update({name: none if cells[loop.index0] is none else cells[loop.index0] | string}) -%}
            {%- endfor -%}
            {%- do rows.append(row) -%}
        {%- endfor -%}
        {%- set sql -%}
            insert into {{ this.render() }}
            select {{ casts | join(', ') }}
            from (select inline(from_json('{{ dbt.escape_single_quotes(tojson(rows)) }}', 'array<struct<{{ fields | join(',') }}>>')))
        {%- endset -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
        {%- do statements.append(sql) -%}
    {%- endfor -%}
    {{- return(statements[0]) -}}
{% endmacro %}

{#- dbt's own drops fractions of a second. A timestamp, as on the other engines. -#}
{% macro spark__dateadd(datepart, interval, from_date_or_timestamp) %}
    timestampadd({{ datepart }}, cast({{ interval }} as int), cast({{ from_date_or_timestamp }} as timestamp))
{% endmacro %}

{#- Tables without a file format are Spark's own Parquet, which has no constraints; dbt-spark takes them for Delta. -#}
{% macro spark__persist_constraints(relation, model) %}
    {%- if config.get('contract').enforced and config.get('file_format') == 'delta' -%}
        {%- do alter_table_add_constraints(relation, model.constraints) -%}
        {%- do alter_column_set_constraints(relation, model.columns) -%}
    {%- endif -%}
{% endmacro %}
