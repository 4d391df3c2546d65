select
    scenario,
    kind,
    window_months
from {{ ref('roi_assumptions') }}
where
    window_months is null
    or window_months not between 1 and 120
    or (
        kind = 'onboarding'
        and (
            hires_per_month is null or hires_per_month < 0
            or hiring_months is null or hiring_months not between 1 and 120
            or ramp_months_before is null or ramp_months_before <= 0
            or ramp_months_after is null or ramp_months_after <= 0
            or ramp_shape is null or ramp_shape not in ('step', 'linear')
        )
    )
    or (kind = 'ongoing' and (rep_count is null or rep_count < 0 or attainment_after_rate is null))
