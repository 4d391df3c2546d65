{#-
    The raw files of an object: a dict of files, relation (SQL that reads them, every column as text, united by name), columns, unreadable
    (lines that could not be read), problem (a sentence, or '') and looked_for. by_file: rows have the column _rampline_file, and contents is a
    dict of each file by that name to its checksum. Only DuckDB reads files in place: tools/raw_files.py finds and vets them there (the
    function rampline_raw_files, see tools/duckdb_plugin.py).
-#}
{% macro find_files(folder, object, patterns, by_file=false) -%}
    {{ return(adapter.dispatch('find_files', 'rampline')(folder, object, patterns, by_file)) }}
{%- endmacro %}
{% macro default__find_files(folder, object, patterns, by_file) %}
    {{- return({
        'files': [], 'columns': [], 'unreadable': [], 'contents': {}, 'looked_for': '',
        'problem': 'raw_from: files reads files with DuckDB. On ' ~ target.type ~ ', land the data and use raw_from: tables.',
    }) -}}
{% endmacro %}
{% macro duckdb__find_files(folder, object, patterns, by_file) %}
    {%- set options = tojson({'patterns': patterns, 'delimiter': var('raw_csv_delimiter'), 'by_file': by_file}) -%}
    {%- set arguments = [] -%}
    {%- for text in [folder, object, options] -%}
        {%- do arguments.append("'" ~ text | replace("'", "''") ~ "'") -%}
    {%- endfor -%}
    {%- set rows = run_query('select rampline_raw_files(' ~ arguments | join(', ') ~ ')') -%}
    {{- return(fromjson(rows[0][0])) -}}
{% endmacro %}
