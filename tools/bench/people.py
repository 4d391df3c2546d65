"""What is small at any size, in plain Python: people, their ramps, their learning. The same code for all three scripts.

It stands beside the models on purpose and shares nothing with them. It knows the settings as shipped: role_start clock,
monthly quotas, quota milestones in the first period against the role's full quota.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import md5
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pyarrow.parquet as pq

AS_OF = date(2026, 6, 30)
FULL_MONTHLY_QUOTA = {"AE": 50_000}
Row = dict[str, str | None]


@dataclass
class Ramp:
    """A rep in a ramping role."""

    ramp_id: str
    rep_id: str
    family: str
    region: str | None
    manager: str | None
    start: date
    until: date
    ended_reason: str
    version: str | None = None


@dataclass
class People:
    """Who is who, and who ramps when."""

    zones: dict[str, str] = field(default_factory=dict)
    reps: dict[str, str] = field(default_factory=dict)
    ramps: list[Ramp] = field(default_factory=list)
    spells: list[tuple[str, str, date, date | None]] = field(default_factory=list)
    leaves: dict[str, list[tuple[date, date]]] = field(default_factory=dict)
    learning: list[tuple[str, str, date, datetime, str]] = field(default_factory=list)


def digest(text: str) -> str:
    """Return a key as the marts have it."""
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def read(raw: Path, name: str) -> list[Row]:
    """Return the rows of a small object, trimmed, empty text as None."""
    table = pq.read_table(raw / name)
    return [{key: (value or "").strip() or None for key, value in row.items()} for row in table.to_pylist()]


def sound(rows: Iterable[Row], key: str, is_sound: object) -> list[Row]:
    """Return the rows that have no problem, one of each key; a key with different rows is no one's."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row[key] and is_sound(row):
            found[row[key]].append(row)
    return [rows[0] for rows in found.values() if all(row == rows[0] for row in rows)]


def day(text: str | None) -> date | None:
    """Return the day at the start of a text, or None."""
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def moment(text: str | None) -> datetime | None:
    """Return the instant of an ISO text as naive UTC, or None."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found.astimezone(UTC).replace(tzinfo=None) if found and found.tzinfo else found


def local_day(instant: datetime, zone: str) -> date:
    """Return the day of an instant in a time zone."""
    return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


def family_of(role: str | None) -> str:
    """Return the role family, as seed rep_roles says."""
    name = (role or "").lower()
    if "manager" in name or name.startswith("vp") or "director" in name:
        return "manager"
    if "sales development" in name:
        return "SDR"
    return "AE" if "account executive" in name else "other"


def read_people(raw: Path) -> People:
    """Return people with ramps, leaves and learning events (rep, event, day, instant, source key)."""
    people = People()
    users = [row for row in read(raw, "salesforce/user") if (row["UserType"] or "Standard") == "Standard"]
    known_zones = available_timezones()
    for row in users:
        people.reps[row["Id"]] = digest(f"salesforce:{row['Id']}")
        zone = row["TimeZoneSidKey"]
        people.zones[people.reps[row["Id"]]] = zone if zone in known_zones else "UTC"
    by_number = {row["EmployeeNumber"]: people.reps[row["Id"]] for row in users if row["EmployeeNumber"]}
    by_email = {row["Email"].lower(): people.reps[row["Id"]] for row in users}
    crm = {people.reps[row["Id"]]: row for row in users}
    roster = defaultdict(list)
    for row in read(raw, "roster/roster"):
        row = {key: day(value) if key.endswith(("_date", "_on")) else value for key, value in row.items()}  # noqa: PLW2901
        email = row["rep_email"].lower()
        ended_before = row["termination_date"] and row["termination_date"] < row["hire_date"]
        if ended_before or email == row["manager_email"].lower():
            continue
        rep = by_number.get(row["employee_number"]) or by_email.get(email)
        if rep:
            roster[rep].append(row)
    read_spells(people, crm, roster, by_email)
    read_leaves(people, roster)
    read_learning(people, raw, by_number, by_email)
    return people


def read_spells(people: People, crm: dict[str, Row], roster: dict[str, list[Row]], by_email: dict[str, str]) -> None:
    """Add each rep's stretches in a role, and the ramps among them."""
    roles = {"00E5g00000000000000": "VP Sales", "00E5g00000000000001": "Sales Manager"}
    roles |= {"00E5g00000000000002": "Account Executive", "00E5g00000000000003": "Sales Development Representative"}
    for rep, user in crm.items():
        rows = roster.get(rep)
        left_of_crm = day(user["Termination_Date__c"])
        if rows:
            hires = sorted({row["hire_date"] for row in rows})
        else:
            hires = [day(user["Hire_Date__c"]) or local_day(moment(user["CreatedDate"]), people.zones[rep])]
        for number, hired in enumerate(hires, start=1):
            if hired > AS_OF:
                continue
            own = [row for row in rows or [] if row["hire_date"] == hired]
            lefts = [row["termination_date"] for row in own if row["termination_date"]]
            left = max(lefts) if lefts else (left_of_crm if hired == hires[-1] else None)
            left = left if left and hired <= left <= AS_OF else None
            if hired != hires[-1]:
                following = hires[hires.index(hired) + 1]
                left = left if left and left < following else following - timedelta(days=1)
            starts: dict[date, tuple[str, str | None, str | None]] = {}
            for row in own:
                manager = by_email.get((row["manager_email"] or "").lower())
                starts[max(row["role_started_on"] or hired, hired)] = (row["role"], row["region"], manager)
            if not own:
                began = max(day(user["Role_Start_Date__c"]) or hired, hired)
                starts[began] = (roles.get(user["UserRoleId"]) or user["Title"], None, None)
            add_spells(people, rep, number, (starts, left), people.reps.get(user["ManagerId"]))


