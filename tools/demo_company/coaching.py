"""Call recordings with scorecards, and the managers' coaching spreadsheet."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from .calendar import AS_OF, EXTRACT_FROM, iso_time, months_between, office_time, workday_between
from .company import Company, Person, rng_for
from .programs import LAUNCH, REAL

SCORECARD = "7700112233445566778"
KINDS = ["one_on_one", "call_review", "role_play", "ride_along", "practice_recording"]
TOPICS = ["discovery", "pricing", "objections", "pipeline", "demo", "negotiation"]
NOT_RECORDED = {12, 38}


def build_coaching(company: Company) -> None:
    """Write gong and the coaching log."""
    _gong_users(company)
    for person in company.people:
        if person.family not in ("AE", "SDR"):
            continue
        if person.gong_id:
            _calls(company, rng_for(f"gong:{person.key}"), person)
        _sessions(company, rng_for(f"coaching:{person.key}"), person)


def _gong_users(company: Company) -> None:
    for person in company.people:
        if person.family == "other" or person.hire_index in NOT_RECORDED:
            continue
        number = company.number("gong_user")
        person.gong_id = str(6_100_000_000_000_000_000 + number * 48_611_952_973_331)
        manager = person.manager.gong_id if person.manager else None
        row = {"id": person.gong_id, "emailAddress": person.email, "managerId": manager}
        company.add("gong", "users", row)


def _calls(company: Company, rng: Random, person: Person) -> None:
    for spell in person.spells:
        first = max(spell.start + timedelta(days=8), EXTRACT_FROM)
        last = min(spell.end or AS_OF, AS_OF)
        if not person.is_new:
            first = max(first, date(2025, 1, 2))
        for month in months_between(first, last) if first <= last else []:
            for _ in range(int(0.75 + rng.random() * 0.9)):
                day = workday_between(rng, max(first, month), min(last, month + timedelta(days=27)))
                if person.works(day):
                    _call(company, rng, person, office_time(rng, day, person.timezone))


def _call(company: Company, rng: Random, person: Person, moment: datetime) -> None:
    call_id = str(7_300_000_000_000_000_000 + company.number("gong_call") * 911_382_323_771)
    local = moment.astimezone(ZoneInfo(person.timezone))
    company.add(
        "gong",
        "calls",
        {
            "id": call_id,
            "primaryUserId": person.gong_id,
            "started": local.isoformat(timespec="seconds"),
            "duration": rng.randint(240, 3200),
            "direction": rng.choice(["Outbound", "Conference", "Inbound"]),
            "scope": "External" if rng.random() < 0.95 else "Internal",
            "media": rng.choice(["Video", "Video", "Audio"]),
            "isPrivate": rng.random() < 0.03,
        },
    )
    if rng.random() < 0.62 and person.manager and person.manager.gong_id:
        reviewed = min(moment + timedelta(days=rng.randint(1, 5)), datetime.fromisoformat("2026-06-30T18:00:00Z"))
        _scorecard(company, rng, person, (call_id, moment.date()), reviewed)


def _scorecard(company: Company, rng: Random, person: Person, call: tuple[str, date], reviewed: datetime) -> None:
    call_id, day = call
    months = (day - person.spells[0].start).days / 30
    base = 2.6 + min(0.7, months * 0.08)
    trained = REAL in person.treated and day >= LAUNCH[REAL] + timedelta(days=20)
    means = {"overall": base, "discovery": base + (1.0 if trained else 0.0), "next_steps": base}
    answers = []
    for question, mean in means.items():
        skipped = question == "next_steps" and rng.random() < 0.12
        score = None if skipped else max(1, min(5, round(rng.gauss(mean, 0.7))))
        answer = {"questionId": question, "isOverall": question == "overall", "score": score}
        answers.append(answer | {"notApplicable": skipped})
    company.add(
        "gong",
        "answered_scorecards",
        {
            "answeredScorecardId": str(8_800_000_000_000_000_000 + company.number("card") * 77_377_999_331),
            "scorecardId": SCORECARD,
            "scorecardName": "Call quality",
            "callId": call_id,
            "reviewedUserId": person.gong_id,
            "reviewerUserId": person.manager.gong_id,
            "reviewTime": iso_time(reviewed),
            "answers": json.dumps(answers, separators=(",", ":")),
        },
    )


def _sessions(company: Company, rng: Random, person: Person) -> None:
    for spell in person.spells:
        last = min(spell.end or AS_OF, AS_OF)
        first = spell.start + timedelta(days=2) if person.is_new else max(spell.start, EXTRACT_FROM)
        for month in months_between(first, last) if first <= last else []:
            fresh = person.is_new and (month - spell.start).days < 150
            for _ in range(int((1.6 if fresh else 0.45) + rng.random() * 0.8)):
                day = workday_between(rng, max(first, month), min(last, month + timedelta(days=27)))
                if person.works(day):
                    _session(company, rng, person, day, fresh)


def _session(company: Company, rng: Random, person: Person, day: date, fresh: bool) -> None:
    weights = [4, 3, 3, 2, 3] if fresh else [6, 3, 1, 1, 1]
    kind = rng.choices(KINDS, weights)[0]
    number = company.number("session")
    scored = kind in ("call_review", "role_play", "practice_recording")
    recorded = kind == "practice_recording"
    company.add(
        "coaching_log",
        "session",
        {
            "session_id": f"C{number:04d}",
            "rep_email": person.email,
            "coach_email": person.manager.email,
            "held_on": day,
            "minutes": rng.choice([15, 30, 30, 45, 60]),
            "kind": kind,
            "topic": rng.choice(TOPICS),
            "score": rng.randint(2, 5) if scored else None,
            "scale_max": 5 if scored else None,
            "recording_url": f"https://rec.example/{number}" if recorded else None,
        },
    )
