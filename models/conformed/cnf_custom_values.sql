-- Values of the columns that a company lists in var custom_columns, by the key of the mart that they go to. Where
-- several rows give a person the same column (roster rows, two CRMs), the first system and its latest row with a value
-- win.
{%- set columns = custom_columns() %}
with
{%- for column in columns if column.system in var('systems') %}
{%- set raw = find_raw(column.system, column.object, false) %}
{%- set place = column.system ~ '.' ~ column.object %}
{%- set match = match_columns([column.name], [], raw.columns or [column.name], place, raw.place) %}
{%- if match.problem and raw.relation is not none %}
{{- exceptions.raise_compiler_error('Var custom_columns: ' ~ match.problem) -}}
{%- endif %}

column_{{ loop.index }} as (
    select
        '{{ column.mart }}' as mart,
        {%- if column.mart == 'dim_reps' %}
        identities.rep_id as entity_key,
        {%- elif column.mart == 'dim_programs' %}
        programs.program_id as entity_key,
        {%- else %}
        '{{ column.system }}:{{ column.object }}:' || staged.row_key as entity_key,
        {%- endif %}
        '{{ column.alias }}' as column_name,
        nullif(trim({{ json_text('staged.raw_row', [match.sources.get(column.name, column.name)]) }}), '')
            as column_value,
        {{ loop.index }} as preference,
        {{ 'coalesce(staged.role_started_on, staged.hired_on)' if column.system == 'roster' else 'cast(null as date)' }}
            as started_on,
        staged.row_key
    from {{ ref(column.model) }} as staged
    {%- if column.mart == 'dim_reps' %}
    inner join {{ ref('cnf_identities') }} as identities
        on
            identities.system = '{{ column.system }}'
            and lower(trim(staged.{{ column.identity }})) = lower(identities.source_identity)
            and identities.rep_id is not null
    {%- elif column.mart == 'dim_programs' %}
    inner join {{ ref('cnf_programs') }} as programs
        on programs.source_key = '{{ column.system }}:{{ column.object }}:' || staged.row_key
    {%- endif %}
    where staged.row_status = 'accepted'
),
{%- endfor %}

listed as (
    {%- for column in columns if column.system in var('systems') %}
    select * from column_{{ loop.index }}
    union all
    {%- endfor %}
    select
        cast(null as {{ dbt.type_string() }}) as mart,
        cast(null as {{ dbt.type_string() }}) as entity_key,
        cast(null as {{ dbt.type_string() }}) as column_name,
        cast(null as {{ dbt.type_string() }}) as column_value,
        0 as preference,
        cast(null as date) as started_on,
        cast(null as {{ dbt.type_string() }}) as row_key
    from (select 1 as one) as nothing
    where 1 = 0
),

ranked as (
    select
        listed.*,
        row_number() over (
            partition by listed.mart, listed.entity_key, listed.column_name
            order by listed.preference asc, listed.started_on desc nulls last, listed.row_key desc
        ) as value_rank
    from listed
    where listed.column_value is not null
),

final as (
    select
        ranked.mart,
        ranked.entity_key,
        ranked.column_name,
        ranked.column_value
    from ranked
    where ranked.value_rank = 1
)

select * from final
