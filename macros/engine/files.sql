{#- Relation expression that reads files in place, every column as text, columns united by name. file_format: csv, json or parquet. -#}
{% macro files_relation(paths, file_format) -%}
    {{ return(adapter.dispatch('files_relation', 'rampline')(paths, file_format)) }}
{%- endmacro %}
{% macro default__files_relation(paths, file_format) %}
    {{ exceptions.raise_compiler_error("raw_from: files reads files with DuckDB. On " ~ target.type ~ ", land the data and use raw_from: tables.") }}
{% endmacro %}
{% macro duckdb__files_relation(paths, file_format) %}
    {%- set list = "['" ~ paths | join("', '") ~ "']" -%}
    {%- if file_format == 'csv' -%}
        {{- return("read_csv(" ~ list ~ ", header = true, all_varchar = true, union_by_name = true)") -}}
    {%- elif file_format == 'json' -%}
        {#- Depth 1 leaves each value as it is written: no guessed types, nested values stay JSON. -#}
        {{- return(
            "(select json_extract_string(columns(*), '$') from read_json(" ~ list ~ ", union_by_name = true, maximum_depth = 1))"
        ) -}}
    {%- else -%}
        {{- return("read_parquet(" ~ list ~ ", union_by_name = true)") -}}
    {%- endif -%}
{% endmacro %}

{#- The files of an object in a folder: <object>.csv, .csv.gz, .json, .parquet, or any of them in the folder <object>. -#}
{% macro find_files(folder, object) -%}
    {{ return(adapter.dispatch('find_files', 'rampline')(folder, object)) }}
{%- endmacro %}
{% macro default__find_files(folder, object) %}
    {{- return([]) -}}
{% endmacro %}
{% macro duckdb__find_files(folder, object) %}
    {%- set found = [] -%}
    {%- for ending in ['csv', 'csv.gz', 'json', 'parquet'] -%}
        {%- for place in [folder ~ '/' ~ object ~ '.' ~ ending, folder ~ '/' ~ object ~ '/*.' ~ ending] -%}
            {%- for row in run_query("select file from glob('" ~ place | replace("'", "''") ~ "') order by file") -%}
                {%- do found.append(row[0]) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(found) -}}
{% endmacro %}

{#- Names of the columns of a relation expression. -#}
{% macro columns_of(relation_expression) -%}
    {%- set names = [] -%}
    {%- for row in run_query('describe select * from ' ~ relation_expression) -%}
        {%- do names.append(row[0]) -%}
    {%- endfor -%}
    {{- return(names) -}}
{%- endmacro %}
