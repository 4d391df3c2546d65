"""Users, roles and the roster."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from .calendar import AS_OF, FIRST_HIRE_MONTH, V2_FROM, add_months, at_local, salesforce_time, workday
from .company import Company, Person, Spell, rng_for
from .names import FIRST, LAST

REGIONS = ["AMER West", "AMER East", "EMEA", "APAC"]
TIMEZONES = {
    "AMER West": ["America/Los_Angeles", "America/Denver"],
    "AMER East": ["America/New_York", "America/Chicago"],
    "EMEA": ["Europe/London", "Europe/Berlin", "Europe/Paris"],
    "APAC": ["Asia/Singapore", "Australia/Sydney"],
}
CURRENCIES = {"Europe/London": "GBP", "Europe/Berlin": "EUR", "Europe/Paris": "EUR"}
SEGMENTS = ["SMB", "Mid-Market", "Enterprise"]
ROLES = {
    "Account Executive": "00E",
    "Senior Account Executive": "00E",
    "Sales Development Representative": "00E",
    "Sales Manager": "00E",
    "VP Sales": "00E",
    "Marketing": "00E",
}

# Hires by their place in the 48 (two a month).
SDR_EVERY = 5
SDR_FIRST = 2
MOVER = 7
REHIRE = 10
REHIRE_LEFT, REHIRE_BACK = date(2025, 7, 31), date(2026, 1, 12)
ON_LEAVE = {9: [(60, 101)], 18: [(45, 65), (130, 150)]}
LEFT_BEFORE_DEAL = {16: 52, 24: 61, 31: 48, 40: 37}
LEFT_LATER = {5: 480, 13: 255, 20: 268, 22: 300}
NO_QUOTA = {11, 29}
NO_ROSTER = {4, 15, 27, 36}
EMPTY_TIMEZONE = 14
INVALID_TIMEZONE = 26


def build_people(company: Company) -> None:
    """Make the people, their users, roles and roster rows."""
    _make_leaders(company)
    _make_tenured(company)
    _make_hires(company)
    _write_roles(company)
    _write_users(company)
    _write_roster(company)


def _person(company: Company, key: str, family: str, region: str, spells: list[Spell]) -> Person:
    index = company.number("person") - 1
    rng = rng_for(f"person:{key}")
    timezone = rng.choice(TIMEZONES[region])
    person = Person(
        key=key,
        first=FIRST[index % len(FIRST)],
        last=LAST[(index * 7) % len(LAST)],
        family=family,
        region=region,
        segment=SEGMENTS[index % 3],
        timezone=timezone,
        currency=CURRENCIES.get(timezone, "USD"),
        employee_number=f"E{1001 + index}",
        user_id=company.new_id("005"),
        spells=spells,
        level=min(1.12, max(0.88, rng.gauss(1.0, 0.07))),
    )
    company.people.append(person)
    company.by_key[key] = person
    return person


def _make_leaders(company: Company) -> None:
    day = date(2018, 2, 5)
    _person(company, "vp", "manager", "AMER East", [Spell("VP Sales", "manager", day, day)])
    for number in range(6):
        start = date(2018 + number % 4, 3 + number, 1 + number)
        region = REGIONS[number % 4]
        spells = [Spell("Sales Manager", "manager", start, start)]
        person = _person(company, f"manager_{number + 1}", "manager", region, spells)
        person.manager = company.by_key["vp"]
    for number in range(2):
        start = date(2021, 5 + number, 3)
        spells = [Spell("Marketing", "other", start, start)]
        _person(company, f"marketing_{number + 1}", "other", "AMER West", spells)


def _manager(company: Company, index: int, region: str) -> Person:
    managers = [p for p in company.people if p.key.startswith("manager_") and p.region == region]
    return managers[index % len(managers)]


def _make_tenured(company: Company) -> None:
    rng = rng_for("tenured")
    for number in range(24):
        is_sdr = number % 5 == 4 or number == 22
        start = workday(date(rng.randint(2018, 2023), rng.randint(1, 12), rng.randint(1, 28)))
        role = "Sales Development Representative" if is_sdr else "Senior Account Executive"
        if not is_sdr and start.year >= 2022:
            role = "Account Executive"
        family = "SDR" if is_sdr else "AE"
        region = REGIONS[number % 4]
        spell = Spell(role, family, start, start, productive=start)
        person = _person(company, f"tenured_{number + 1:02d}", family, region, [spell])
        person.manager = _manager(company, number // 4, region)
    company.by_key["tenured_23"].spells[0].end = date(2026, 1, 30)


def _make_hires(company: Company) -> None:
    rng = rng_for("hires")
    for index in range(48):
        month = add_months(FIRST_HIRE_MONTH, index // 2)
        hired = workday(month + timedelta(days=rng.randint(0, 5) + 8 * (index % 2)))
        is_sdr = index % SDR_EVERY == SDR_FIRST
        version = "v2" if hired >= V2_FROM else "v1"
        family = "SDR" if is_sdr else "AE"
        role = "Sales Development Representative" if is_sdr else "Account Executive"
        spell = Spell(role, family, hired, hired, version=version)
        region = REGIONS[(index + index // 4) % 4]
        person = _person(company, f"hire_{index + 1:02d}", family, region, [spell])
        person.is_new, person.hire_index = True, index
        person.manager = _manager(company, index // 4, region)
        person.has_quota = index not in NO_QUOTA
        if not is_sdr:
            spell.productive = _productive_day(rng, spell)
            if index < 6:
                spell.productive = min(spell.productive, date(2025, 1, 31))
        _hire_story(person, index)


def _productive_day(rng: Random, spell: Spell) -> date:
    mean, spread = (150, 17) if spell.version == "v1" else (90, 13)
    return spell.start + timedelta(days=round(min(mean * 1.35, max(mean * 0.7, rng.gauss(mean, spread)))))


def _hire_story(person: Person, index: int) -> None:
    spell = person.spells[0]
    if index in ON_LEAVE:
        for first, last in ON_LEAVE[index]:
            person.leaves.append((spell.start + timedelta(days=first), spell.start + timedelta(days=last)))
        spell.productive += timedelta(days=sum((b - a).days + 1 for a, b in person.leaves))
    days = LEFT_BEFORE_DEAL.get(index) or LEFT_LATER.get(index)
    if days:
        spell.end = workday(spell.start + timedelta(days=days))
    if index == MOVER:
        spell.end = date(2025, 6, 30)
        start = date(2025, 7, 1)
        productive = start + timedelta(days=84)
        person.spells.append(Spell("Account Executive", "AE", spell.hired, start, version="v2", productive=productive))
        person.family = "AE"
    if index == REHIRE:
        spell.end = REHIRE_LEFT
        start = REHIRE_BACK
        productive = start + timedelta(days=70)
        person.spells.append(Spell("Account Executive", "AE", start, start, version="v2", productive=productive))


def _write_roles(company: Company) -> None:
    parents = {"VP Sales": None, "Sales Manager": "VP Sales", "Marketing": None}
    company.role_ids = {name: company.new_id("00E") for name in ROLES}
    for name, role_id in company.role_ids.items():
        parent = parents.get(name, "Sales Manager")
        parent_id = company.role_ids[parent] if parent else None
        company.add("salesforce", "user_role", {"Id": role_id, "Name": name, "ParentRoleId": parent_id})


def _write_users(company: Company) -> None:
    for person in company.people:
        first, last = person.spells[0], person.spells[-1]
        timezone = person.timezone
        if person.hire_index == EMPTY_TIMEZONE:
            timezone = ""
            company.note("empty_time_zone", {"user_id": person.user_id})
        if person.hire_index == INVALID_TIMEZONE:
            timezone = "Mars/Olympus_Mons"
            company.note("invalid_time_zone", {"user_id": person.user_id})
        created = at_local(first.hired - timedelta(days=3), "UTC", 8, 0)
        left = person.ended if person.ended and person.ended <= AS_OF else None
        modified = at_local(left or max(first.hired, date(2024, 1, 2)), "UTC", 18, 0)
        company.add(
            "salesforce",
            "user",
            {
                "Id": person.user_id,
                "Username": person.email + ".crm",
                "Email": person.email,
                "Name": person.name,
                "IsActive": left is None,
                "UserType": "Standard",
                "UserRoleId": company.role_ids[last.role],
                "ManagerId": person.manager.user_id if person.manager else None,
                "Title": last.role,
                "Department": "Marketing" if last.role == "Marketing" else "Sales",
                "EmployeeNumber": person.employee_number,
                "TimeZoneSidKey": timezone,
                "Hire_Date__c": last.hired,
                "Role_Start_Date__c": last.start,
                "Termination_Date__c": left,
                "CreatedDate": salesforce_time(created),
                "LastModifiedDate": salesforce_time(modified),
            },
        )
        if timezone != person.timezone:
            person.timezone = "UTC"
    robot = company.new_id("005")
    company.robot_id = robot
    company.add(
        "salesforce",
        "user",
        {
            "Id": robot,
            "Username": "integration@northbeam.example.crm",
            "Email": "integration@northbeam.example",
            "Name": "Integration User",
            "IsActive": True,
            "UserType": "AutomatedProcess",
            "UserRoleId": None,
            "ManagerId": None,
            "Title": None,
            "Department": None,
            "EmployeeNumber": None,
            "TimeZoneSidKey": "UTC",
            "Hire_Date__c": None,
            "Role_Start_Date__c": None,
            "Termination_Date__c": None,
            "CreatedDate": "2018-01-02T08:00:00.000+0000",
            "LastModifiedDate": "2018-01-02T08:00:00.000+0000",
        },
    )
    company.planted["integration_user_id"] = robot


def _write_roster(company: Company) -> None:
    for person in company.people:
        if person.family == "other":
            continue
        if person.hire_index in NO_ROSTER:
            company.note("missing_roster_row", {"user_id": person.user_id, "rep_email": person.email})
            continue
        for spell in person.spells:
            left = spell.end if spell is person.spells[-1] or _leaves_then(person, spell) else None
            for leave in person.leaves or [(None, None)]:
                _roster_row(company, person, spell, left, leave)
    _note_people(company)


def _leaves_then(person: Person, spell: Spell) -> bool:
    following = person.spells[person.spells.index(spell) + 1]
    return following.hired != spell.hired


def _roster_row(company: Company, person: Person, spell: Spell, left: date | None, leave: tuple) -> None:
    company.add(
        "roster",
        "roster",
        {
            "rep_email": person.email,
            "employee_number": person.employee_number,
            "hire_date": spell.hired,
            "role": spell.role,
            "role_started_on": spell.start,
            "region": person.region,
            "segment": person.segment,
            "manager_email": person.manager.email if person.manager else None,
            "termination_date": left,
            "leave_started_on": leave[0],
            "leave_ended_on": leave[1],
        },
    )


def _note_people(company: Company) -> None:
    for person in company.people:
        index = person.hire_index
        entry = {"rep_email": person.email, "user_id": person.user_id}
        if index == MOVER:
            company.note("role_move", entry | {"moved_on": "2025-07-01"})
        if index == REHIRE:
            company.note("rehire", entry | {"left_on": REHIRE_LEFT.isoformat(), "rehired_on": REHIRE_BACK.isoformat()})
        for first, last in person.leaves:
            company.note("leave", entry | {"from": first.isoformat(), "to": last.isoformat()})
        if index in LEFT_BEFORE_DEAL:
            company.note("left_before_first_deal", entry | {"left_on": person.ended.isoformat()})
        elif person.ended and person.ended <= AS_OF:
            company.note("left_later", entry | {"left_on": person.ended.isoformat()})
        if not person.has_quota:
            company.note("no_quota", entry)
