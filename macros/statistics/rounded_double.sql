{#-
    A double to 12 decimals. Sums, logarithms and powers differ in the last bits between engines; marts must not.
-#}
{% macro rounded_double(x) -%}
    cast(cast({{ x }} as {{ type_rounding() }}) as {{ type_double() }})
{%- endmacro %}
