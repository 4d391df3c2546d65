{#-
    The last CTEs of a staging model, up to and with final: where each raw row ends.

    relation: CTE with row_key, is_deleted, version (UTC timestamp, or NULL), problem (reason code or NULL) and raw_row.
    Adds row_status and reject_reason; drops the working columns is_deleted, version and problem is not possible in portable SQL, so
    the model's final CTE names the columns it keeps.

    rejected    the row has a problem, or shares its key with different rows and no version tells which is newest
    superseded  an older version, or a copy, of a row with the same key
    deleted     the newest version is marked deleted at the source
    accepted    everything else
-#}
{% macro row_fate(relation) -%}
versioned as (
    select
        {{ relation }}.*,
        row_number() over (
            partition by {{ relation }}.row_key, {{ relation }}.problem is null
            order by {{ relation }}.version desc nulls last, {{ relation }}.raw_row
        ) as version_rank,
        max({{ relation }}.version) over (
            partition by {{ relation }}.row_key, {{ relation }}.problem is null
        ) as newest_version
    from {{ relation }}
),

aged as (
    select
        versioned.*,
        coalesce(versioned.version = versioned.newest_version, versioned.newest_version is null) as is_newest
    from versioned
),

compared as (
    select
        aged.*,
        min(case when aged.is_newest then aged.raw_row end) over (
            partition by aged.row_key, aged.problem is null
        ) as first_newest_row,
        max(case when aged.is_newest then aged.raw_row end) over (
            partition by aged.row_key, aged.problem is null
        ) as last_newest_row
    from aged
),

fates as (
    select
        compared.*,
        case
            when compared.problem is not null then compared.problem
            when compared.is_newest and compared.first_newest_row <> compared.last_newest_row
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

{#- Whether a text is there but could not be parsed. -#}
{% macro is_unparsable(text, parsed) -%}
    ({{ text }} is not null and {{ parsed }} is null)
{%- endmacro %}

{#- Whether a date is before 1990 or over five years after the as-of date. -#}
{% macro is_out_of_range(date_or_timestamp) -%}
    ({{ date_or_timestamp }} < cast('1990-01-01' as date) or {{ date_or_timestamp }} > {{ dbt.dateadd('year', 5, as_of_date()) }})
{%- endmacro %}
