-- The quota of each rep and period, summed over products: as assigned, and at the role's full productivity.
with quotas as (select * from {{ ref('cnf_quotas') }}),

role_spells as (select * from {{ ref('cnf_role_spells') }}),

role_quotas as (select * from {{ ref('role_quotas') }}),

periods as (
    select
        quotas.rep_id,
        quotas.period_started_on,
        max(quotas.period_ended_on) as period_ended_on,
        sum(quotas.quota_amount_corporate) as assigned_quota
    from quotas
    where quotas.rep_id is not null
    group by quotas.rep_id, quotas.period_started_on
),

-- Whole months where the period begins and ends on the same day of the month, else days in months of 365.25 / 12.
measured as (
    select
        periods.*,
        case
            when
                extract(day from periods.period_started_on)
                = extract(day from cast({{ dbt.dateadd('day', 1, 'periods.period_ended_on') }} as date))
                then
                    1.0 * {{ dbt.datediff(
                        'periods.period_started_on',
                        'cast(' ~ dbt.dateadd('day', 1, 'periods.period_ended_on') ~ ' as date)',
                        'month'
                    ) }}
            else
                12.0 * ({{ dbt.datediff('periods.period_started_on', 'periods.period_ended_on', 'day') }} + 1) / 365.25
        end as period_months
    from periods
),

-- The role held when the period began, else the first one of the period.
period_roles as (
    select
        periods.rep_id,
        periods.period_started_on,
        role_spells.role_family,
        row_number() over (
            partition by periods.rep_id, periods.period_started_on order by role_spells.spell_started_on
        ) as spell_rank
    from periods
    inner join role_spells
        on
            periods.rep_id = role_spells.rep_id
            and periods.period_ended_on >= role_spells.spell_started_on
            and (role_spells.spell_ended_on is null or periods.period_started_on <= role_spells.spell_ended_on)
),

priced as (
    select
        measured.rep_id,
        measured.period_started_on,
        measured.period_ended_on,
        cast(measured.period_months as {{ type_double() }}) as period_months,
        cast(measured.assigned_quota as decimal(18, 2)) as assigned_quota,
        cast(
            cast(
                cast(role_quotas.annual_quota_amount as {{ type_double() }}) / 12.0
                * cast(measured.period_months as {{ type_double() }}) as decimal(28, 6)
            ) as decimal(18, 2)
        ) as full_quota
    from measured
    left join period_roles
        on
            measured.rep_id = period_roles.rep_id
            and measured.period_started_on = period_roles.period_started_on
            and period_roles.spell_rank = 1
    left join role_quotas on period_roles.role_family = role_quotas.role_family
),

final as (
    select
        {{ surrogate_key(['priced.rep_id', 'priced.period_started_on']) }} as quota_id,
        priced.rep_id,
        priced.period_started_on,
        priced.period_ended_on,
        priced.period_months,
        priced.assigned_quota,
        priced.full_quota,
        {% if var('quota_basis') == 'assigned' -%}
        priced.assigned_quota as milestone_quota
        {%- elif var('quota_basis') == 'full' -%}
        coalesce(priced.full_quota, priced.assigned_quota) as milestone_quota
        {%- else -%}
        {{ exceptions.raise_compiler_error(
            "var quota_basis is '" ~ var('quota_basis') ~ "': write full or assigned."
        ) }}
        {%- endif %}
    from priced
)

select * from final
