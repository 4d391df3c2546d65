{#-
    How a large table lies on disk, as arguments of config(): by month of its day where the engine prunes partitions, and by the columns
    that readers filter and join by. DuckDB and PostgreSQL keep tables as they are written; a folder per month would only make small files
    on a plain Spark.

    day: a date column. cluster_by: list of columns.
-#}
{% macro table_layout(day, cluster_by) -%}
    {{ return(adapter.dispatch('table_layout', 'rampline')(day, cluster_by)) }}
{%- endmacro %}
{% macro default__table_layout(day, cluster_by) %}{{ return({}) }}{% endmacro %}
{% macro bigquery__table_layout(day, cluster_by) %}
    {{- return({'partition_by': {'field': day, 'data_type': 'date', 'granularity': 'month'}, 'cluster_by': cluster_by}) -}}
{% endmacro %}
{% macro snowflake__table_layout(day, cluster_by) %}{{ return({'cluster_by': [day] + cluster_by}) }}{% endmacro %}
{% macro databricks__table_layout(day, cluster_by) %}{{ return({'liquid_clustered_by': [day] + cluster_by}) }}{% endmacro %}
{% macro trino__table_layout(day, cluster_by) %}
    {{- return({'properties': {'partitioning': "array['month(" ~ day ~ ")']", 'sorted_by': "array['" ~ cluster_by | join("', '") ~ "']"}}) -}}
{% endmacro %}
