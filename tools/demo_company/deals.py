"""Accounts and deals: won, lost and open, with their stage history."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from .calendar import (
    AS_OF,
    EXTRACT_FROM,
    at_local,
    month_end,
    months_between,
    office_time,
    salesforce_time,
    workday,
    workday_between,
)
from .company import Company, Person, Spell, rng_for
from .names import CUSTOMER_ENDS, CUSTOMER_STARTS
from .people import LEFT_BEFORE_DEAL
from .programs import effect_on

MONTHLY_QUOTA = 50000
BASE_ATTAINMENT = 0.47
MEDIAN_AMOUNT = 17000
LOST_PER_WON = 1.45
STAGES = ["Prospecting", "Discovery", "Demo", "Proposal", "Negotiation"]
RATES = {
    "EUR": [("2024-01-01", "0.92"), ("2024-07-01", "0.935"), ("2025-01-01", "0.965"), ("2025-07-01", "0.86")],
    "GBP": [("2024-01-01", "0.79"), ("2024-10-01", "0.77"), ("2025-05-01", "0.745"), ("2026-01-01", "0.74")],
    "USD": [("2024-01-01", "1")],
}


@dataclass
class Deal:
    """A deal before it is written."""

    owner: Person
    usd: float
    created: date
    closed: date
    status: str
    id: str = ""
    account: str = ""
    creator: str = ""
    currency: str = "USD"
    amount: float = 0.0
    stage: str = ""
    is_early: bool = False


def build_accounts(company: Company) -> None:
    """Write customers."""
    rng = rng_for("accounts")
    for start in CUSTOMER_STARTS:
        for end in CUSTOMER_ENDS:
            account_id = company.new_id("001")
            company.accounts.append(account_id)
            company.add(
                "salesforce",
                "account",
                {
                    "Id": account_id,
                    "Name": f"{start} {end}",
                    "Industry": end,
                    "NumberOfEmployees": rng.choice([40, 85, 150, 320, 700, 1800, 5200]),
                    "BillingCountry": rng.choice(["US", "US", "US", "GB", "DE", "FR", "SG", "AU"]),
                },
            )


def build_rates(company: Company) -> None:
    """Write units of currency per US dollar, by date."""
    for currency, ranges in RATES.items():
        for place, (start, rate) in enumerate(ranges):
            following = ranges[place + 1][0] if place + 1 < len(ranges) else None
            company.add(
                "salesforce",
                "dated_conversion_rate",
                {"IsoCode": currency, "ConversionRate": rate, "StartDate": start, "NextStartDate": following},
            )


def rate_on(currency: str, day: date) -> float:
    """Return the units of a currency per US dollar on a day."""
    return float([rate for start, rate in RATES[currency] if start <= day.isoformat()][-1])


def plan_deals(company: Company) -> list[Deal]:
    """Plan all deals of all AEs."""
    deals: list[Deal] = []
    for person in company.sellers("AE"):
        for spell in person.spells:
            if spell.family != "AE":
                continue
            rng = rng_for(f"deals:{person.key}:{spell.start}")
            won = _trickle(rng, person, spell) + _productive(rng, person, spell)
            deals += won + _lost(rng, person, spell, won) + _open(rng, person, spell)
    deals.sort(key=lambda deal: (deal.created, deal.owner.key, deal.closed, deal.usd))
    return deals


def _last_day(spell: Spell) -> date:
    return min(spell.end or AS_OF, AS_OF)


def _trickle(rng: Random, person: Person, spell: Spell) -> list[Deal]:
    if not person.is_new or person.hire_index in LEFT_BEFORE_DEAL:
        return []
    ranges = [(72, 100), (112, 130)] if spell.version == "v1" else [(47, 62)]
    deals = []
    for first, last in ranges:
        if rng.random() < 0.25 and deals:
            continue
        day = workday(person.after_leave(spell.start + timedelta(days=rng.randint(first, last))))
        if day >= spell.productive - timedelta(days=8) or day > _last_day(spell):
            continue
        deal = Deal(person, rng.randint(380, 880) * 10, day, day, "won", is_early=True)
        deal.created = max(spell.start + timedelta(days=9), day - timedelta(days=rng.randint(25, 50)))
        deals.append(deal)
    return deals


def _productive(rng: Random, person: Person, spell: Spell) -> list[Deal]:
    deals: list[Deal] = []
    owed = 0.0
    start = max(spell.productive, date(2024, 2, 12))
    for month in months_between(start, _last_day(spell)):
        first = max(month, start)
        last = min(month_end(month), _last_day(spell))
        share = sum(person.works(first + timedelta(days=n)) for n in range((last - first).days + 1))
        share /= (month_end(month) - month).days + 1
        if share <= 0.0:
            continue
        if person.is_new and month_end(spell.productive) == month_end(month) and rng.random() < 0.88:
            deals += _breakthrough(rng, person, spell, last)
            continue
        base = (BASE_ATTAINMENT * person.level + effect_on(person, month)) * MONTHLY_QUOTA * share
        target = base + 0.75 * owed + rng.gauss(0, 0.27) * base
        if rng.random() < 0.04:
            target = base * rng.uniform(1.9, 2.6)
        target = max(0.0, target)
        amounts = _amounts(rng, target)
        owed += base - sum(amounts)
        owed = max(-35000.0, min(35000.0, owed))
        for amount in amounts:
            day = person.after_leave(workday_between(rng, first, last))
            deals.append(_won(rng, person, spell, amount, min(day, last)))
    return deals


def _breakthrough(rng: Random, person: Person, spell: Spell, last: date) -> list[Deal]:
    first_amount = rng.randint(1150, 1550) * 10
    second_amount = rng.randint(1450, 2150) * 10
    day = workday(spell.productive)
    if day > last:
        day = workday(last, forward=False)
    later = min(workday(day + timedelta(days=rng.randint(0, 4))), workday(last, forward=False))
    first = _won(rng, person, spell, first_amount, day)
    return [first, _won(rng, person, spell, second_amount, max(day, later))]


def _amounts(rng: Random, target: float) -> list[int]:
    if target < 4000:
        return []
    count = max(1, round(target / 18500 + rng.uniform(-0.4, 0.4)))
    drawn = [rng.lognormvariate(math.log(MEDIAN_AMOUNT), 0.42) for _ in range(count)]
    factor = target / sum(drawn)
    return [round(amount * factor / 10) * 10 for amount in drawn]


def _won(rng: Random, person: Person, spell: Spell, amount: float, day: date) -> Deal:
    cycle = round(min(150, max(12, rng.lognormvariate(math.log(52), 0.4))))
    earliest = spell.start + timedelta(days=6) if person.is_new else EXTRACT_FROM + timedelta(days=1)
    created = max(earliest, EXTRACT_FROM + timedelta(days=1), day - timedelta(days=cycle))
    return Deal(person, amount, min(created, day), day, "won")


def _lost(rng: Random, person: Person, spell: Spell, won: list[Deal]) -> list[Deal]:
    deals = []
    count = round(len(won) * LOST_PER_WON) if won else (1 if (_last_day(spell) - spell.start).days > 60 else 0)
    earliest = max(spell.start + timedelta(days=10), EXTRACT_FROM + timedelta(days=1))
    for _ in range(count):
        if (_last_day(spell) - earliest).days < 45:
            break
        closed = workday_between(rng, earliest + timedelta(days=30), _last_day(spell))
        created = max(earliest, closed - timedelta(days=rng.randint(15, 95)))
        usd = round(rng.lognormvariate(math.log(MEDIAN_AMOUNT), 0.5) / 100) * 100
        deals.append(Deal(person, usd, created, person.after_leave(closed), "lost"))
    return [d for d in deals if d.closed <= _last_day(spell)]


def _open(rng: Random, person: Person, spell: Spell) -> list[Deal]:
    if _last_day(spell) < AS_OF:
        return []
    tenure = (AS_OF - max(spell.start, EXTRACT_FROM)).days
    count = rng.randint(2, 4) if tenure > 60 else (1 if tenure > 25 else 0)
    deals = []
    for _ in range(count):
        created = workday(AS_OF - timedelta(days=rng.randint(2, min(80, tenure - 8))), forward=False)
        closes = workday(AS_OF + timedelta(days=rng.randint(5, 95)))
        usd = round(rng.lognormvariate(math.log(MEDIAN_AMOUNT), 0.45) / 100) * 100
        deals.append(Deal(person, usd, created, closes, "open"))
    if rng.random() < 0.2 and deals:
        deals[0].closed = AS_OF - timedelta(days=rng.randint(1, 20))
        deals[0].created = min(deals[0].created, deals[0].closed - timedelta(days=5))
    return deals


def write_deals(company: Company, deals: list[Deal]) -> None:
    """Write deals and their stages."""
    company.deals = deals
    reps = [p for p in company.sellers("SDR") if p.spells[0].family == "SDR"]
    for deal in deals:
        rng = rng_for(f"deal:{company.number('deal')}")
        deal.id = company.new_id("006")
        deal.account = rng.choice(company.accounts)
        deal.currency = deal.owner.currency
        deal.amount = round(deal.usd * rate_on(deal.currency, min(deal.closed, AS_OF)), 2)
        source = rng.choice(["Web", "Event", "Outbound", "Partner", "SDR"])
        creators = [p for p in reps if source == "SDR" and p.works(deal.created)]
        deal.creator = rng.choice(creators).user_id if creators else deal.owner.user_id
        if deal.is_early:
            deal.creator = deal.owner.user_id
        modified = _write_stages(company, rng, deal)
        company.add(
            "salesforce",
            "opportunity",
            {
                "Id": deal.id,
                "OwnerId": deal.owner.user_id,
                "AccountId": deal.account,
                "Name": f"Deal {company.number('deal_name'):04d}",
                "StageName": deal.stage,
                "Amount": money(deal.amount),
                "CurrencyIsoCode": deal.currency,
                "CloseDate": deal.closed,
                "CreatedDate": salesforce_time(at_local(deal.created, deal.owner.timezone, 9)),
                "IsClosed": deal.status != "open",
                "IsWon": deal.status == "won",
                "Type": "New Business" if rng.random() < 0.8 else "Upsell",
                "LeadSource": source,
                "CreatedById": deal.creator,
                "LastModifiedDate": salesforce_time(modified),
                "IsDeleted": False,
            },
        )


def money(amount: float) -> str:
    """Write an amount without idle zeros."""
    return f"{amount:.2f}".removesuffix(".00")


def _path(rng: Random, deal: Deal) -> list[str]:
    first = rng.choice([0, 0, 1])
    if deal.status == "won":
        inner = [s for s in STAGES[first + 1 :] if s == "Demo" or rng.random() < 0.5]
        return [STAGES[first], *inner]
    if deal.status == "open" and (AS_OF - deal.created).days < 8:
        return STAGES[first : first + 1]
    reached = rng.choice([0, 0, 0, 1])
    inner = [s for s in STAGES[first + 1 :] if rng.random() < 0.5][:reached]
    return [STAGES[first], *inner]


def _write_stages(company: Company, rng: Random, deal: Deal) -> datetime:
    zone = deal.owner.timezone
    path = _path(rng, deal)
    last = min(deal.closed, AS_OF)
    span = max(0, (last - deal.created).days - 1)
    offsets = sorted(rng.randint(1, span) if span > 1 else 0 for _ in path[1:])
    moments = [at_local(deal.created, zone, 9)]
    for offset in offsets:
        moment = at_local(deal.created + timedelta(days=offset), zone, 10, rng.randint(0, 59))
        moments.append(max(moment, moments[-1] + timedelta(minutes=7)))
    for place, (stage, moment) in enumerate(zip(path, moments, strict=True)):
        first_guess = place == 0 and rng.random() < 0.5
        amount = round(deal.amount * rng.choice([0.8, 0.9, 1.2]), -2) if first_guess else deal.amount
        _stage_row(company, deal, stage, moment, amount)
    deal.stage = path[-1]
    if deal.status != "open":
        deal.stage = "Closed Won" if deal.status == "won" else "Closed Lost"
        moments.append(max(office_time(rng, deal.closed, zone), moments[-1] + timedelta(minutes=11)))
        _stage_row(company, deal, deal.stage, moments[-1], deal.amount)
    return moments[-1]


def _stage_row(company: Company, deal: Deal, stage: str, moment: datetime, amount: float) -> None:
    company.add(
        "salesforce",
        "opportunity_history",
        {
            "Id": company.new_id("008"),
            "OpportunityId": deal.id,
            "StageName": stage,
            "Amount": money(amount),
            "CloseDate": deal.closed,
            "CreatedDate": salesforce_time(moment),
        },
    )
