{#- Schemas are named by layer alone (core, rep_timeline, ..); any target but the main one puts its name before them. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set schema = custom_schema_name or target.schema -%}
    {{- schema if target.name == 'build' else target.name ~ '_' ~ schema -}}
{%- endmacro %}
