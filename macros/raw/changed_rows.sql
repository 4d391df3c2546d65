{#-
    Query of the keys of an object whose raw rows are not what they were in the last build: new, changed, gone, or there more or less
    often. One column, row_key. Rows are compared by a fingerprint of all their columns, so that nobody has to say when a row was loaded.
    Without rows in a full build, which reads every row. Rows without a key are no part of it: an increment always reads them again.

    system, object, key, aliases: as in read_raw. staged: name of the staging model, which keeps row_key and row_fingerprint.
-#}
{% macro changed_rows(system, object, key, staged, aliases={}) -%}
    {%- set raw = find_raw(system, object, false) -%}
    {%- if continued_from() is none -%}
    select cast(null as {{ dbt.type_string() }}) as row_key
    from (select 1 as one) as nothing
    where 1 = 0
    {%- else -%}
    {%- set was = as_last_built(staged) -%}
    with landed as (
        {%- if raw.relation is none %}
        select
            cast(null as {{ dbt.type_string() }}) as row_key,
            row_fingerprint
        from {{ was }}
        where 1 = 0
        {%- else %}
        {%- set match = match_columns([key], [], raw.columns, system ~ '.' ~ object, raw.place, aliases) %}
        {%- if match.problem -%}{{- exceptions.raise_compiler_error(match.problem) -}}{%- endif %}
        select
            {{ key_of_raw(match.sources[key]) }} as row_key,
            {{ row_fingerprint(raw.columns) }} as row_fingerprint
        from {{ raw.relation }} as raw_rows
        {%- endif %}
    ),

    counted as (
        select
            row_key,
            row_fingerprint,
            1 as copies
        from landed
        where row_key is not null
        union all
        select
            row_key,
            row_fingerprint,
            -1 as copies
        from {{ was }}
        where row_key is not null
    ),

    differing as (
        select min(row_key) as row_key
        from counted
        group by row_fingerprint
        having sum(copies) <> 0
    )

    select row_key
    from differing
    where row_key is not null
    union distinct
    -- A day that was too far ahead then need not be now.
    select row_key
    from {{ was }}
    where reject_reason = 'date_out_of_range' and row_key is not null
    {%- endif -%}
{%- endmacro %}

{#- The key of a raw row as read_raw reads it. column: its name as it stands. -#}
{% macro key_of_raw(column) -%}
    {{- filled_text('cast(raw_rows.' ~ adapter.quote(column) ~ ' as ' ~ dbt.type_string() ~ ')') -}}
{%- endmacro %}
