{#-
    Query of the keys of an object whose raw rows are not what they were in the last build: new, changed, gone, or there more or less
    often. One column, row_key. Rows are compared by a fingerprint of all their columns, so that nobody has to say when a row was loaded.
    Without rows in a full build, which reads every row. Rows without a key are no part of it: an increment always reads them again.

    Files that are what they were are passed over: their rows are not compared.

    system, object, key, aliases: as in read_raw. staged: name of the staging model, which keeps row_key, row_fingerprint and raw_file.
-#}
{% macro changed_rows(system, object, key, staged, aliases={}) -%}
    {%- set raw = find_raw(system, object, false, by_file=true) -%}
    {%- set contents = ref(raw_systems()[system].files) -%}
    {%- if continued_from() is none -%}
    select cast(null as {{ dbt.type_string() }}) as row_key
    from (select 1 as one) as nothing
    where 1 = 0
    {%- else -%}
    {%- set was = as_last_built(staged) -%}
    {%- set unchanged = run_query(
        "select raw_file from " ~ contents ~ " where object = '" ~ object ~ "' and is_unchanged order by raw_file"
    ).columns[0].values() -%}
    with landed as (
        {%- if raw.relation is none %}
        select
            cast(null as {{ dbt.type_string() }}) as row_key,
            row_fingerprint,
            raw_file
        from {{ was }}
        where 1 = 0
        {%- else %}
        {%- set match = match_columns([key], [], raw.columns, system ~ '.' ~ object, raw.place, aliases) %}
        {%- if match.problem -%}{{- exceptions.raise_compiler_error(match.problem) -}}{%- endif %}
        select
            {{ key_of_raw(match.sources[key]) }} as row_key,
            {{ row_fingerprint(raw.columns) }} as row_fingerprint,
            {{ raw.file_column }} as raw_file
        from {{ raw.relation }} as raw_rows
        where {{ is_in_other_file(raw.file_column, unchanged) }}
        {%- endif %}
    ),

    counted as (
        select
            row_key,
            row_fingerprint,
            raw_file,
            1 as copies
        from landed
        where row_key is not null
        union all
        select
            row_key,
            row_fingerprint,
            raw_file,
            -1 as copies
        from {{ was }}
        where row_key is not null and {{ is_in_other_file('raw_file', unchanged) }}
    ),

    differing as (
        select min(row_key) as row_key
        from counted
        group by row_fingerprint, raw_file
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

{#- Condition on a row: that it is from none of some files. file: SQL of the row's file. files: their names. -#}
{% macro is_in_other_file(file, files) -%}
    {%- set names = [] -%}
    {%- for name in files -%}{%- do names.append("'" ~ name | replace("'", "''") ~ "'") -%}{%- endfor -%}
    {{- return('(' ~ file ~ ' is null or ' ~ file ~ ' not in (' ~ names | join(', ') ~ '))' if names else '1 = 1') -}}
{%- endmacro %}

{#-
    Query of the files that objects are read from: object, raw_file (as read_raw names it), content (a checksum of it) and is_unchanged, whether
    it is what it was in the last build, with which nothing changes but what is asked of it. For a table, which then keeps what it says for the
    next build; to be made before any of these files is read, so that what changes in between is seen as a change then. Without rows where raw
    data are no files.

    system: as in the raw contract. objects: list of its objects.
-#}
{% macro raw_file_contents(system, objects) -%}
    {%- set rows = [] -%}
    {%- for object in objects if execute and system in var('systems') and raw_from(system) == 'files' -%}
        {%- set place = files_of(system, object) -%}
        {%- for file, content in find_files(place.folder, object, place.patterns, by_file=true).contents.items() -%}
            {%- do rows.append("('" ~ object ~ "', '" ~ file | replace("'", "''") ~ "', '" ~ content ~ "')") -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if not rows %}
    select
        cast(null as {{ dbt.type_string() }}) as object,
        cast(null as {{ dbt.type_string() }}) as raw_file,
        cast(null as {{ dbt.type_string() }}) as content,
        cast(null as boolean) as is_unchanged
    from (select 1 as one) as nothing
    where 1 = 0
    {%- else %}
    select
        found.object,
        found.raw_file,
        found.content,
        {% if continued_from() is none %}false{% else %}last_built.content is not null{% endif %} as is_unchanged
    from (values {{ rows | join(', ') }}) as found (object, raw_file, content)
    {%- if continued_from() is not none %}
    left join {{ this }} as last_built
        on
            found.object = last_built.object
            and found.raw_file = last_built.raw_file
            and found.content = last_built.content
    {%- endif %}
    {%- endif -%}
{%- endmacro %}
