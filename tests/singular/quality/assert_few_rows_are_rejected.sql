{%- set query -%}
with reconciliation as (select * from {{ ref('source_reconciliation') }}),

rejected as (select * from {{ ref('rejected_rows') }}),

employments as (select * from {{ ref('cnf_employments') }}),

users as (
    {{ feed('users') }}
),

numbered as (
    select
        rejected.system,
        rejected.object,
        rejected.reason,
        coalesce(rejected.row_key, '(no key)') as row_key,
        row_number() over (
            partition by rejected.system, rejected.object, rejected.reason order by rejected.row_key nulls last
        ) as key_number
    from rejected
),

reasons as (
    select
        numbered.system,
        numbered.object,
        numbered.reason,
        count(*) as reason_count,
        max(case when numbered.key_number = 1 then numbered.row_key end)
        || coalesce(max(case when numbered.key_number = 2 then ', ' || numbered.row_key end), '')
        || coalesce(max(case when numbered.key_number = 3 then ', ' || numbered.row_key end), '') as example_keys
    from numbered
    group by numbered.system, numbered.object, numbered.reason
),

final as (
    select
        reasons.system,
        reasons.object,
        reasons.reason,
        reasons.reason_count,
        reconciliation.raw_count,
        100.0 * reasons.reason_count / reconciliation.raw_count as reason_percent,
        reasons.example_keys
    from reconciliation
    inner join reasons
        on reconciliation.system = reasons.system and reconciliation.object = reasons.object
    where
        reconciliation.rejected_rate > {{ var('max_rejected_rate') }}
        -- As of a day before all data, every date is out of range: assert_as_of_date_is_in_the_data says that.
        and (
            exists (select 1 from employments)
            or not exists (select 1 from users where users.created_at > cast({{ as_of_date() }} as timestamp))
        )
)

select * from final
order by final.system asc, final.object asc, final.reason_count desc, final.reason asc
{%- endset -%}
{{ say_failures(
    query,
    'Too many rows are rejected.',
    '{system}.{object}: {reason_count} of {raw_count} rows ({reason_percent:.1f} %) as {reason}, such as '
    ~ '{example_keys}',
    'Var max_rejected_rate allows ' ~ 100 * var('max_rejected_rate') ~ ' % of an object. Look at raw_row in '
    ~ 'quality.rejected_rows, mend the source, or raise the var knowingly.'
) }}
{{ query }}
