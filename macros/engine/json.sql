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

{% macro snowflake__json_text(json, path) %}
    {%- set value = namespace(sql='try_parse_json(' ~ json ~ ')') -%}
    {%- for step in path -%}
        {%- set value.sql = 'get(' ~ value.sql ~ ', ' ~ (step if step is number else "'" ~ step ~ "'") ~ ')' -%}
    {%- endfor -%}
    {{- return('cast(' ~ value.sql ~ ' as varchar)') -}}
{% endmacro %}
{% macro bigquery__json_text(json, path) %}
    {%- set arguments = '(' ~ json ~ ", '" ~ json_path(path) ~ "')" -%}
    {{- return(
        'case when ' ~ bigquery_json(json) ~ ' is not null then coalesce(json_value' ~ arguments ~ ', nullif(json_query' ~ arguments ~ ", 'null')) end"
    ) -}}
{% endmacro %}
{#- The lax mode of a path takes one value for an array of it. -#}
{% macro trino__json_text(json, path) %}
    {%- set arguments = '(' ~ json ~ ", 'strict " ~ json_path(path) ~ "' null on empty null on error)" -%}
    {{- return('coalesce(json_value' ~ arguments ~ ', nullif(json_query' ~ arguments ~ ", 'null'))") -}}
{% endmacro %}

{#- A text as BigQuery's JSON; NULL where it is none. Numbers with more digits than a double has are no reason to refuse it. -#}
{% macro bigquery_json(json) -%}{{ return('safe.parse_json(' ~ json ~ ", wide_number_mode => 'round')") }}{%- endmacro %}

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

{#- Their functions do not keep the order of an object's keys, their JSON text does (on Snowflake it is the keys' own order). -#}
{% macro snowflake__json_first_text(json, path) %}
    {%- set text, blank = '"([^"\\\\\\\\]|\\\\\\\\.)*"', '[ ]*' -%}
    {%- set pattern = '^[{](' ~ text ~ blank ~ ':' ~ blank ~ 'null' ~ blank ~ ',)*' ~ text ~ blank ~ ':' ~ blank ~ '(' ~ text ~ ')' -%}
    {{- return(json_text("regexp_substr(" ~ json_text(json, path) ~ ", '" ~ pattern ~ "', 1, 1, 'e', 4)", [])) -}}
{% endmacro %}
{% macro bigquery__json_first_text(json, path) %}
    {{- return(json_text("regexp_extract(" ~ json_text(json, path) ~ ", r'" ~ first_text_pattern() ~ "')", [])) -}}
{% endmacro %}
{% macro trino__json_first_text(json, path) %}
    {{- return(json_text("regexp_extract(" ~ json_text(json, path) ~ ", '" ~ first_text_pattern() ~ "', 1)", [])) -}}
{% endmacro %}

{#- A regular expression whose group is the first value of a JSON object that is a text. -#}
{% macro first_text_pattern() -%}
    {%- set text = '"(?:[^"\\\\]|\\\\.)*"' -%}
    {{- return('^[{](?:' ~ text ~ '[ ]*:[ ]*null[ ]*,)*' ~ text ~ '[ ]*:[ ]*(' ~ text ~ ')') -}}
{%- endmacro %}

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
{% macro snowflake__is_json_object(json) %}{{ return('coalesce(typeof(try_parse_json(' ~ json ~ ")) = 'OBJECT', false)") }}{% endmacro %}
{% macro bigquery__is_json_object(json) %}{{ return('coalesce(json_type(' ~ bigquery_json(json) ~ ") = 'object', false)") }}{% endmacro %}
{% macro trino__is_json_object(json) %}{{ return('coalesce(json_value(' ~ json ~ ", 'strict $.type()' null on empty null on error) = 'object', false)") }}{% endmacro %}

{#- Whether a text is a JSON array. -#}
{% macro is_json_array(json) -%}
    {{ return(adapter.dispatch('is_json_array', 'rampline')(json)) }}
{%- endmacro %}
{% macro default__is_json_array(json) %}
    {{- return("coalesce(case when json_valid(" ~ json ~ ") then json_type(" ~ json ~ ") end = 'ARRAY', false)") -}}
{% endmacro %}

{% macro postgres__is_json_array(json) %}{{ return('coalesce(' ~ json ~ ' is json array, false)') }}{% endmacro %}
{% macro snowflake__is_json_array(json) %}{{ return('coalesce(typeof(try_parse_json(' ~ json ~ ")) = 'ARRAY', false)") }}{% endmacro %}
{% macro bigquery__is_json_array(json) %}{{ return('coalesce(json_type(' ~ bigquery_json(json) ~ ") = 'array', false)") }}{% endmacro %}
{% macro trino__is_json_array(json) %}{{ return('coalesce(json_value(' ~ json ~ ", 'strict $.type()' null on empty null on error) = 'array', false)") }}{% endmacro %}

{#-
    Query of the elements of a JSON array, one row each: the key columns, element (JSON text), element_index (from 1).
    relation is a CTE or table with the key columns and the column json; rows whose json is no array give no rows.
-#}
{% macro json_array_elements(relation, key_columns, json) -%}
    {{ return(adapter.dispatch('json_array_elements', 'rampline')(relation, key_columns, json)) }}
{%- endmacro %}
{% macro default__json_array_elements(relation, key_columns, json) %}
    select
        {% for column in key_columns -%}
        arrays.{{ column }},
        {% endfor -%}
        cast(arrays.elements[positions.position] as varchar) as element,
        cast(positions.position as integer) as element_index
    from (
        select
            {% for column in key_columns -%}
            {{ column }},
            {% endfor -%}
            cast(json_extract({{ json }}, '$[*]') as json[]) as elements
        from {{ relation }}
        where {{ is_json_array(json) }}
    ) as arrays,
    unnest(range(1, len(arrays.elements) + 1)) as positions (position)
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

{% macro snowflake__json_array_elements(relation, key_columns, json) %}
    select
        {% for column in key_columns -%}
        arrays.{{ column }},
        {% endfor -%}
        to_json(elements.value) as element,
        cast(elements.index + 1 as integer) as element_index
    from {{ relation }} as arrays,
    lateral flatten(input => as_array(try_parse_json(arrays.{{ json }}))) as elements
{% endmacro %}

{% macro bigquery__json_array_elements(relation, key_columns, json) %}
    select
        {% for column in key_columns -%}
        arrays.{{ column }},
        {% endfor -%}
        element,
        position + 1 as element_index
    from {{ relation }} as arrays
    cross join unnest(json_query_array(case when {{ is_json_array('arrays.' ~ json) }} then arrays.{{ json }} end)) as element with offset as position
{% endmacro %}

{% macro trino__json_array_elements(relation, key_columns, json) %}
    select
        {% for column in key_columns -%}
        arrays.{{ column }},
        {% endfor -%}
        json_format(elements.element) as element,
        cast(elements.element_index as integer) as element_index
    from {{ relation }} as arrays
    cross join unnest(
        case when {{ is_json_array('arrays.' ~ json) }} then try_cast(try(json_parse(arrays.{{ json }})) as array(json)) end
    ) with ordinality as elements (element, element_index)
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

{#- Written part by part too: an object of Snowflake's does not keep the order of its keys, and Trino's functions take 127 arguments at most. -#}
{% macro snowflake__row_as_json(columns) %}
    {%- set pairs = [] -%}
    {%- for name, expression in columns.items() -%}
        {%- set key = tojson(name) | replace('\\', '\\\\') | replace("'", "''") -%}
        {%- do pairs.append("'" ~ key ~ ":' || coalesce(to_json(to_variant(" ~ expression ~ ")), 'null')") -%}
    {%- endfor -%}
    {{- return("'{' || " ~ pairs | join(" || ',' || ") ~ " || '}'") -}}
{% endmacro %}
{#- A backslash escapes in BigQuery's literals, and a quote is never doubled. -#}
{% macro bigquery__row_as_json(columns) %}
    {%- set pairs = [] -%}
    {%- for name, expression in columns.items() -%}
        {%- set key = tojson(name) | replace('\\', '\\\\') | replace("'", "\\'") -%}
        {%- do pairs.append("'" ~ key ~ ":' || to_json_string(" ~ expression ~ ")") -%}
    {%- endfor -%}
    {{- return("'{' || " ~ pairs | join(" || ',' || ") ~ " || '}'") -}}
{% endmacro %}
{% macro trino__row_as_json(columns) %}
    {%- set pairs = [] -%}
    {%- for name, expression in columns.items() -%}
        {%- do pairs.append("'" ~ tojson(name) | replace("'", "''") ~ ":' || coalesce(json_format(cast(" ~ expression ~ " as json)), 'null')") -%}
    {%- endfor -%}
    {{- return("'{' || " ~ pairs | join(" || ',' || ") ~ " || '}'") -}}
{% endmacro %}

{#- Text with every match of a regular expression replaced; in the replacement \1 is the first group. -#}
{% macro replace_matches(text, pattern, replacement, ignore_case=false) -%}
    {{ return(adapter.dispatch('replace_matches', 'rampline')(text, pattern, replacement, ignore_case)) }}
{%- endmacro %}
{% macro default__replace_matches(text, pattern, replacement, ignore_case) %}
    {{- return("regexp_replace(" ~ text ~ ", '" ~ pattern ~ "', '" ~ replacement ~ "', '" ~ ('gi' if ignore_case else 'g') ~ "')") -}}
{% endmacro %}
{#- Snowflake counts every group: the first one is the same with and without those that are not to be counted. -#}
{% macro snowflake__replace_matches(text, pattern, replacement, ignore_case) %}
    {%- set pattern = pattern | replace('(?:', '(') | replace('\\', '\\\\') -%}
    {%- set options = ", 1, 0, 'i'" if ignore_case else '' -%}
    {{- return("regexp_replace(" ~ text ~ ", '" ~ pattern ~ "', '" ~ replacement | replace('\\', '\\\\') ~ "'" ~ options ~ ")") -}}
{% endmacro %}
{% macro bigquery__replace_matches(text, pattern, replacement, ignore_case) %}
    {{- return("regexp_replace(" ~ text ~ ", r'" ~ ('(?i)' if ignore_case else '') ~ pattern ~ "', r'" ~ replacement ~ "')") -}}
{% endmacro %}
{% macro trino__replace_matches(text, pattern, replacement, ignore_case) %}
    {{- return("regexp_replace(" ~ text ~ ", '" ~ ('(?i)' if ignore_case else '') ~ pattern ~ "', '" ~ replacement | replace('\\', '$') ~ "')") -}}
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
