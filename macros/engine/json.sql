{#-
    The text at a path of a JSON text; NULL where there is none or the text is no JSON. The path is a list of object keys, and of numbers
    for elements of an array (from 0). An object or array at the path comes as JSON text.
-#}
{% macro json_text(json, path) -%}
    {{ return(adapter.dispatch('json_text', 'rampline')(json, path)) }}
{%- endmacro %}
{% macro default__json_text(json, path) %}
    {{- return("case when json_valid(" ~ json ~ ") then json_extract_string(" ~ json ~ ", '" ~ json_path(path) ~ "') end") -}}
{% endmacro %}

{% macro postgres__json_text(json, path) %}
    {{- return("case when " ~ json ~ " is json then cast(" ~ postgres_json_steps(json, path) ~ " #>> '{}' as text) end") -}}
{% endmacro %}
{#- At the end of a path a JSON null in an array is a word for Spark; under a wildcard texts have quotes, and the word has none. -#}
{% macro spark__json_text(json, path) %}
    {%- set text = "get_json_object(" ~ json ~ ", '$" ~ spark_json_path(path) ~ "')" -%}
    {%- set is_null = " and get_json_object('[' || " ~ json ~ " || ']', '$[*]" ~ spark_json_path(path) ~ "') <> 'null'" if path[-1] is number else '' -%}
    {{- return("case when " ~ spark_is_json(json) ~ is_null ~ " then " ~ text ~ " end") -}}
{% endmacro %}

{#- Spark has no test of JSON and reads up to the first whole value: what is whole in an array and in an object is one value. -#}
{% macro spark_is_json(json) -%}
    {{- return(
        '(' ~ spark_from_json("'[' || " ~ json ~ " || ']'", 'array<string>') ~ " is not null and "
        ~ spark_from_json("'{\"a\":' || " ~ json ~ " || '}'", 'map<string,string>') ~ ' is not null)'
    ) -}}
{%- endmacro %}

{#- A JSON text as a Spark type, read as the standard writes it; NULL where it cannot be. -#}
{% macro spark_from_json(json, type) -%}
    {{- return("from_json(" ~ json ~ ", '" ~ type ~ "', map('allowSingleQuotes', 'false', 'allowNonNumericNumbers', 'false'))") -}}
{%- endmacro %}

{#- A path as Spark writes it, after the $: ['a'][0]['b']. -#}
{% macro spark_json_path(path) -%}
    {%- set steps = [] -%}
    {%- for step in path -%}
        {%- do steps.append('[' ~ step ~ ']' if step is number else "[\\'" ~ step ~ "\\']") -%}
    {%- endfor -%}
    {{- return(steps | join('')) -}}
{%- endmacro %}

{#- A path as PostgreSQL walks it, step by step: its path arrays do not tell a position from a key of digits. -#}
{% macro postgres_json_steps(json, path) -%}
    {%- set steps = ['(cast(' ~ json ~ ' as json)'] -%}
    {%- for step in path -%}
        {%- do steps.append(step if step is number else "'" ~ step | replace("'", "''") ~ "'") -%}
    {%- endfor -%}
    {{- return(steps | join(' -> ') ~ ')') -}}
{%- endmacro %}

{#- The first text in the object at a path of a JSON text, in any language of a language map; NULL where there is none. -#}
{% macro json_first_text(json, path) -%}
    {{ return(adapter.dispatch('json_first_text', 'rampline')(json, path)) }}
{%- endmacro %}
{% macro default__json_first_text(json, path) %}
    {{- return("case when json_valid(" ~ json ~ ") then list_filter(json_extract_string(" ~ json ~ ", '" ~ json_path(path)
        ~ ".*'), lambda value: value is not null)[1] end") -}}
{% endmacro %}

{% macro postgres__json_first_text(json, path) %}
    {%- set object = postgres_json_steps(json, path) -%}
    {{- return("case when " ~ json ~ " is json then case when json_typeof(" ~ object ~ ") = 'object' then (select texts.value from json_each_text("
        ~ object ~ ") as texts where texts.value is not null limit 1) end end") -}}
{% endmacro %}
{% macro spark__json_first_text(json, path) %}
    {%- set texts = 'map_values(' ~ spark_from_json(json_text(json, path), 'map<string,string>') ~ ')' -%}
    {{- return('filter(' ~ texts ~ ', value -> value is not null)[0]') -}}
{% endmacro %}

{#- A path (list of object keys and array positions) as DuckDB writes it: $."a"[0]."b". -#}
{% macro json_path(path) -%}
    {%- set steps = [] -%}
    {%- for step in path -%}
        {%- do steps.append('[' ~ step ~ ']' if step is number else '."' ~ step ~ '"') -%}
    {%- endfor -%}
    {{- return('$' ~ steps | join('')) -}}
{%- endmacro %}

{#- Whether a text is a JSON object. -#}
{% macro is_json_object(json) -%}
    {{ return(adapter.dispatch('is_json_object', 'rampline')(json)) }}
{%- endmacro %}
{% macro default__is_json_object(json) %}
    {{- return("coalesce(case when json_valid(" ~ json ~ ") then json_type(" ~ json ~ ") end = 'OBJECT', false)") -}}
{% endmacro %}

{% macro postgres__is_json_object(json) %}{{ return('coalesce(' ~ json ~ ' is json object, false)') }}{% endmacro %}
{% macro spark__is_json_object(json) %}{{ return('coalesce(' ~ json ~ " rlike '^\\\\s*[{]' and " ~ spark_is_json(json) ~ ', false)') }}{% endmacro %}

{#- Whether a text is a JSON array. -#}
{% macro is_json_array(json) -%}
    {{ return(adapter.dispatch('is_json_array', 'rampline')(json)) }}
{%- endmacro %}
{% macro default__is_json_array(json) %}
    {{- return("coalesce(case when json_valid(" ~ json ~ ") then json_type(" ~ json ~ ") end = 'ARRAY', false)") -}}
{% endmacro %}

{% macro postgres__is_json_array(json) %}{{ return('coalesce(' ~ json ~ ' is json array, false)') }}{% endmacro %}
{% macro spark__is_json_array(json) %}{{ return('coalesce(' ~ json ~ " rlike '^\\\\s*\\\\[' and " ~ spark_is_json(json) ~ ', false)') }}{% endmacro %}

{#-
    Query of the elements of a JSON array, one row each: the key columns, element (JSON text), element_index (from 1).
    relation is a CTE or table with the key columns and the column json; rows whose json is no array give no rows.
-#}
{% macro json_array_elements(relation, key_columns, json) -%}
    {{ return(adapter.dispatch('json_array_elements', 'rampline')(relation, key_columns, json)) }}
{%- endmacro %}
{#- Unnested in the select list: a lateral join costs DuckDB several times as much. -#}
{% macro default__json_array_elements(relation, key_columns, json) %}
    select
        {% for column in key_columns -%}
        {{ column }},
        {% endfor -%}
        cast(unnest(elements) as varchar) as element,
        cast(unnest(range(1, len(elements) + 1)) as integer) as element_index
    from (
        select
            {% for column in key_columns -%}
            {{ column }},
            {% endfor -%}
            cast(json_extract({{ json }}, '$[*]') as json[]) as elements
        from {{ relation }}
        where {{ is_json_array(json) }}
    ) as arrays
{% endmacro %}

{% macro postgres__json_array_elements(relation, key_columns, json) %}
    select
        {% for column in key_columns -%}
        arrays.{{ column }},
        {% endfor -%}
        cast(elements.element as text) as element,
        cast(elements.element_index as integer) as element_index
    from {{ relation }} as arrays
    cross join lateral json_array_elements(
        case when {{ is_json_array('arrays.' ~ json) }} then cast(arrays.{{ json }} as json) else cast('[]' as json) end
    ) with ordinality as elements (element, element_index)
{% endmacro %}

{#- Under a wildcard an element comes as JSON text; otherwise a text has lost its quotes. -#}
{% macro spark__json_array_elements(relation, key_columns, json) %}
    select
        {% for column in key_columns -%}
        arrays.{{ column }},
        {% endfor -%}
        get_json_object('[' || arrays.{{ json }} || ']', '$[*][' || elements.position || ']') as element,
        elements.position + 1 as element_index
    from {{ relation }} as arrays
    lateral view posexplode(
        case when {{ is_json_array('arrays.' ~ json) }} then {{ spark_from_json('arrays.' ~ json, 'array<string>') }} end
    ) elements as position, text
{% endmacro %}

{#- A row as JSON text. columns: dict of name in the JSON -> SQL expression. -#}
{% macro row_as_json(columns) -%}
    {{ return(adapter.dispatch('row_as_json', 'rampline')(columns)) }}
{%- endmacro %}
{% macro default__row_as_json(columns) %}
    {%- set pairs = [] -%}
    {%- for name, expression in columns.items() -%}
        {%- do pairs.append("'" ~ name | replace("'", "''") ~ "', " ~ expression) -%}
    {%- endfor -%}
    {{- return('cast(json_object(' ~ pairs | join(', ') ~ ') as varchar)') -}}
{% endmacro %}

{#- Written part by part: PostgreSQL's own functions put blanks between, and a function takes no more than 100 arguments. -#}
{% macro postgres__row_as_json(columns) %}
    {%- set pairs = [] -%}
    {%- for name, expression in columns.items() -%}
        {%- set key = name | replace('\\', '\\\\') | replace('"', '\\"') | replace("'", "''") -%}
        {%- do pairs.append("'\"" ~ key ~ "\":' || coalesce(cast(to_json(" ~ expression ~ ") as text), 'null')") -%}
    {%- endfor -%}
    {{- return("'{' || " ~ pairs | join(" || ',' || ") ~ " || '}'") -}}
{% endmacro %}
{% macro spark__row_as_json(columns) %}
    {%- set pairs = [] -%}
    {%- for name, expression in columns.items() -%}
        {%- do pairs.append("'" ~ name | replace('\\', '\\\\') | replace("'", "\\'") ~ "', " ~ expression) -%}
    {%- endfor -%}
    {{- return('to_json(named_struct(' ~ pairs | join(', ') ~ "), map('ignoreNullFields', 'false'))") -}}
{% endmacro %}

{#-
    A row that row_written() makes JSON text of, where it is asked for: most raw rows are read and never shown. DuckDB writes JSON for every row
    that a query names it for, so it carries the columns; other engines write it at once. columns: as of row_as_json; or text: JSON text as it is.
-#}
{% macro row_to_write(columns, text=none) -%}
    {{ return(adapter.dispatch('row_to_write', 'rampline')(columns, text)) }}
{%- endmacro %}
{% macro default__row_to_write(columns, text) %}{{ return(row_as_json(columns) if text is none else text) }}{% endmacro %}
{% macro duckdb__row_to_write(columns, text) %}
    {%- set fields = [] -%}
    {%- for name, expression in columns.items() -%}
        {%- do fields.append(adapter.quote(name | replace('"', '""')) ~ ' := ' ~ expression) -%}
    {%- endfor -%}
    {{- return('struct_pack(cells := ' ~ ('struct_pack(' ~ fields | join(', ') ~ ')' if fields else 'null') ~ ', written := ' ~ (text or 'cast(null as varchar)') ~ ')') -}}
{% endmacro %}

{#- The JSON text of a row of row_to_write(). -#}
{% macro row_written(row) -%}
    {{ return(adapter.dispatch('row_written', 'rampline')(row)) }}
{%- endmacro %}
{% macro default__row_written(row) %}{{ return(row) }}{% endmacro %}
{% macro duckdb__row_written(row) %}
    {{- return('coalesce(' ~ row ~ '.written, cast(to_json(' ~ row ~ '.cells) as varchar))') -}}
{% endmacro %}

{#- Text with every match of a regular expression replaced; in the replacement \1 is the first group. -#}
{% macro replace_matches(text, pattern, replacement, ignore_case=false) -%}
    {{ return(adapter.dispatch('replace_matches', 'rampline')(text, pattern, replacement, ignore_case)) }}
{%- endmacro %}
{% macro default__replace_matches(text, pattern, replacement, ignore_case) %}
    {{- return("regexp_replace(" ~ text ~ ", '" ~ pattern ~ "', '" ~ replacement ~ "', '" ~ ('gi' if ignore_case else 'g') ~ "')") -}}
{% endmacro %}
{% macro spark__replace_matches(text, pattern, replacement, ignore_case) %}
    {%- set pattern = ('(?i)' if ignore_case else '') ~ pattern | replace('\\', '\\\\') -%}
    {{- return("regexp_replace(" ~ text ~ ", '" ~ pattern ~ "', '" ~ replacement | replace('\\', '$') ~ "')") -}}
{% endmacro %}

{#- Text with every e-mail address in it replaced by a mark. -#}
{% macro mask_emails(text) -%}
    {{ return(adapter.dispatch('mask_emails', 'rampline')(text)) }}
{%- endmacro %}
{% macro default__mask_emails(text) %}
    {{- return(replace_matches(text, '[^\\s"<>:,;\\\\]+@[^\\s"<>:,;\\\\]+', '<e-mail>')) -}}
{% endmacro %}

{#-
    A raw row as JSON text without what it says about people: e-mail addresses, and the values of columns that hold names, telephone numbers,
    links or free text, also in JSON within a column. more_columns: further columns (regular expressions) whose values are replaced.
-#}
{% macro mask_personal(json, more_columns=[]) -%}
    {{ return(adapter.dispatch('mask_personal', 'rampline')(json, more_columns)) }}
{%- endmacro %}
{% macro default__mask_personal(json, more_columns) %}
    {%- set columns = [
        'name', 'full_?name', 'first_?name', 'last_?name', 'middle_?name', 'display_?name', 'nick_?name', 'user_?name', 'owner_?name', 'rep_?name', 'coach_?name',
        '[a-z_]*phone[a-z_]*', 'fax', '[a-z_]*url', 'link', 'comments?', 'comment_?text', 'feedback', 'answer_?text', 'description', 'notes?', 'text', 'title', 'subject',
    ] + more_columns -%}
    {%- set column = '(?:propert(?:y|ies)[._]+)?(?:' ~ columns | join('|') ~ ')(?:_+c)?' -%}
    {#- Within JSON in a column each quote has a backslash before it, and a quote within a value three. -#}
    {%- set inner = '(\\\\"' ~ column ~ '\\\\"\\s*:\\s*\\\\")(?:[^"\\\\]|\\\\\\\\(?:\\\\.|[^"\\\\]))*' -%}
    {%- set outer = '("' ~ column ~ '"\\s*:\\s*)(?:"(?:[^"\\\\]|\\\\.)*"|[0-9.eE+-]+)' -%}
    {%- set masked = replace_matches(mask_emails(json), outer, '\\1"<hidden>"', ignore_case=true) -%}
    {{- return(replace_matches(masked, inner, '\\1<hidden>', ignore_case=true)) -}}
{% endmacro %}
