"""Milestones of the demo company computed a second time, in plain Python from the raw CSV files.

Nothing of the project's SQL is used, and no library but the standard one: csv, datetime, decimal, zoneinfo.
"""

import csv
import datetime as dt
import hashlib
import math
import re
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

ROOT = Path(__file__).parents[2]
DAY = dt.timedelta(days=1)
CENT = Decimal("0.01")


# ---- raw rows ---------------------------------------------------------------


class BadValueError(ValueError):
    """A value that does not parse: the row is rejected."""


def as_date(text):
    if text is None:
        return None
    try:
        day = dt.date.fromisoformat(text[:10])
    except ValueError:
        raise BadValueError(text) from None
    if not dt.date(1990, 1, 1) <= day <= dt.date(2035, 1, 1):
        raise BadValueError(text)
    return day


def as_time(text):
    """Read an ISO time with or without offset as UTC."""
    if text is None:
        return None
    tidy = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text.replace("Z", "+00:00"))
    try:
        moment = dt.datetime.fromisoformat(tidy)
    except ValueError:
        raise BadValueError(text) from None
    moment = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)
    as_date(moment.date().isoformat())
    return moment


def as_amount(text):
    if text is None:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise BadValueError(text) from None
    if not math.isfinite(float(value)) or value < 0:
        raise BadValueError(text)
    return value


def as_flag(text):
    if text is None:
        return None
    if text.lower() in ("true", "1", "t", "yes", "y"):
        return True
    if text.lower() in ("false", "0", "f", "no", "n"):
        return False
    raise BadValueError(text)


def as_text(text):
    return text


def as_email(text):
    return text.lower() if text else None


def in_order(earlier, later):
    return earlier is None or later is None or earlier <= later


def squeeze(name):
    return re.sub(r"[^a-z0-9]", "", name.lower())


def raw_file(system, name):
    wanted = {squeeze(name), squeeze(system + name), squeeze("demo" + system + name)}
    found = [path for path in (ROOT / "seeds" / "demo" / system).glob("*.csv") if squeeze(path.stem) in wanted]
    assert len(found) == 1, f"{system}.{name}: {found}"
    return found[0]


def read(system, name, key, required, /, **columns):
    """Read the accepted rows of a raw object: typed, not deleted, one for each key (the newest).

    Newest rows of one key that differ, and nothing tells which is right, are all rejected.
    """
    groups = defaultdict(list)
    with raw_file(system, name).open(newline="", encoding="utf-8") as file:
        for number, line in enumerate(csv.DictReader(file)):
            raw = {squeeze(head): (value or "").strip() or None for head, value in line.items()}
            try:
                row = {column: parse(raw.get(squeeze(source))) for column, (source, parse) in columns.items()}
                deleted = as_flag(raw.get("isdeleted")) or False
                changed = as_time(raw.get("systemmodstamp") or raw.get("lastmodifieddate"))
            except BadValueError:
                continue
            if all(row[column] is not None for column in required):
                identity = tuple(row[column] for column in key) if key else (number,)
                groups[identity].append((changed or dt.datetime.min.replace(tzinfo=dt.UTC), deleted, raw, row))
    kept = []
    for versions in groups.values():
        newest = [version for version in versions if version[0] == max(other[0] for other in versions)]
        if all(version[2] == newest[0][2] for version in newest) and not newest[0][1]:
            kept.append(newest[0][3])
    return kept


