{#-
    Looks at the raw data of every system in var systems, before any build, and prints what was found as one line of JSON for
    tools/check_data.py: a list with, per object, place, row_count, matched (wanted column -> column that is there), missing_required,
    missing_optional, unused, unreadable_count, and problem or warning in a sentence.
    Reads the lists of columns from the staging models, where read_raw keeps them.
-#}
{% macro check_data() -%}
    {%- set findings = [] -%}
    {%- set specifications = {} -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.config.meta.get('raw') -%}
        {%- set raw = node.config.meta.raw -%}
        {%- do specifications.update({raw.system ~ '.' ~ raw.object: raw}) -%}
    {%- endfor -%}
    {%- for item in raw_objects() if item.system in var('systems') and raw_from(item.system) != 'seeds' -%}
        {%- set name = item.system ~ '.' ~ item.object -%}
        {%- set wanted = specifications[name] -%}
        {%- set raw = find_raw(item.system, item.object, wanted.is_required_object) -%}
        {%- set finding = {
            'system': item.system, 'object': item.object, 'is_required_object': wanted.is_required_object, 'place': raw.place, 'row_count': none,
            'matched': {}, 'missing_required': [], 'missing_optional': [], 'unused': [], 'unreadable_count': raw.unreadable | length,
            'problem': raw.problem, 'warning': raw.warning,
        } -%}
        {%- if raw.relation is not none and not raw.problem -%}
            {%- set match = match_columns(wanted.required, wanted.optional, raw.columns, name, raw.place, wanted.aliases) -%}
            {%- do finding.update({'matched': match.sources, 'missing_required': match.missing, 'problem': match.problem}) -%}
            {%- for column in wanted.optional if column not in match.sources -%}{%- do finding.missing_optional.append(column) -%}{%- endfor -%}
            {%- for column in raw.columns if column not in match.sources.values() and not is_loader_column(column) and column_key(column) != 'isdeleted' -%}
                {%- do finding.unused.append(column) -%}
            {%- endfor -%}
            {%- set rows = run_query('select count(*) from ' ~ raw.relation ~ ' as raw_rows') -%}
            {%- do finding.update({'row_count': rows[0][0] | int}) -%}
        {%- endif -%}
        {%- do findings.append(finding) -%}
    {%- endfor -%}
    {{- print('check_data ' ~ tojson(findings)) -}}
{%- endmacro %}
