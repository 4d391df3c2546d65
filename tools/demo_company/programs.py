"""The training programs, and who takes the two ongoing ones."""

from __future__ import annotations

from datetime import date

from .calendar import AS_OF, add_months
from .company import Company, Person, rng_for

ONBOARDING_V1 = "prog_onboarding_v1"
ONBOARDING_V2 = "prog_onboarding_v2"
REAL = "prog_discovery_skills"
PLACEBO = "prog_product_news"
SMALL = "prog_executive_briefing"
LAUNCH = {PLACEBO: date(2025, 6, 1), REAL: date(2025, 10, 1)}
EFFECT_POINTS = 0.12
WINDOW_MONTHS = 4


def assign_programs(company: Company) -> None:
    """Treat about half of the AEs that were productive for four months at each launch."""
    for program in (PLACEBO, REAL):
        launch = LAUNCH[program]
        eligible = [p for p in company.sellers("AE") if _is_eligible(p, launch)]
        eligible.sort(key=lambda p: (p.spells[0].start, p.key))
        rng = rng_for(f"assign:{program}")
        for place in range(0, len(eligible), 2):
            pair = eligible[place : place + 2]
            rng.shuffle(pair)
            pair[0].treated.add(program)
        treated = [p.user_id for p in eligible if program in p.treated]
        company.planted.setdefault("program_groups", {})[program] = {
            "launch": launch.isoformat(),
            "treated_user_ids": sorted(treated),
            "control_user_ids": sorted(p.user_id for p in eligible if p.user_id not in treated),
        }


def _is_eligible(person: Person, launch: date) -> bool:
    first, last = add_months(launch, -WINDOW_MONTHS), add_months(launch, WINDOW_MONTHS + 2)
    spell = person.spell_on(launch)
    if spell is None or spell.family != "AE" or not person.has_quota:
        return False
    is_there = spell.end is None or spell.end > min(last, AS_OF)
    return spell.productive <= first and is_there


def effect_on(person: Person, month: date) -> float:
    """Return what the real program adds to attainment in a month, in shares of quota."""
    if REAL not in person.treated or month < LAUNCH[REAL]:
        return 0.0
    return EFFECT_POINTS / 2 if month == LAUNCH[REAL] else EFFECT_POINTS
