{#- A key made of others: the hash of their texts with a separator between. NULL where one of them is. parts: list of SQL expressions. -#}
{% macro surrogate_key(parts, separator='|') -%}
    {%- set texts = [] -%}
    {%- for part in parts -%}
        {%- do texts.append('cast(' ~ part ~ ' as ' ~ dbt.type_string() ~ ')') -%}
    {%- endfor -%}
    {{- return(dbt.hash(texts | join(" || '" ~ separator ~ "' || "))) -}}
{%- endmacro %}
