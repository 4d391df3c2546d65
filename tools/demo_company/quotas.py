"""Periods and quotas."""

from __future__ import annotations

from datetime import date

from .calendar import AS_OF, EXTRACT_FROM, QUOTAS_FROM, month_end, month_of, months_between
from .company import Company, Person, Spell
from .deals import MONTHLY_QUOTA

SECOND_TYPE = {"tenured_01", "tenured_08", "tenured_13", "hire_02", "hire_05", "hire_22"}
RAMP = [0.0, 0.25, 0.5, 0.75]


def build_quotas(company: Company) -> None:
    """Write periods, revenue quotas of AEs and meeting quotas of SDRs."""
    types = {name: company.new_id("0Db") for name in ("revenue", "renewal", "meetings")}
    company.planted["forecasting_type_ids"] = types
    company.planted["revenue_forecasting_type_id"] = types["revenue"]
    periods = {}
    for month in months_between(EXTRACT_FROM, date(2026, 12, 1)):
        periods[month] = company.new_id("026")
        row = {"Id": periods[month], "StartDate": month, "EndDate": month_end(month), "Type": "Month"}
        company.add("salesforce", "period", row)
    for person in company.people:
        doubled = person.key in SECOND_TYPE
        for spell in person.spells:
            if spell.family not in ("AE", "SDR") or not person.has_quota:
                continue
            for month in _months(person, spell):
                _quota(company, person, spell, month, period=periods[month], types=types)
                if doubled and month >= date(2026, 1, 1):
                    _row(company, person, month, periods[month], types["renewal"], amount=12000)
                    company.note("second_quota_type", {"user_id": person.user_id, "month": month.isoformat()})


def _months(person: Person, spell: Spell) -> list[date]:
    last = spell.end if spell.end and spell.end <= AS_OF else AS_OF
    months = months_between(max(spell.start, QUOTAS_FROM), last)
    if spell is not person.spells[-1] and person.spells[-1].start > spell.start:
        months = [m for m in months if m < month_of(person.spells[-1].start)]
    return months


def _quota(company: Company, person: Person, spell: Spell, month: date, *, period: str, types: dict[str, str]) -> None:
    share = 1.0
    if person.is_new:
        place = (month.year - spell.start.year) * 12 + month.month - spell.start.month
        share = RAMP[place] if place < len(RAMP) else 1.0
    if spell.family == "AE":
        _row(company, person, month, period, types["revenue"], amount=round(MONTHLY_QUOTA * share))
        if share == 0.0:
            company.note("zero_quota", {"user_id": person.user_id, "month": month.isoformat()})
    else:
        _row(company, person, month, period, types["meetings"], quantity=round(12 * share))


def _row(
    company: Company,
    person: Person,
    month: date,
    period: str,
    kind: str,
    *,
    amount: int | None = None,
    quantity: int | None = None,
) -> None:
    company.add(
        "salesforce",
        "forecasting_quota",
        {
            "Id": company.new_id("0J9"),
            "QuotaOwnerId": person.user_id,
            "StartDate": month,
            "PeriodId": period,
            "QuotaAmount": amount,
            "QuotaQuantity": quantity,
            "IsAmount": amount is not None,
            "IsQuantity": quantity is not None,
            "ForecastingTypeId": kind,
            "CurrencyIsoCode": "USD" if amount is not None else None,
        },
    )
