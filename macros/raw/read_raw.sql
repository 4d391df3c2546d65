{#-
    Query of a raw object: every wanted column as trimmed text ('' is NULL) under its snake_case name, and raw_row, the row as JSON text.

    Columns are matched without regard to case and underscores, so that OwnerId, owner_id and OWNERID are one column.
    A missing optional column is NULL. A system that is switched off, or an optional object that is not there, has no rows.

    system, object: as in the raw contract. required, optional: lists of snake_case column names.
    is_required_object: whether the build stops when the object is missing.
    Stops with one sentence when a required object or column is missing; only while nodes run, so that parsing, linting and docs need no data.
-#}
{% macro read_raw(system, object, required, optional=[], is_required_object=false) -%}
    {%- set wanted = required + optional -%}
    {%- set raw = find_raw(system, object, is_required_object) -%}
    {%- if raw.relation is none -%}
    select
        {%- for name in wanted %}
        cast(null as {{ dbt.type_string() }}) as {{ name | lower }},
        {%- endfor %}
        cast(null as {{ dbt.type_string() }}) as raw_row
    where 1 = 0
    {%- else -%}
    {%- set sources = match_columns(wanted, raw.columns, system ~ '.' ~ object, raw.place) -%}
    {%- if raw.columns -%}
        {%- for name in required if name not in sources -%}
            {{- exceptions.raise_compiler_error(
                "Column " ~ name ~ " of " ~ system ~ "." ~ object ~ " is required and missing. Looked in " ~ raw.place
                ~ ", which has: " ~ raw.columns | join(', ') ~ ". Add the column, or rename the one that holds it."
            ) -}}
        {%- endfor -%}
    {%- else -%}
        {%- for name in wanted %}{%- do sources.update({name: name}) -%}{%- endfor -%}
    {%- endif -%}
    {%- set json_columns = {} -%}
    {%- for column in raw.columns or wanted -%}
        {%- do json_columns.update({column: 'raw_rows.' ~ adapter.quote(column)}) -%}
    {%- endfor -%}
    select
        {%- for name in wanted %}
        {%- if name in sources %}
        nullif(trim(cast(raw_rows.{{ adapter.quote(sources[name]) }} as {{ dbt.type_string() }})), '') as {{ name | lower }},
        {%- else %}
        cast(null as {{ dbt.type_string() }}) as {{ name | lower }},
        {%- endif %}
        {%- endfor %}
        {{ row_as_json(json_columns) }} as raw_row
    from {{ raw.relation }} as raw_rows
    {%- endif -%}
{%- endmacro %}


{#-
    Where an object's rows are: a dict of relation (SQL, or none when there are no rows), columns (names; empty while only parsing)
    and place (for messages).
-#}
{% macro find_raw(system, object, is_required_object) -%}
    {%- set is_running = execute and flags.WHICH in ['run', 'build', 'test', 'seed'] -%}
    {%- if system not in var('systems') -%}
        {{- return({'relation': none, 'columns': [], 'place': 'nowhere: ' ~ system ~ ' is not in var systems'}) -}}
    {%- elif var('raw_from') == 'seeds' -%}
        {%- set relation = ref('demo_' ~ system ~ '__' ~ object) -%}
        {#- In a unit test the seed is a CTE with the given rows, and has the columns of the seed itself. -#}
        {%- set seed = api.Relation.create(
            database=target.database, schema=generate_schema_name('demo', none), identifier='demo_' ~ system ~ '__' ~ object
        ) -%}
        {%- set columns = (adapter.get_columns_in_relation(seed) | map(attribute='name') | list) if execute else [] -%}
        {{- return({'relation': relation, 'columns': columns, 'place': relation | string}) -}}
    {%- elif var('raw_from') == 'files' -%}
        {%- set folder = var('raw_folder') ~ '/' ~ system -%}
        {%- set files = find_files(folder, object) if execute else [] -%}
        {%- if files -%}
            {%- set formats = [] -%}
            {%- for file in files -%}
                {%- set file_format = 'json' if file.endswith('.json') else 'parquet' if file.endswith('.parquet') else 'csv' -%}
                {%- if file_format not in formats -%}{%- do formats.append(file_format) -%}{%- endif -%}
            {%- endfor -%}
            {%- if formats | length > 1 -%}
                {{- exceptions.raise_compiler_error(
                    system ~ "." ~ object ~ " has files of several kinds: " ~ files | join(', ') ~ ". Keep one kind for an object."
                ) -}}
            {%- endif -%}
            {%- set relation = files_relation(files, formats[0]) -%}
            {{- return({'relation': relation, 'columns': columns_of(relation), 'place': files | join(', ')}) -}}
        {%- elif is_running and is_required_object -%}
            {{- exceptions.raise_compiler_error(
                "Object " ~ system ~ "." ~ object ~ " is required and missing. Looked for " ~ folder ~ "/" ~ object
                ~ ".csv (or .csv.gz, .json, .parquet, or a folder " ~ object ~ " of them). Add the file, or take "
                ~ system ~ " out of var systems."
            ) -}}
        {%- else -%}
            {%- if is_running -%}
                {%- do exceptions.warn(
                    "Object " ~ system ~ "." ~ object ~ " is not there (looked in " ~ folder ~ "); it is read as empty."
                ) -%}
            {%- endif -%}
            {{- return({'relation': none, 'columns': [], 'place': folder}) -}}
        {%- endif -%}
    {%- else -%}
        {{- exceptions.raise_compiler_error("var raw_from is '" ~ var('raw_from') ~ "': write seeds or files.") -}}
    {%- endif -%}
{%- endmacro %}


{#-
    Which of the given columns holds each wanted one: a dict of wanted name -> given name, without those that are missing.
    The one place that says when two names are the same: letters and digits alike, case and underscores apart.
-#}
{% macro match_columns(wanted, given, object, place) -%}
    {%- set by_key = {} -%}
    {%- for column in given -%}
        {%- set key = column | lower | replace('_', '') -%}
        {%- do by_key.update({key: by_key.get(key, []) + [column]}) -%}
    {%- endfor -%}
    {%- set matched = {} -%}
    {%- for name in wanted -%}
        {%- set candidates = by_key.get(name | lower | replace('_', ''), []) -%}
        {%- if candidates | length > 1 -%}
            {{- exceptions.raise_compiler_error(
                "Column " ~ name ~ " of " ~ object ~ " stands " ~ candidates | length ~ " times in " ~ place ~ ": "
                ~ candidates | join(', ') ~ ". Keep one of them."
            ) -}}
        {%- elif candidates -%}
            {%- do matched.update({name: candidates[0]}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(matched) -}}
{%- endmacro %}
