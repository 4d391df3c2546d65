{#- What Databricks writes otherwise than Spark. Compiled here and read by a parser, never run (docs/engines.md). -#}

{% macro databricks__timezone_names() %}
    {{- return("select explode(array('" ~ modules.pytz.all_timezones | join("', '") ~ "')) as timezone") -}}
{% endmacro %}
{% macro databricks__table_names(database, schema) %}{{ return(listed_tables(database, schema)) }}{% endmacro %}
