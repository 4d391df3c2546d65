{#-
    Increments. The models that a company's size justifies (DECISIONS: "What is built by increments") are incremental: a build that
    continues the last one finds out which rows of raw data differ from those that were read then, and makes only what follows from them
    again. Its rows are those of a full build, whatever changed: nothing is taken from load times or a watermark.

    A build continues the last one when that was a whole dbt build without a failure, of the same settings, models and seeds, as of the same
    day or an earlier one, and this one builds every model too. Otherwise it is a full build, as with --full-refresh.
-#}

{#-
    Note in meta.last_build that a build begins: until it ends, nothing can be continued. Runs at the start of dbt build, run and seed.
    continued_from is the as-of date of the build that this one continues, NULL in a full build.
-#}
{% macro begin_build() -%}
    {%- if execute and flags.WHICH in ['build', 'run', 'seed'] and is_any_selected() -%}
        {%- set last = {'as_of_date': none} -%}
        {%- if can_increment() and flags.WHICH == 'build' and not flags.FULL_REFRESH and is_all_selected() -%}
            {%- set state = last_build() -%}
            {%- if state and state.is_whole and state.settings == settings_fingerprint() -%}
                {%- set order = run_query("select case when cast('" ~ state.as_of_date ~ "' as date) <= " ~ as_of_date() ~ " then 1 else 0 end") -%}
                {%- if order[0][0] == 1 -%}{%- do last.update({'as_of_date': state.as_of_date}) -%}{%- endif -%}
            {%- endif -%}
        {%- endif -%}
        {%- do write_last_build(last.as_of_date, is_whole=false) -%}
    {%- endif -%}
{%- endmacro %}

{#-
    Note in meta.last_build that a dbt build has ended, and whether the next one may continue it. Publishing compares the invocation with
    dbt's run results, so that results of one build never publish the file of another. results: dbt's, of on-run-end.
-#}
{% macro end_build(results) -%}
    {%- if execute and flags.WHICH == 'build' -%}
        {%- set failed = results | rejectattr('status', 'in', ['success', 'pass', 'warn', 'no-op']) | list -%}
        {%- do write_last_build(continued_from(), is_whole=(not failed and is_all_selected())) -%}
    {%- endif -%}
{%- endmacro %}

{#- The as-of date, as text, of the build that this run continues; none in a full build. -#}
{% macro continued_from() -%}
    {%- if not execute or flags.WHICH != 'build' or not can_increment() -%}{{- return(none) -}}{%- endif -%}
    {%- set state = last_build() -%}
    {{- return(state.continued_from if state and state.invocation_id == invocation_id else none) -}}
{%- endmacro %}

{#- In place of dbt's own: without a look at the database, since a whole build leaves every model behind. -#}
{% macro is_incremental() -%}
    {{- return(model.config.materialized == 'incremental' and continued_from() is not none) -}}
{%- endmacro %}

{#- In place of dbt's own, which the incremental materialization asks: models are made whole unless a build is continued. -#}
{% macro should_full_refresh() -%}
    {%- set asked_for = config.get('full_refresh') -%}
    {%- if asked_for is none -%}{%- set asked_for = flags.FULL_REFRESH -%}{%- endif -%}
    {{- return(asked_for or (model.config.materialized == 'incremental' and continued_from() is none)) -}}
{%- endmacro %}

{#-
    The relation of a model, outside of the graph: as the last build left it, for models above it that compare (a ref() would make a cycle).
-#}
{% macro as_last_built(name) -%}
    {%- for node in (graph.nodes.values() if execute else []) if node.resource_type == 'model' and node.name == name -%}
        {{- return(api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias)) -}}
    {%- endfor -%}
{%- endmacro %}

{#-
    Which rows of an incremental model an increment makes again: a dict of condition, on the relation as built, and changes, a relation that the
    condition calls changed and that has no row of built twice, or none. Rows of a changed key or without a key; of a timeline those from the
    first changed day on. none for any other model. name: the model.
-#}
{% macro made_again(name) -%}
    {%- set keys = {
        'stg_salesforce__tasks': ('row_key', 'stg_salesforce__changed_tasks'),
        'stg_salesforce__events': ('row_key', 'stg_salesforce__changed_events'),
        'cnf_activities': ('source_key', 'cnf_changed_activities'),
        'fct_activities': ('source_key', 'cnf_changed_activities'),
        'deal_influence': ('opportunity_id', 'int_changed_deals'),
    } -%}
    {%- if name in keys -%}
        {%- set key, changed = keys[name] -%}
        {#- Raw rows may lack a key. -#}
        {%- set if_without = 'built.row_key is null or ' if key == 'row_key' else '' -%}
        {{- return({
            'condition': if_without ~ 'built.' ~ key ~ ' in (select ' ~ key ~ ' from ' ~ as_last_built(changed) ~ ')',
            'changes': none,
        }) -}}
    {%- elif name == 'rep_timeline' -%}
        {#- A join, since engines are slow to find out whether such a row exists. -#}
        {{- return({
            'condition': 'built.rep_id = changed.rep_id and built.happened_on >= changed.changed_from',
            'changes': as_last_built('int_changed_rep_timelines'),
        }) -}}
    {%- endif -%}
{%- endmacro %}

{#-
    Condition of an incremental model: in an increment the rows of a key that the model changes lists, in a full build all. expression: SQL of the
    key. key: its column in changes.
-#}
{% macro only_changed(expression, changes, key) -%}
    {%- set changed = ref(changes) -%}
    {{- return(expression ~ ' in (select ' ~ key ~ ' from ' ~ changed ~ ')' if is_incremental() else '1 = 1') -}}
{%- endmacro %}

{#- Pre-hook of an incremental model: deletes the rows that an increment makes again. -#}
{% macro delete_changed() -%}
    {%- if is_incremental() -%}
        {%- set rows = made_again(model.name) -%}
        delete from {{ this }} as built {{ 'using ' ~ rows.changes ~ ' as changed' if rows.changes }} where {{ rows.condition }}
    {%- endif -%}
{%- endmacro %}

{#-
    In place of dbt's own, which every generic test calls for the relation that it tests: in an increment, tests that sort or group all rows see
    those of an incremental model that were made again. The others were tested when they were made; a full build tests all. (Other tests read a
    column, which takes less time than to find these rows.)
-#}
{% macro get_where_subquery(relation) -%}
    {%- set narrowed = ['unique', 'unique_key', 'rows_have_one_fate', 'sequence_in_order'] -%}
    {%- set is_narrowed = execute and model.test_metadata.name in narrowed and not config.get('where') -%}
    {%- set rows = made_again(relation.identifier) if is_narrowed else none -%}
    {#- Last, since it asks the database. -#}
    {%- if rows and continued_from() is not none -%}
        {{- return(
            '(select built.* from ' ~ relation ~ ' as built' ~ (' cross join ' ~ rows.changes ~ ' as changed' if rows.changes else '')
            ~ ' where ' ~ rows.condition ~ ')'
        ) -}}
    {%- endif -%}
    {{- return(default__get_where_subquery(relation)) -}}
{%- endmacro %}

{#- What meta.last_build says: invocation_id, as_of_date, continued_from, settings (texts) and is_whole; none where there is none. -#}
{% macro last_build() -%}
    {%- set relation = api.Relation.create(database=target.get('database'), schema='meta', identifier='last_build') -%}
    {%- if 'last_build' not in table_names(relation.database, relation.schema) -%}{{- return(none) -}}{%- endif -%}
    {%- if 'continued_from' not in adapter.get_columns_in_relation(relation) | map(attribute='name') | list -%}{{- return(none) -}}{%- endif -%}
    {%- set row = run_query(
        'select invocation_id, cast(as_of_date as ' ~ dbt.type_string() ~ '), cast(continued_from as ' ~ dbt.type_string()
        ~ '), settings, is_whole from meta.last_build'
    )[0] -%}
    {{- return({
        'invocation_id': row[0], 'as_of_date': row[1], 'continued_from': row[2], 'settings': row[3], 'is_whole': row[4],
    }) -}}
{%- endmacro %}

{#- Write meta.last_build. continued_from: a day as text, or none. -#}
{% macro write_last_build(continued_from, is_whole) -%}
    {%- do adapter.create_schema(api.Relation.create(database=target.get('database'), schema='meta')) -%}
    {%- do run_query('drop table if exists meta.last_build') -%}
    {%- do run_query(
        "create table meta.last_build as select '" ~ invocation_id ~ "' as invocation_id, " ~ as_of_date() ~ " as as_of_date, cast("
        ~ ("'" ~ continued_from ~ "'" if continued_from else 'null') ~ " as date) as continued_from, '" ~ settings_fingerprint()
        ~ "' as settings, cast(" ~ is_whole | lower ~ " as boolean) as is_whole"
    ) -%}
{%- endmacro %}

{#-
    One text for all that decides what is made of raw data, but for the as-of date: vars, the engine, and models and seeds by content. dbt
    does not tell what stands in macros: after a change of one, say --full-refresh (make build sees it by itself).
-#}
{% macro settings_fingerprint() -%}
    {%- set parts = [target.type, dbt_version] -%}
    {%- for name in known_settings() if name != 'as_of_date' -%}{%- do parts.append(name ~ '=' ~ tojson(var(name), sort_keys=true)) -%}{%- endfor -%}
    {%- for node in graph.nodes.values() | sort(attribute='unique_id') if node.resource_type in ['model', 'seed'] and not node.path.startswith('demo/') -%}
        {%- do parts.append(node.unique_id ~ '=' ~ node.checksum.checksum) -%}
    {%- endfor -%}
    {{- return(local_md5(parts | join('\n'))) -}}
{%- endmacro %}

{#- Whether a run has any of the models and seeds that there are, and whether it has all of them. -#}
{% macro is_any_selected() -%}
    {{- return(models_and_seeds() | select('in', selected_resources) | list | length > 0) -}}
{%- endmacro %}
{% macro is_all_selected() -%}
    {{- return(models_and_seeds() | reject('in', selected_resources) | list | length == 0) -}}
{%- endmacro %}
{% macro models_and_seeds() -%}
    {{- return(graph.nodes.values() | selectattr('resource_type', 'in', ['model', 'seed']) | map(attribute='unique_id') | list) -}}
{%- endmacro %}
