{#- dbt's own calls a macro for each cell, which takes it longer than PostgreSQL takes to load all rows. -#}
{% macro postgres__load_csv_rows(model, agate_table) %}
    {%- set columns = get_seed_column_quoted_csv(model, agate_table.column_names) -%}
    {%- set row_of_placeholders = '(' ~ (['%s'] * agate_table.column_names | length) | join(', ') ~ ')' -%}
    {%- set statements = [] -%}
    {%- for batch in agate_table.rows | batch(get_batch_size()) -%}
        {%- set cells = [] -%}
        {%- for row in batch -%}
            {%- do cells.extend(row) -%}
        {%- endfor -%}
        {%- set sql -%}
            insert into {{ this.render() }} ({{ columns }})
            values {{ ([row_of_placeholders] * batch | length) | join(', ') }}
        {%- endset -%}
        {%- do adapter.add_query(sql, bindings=cells, abridge_sql_log=True) -%}
        {%- do statements.append(sql) -%}
    {%- endfor -%}
    {{- return(statements[0]) -}}
{% endmacro %}
