-- As in the demo: the settings name them. They start within these years.
select * replace (
    cast(case program_id
        when 'prog_onboarding_v1' then getvariable('first_day')
        when 'prog_onboarding_v2' then getvariable('version_2_from')
        when 'prog_product_news' then add_days(getvariable('first_day'), getvariable('days') * 0.4)
        when 'prog_discovery_skills' then add_days(getvariable('first_day'), getvariable('days') * 0.6)
        else getvariable('last_day') - 60
    end as varchar) as starts_on
)
from read_csv(getvariable('demo') || '/lms/demo_lms__program.csv', all_varchar = true)
