"""The container that the generating modules fill: tables, truth, people and identifiers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

SEED = 20260630
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def rng_for(topic: str) -> Random:
    """Return the random numbers of one topic, so that a change in one leaves the others alone."""
    return Random(f"{SEED}:{topic}")  # noqa: S311


def salesforce_id(prefix: str, number: int) -> str:
    """Return an 18-character id: 15 characters and the three that make it safe without case."""
    body = ""
    value = number * 7919 + 104729
    for _ in range(6):
        value, digit = divmod(value, 62)
        body = _DIGITS[digit] + body
    short = f"{prefix}5g0000{body}"
    suffix = ""
    for start in (0, 5, 10):
        bits = sum(1 << place for place, char in enumerate(short[start : start + 5]) if "A" <= char <= "Z")
        suffix += _SUFFIX[bits]
    return short + suffix


@dataclass
class Spell:
    """One stretch of a person in one role."""

    role: str
    family: str
    hired: date
    start: date
    end: date | None = None
    version: str | None = None
    productive: date | None = None
    under_way: date | None = None


@dataclass
class Person:
    """Somebody with a login."""

    key: str
    first: str
    last: str
    family: str
    region: str
    segment: str
    timezone: str
    currency: str
    employee_number: str
    user_id: str
    spells: list[Spell]
    is_new: bool = False
    hire_index: int | None = None
    manager: Person | None = None
    leaves: list[tuple[date, date]] = field(default_factory=list)
    has_quota: bool = True
    level: float = 1.0
    lms_id: str = ""
    gong_id: str = ""
    treated: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """Return the full name."""
        return f"{self.first} {self.last}"

    @property
    def email(self) -> str:
        """Return the e-mail as the CRM has it."""
        return f"{self.first}.{self.last}@northbeam.example".lower()

    @property
    def ended(self) -> date | None:
        """Return the day of leaving for good."""
        return self.spells[-1].end

    def on_leave(self, day: date) -> bool:
        """Say whether the day lies in a leave."""
        return any(first <= day <= last for first, last in self.leaves)

    def after_leave(self, day: date) -> date:
        """Move a day in a leave behind it."""
        for first, last in self.leaves:
            if first <= day <= last:
                return last + timedelta(days=1)
        return day

    def works(self, day: date) -> bool:
        """Say whether the person is employed and not on leave on the day."""
        inside = any(s.start <= day and (s.end is None or day <= s.end) for s in self.spells)
        return inside and not self.on_leave(day)

    def spell_on(self, day: date) -> Spell | None:
        """Return the spell of the day."""
        for spell in self.spells:
            if spell.start <= day and (spell.end is None or day <= spell.end):
                return spell
        return None


class Company:
    """Everything that is generated."""

    def __init__(self) -> None:
        """Start empty."""
        self.tables: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.people: list[Person] = []
        self.by_key: dict[str, Person] = {}
        self.accounts: list[str] = []
        self.planted: dict[str, object] = {}
        self.mess: dict[str, list[object]] = {}
        self._counters: dict[str, int] = {}

    def add(self, system: str, table: str, row: dict[str, object]) -> dict[str, str]:
        """Append a row; None becomes empty."""
        text = {name: _as_text(value) for name, value in row.items()}
        self.tables.setdefault((system, table), []).append(text)
        return text

    def rows(self, system: str, table: str) -> list[dict[str, str]]:
        """Return the rows of an object."""
        return self.tables[(system, table)]

    def number(self, kind: str) -> int:
        """Return the next number of a kind, from 1."""
        self._counters[kind] = self._counters.get(kind, 0) + 1
        return self._counters[kind]

    def new_id(self, prefix: str) -> str:
        """Return the next Salesforce id of an object prefix."""
        return salesforce_id(prefix, self.number(prefix))

    def note(self, kind: str, entry: object) -> None:
        """Record a piece of planted mess."""
        self.mess.setdefault(kind, []).append(entry)

    def sellers(self, family: str) -> list[Person]:
        """Return the people who ever were in a role family."""
        return [p for p in self.people if any(s.family == family for s in p.spells)]


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