def settings(name):
    with (ROOT / "seeds" / "settings" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return [{head: value.strip() or None for head, value in row.items()} for row in csv.DictReader(file)]


def like(text, pattern):
    expression = "".join(".*" if c == "%" else "." if c == "_" else re.escape(c) for c in pattern.lower())
    return text is not None and re.fullmatch(expression, text.lower(), re.DOTALL) is not None


# ---- the company ------------------------------------------------------------


class _Company:
    """The demo company as its raw files tell it."""

    def __init__(self, as_of):
        self.as_of = as_of
        self.read_people()
        self.read_careers()
        self.read_rates()
        self.ramps = self.find_ramps()
        self.events = defaultdict(list)
        self.read_activities()
        self.read_deals()
        self.read_learning()
        self.read_coaching()
        self.quotas = self.read_quotas()

    # -- people

    def read_people(self):
        users = read(
            "salesforce",
            "user",
            ["user_id"],
            ["user_id", "email", "created_at"],
            user_id=("Id", as_text),
            email=("Email", as_email),
            user_type=("UserType", as_text),
            role_id=("UserRoleId", as_text),
            title=("Title", as_text),
            number=("EmployeeNumber", as_text),
            zone=("TimeZoneSidKey", as_text),
            hired_on=("Hire_Date__c", as_date),
            role_started_on=("Role_Start_Date__c", as_date),
            terminated_on=("Termination_Date__c", as_date),
            created_at=("CreatedDate", as_time),
        )
        self.roster = read(
            "roster",
            "roster",
            ["email", "hired_on", "role_started_on", "leave_started_on"],
            ["email"],
            email=("rep_email", as_email),
            number=("employee_number", as_text),
            hired_on=("hire_date", as_date),
            role=("role", as_text),
            role_started_on=("role_started_on", as_date),
            terminated_on=("termination_date", as_date),
            leave_started_on=("leave_started_on", as_date),
            leave_ended_on=("leave_ended_on", as_date),
            manager=("manager_email", as_email),
        )
        self.roster = [
            row
            for row in self.roster
            if row["manager"] != row["email"] and in_order(row["hired_on"], row["terminated_on"])
        ]
        self.overrides = {
            (row["system"], row["source_identity"].lower()): row["rep_email"].lower()
            for row in settings("identity_overrides")
        }
        self.zones, self.emails, self.numbers, self.crm, self.users = {}, {}, {}, {}, {}
        self.mail_of = {}
        for user in users:
            if (user["user_type"] or "standard").lower() != "standard":
                continue
            if ("salesforce", user["user_id"].lower()) in self.overrides:
                continue
            person = self.crm[user["user_id"]] = "crm:" + user["user_id"]
            self.users[person] = user
            self.mail_of[person] = user["email"]
            self.remember(person, user["email"], user["number"])
            try:
                self.zones[person] = ZoneInfo(user["zone"] or "UTC")
            except (ZoneInfoNotFoundError, ValueError):
                self.zones[person] = ZoneInfo("UTC")
        self.roster_person = {}
        numbers = defaultdict(set)
        for row in self.roster:
            if row["number"]:
                numbers[row["email"]].add(row["number"])
        own = {email: (dict(self.emails), dict(self.numbers)) for email in {row["email"] for row in self.roster}}
        for email, (emails, by_number) in own.items():
            number = max(numbers[email], default=None)
            target = self.overrides.get(("roster", email))
            person = (target and emails.get(target)) or by_number.get(number) or emails.get(email)
            if person is None:
                person = "roster:" + (number or email)
                self.zones[person] = ZoneInfo("UTC")
                self.mail_of[person] = email
            self.roster_person[email] = person
            self.remember(person, email, number)
        for user in users:
            target = self.overrides.get(("salesforce", user["user_id"].lower()))
            if target:
                self.crm[user["user_id"]] = self.emails.get(target)

    def remember(self, person, email, number):
        if email:
            self.emails.setdefault(email, person)
        if number:
            self.numbers.setdefault(number, person)

    def identify(self, system, identity, email, number=None):
        for key in (identity, email):
            target = key and self.overrides.get((system, key.lower()))
            if target:
                return self.emails.get(target)
        return self.numbers.get(number) or self.emails.get(email)

    def local(self, person, moment):
        return moment.astimezone(self.zones.get(person) or ZoneInfo("UTC")).date()

    # -- careers

    def read_careers(self):
        roles = read(
            "salesforce",
            "user_role",
            ["role_id"],
            ["role_id", "name"],
            role_id=("Id", as_text),
            name=("Name", as_text),
        )
        role_names = {row["role_id"]: row["name"] for row in roles}
        careers = defaultdict(lambda: defaultdict(list))
        self.leaves = defaultdict(set)
        for row in self.roster:
            person = self.roster_person[row["email"]]
            careers[person][row["hired_on"]].append(row)
            if row["leave_started_on"]:
                day = row["leave_started_on"]
                while day <= min(row["leave_ended_on"] or self.as_of, self.as_of):
                    self.leaves[person].add(day)
                    day += DAY
        for person, user in self.users.items():
            name = role_names.get(user["role_id"]) or user["title"]
            if person not in careers:
                hired = user["hired_on"] or self.local(person, user["created_at"])
                careers[person][hired].append(
                    {
                        "role": name,
                        "role_started_on": user["role_started_on"],
                        "terminated_on": user["terminated_on"],
                    }
                )
        self.careers = careers

    def family(self, role):
        for rule in sorted(settings("rep_roles"), key=lambda rule: int(rule["priority"])):
            if like(role, rule["pattern"]):
                return rule["role_family"], rule["is_ramping"] == "true"
        return "other", False

    def spells(self, person):
        """List (start, last day, reason, role family, is ramping), one for each role of each employment."""
        found = []
        hires = sorted(self.careers[person])
        for number, hired in enumerate(hires):
            if hired > self.as_of:
                continue
            rows = self.careers[person][hired]
            ends = [row["terminated_on"] for row in rows if row["terminated_on"]]
            if not ends and number == len(hires) - 1 and person in self.users:
                ends = [end for end in [self.users[person]["terminated_on"]] if end]
            end = max(ends, default=None)
            end = end if end and end <= self.as_of else None
            if number + 1 < len(hires) and hires[number + 1] <= self.as_of:
                last = hires[number + 1] - DAY
                end = min(end, last) if end else last
            starts = {}
            for row in rows:
                start = max(row["role_started_on"] or hired, hired)
                if start <= (end or self.as_of):
                    starts[start] = row["role"]
            ordered = sorted(starts)
            for place, start in enumerate(ordered):
                following = ordered[place + 1] if place + 1 < len(ordered) else None
                last, reason = (following - DAY, "moved") if following else (end, "left" if end else "active")
                found.append((number, start, last, reason, *self.family(starts[start])))
        return found

    def find_ramps(self):
        ramps = []
        for person in self.careers:
            blocks = []
            for number, start, last, reason, family, ramping in self.spells(person):
                if blocks and blocks[-1]["number"] == number and blocks[-1]["family"] == family:
                    blocks[-1].update(until=last, reason=reason, ramping=blocks[-1]["ramping"] or ramping)
                else:
                    blocks.append(
                        {
                            "number": number,
                            "person": person,
                            "family": family,
                            "started": start,
                            "until": last,
                            "reason": reason,
                            "ramping": ramping,
                        }
                    )
            ramps += [{**block, "until": block["until"] or self.as_of} for block in blocks if block["ramping"]]
        return ramps

    def family_in(self, person, first, last):
        """Give the role family held when a period began, else the first one of the period."""
        for _, start, end, _, family, _ in self.spells(person):
            if start <= last and (end is None or end >= first):
                return family
        return None

    # -- money

    def read_rates(self):
        rows = read(
            "salesforce",
            "dated_conversion_rate",
            ["currency", "start"],
            ["currency", "rate", "start"],
            currency=("IsoCode", as_text),
            rate=("ConversionRate", as_amount),
            start=("StartDate", as_date),
            end=("NextStartDate", as_date),
        )
        self.rates = rows

    def corporate(self, amount, currency, day):
        if amount is None or currency in (None, "USD"):
            return amount
        for row in self.rates:
            if row["currency"] == currency and row["start"] <= day and (row["end"] is None or day < row["end"]):
                return (amount / row["rate"]).quantize(CENT, ROUND_HALF_UP)
        return None

    # -- what happened

    def add(self, person, kind, event, day, source):
        if person is not None and day <= self.as_of:
            self.events[person].append((day, kind, event, source))

    def activity_type(self, record):
        for rule in sorted(settings("activity_types"), key=lambda rule: int(rule["priority"])):
            if rule["system"] == "salesforce" and like(record.get(rule["field"]), rule["pattern"]):
                return rule["activity_type"]
        return "other"

    def outcome(self, kind, record):
        for rule in sorted(settings("activity_statuses"), key=lambda rule: int(rule["priority"])):
            if rule["object"] == kind and like(record.get(rule["field"]), rule["pattern"]):
                return rule["outcome"]
        return None

    def read_activities(self):
        tasks = read(
            "salesforce",
            "task",
            ["task_id"],
            ["task_id", "owner", "created_at"],
            task_id=("Id", as_text),
            owner=("OwnerId", as_text),
            subject=("Subject", as_text),
            task_type=("Type", as_text),
            task_subtype=("TaskSubtype", as_text),
            status=("Status", as_text),
            closed=("IsClosed", as_flag),
            due_on=("ActivityDate", as_date),
            completed_at=("CompletedDateTime", as_time),
            created_at=("CreatedDate", as_time),
            duration=("CallDurationInSeconds", as_amount),
        )
        for task in tasks:
            person = self.crm.get(task["owner"])
            outcome = self.outcome("task", task)
            if outcome == "cancelled" or (outcome != "happened" and not task["closed"]):
                continue
            done = task["completed_at"]
            day = self.local(person, done) if done else task["due_on"]
            if day:
                kind = self.activity_type(task)
                self.add(person, "activity", kind, day, "salesforce:task:" + task["task_id"])
        events = read(
            "salesforce",
            "event",
            ["event_id"],
            ["event_id", "owner", "started_at"],
            event_id=("Id", as_text),
            owner=("OwnerId", as_text),
            subject=("Subject", as_text),
            event_type=("Type", as_text),
            event_subtype=("EventSubtype", as_text),
            started_at=("StartDateTime", as_time),
            ended_at=("EndDateTime", as_time),
            child=("IsChild", as_flag),
            all_day=("IsAllDayEvent", as_flag),
        )
        for event in events:
            if event["child"] or event["all_day"] or self.outcome("event", event):
                continue
            if event["ended_at"] and event["ended_at"] < event["started_at"]:
                continue
            person = self.crm.get(event["owner"])
            day = self.local(person, event["started_at"])
            self.add(person, "activity", self.activity_type(event), day, "salesforce:event:" + event["event_id"])

    def read_deals(self):
        deals = read(
            "salesforce",
            "opportunity",
            ["deal_id"],
            ["deal_id", "owner", "stage", "close_on", "created_at", "closed", "won"],
            deal_id=("Id", as_text),
            owner=("OwnerId", as_text),
            stage=("StageName", as_text),
            amount=("Amount", as_amount),
            currency=("CurrencyIsoCode", as_text),
            close_on=("CloseDate", as_date),
            created_at=("CreatedDate", as_time),
            closed=("IsClosed", as_flag),
            won=("IsWon", as_flag),
        )
        currencies = {"USD", None} | {rate["currency"] for rate in self.rates}
        deals = [
            deal
            for deal in deals
            if deal["currency"] in currencies and in_order(deal["created_at"].date(), deal["close_on"])
        ]
        changes = read(
            "salesforce",
            "opportunity_field_history",
            [],
            ["deal_id", "field", "changed_at"],
            deal_id=("OpportunityId", as_text),
            field=("Field", as_text),
            old=("OldValue", as_text),
            new=("NewValue", as_text),
            changed_at=("CreatedDate", as_time),
        )
        splits = read(
            "salesforce",
            "opportunity_split",
            [],
            ["deal_id", "owner"],
            deal_id=("OpportunityId", as_text),
            owner=("SplitOwnerId", as_text),
            percentage=("SplitPercentage", as_amount),
        )
        known = set(self.crm) | {deal["owner"] for deal in deals}
        moves, shares = defaultdict(list), defaultdict(list)
        for change in changes:
            if squeeze(change["field"]) in ("owner", "ownerid") and {change["old"], change["new"]} & known:
                moves[change["deal_id"]].append(change)
        for split in splits:
            shares[split["deal_id"]].append(split)
        self.bookings = defaultdict(list)
        for deal in deals:
            key, owner = deal["deal_id"], self.crm.get(deal["owner"])
            source = "salesforce:opportunity:" + key
            created = self.local(owner, deal["created_at"])
            self.add(owner, "opportunity_created", "*", created, source)
            if not (deal["closed"] and deal["won"]) or deal["close_on"] > self.as_of or created > self.as_of:
                continue
            amount = self.corporate(deal["amount"], deal["currency"], deal["close_on"]) or Decimal(0)
            seller = deal["owner"]
            ordered = sorted(moves[key], key=lambda change: change["changed_at"])
            before = [change for change in ordered if self.local(owner, change["changed_at"]) <= deal["close_on"]]
            if before:
                seller = before[-1]["new"]
            elif ordered:
                seller = ordered[0]["old"]
            total = sum((split["percentage"] or Decimal(0)) for split in shares[key])
            parts = [(seller, amount)]
            if shares[key] and abs(total - 100) <= Decimal("0.005"):
                parts = [
                    (split["owner"], (amount * split["percentage"] / total).quantize(CENT, ROUND_HALF_UP))
                    for split in shares[key]
                ]
            for user, credited in parts:
                person = self.crm.get(user)
                if person is not None:
                    self.bookings[person].append((deal["close_on"], key, credited))
                    self.add(person, "deal_won", "*", deal["close_on"], source)

    def read_learning(self):
        programs = read("lms", "program", ["id"], ["id"], id=("program_id", as_text))
        known = {program["id"] for program in programs}
        users = read(
            "lms",
            "user",
            ["id"],
            ["id", "email"],
            id=("user_id", as_text),
            email=("email", as_email),
            number=("employee_number", as_text),
        )
        people = {user["id"]: self.identify("lms", user["id"], user["email"], user["number"]) for user in users}
        enrollments = read(
            "lms",
            "enrollment",
            ["id"],
            ["id", "user", "program", "enrolled_at"],
            id=("enrollment_id", as_text),
            user=("user_id", as_text),
            program=("program_id", as_text),
            enrolled_at=("enrolled_at", as_time),
            started_at=("started_at", as_time),
            completed_at=("completed_at", as_time),
            status=("status", as_text),
        )
        for row in enrollments:
            if row["program"] not in known or not row["completed_at"] or (row["status"] or "").lower() == "waived":
                continue
            person = people.get(row["user"])
            day = self.local(person, row["completed_at"])
            self.add(person, "learning", "completed", day, "lms:enrollment:" + row["id"])
        awards = read(
            "lms",
            "certification_award",
            ["id"],
            ["id", "user", "awarded_at"],
            id=("award_id", as_text),
            user=("user_id", as_text),
            program=("program_id", as_text),
            awarded_at=("awarded_at", as_time),
            expires_at=("expires_at", as_time),
        )
        for row in awards:
            if row["program"] and row["program"] not in known:
                continue
            if not in_order(row["awarded_at"], row["expires_at"]):
                continue
            person = people.get(row["user"])
            day = self.local(person, row["awarded_at"])
            self.add(person, "learning", "certified", day, "lms:certification_award:" + row["id"])

    def read_coaching(self):
        """Read nothing: no shipped milestone is reached by coaching."""

    # -- quotas

    def read_quotas(self):
        periods = read(
            "salesforce",
            "period",
            ["id"],
            ["id", "start", "end"],
            id=("Id", as_text),
            start=("StartDate", as_date),
            end=("EndDate", as_date),
        )
        ends = {period["id"]: period["end"] for period in periods}
        rows = read(
            "salesforce",
            "forecasting_quota",
            ["id"],
            ["id", "owner", "start"],
            id=("Id", as_text),
            owner=("QuotaOwnerId", as_text),
            start=("StartDate", as_date),
            period=("PeriodId", as_text),
            amount=("QuotaAmount", as_amount),
            is_amount=("IsAmount", as_flag),
            currency=("CurrencyIsoCode", as_text),
        )
        annual = {row["role_family"]: Decimal(row["annual_quota_amount"]) for row in settings("role_quotas")}
        assigned, until = defaultdict(Decimal), {}
        for row in rows:
            person = self.crm.get(row["owner"])
            if person is None or row["is_amount"] is False or row["start"] > self.as_of:
                continue
            amount = self.corporate(row["amount"], row["currency"], row["start"])
            assigned[person, row["start"]] += amount or Decimal(0)
            month_end = (row["start"].replace(day=1) + 32 * DAY).replace(day=1) - DAY
            until[person, row["start"]] = ends.get(row["period"]) or month_end
        quotas = defaultdict(list)
        for (person, start), amount in assigned.items():
            end = until[person, start]
            after = end + DAY
            months = (after.year - start.year) * 12 + after.month - start.month
            full = annual.get(self.family_in(person, start, end))
            quota = (full / 12 * months).quantize(CENT, ROUND_HALF_UP) if full else amount
            quotas[person].append((start, end, quota))
        return quotas

    # -- milestones

    def quota_day(self, ramp, threshold):
        """Give (is evaluable, day, deal): the earliest crossing within one period, inside the ramp."""
        evaluable, crossings = False, []
        for start, end, quota in self.quotas[ramp["person"]]:
            if quota <= 0 or start > ramp["until"] or end < ramp["started"]:
                continue
            evaluable, total = True, Decimal(0)
            for day, deal, amount in sorted(self.bookings[ramp["person"]]):
                if max(start, ramp["started"]) <= day <= min(end, ramp["until"]):
                    total += amount
                    if total >= threshold * quota:
                        crossings.append((day, deal))
                        break
        day, deal = min(crossings, default=(None, None))
        return evaluable, day, deal

    def milestones(self, ramp):
        for row in settings("ramp_milestones"):
            if row["role_family"] not in ("*", ramp["family"]):
                continue
            if row["kind"] == "quota":
                evaluable, day, deal = self.quota_day(ramp, Decimal(row["threshold"]))
                yield row["milestone"], day, evaluable, deal and {"salesforce:opportunity:" + deal}
                continue
            wanted = {row["qualifier"]}
            if row["kind"] == "activity" and row["qualifier"] == "*":
                wanted = {"call", "meeting", "demo"}
            matching = [
                (day, source)
                for day, kind, event, source in self.events[ramp["person"]]
                if kind == row["kind"] and event in wanted and ramp["started"] <= day <= ramp["until"]
            ]
            day = min((day for day, _ in matching), default=None)
            yield row["milestone"], day, True, {source for other, source in matching if other == day}


@pytest.fixture(scope="module")
def company(demo_build):
    as_of = demo_build.execute("select date_day from core.dim_dates where is_as_of_date").fetchone()[0]
    return _Company(as_of)


def test_milestones_of_every_ramp(demo_build, company):
    rows = demo_build.execute("""
        select
            reps.email_hash, milestones.role_family, milestones.ramp_started_on, milestones.observed_until,
            milestones.ended_reason, milestones.milestone, milestones.reached_on, milestones.days_to,
            milestones.active_days_to, milestones.is_evaluable, milestones.is_censored, milestones.source_key
        from rep_timeline.rep_milestones as milestones
        inner join core.dim_reps as reps using (rep_id)
    """).fetchall()
    found = {row[:6]: row[6:] for row in rows}
    assert len(found) == len(rows)

    expected = {}
    for ramp in company.ramps:
        mail = company.mail_of[ramp["person"]]
        key = hashlib.md5(mail.encode(), usedforsecurity=False).hexdigest()
        for milestone, day, evaluable, sources in company.milestones(ramp):
            identity = (key, ramp["family"], ramp["started"], ramp["until"], ramp["reason"], milestone)
            days = active = None
            if day is not None:
                days = (day - ramp["started"]).days
                away = sum(1 for leave in company.leaves[ramp["person"]] if ramp["started"] <= leave < day)
                active = days - away
            expected[identity] = (day, days, active, evaluable, evaluable and day is None, sources)

    assert set(found) == set(expected)
    assert len(found) > 100
    wrong = []
    for identity, (*values, sources) in expected.items():
        *seen, source = found[identity]
        if seen != values or (source is not None and source not in sources):
            wrong.append((identity, seen, source, values, sources))
    assert not wrong, "\n".join(map(str, wrong[:10]))


def test_every_shipped_milestone_is_reached_by_somebody(demo_build):
    never = demo_build.execute("""
        select milestone from rep_timeline.rep_milestones group by milestone having count(reached_on) = 0
    """).fetchall()
    assert never == []
