{{ config(severity='warn') }}
-- People whose time zone in the CRM has no such name: their days are days of var default_timezone.
{%- set crm_users = feed('users') %}
with users as (
    {{ crm_users }}
),

zones as (select * from ({{ timezone_names() }}) as names),

final as (
    select
        users.system,
        users.user_id,
        users.timezone
    from users
    left join zones on users.timezone = zones.timezone
    where users.row_status = 'accepted' and users.timezone is not null and zones.timezone is null
)

select * from final
