{#-
    Query of a raw object: every wanted column as trimmed text ('' is NULL) under its snake_case name, and what every row has:

    is_deleted       whether the vendor or the loader marks the row as deleted (boolean)
    loaded_at        when the loader wrote this version of the row (UTC timestamp), or NULL where the loader does not say
    landing_problem  reason code where the row could not even be read, or NULL
    is_key_repeated  with key only: whether more than one row has the row's key
    row_fingerprint  with changes only: a number for the content of all columns (macro row_fingerprint)
    raw_file         with changes only: the file that the row was read from, or NULL where raw data are no files
    raw_row          the row as JSON text under the vendor's column names, without the loader's bookkeeping; with key as row_to_write()

    Columns are matched without regard to case and punctuation, so that OwnerId, owner_id and "Owner ID" are one column; aliases are
    other names of a column. A missing optional column is NULL. A system that is switched off, or an optional object that is not there,
    has no rows.

    system, object: as in the raw contract. required, optional: lists of snake_case column names.
    is_required_object: whether the build stops when the object is missing. aliases: dict of column name -> list of other names.
    key: the column that is the row's key, of objects that grow large. Then row_fate compares only rows whose key is repeated (few), since
    comparing all of them means to sort them.
    changes: with a key, the model of changed_rows() for this object, of incremental models: an increment reads the rows of its keys, and those
    without a key.
    Stops with one sentence when a required object or column is missing; only while nodes run, so that parsing, linting and docs need no data.
-#}
{% macro read_raw(system, object, required, optional=[], is_required_object=false, aliases={}, key=none, changes=none) -%}
    {#- For check_data, which looks at every object before any build. -#}
    {%- do config(meta={'raw': {
        'system': system, 'object': object, 'required': required, 'optional': optional,
        'is_required_object': is_required_object, 'aliases': aliases,
    }}) -%}
    {%- set wanted = required + optional -%}
    {%- set raw = find_raw(system, object, is_required_object, by_file=changes is not none) -%}
    {%- set changed = ref(changes) if changes else none -%}
    {%- if raw.problem -%}{{- exceptions.raise_compiler_error(raw.problem) -}}{%- endif -%}
    {%- if raw.warning -%}{%- do exceptions.warn(raw.warning) -%}{%- endif -%}
    {%- if raw.relation is none -%}
    select
        {%- for name in wanted %}
        cast(null as {{ dbt.type_string() }}) as {{ name | lower }},
        {%- endfor %}
        cast(null as boolean) as is_deleted,
        cast(null as timestamp) as loaded_at,
        cast(null as {{ dbt.type_string() }}) as landing_problem,
        {%- if key %}
        cast(null as boolean) as is_key_repeated,
        {%- endif %}
        {%- if changes %}
        {{ row_fingerprint([]) }} as row_fingerprint,
        cast(null as {{ dbt.type_string() }}) as raw_file,
        {%- endif %}
        {{ row_to_write({}, 'cast(null as ' ~ dbt.type_string() ~ ')') if key else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as raw_row
    from (select 1 as one) as nothing
    where 1 = 0
    {%- else -%}
    {%- set match = match_columns(required, optional, raw.columns or wanted, system ~ '.' ~ object, raw.place, aliases) -%}
    {%- if match.problem -%}{{- exceptions.raise_compiler_error(match.problem) -}}{%- endif -%}
    {%- set marks = loader_marks(raw.columns) -%}
    {%- set json_columns = {} -%}
    {%- for column in raw.columns or wanted if not is_loader_column(column) -%}
        {%- do json_columns.update({column: 'raw_rows.' ~ adapter.quote(column)}) -%}
    {%- endfor -%}
    select
        {%- for name in wanted %}
        {%- if name in match.sources %}
        {{ filled_text('cast(raw_rows.' ~ adapter.quote(match.sources[name]) ~ ' as ' ~ dbt.type_string() ~ ')') }} as {{ name | lower }},
        {%- else %}
        cast(null as {{ dbt.type_string() }}) as {{ name | lower }},
        {%- endif %}
        {%- endfor %}
        {{ marks.is_deleted }} as is_deleted,
        {{ marks.loaded_at }} as loaded_at,
        {{ marks.problem }} as landing_problem,
        {%- if key %}
        repeated_keys.row_key is not null as is_key_repeated,
        {%- endif %}
        {%- if changes %}
        {{ row_fingerprint(raw.columns) }} as row_fingerprint,
        {{ raw.file_column }} as raw_file,
        {%- endif %}
        {{ row_to_write(json_columns) if key else row_as_json(json_columns) }} as raw_row
    from {{ raw.relation }} as raw_rows
    {%- if key %}
    {%- set row_key = key_of_raw(match.sources[key]) %}
    left join (
        select {{ row_key }} as row_key
        from {{ raw.relation }} as raw_rows
        {%- if changes and is_incremental() %}
        where {{ row_key }} in (select row_key from {{ changed }})
        {%- endif %}
        group by {{ row_key }}
        having count(*) > 1
    ) as repeated_keys on {{ row_key }} = repeated_keys.row_key
    {%- if changes and is_incremental() %}
    where {{ row_key }} is null or {{ row_key }} in (select row_key from {{ changed }})
    {%- endif %}
    {%- endif %}
    {%- for line in raw.unreadable %}
    union all
    select
        {%- for name in wanted %}
        cast(null as {{ dbt.type_string() }}) as {{ name | lower }},
        {%- endfor %}
        false as is_deleted,
        cast(null as timestamp) as loaded_at,
        'unreadable_row' as landing_problem,
        {%- if key %}
        false as is_key_repeated,
        {%- endif %}
        {%- if changes %}
        {{ row_fingerprint([]) }} as row_fingerprint,
        cast(null as {{ dbt.type_string() }}) as raw_file,
        {%- endif %}
        {%- set text = "'" ~ tojson(line) | replace("'", "''") ~ "'" %}
        {{ row_to_write({}, text) if key else text }} as raw_row
    {%- endfor %}
    {%- endif -%}
{%- endmacro %}


{#- Where a system's raw data comes from: seeds, files or tables. var raw_from is one word for all, or words by system with a default. -#}
{% macro raw_from(system) -%}
    {%- set choice = var('raw_from') -%}
    {%- if choice is mapping -%}
        {%- set choice = choice.get(system, choice.get('default', 'seeds')) -%}
    {%- endif -%}
    {%- if choice not in ['seeds', 'files', 'tables'] -%}
        {{- exceptions.raise_compiler_error("var raw_from is '" ~ choice ~ "' for " ~ system ~ ": write seeds, files or tables.") -}}
    {%- endif -%}
    {{- return(choice) -}}
{%- endmacro %}


{#-
    Where an object's rows are: a dict of
    relation    SQL, or none when there are no rows
    columns     names as they stand; empty while only parsing
    place       for messages
    unreadable  lines of files that could not be read (file, line, text, why)
    file_column with by_file only: SQL over raw_rows of the file that a row is from
    problem     a sentence when the build has to stop
    warning     a sentence when it is worth saying that there are no rows
-#}
{% macro find_raw(system, object, is_required_object, by_file=false) -%}
    {%- set is_running = execute and flags.WHICH in ['run', 'build', 'test', 'seed', 'run-operation'] -%}
    {%- set raw = {
        'relation': none, 'columns': [], 'place': '', 'unreadable': [], 'problem': '', 'warning': '',
        'file_column': 'cast(null as ' ~ dbt.type_string() ~ ')',
    } -%}
    {%- set missing = '' -%}
    {%- if system not in var('systems') -%}
        {%- do raw.update({'place': 'nowhere: ' ~ system ~ ' is not in var systems'}) -%}
    {%- elif raw_from(system) == 'seeds' -%}
        {%- set relation = ref('demo_' ~ system ~ '__' ~ object) -%}
        {%- set name = 'demo_' ~ system ~ '__' ~ object -%}
        {#- Every column of the demo is described, so that the database need not be asked. -#}
        {%- set columns = graph.get('nodes', {}).get('seed.rampline.' ~ name, {}).get('columns', {}) | list -%}
        {#- A unit test sees no graph: there the seed is a CTE with the given rows, and has the columns of the seed itself. -#}
        {%- if execute and not columns -%}
            {%- set seed = api.Relation.create(database=target.get('database'), schema=generate_schema_name('demo', none), identifier=name) -%}
            {%- set columns = adapter.get_columns_in_relation(seed) | map(attribute='name') | list -%}
        {%- endif -%}
        {%- do raw.update({'relation': relation, 'columns': columns, 'place': relation | string}) -%}
    {%- elif raw_from(system) == 'files' -%}
        {%- set place = files_of(system, object) -%}
        {%- do raw.update({'place': place.folder}) -%}
        {%- if execute -%}
            {%- set found = find_files(place.folder, object, place.patterns, by_file) -%}
            {%- if found.problem -%}
                {%- do raw.update({'problem': system ~ '.' ~ object ~ ': ' ~ found.problem}) -%}
            {%- elif found.files -%}
                {%- do raw.update({
                    'relation': found.relation, 'columns': found.columns, 'place': found.files | join(', '), 'unreadable': found.unreadable,
                    'file_column': 'raw_rows._rampline_file' if by_file else raw.file_column,
                }) -%}
            {%- else -%}
                {%- set missing = 'Looked for ' ~ found.looked_for ~ '. Add the file' -%}
            {%- endif -%}
        {%- endif -%}
    {%- else -%}
        {%- set landed = source(system, object) -%}
        {%- do raw.update({'place': landed | string}) -%}
        {%- if execute -%}
            {%- set found = find_table(landed) -%}
            {%- if found.relation is not none -%}
                {%- do raw.update({'relation': found.relation, 'columns': found.columns, 'place': found.relation | string}) -%}
            {%- else -%}
                {%- set missing = 'Looked for table ' ~ landed.identifier ~ ' in ' ~ landed.database ~ '.' ~ landed.schema ~ ', which has '
                    ~ (found.tables[:20] | join(', ') or 'no tables') ~ '. Name the table in var raw_tables' -%}
            {%- endif -%}
        {%- endif -%}
    {%- endif -%}
    {%- if missing and is_required_object -%}
        {%- do raw.update({'problem': 'Object ' ~ system ~ '.' ~ object ~ ' is required and missing. ' ~ missing ~ ', or take '
            ~ system ~ ' out of var systems.'}) -%}
    {%- elif missing -%}
        {%- do raw.update({'warning': 'Object ' ~ system ~ '.' ~ object ~ ' is not there and is read as empty. ' ~ missing ~ ' if you have it.'}) -%}
    {%- endif -%}
    {#- Linting, docs and the like need no data. -#}
    {%- if not is_running -%}{%- do raw.update({'problem': '', 'warning': ''}) -%}{%- endif -%}
    {{- return(raw) -}}
{%- endmacro %}


{#- Folder and file patterns of an object, from vars raw_folder and raw_files. -#}
{% macro files_of(system, object) -%}
    {%- set entry = var('raw_files').get(system, {}) -%}
    {%- set patterns = entry.get('files', {}).get(object, []) -%}
    {{- return({
        'folder': entry.get('folder', var('raw_folder') ~ '/' ~ system),
        'patterns': [patterns] if patterns is string else patterns,
    }) -}}
{%- endmacro %}


{#- The table a loader landed for a source: by its name, else by its name without regard to case and punctuation. -#}
{% macro find_table(landed) -%}
    {%- set found = {'relation': none, 'columns': [], 'tables': table_names(landed.database, landed.schema)} -%}
    {%- set names = [] -%}
    {%- for name in found.tables if column_key(name) == column_key(landed.identifier) -%}
        {%- if name | lower == landed.identifier | lower -%}{%- do names.insert(0, name) -%}{%- else -%}{%- do names.append(name) -%}{%- endif -%}
    {%- endfor -%}
    {%- if names -%}
        {%- set relation = landed.incorporate(path={'identifier': names[0]}) -%}
        {%- do found.update({
            'relation': relation, 'columns': adapter.get_columns_in_relation(relation) | map(attribute='name') | list,
        }) -%}
    {%- endif -%}
    {{- return(found) -}}
{%- endmacro %}


{#- What is left of a name when case and punctuation do not count. -#}
{% macro column_key(name) -%}
    {{- return(modules.re.sub('[^a-z0-9]', '', name | lower)) -}}
{%- endmacro %}


{#-
    Which of the given columns holds each wanted one: a dict of sources (wanted name -> given name, without those that are missing), missing
    (required names that are not there) and problem (a sentence, or '').
    The one place that says when two names are the same: letters and digits alike, case and punctuation apart; then the aliases; then the same
    names under the prefix that a loader puts before nested fields (property_, properties__, ..).
-#}
{% macro match_columns(required, optional, given, object, place, aliases={}) -%}
    {%- set by_key = {} -%}
    {%- for column in given -%}
        {%- set key = column_key(column) -%}
        {%- do by_key.update({key: by_key.get(key, []) + [column]}) -%}
    {%- endfor -%}
    {%- set match = {'sources': {}, 'missing': [], 'problem': ''} -%}
    {%- for name in required + optional -%}
        {%- set names = [name] + aliases.get(name, []) -%}
        {%- set keys = names | map('lower') | list -%}
        {%- for prefix, suffix in [('property', ''), ('properties', ''), ('properties', 'value'), ('metadata', ''), ('attributes', '')] -%}
            {%- for other in names -%}{%- do keys.append(prefix ~ other ~ suffix) -%}{%- endfor -%}
        {%- endfor -%}
        {%- for key in keys if name not in match.sources -%}
            {%- set candidates = by_key.get(column_key(key), []) -%}
            {%- if candidates -%}{%- do match.sources.update({name: candidates[0]}) -%}{%- endif -%}
            {%- if candidates | length > 1 and not match.problem -%}
                {%- do match.update({'problem': 'Column ' ~ name ~ ' of ' ~ object ~ ' stands ' ~ candidates | length ~ ' times in ' ~ place ~ ': '
                    ~ candidates | join(', ') ~ '. Keep one of them.'}) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if name in required and name not in match.sources -%}
            {%- do match.missing.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if match.missing and not match.problem -%}
        {%- do match.update({'problem': 'Column ' ~ match.missing | join(', ') ~ ' of ' ~ object ~ ' is required and missing. Looked in ' ~ place
            ~ ', which has: ' ~ given | join(', ') ~ '. Add the column, or rename the one that holds it.'}) -%}
    {%- endif -%}
    {{- return(match) -}}
{%- endmacro %}


{#-
    What the bookkeeping columns of the loaders say of a row, as SQL over raw_rows: is_deleted, loaded_at, and problem (a mark of deletion
    that is neither true nor false).
    Fivetran: _fivetran_deleted, _fivetran_synced; history mode _fivetran_active, _fivetran_start. Airbyte: _ab_cdc_deleted_at,
    _airbyte_extracted_at, _airbyte_emitted_at. Stitch: _sdc_deleted_at, _sdc_batched_at. dlt: _dlt_valid_to, _dlt_valid_from, _dlt_load_id.
    Salesforce's own IsDeleted counts for every object.
-#}
{% macro loader_marks(columns) -%}
    {%- set by_key = {} -%}
    {%- for column in columns -%}{%- do by_key.update({column_key(column): 'cast(raw_rows.' ~ adapter.quote(column) ~ ' as ' ~ dbt.type_string() ~ ')'}) -%}{%- endfor -%}
    {%- set deleted = [] -%}
    {%- set unclear = [] -%}
    {%- set loaded = [] -%}
    {%- for key, meaning in [('isdeleted', 'true'), ('fivetrandeleted', 'true'), ('fivetranactive', 'false')] if key in by_key -%}
        {%- set text = "nullif(trim(" ~ by_key[key] ~ "), '')" -%}
        {%- do deleted.append('coalesce(' ~ parse_boolean(text) ~ ' = ' ~ meaning ~ ', false)') -%}
        {%- do unclear.append(is_unparsable(text, parse_boolean(text))) -%}
    {%- endfor -%}
    {%- for key in ['abcdcdeletedat', 'sdcdeletedat', 'dltvalidto'] if key in by_key -%}
        {%- do deleted.append("nullif(trim(" ~ by_key[key] ~ "), '') is not null") -%}
    {%- endfor -%}
    {%- for key in [
        'fivetranstart', 'dltvalidfrom', 'fivetransynced', 'airbyteextractedat', 'airbyteemittedat', 'sdcbatchedat', 'dltloadid',
    ] if key in by_key -%}
        {%- do loaded.append(parse_timestamp(by_key[key])) -%}
    {%- endfor -%}
    {{- return({
        'is_deleted': '(' ~ deleted | join(' or ') ~ ')' if deleted else 'false',
        'loaded_at': 'coalesce(' ~ loaded | join(', ') ~ ', cast(null as timestamp))' if loaded else 'cast(null as timestamp)',
        'problem': 'case when ' ~ unclear | join(' or ') ~ " then 'unparsable_boolean' end" if unclear
            else 'cast(null as ' ~ dbt.type_string() ~ ')',
    }) -}}
{%- endmacro %}


{#- Whether a column is a loader's bookkeeping and not the vendor's. -#}
{% macro is_loader_column(name) -%}
    {{- return(modules.re.match('_(fivetran|airbyte|ab|sdc|dlt)_', name | lower) is not none) -}}
{%- endmacro %}
