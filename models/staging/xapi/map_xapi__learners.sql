-- The people that statements are about, each once, with the e-mail that they are matched by.
with statements as (select * from {{ ref('stg_xapi__statements') }}),

final as (
    select
        statements.source_identity as lms_user_id,
        case when statements.source_identity like '%@%' then statements.source_identity end as email,
        cast(null as {{ dbt.type_string() }}) as employee_number,
        {{ dbt.hash('statements.source_identity') }} as row_key,
        'accepted' as row_status
    from statements
    where statements.row_status = 'accepted' and statements.is_learning
    group by statements.source_identity
)

select * from final
