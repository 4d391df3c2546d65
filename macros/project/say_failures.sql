{#-
    For a singular test whose failing rows have to be told: runs its query and, when it has rows, stops with one message made of them. dbt by
    itself says how many rows failed, not which.

    query: the test's SQL. sentence: text with {column} for the columns of a row, as in Python's format. advice: what to do, said once at the end.
    Does nothing while dbt only parses, compiles or writes docs.
-#}
{% macro say_failures(query, introduction, sentence, advice) -%}
    {%- if execute and flags.WHICH in ['build', 'test'] -%}
        {%- set sentences = [] -%}
        {%- for row in run_query(query) -%}
            {%- do sentences.append(sentence.format(**row.dict())) -%}
        {%- endfor -%}
        {%- if sentences -%}
            {{- exceptions.raise_compiler_error(introduction ~ ' ' ~ sentences | join('; ') ~ '. ' ~ advice) -}}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
