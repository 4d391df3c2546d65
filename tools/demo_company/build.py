"""Build the company in memory."""

from __future__ import annotations

from .activities import build_activities
from .calendar import AS_OF, EXTRACT_FROM, QUOTAS_FROM
from .coaching import build_coaching
from .company import SEED, Company, Person
from .deals import MONTHLY_QUOTA, build_accounts, build_rates, plan_deals, write_deals
from .learning import build_learning
from .measure import realised
from .mess_crm import plant_activity_mess, plant_deal_mess
from .mess_people import plant_bad_rows, plant_identity_mess
from .people import build_people
from .programs import EFFECT_POINTS, PLACEBO, REAL, SMALL, assign_programs
from .quotas import build_quotas


def build_company() -> tuple[Company, dict[str, object]]:
    """Return the company with all its rows, and the truth about it."""
    company = Company()
    build_people(company)
    assign_programs(company)
    build_accounts(company)
    build_rates(company)
    write_deals(company, plan_deals(company))
    build_quotas(company)
    build_activities(company)
    build_learning(company)
    build_coaching(company)
    plant_deal_mess(company)
    plant_activity_mess(company)
    plant_identity_mess(company)
    plant_bad_rows(company)
    _describe(company)
    return company, {
        "seed": SEED,
        "planted": company.planted,
        "realised": realised(company),
        "mess": company.mess,
    }


def _describe(company: Company) -> None:
    company.planted |= {
        "as_of_date": AS_OF.isoformat(),
        "extract_from": EXTRACT_FROM.isoformat(),
        "quotas_from": QUOTAS_FROM.isoformat(),
        "annual_quota_usd": 12 * MONTHLY_QUOTA,
        "tenured_attainment_aim": [0.50, 0.54],
        "median_days_to_productive": {"v1": 150, "v2": 90, "difference": 60},
        "program_effects_points_of_quota": {PLACEBO: 0.0, REAL: EFFECT_POINTS},
        "real_effect": {
            "program_id": REAL,
            "demos_added_per_month": 0.9,
            "scorecard_question": "discovery",
            "scorecard_points_added": 1.0,
        },
        "small_program_id": SMALL,
        "note": "Noise and random streams were chosen so that realised figures lie near the planted ones.",
        "hires": [_hire(p) for p in company.people if p.is_new],
    }


def _hire(person: Person) -> dict[str, object]:
    return {
        "user_id": person.user_id,
        "rep_email": person.email,
        "employee_number": person.employee_number,
        "spells": [
            {
                "role": spell.role,
                "hired_on": spell.hired.isoformat(),
                "started_on": spell.start.isoformat(),
                "ended_on": spell.end.isoformat() if spell.end and spell.end <= AS_OF else None,
                "onboarding": spell.version,
                "productive_on": spell.productive.isoformat() if spell.productive else None,
            }
            for spell in person.spells
        ],
    }
