"""Calls, e-mails, meetings and demos in the CRM."""

from __future__ import annotations

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
from .programs import LAUNCH, REAL

# First call, meeting and demo of a new AE, in days after the start: (first, last) by program version.
FIRST_DAYS = {
    "v1": {"call": (4, 9), "meeting": (14, 27), "demo": (34, 58)},
    "v2": {"call": (2, 5), "meeting": (8, 15), "demo": (20, 33)},
}
# Calls, meetings and demos a month once the rep is under way.
MONTHLY = {
    "AE_new": (1.0, 0.7, 0.9),
    "AE": (0.35, 0.3, 0.8),
    "SDR_new": (4.0, 1.6, 0.0),
    "SDR": (1.4, 0.5, 0.0),
}
FIRST_DAYS_TENURED = {"call": (1, 4), "meeting": (7, 11), "demo": (14, 25)}
OUT_OF_ORDER = {6, 33}
SAME_DAY_CALL = {41}


def build_activities(company: Company) -> None:
    """Write tasks and events of everybody who sells."""
    for person in company.people:
        for spell in person.spells:
            if spell.family in ("AE", "SDR"):
                rng = rng_for(f"calendar:{person.key}:{spell.start}")
                _first_ones(company, rng, person, spell)
                _monthly_ones(company, rng, person, spell)
    _planned_ones(company)
    for table, column in (("task", "CreatedDate"), ("event", "StartDateTime")):
        company.rows("salesforce", table).sort(key=lambda row: (row[column], row["Id"]))


def _first_ones(company: Company, rng: Random, person: Person, spell: Spell) -> None:
    ranges = FIRST_DAYS[spell.version] if person.is_new else FIRST_DAYS_TENURED
    start = max(spell.start, EXTRACT_FROM)
    days = {kind: rng.randint(*ends) for kind, ends in ranges.items()}
    if person.hire_index in OUT_OF_ORDER:
        days["meeting"], days["demo"] = days["demo"], days["meeting"]
        company.note("demo_before_meeting", {"user_id": person.user_id})
    if person.hire_index in SAME_DAY_CALL:
        days["call"] = 0
        company.note("call_on_start_day", {"user_id": person.user_id})
    for kind, day_number in days.items():
        if kind == "demo" and spell.family == "SDR":
            continue
        day = person.after_leave(workday(start + timedelta(days=day_number)))
        if person.works(day) and day <= AS_OF:
            activity(company, rng, person, kind, office_time(rng, day, person.timezone), first=True)
    spell.under_way = start + timedelta(days=max(days.values()) + 3)


def _monthly_ones(company: Company, rng: Random, person: Person, spell: Spell) -> None:
    start = spell.under_way
    last_day = min(spell.end or AS_OF, AS_OF)
    rates = MONTHLY[spell.family + ("_new" if person.is_new else "")]
    for month in months_between(start, last_day):
        first, last = max(month, start), min(month_end(month), last_day)
        share = (last - first).days / 30
        for kind, rate in zip(("call", "meeting", "demo"), rates, strict=True):
            expected = rate * share
            if kind == "demo" and REAL in person.treated and month >= LAUNCH[REAL]:
                expected += 0.9 * share
            for _ in range(int(expected + rng.random())):
                day = workday_between(rng, first, last)
                if person.works(day):
                    activity(company, rng, person, kind, office_time(rng, day, person.timezone))


def activity(
    company: Company, rng: Random, person: Person, kind: str, moment: datetime, *, first: bool = False
) -> dict[str, str]:
    """Write one activity that happened."""
    deals = [d for d in company.deals if d.owner is person and d.created <= moment.date() <= d.closed]
    what = rng.choice(deals).id if deals and rng.random() < 0.8 else None
    if kind == "call":
        return _task(company, rng, person, moment, email=not first and rng.random() < 0.06, what=what)
    minutes = rng.choice([30, 45, 60])
    subject = rng.choice(["Product demo", "Demo"]) if kind == "demo" else rng.choice(["Meeting", "Discovery meeting"])
    return event(company, person, kind.title(), subject, moment, minutes=minutes, what=what)


def event(
    company: Company,
    person: Person,
    kind: str,
    subject: str,
    moment: datetime,
    *,
    minutes: int = 30,
    what: str | None = None,
) -> dict[str, str]:
    """Write one event."""
    return company.add(
        "salesforce",
        "event",
        {
            "Id": company.new_id("00U"),
            "OwnerId": person.user_id,
            "WhatId": what,
            "Subject": subject,
            "Type": kind,
            "StartDateTime": salesforce_time(moment),
            "EndDateTime": salesforce_time(moment + timedelta(minutes=minutes)),
            "DurationInMinutes": minutes,
            "IsChild": False,
            "IsDeleted": False,
        },
    )


def _task(
    company: Company, rng: Random, person: Person, moment: datetime, *, email: bool, what: str | None
) -> dict[str, str]:
    due = moment.date() + timedelta(days=rng.choice([0, 0, 0, -2, 3, 5]))
    return company.add(
        "salesforce",
        "task",
        {
            "Id": company.new_id("00T"),
            "OwnerId": person.user_id,
            "WhatId": what,
            "Subject": "Email: follow-up" if email else "Call",
            "TaskSubtype": "Email" if email else "Call",
            "Status": "Completed",
            "IsClosed": True,
            "ActivityDate": due,
            "CompletedDateTime": salesforce_time(moment),
            "CreatedDate": salesforce_time(moment - timedelta(hours=rng.randint(0, 20))),
            "CallDurationInSeconds": None if email else rng.randint(90, 1500),
            "IsDeleted": False,
        },
    )


def _planned_ones(company: Company) -> None:
    rng = rng_for("planned")
    for person in company.sellers("AE"):
        if not person.works(AS_OF) or rng.random() < 0.5:
            continue
        day = workday(AS_OF + timedelta(days=rng.randint(1, 20)))
        kind = rng.choice(["Demo", "Meeting"])
        row = event(company, person, kind, kind, office_time(rng, day, person.timezone), minutes=45)
        company.note("planned_event", {"event_id": row["Id"]})
        task = open_task(company, person, day, date(2026, 6, 26))
        company.note("planned_task", {"task_id": task["Id"]})


def open_task(company: Company, person: Person, due: date, created: date) -> dict[str, str]:
    """Write a call that is only planned."""
    return company.add(
        "salesforce",
        "task",
        {
            "Id": company.new_id("00T"),
            "OwnerId": person.user_id,
            "WhatId": None,
            "Subject": "Call",
            "TaskSubtype": "Call",
            "Status": "Not Started",
            "IsClosed": False,
            "ActivityDate": due,
            "CompletedDateTime": None,
            "CreatedDate": salesforce_time(at_local(created, person.timezone, 9)),
            "CallDurationInSeconds": None,
            "IsDeleted": False,
        },
    )
