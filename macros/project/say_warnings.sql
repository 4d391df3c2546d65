{#-
    For a singular test of severity warn whose rows have to be told: runs its query and warns of each row. dbt by itself says how many there
    are, not which.

    query: the test's SQL. sentence: text with {column} for the columns of a row, as in Python's format.
    Does nothing while dbt only parses, compiles or writes docs.
-#}
{% macro say_warnings(query, sentence) -%}
    {%- if execute and flags.WHICH in ['build', 'test'] -%}
        {%- for row in run_query(query) -%}
            {%- do exceptions.warn(sentence.format(**row.dict())) -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
