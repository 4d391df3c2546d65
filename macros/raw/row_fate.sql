{#-
    The last CTEs of a staging model, up to and with judged: where each raw row ends.

    relation: CTE with row_key, is_deleted, loaded_at and landing_problem (from read_raw), version (the vendor's UTC timestamp of the
    row's last change, or NULL), problem (reason code or NULL) and raw_row. Adds row_status and reject_reason; the model's final CTE
    names the columns it keeps, since portable SQL cannot drop one.
    has_key: whether relation has is_key_repeated (from read_raw with a key). Rows whose key stands once are then not compared. Rows then go two
    ways, so that relation and what it is made of are to be inlined(): else an engine may keep every row of a large object in memory.

    rejected    the row has a problem, or shares its key with different rows and neither version nor load tells which is newest
    superseded  an older version, or a copy, of a row with the same key
    deleted     the newest version is marked deleted, by the vendor or by the loader
    accepted    everything else
-#}
{% macro row_fate(relation, has_key=false) -%}
{%- set row_of_examined, row_of_ranked = 'examined.raw_row', 'ranked.raw_row' -%}
{%- if has_key -%}{%- set row_of_examined, row_of_ranked = row_written(row_of_examined), row_written(row_of_ranked) -%}{%- endif -%}
examined as {{ inlined() if has_key }} (
    select
        {{ relation }}.*,
        coalesce({{ relation }}.landing_problem, {{ relation }}.problem) as row_problem
    from {{ relation }}
),

ranked as (
    select
        examined.*,
        row_number() over (
            partition by examined.row_key, examined.row_problem is null
            order by examined.version desc nulls last, examined.loaded_at desc nulls last, {{ row_of_examined }}
        ) as version_rank,
        dense_rank() over (
            partition by examined.row_key, examined.row_problem is null
            order by examined.version desc nulls last, examined.loaded_at desc nulls last
        ) as age_rank
    from examined
    {%- if has_key %}
    where examined.is_key_repeated
    {%- endif %}
),

compared as (
    select
        ranked.*,
        min(case when ranked.age_rank = 1 then {{ row_of_ranked }} end) over (
            partition by ranked.row_key, ranked.row_problem is null
        ) as first_newest_row,
        max(case when ranked.age_rank = 1 then {{ row_of_ranked }} end) over (
            partition by ranked.row_key, ranked.row_problem is null
        ) as last_newest_row
    from ranked
    {%- if has_key %}
    union all
    select
        examined.*,
        cast(1 as bigint) as version_rank,
        cast(1 as bigint) as age_rank,
        cast(null as {{ dbt.type_string() }}) as first_newest_row,
        cast(null as {{ dbt.type_string() }}) as last_newest_row
    from examined
    where not examined.is_key_repeated
    {%- endif %}
),

fates as (
    select
        compared.*,
        case
            when compared.row_problem is not null then compared.row_problem
            when compared.age_rank = 1 and compared.first_newest_row <> compared.last_newest_row
                then 'duplicate_key_conflict'
        end as reject_reason
    from compared
),

judged as (
    select
        fates.*,
        case
            when fates.reject_reason is not null then 'rejected'
            when fates.version_rank > 1 then 'superseded'
            when fates.is_deleted then 'deleted'
            else 'accepted'
        end as row_status
    from fates
)
{%- endmacro %}

{#-
    The raw row of a judged row, of objects that grow large: only where somebody reads it, since as JSON it takes more room than all else that is
    kept of a row. Read are rejected rows, and every row of an object with custom columns. Not for objects in the references of
    raw_systems(), whose accepted rows may turn out to be orphans.
-#}
{% macro raw_row_to_keep(system, object) -%}
    {%- if system ~ '.' ~ object in var('custom_columns') -%}
        {{ row_written('judged.raw_row') }}
    {%- else -%}
        case when judged.row_status = 'rejected' then {{ row_written('judged.raw_row') }} end
    {%- endif -%}
{%- endmacro %}

{#- Whether a text is there but could not be parsed. -#}
{% macro is_unparsable(text, parsed) -%}
    ({{ text }} is not null and {{ parsed }} is null)
{%- endmacro %}

{#- Whether a date is before 1990 or over five years after the as-of date. -#}
{% macro is_out_of_range(date_or_timestamp) -%}
    (
        cast({{ date_or_timestamp }} as date) < cast('1990-01-01' as date)
        or cast({{ date_or_timestamp }} as date) > cast({{ dbt.dateadd('year', 5, as_of_date()) }} as date)
    )
{%- endmacro %}