def add_spells(
    people: People,
    rep: str,
    number: int,
    employment: tuple[dict[date, tuple[str, str | None, str | None]], date | None],
    crm_manager: str | None,
) -> None:
    """Add the spells of one employment; neighbours of one family are one ramp."""
    starts, left = employment
    days = sorted(start for start in starts if start <= AS_OF and (left is None or start <= left))
    previous = None
    for place, start in enumerate(days):
        role, region, manager = starts[start]
        end = days[place + 1] - timedelta(days=1) if place + 1 < len(days) else left
        reason = "moved" if place + 1 < len(days) else ("left" if left else "active")
        family = family_of(role)
        people.spells.append((rep, family, start, end))
        if family not in ("AE", "SDR"):
            previous = None
        elif previous and previous.family == family:
            previous.until, previous.ended_reason = end or AS_OF, reason
        else:
            boss = manager or crm_manager
            ramp_id = digest(f"{rep}|{number}|{family}|{start}")
            previous = Ramp(ramp_id, rep, family, region, boss if boss != rep else None, start, end or AS_OF, reason)
            people.ramps.append(previous)


def read_leaves(people: People, roster: dict[str, list[Row]]) -> None:
    """Add leaves, those that touch merged, cut off at the as-of date."""
    for rep, rows in roster.items():
        spans = sorted(
            {
                (row["leave_started_on"], min(row["leave_ended_on"] or AS_OF, AS_OF))
                for row in rows
                if row["leave_started_on"]
            }
        )
        merged: list[tuple[date, date]] = []
        for start, end in spans:
            if start > AS_OF:
                continue
            if merged and merged[-1][1] >= start - timedelta(days=1):
                merged[-1] = (merged[-1][0], max(merged[-1][1], end))
            else:
                merged.append((start, end))
        if merged:
            people.leaves[rep] = merged


def read_learning(people: People, raw: Path, by_number: dict[str, str], by_email: dict[str, str]) -> None:
    """Add completed programs and certificates, and the onboarding version of each ramp."""
    learners = {}
    for row in read(raw, "lms/user"):
        rep = by_number.get(row["employee_number"]) if row["employee_number"] else None
        learners[row["user_id"]] = rep or by_email.get(row["email"].lower())
    programs = {row["program_id"]: row for row in read(raw, "lms/program")}
    enrolled = defaultdict(list)

    def in_order(row: Row) -> bool:
        moments = [moment(row[column]) for column in ("enrolled_at", "started_at", "completed_at") if row[column]]
        return moments == sorted(moments) and row["program_id"] in programs

    for row in sound(read(raw, "lms/enrollment"), "enrollment_id", in_order):
        rep = learners.get(row["user_id"])
        if rep is None:
            continue
        zone = people.zones[rep]
        if programs[row["program_id"]]["kind"] == "onboarding":
            begun = moment(row["enrolled_at"])
            version = programs[row["program_id"]]["version"]
            enrolled[rep].append((local_day(begun, zone), begun, row["program_id"], version))
        if row["completed_at"]:
            add_learning(
                people, rep, "completed", moment(row["completed_at"]), f"lms:enrollment:{row['enrollment_id']}"
            )
    for row in sound(
        read(raw, "lms/certification_award"),
        "award_id",
        lambda row: not row["expires_at"] or moment(row["expires_at"]) >= moment(row["awarded_at"]),
    ):
        rep = learners.get(row["user_id"])
        if rep:
            add_learning(
                people, rep, "certified", moment(row["awarded_at"]), f"lms:certification_award:{row['award_id']}"
            )
    for ramp in people.ramps:
        fitting = [entry for entry in enrolled[ramp.rep_id] if ramp.start <= entry[0] <= ramp.until]
        ramp.version = min(fitting)[3] if fitting else None


def add_learning(people: People, rep: str, event: str, instant: datetime, key: str) -> None:
    """Add a learning event of the rep's own day, unless it lies after the as-of date."""
    on = local_day(instant, people.zones[rep])
    if on <= AS_OF:
        people.learning.append((rep, event, on, instant, key))
