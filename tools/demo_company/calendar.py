"""Dates of the story and small date helpers."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

EXTRACT_FROM = date(2024, 1, 1)
FIRST_HIRE_MONTH = date(2024, 7, 1)
AS_OF = date(2026, 6, 30)
QUOTAS_FROM = date(2024, 4, 1)
V2_FROM = date(2025, 7, 1)


def add_months(day: date, count: int) -> date:
    """Return the first day of the month that lies count months after the month of day."""
    index = day.year * 12 + day.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def month_of(day: date) -> date:
    """Return the first day of the month."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """Return the last day of the month."""
    return add_months(day, 1) - timedelta(days=1)


def months_between(first: date, last: date) -> list[date]:
    """Return the first days of all months from first to last, both included."""
    months = []
    month = month_of(first)
    while month <= last:
        months.append(month)
        month = add_months(month, 1)
    return months


def workday(day: date, forward: bool = True) -> date:
    """Move a weekend day to Monday, or to the Friday before."""
    if day.weekday() < 5:
        return day
    return day + timedelta(days=7 - day.weekday()) if forward else day - timedelta(days=day.weekday() - 4)


def workday_between(rng: Random, first: date, last: date) -> date:
    """Return a random working day from first to last (the last one's Friday when there is none)."""
    last = max(first, last)
    day = workday(first + timedelta(days=rng.randint(0, (last - first).days)))
    return day if day <= last else max(first, workday(last, forward=False))


def at_local(day: date, timezone: str, hour: int, minute: int = 0) -> datetime:
    """Return the UTC time of a local wall-clock time."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(timezone)).astimezone(UTC)


def office_time(rng: Random, day: date, timezone: str) -> datetime:
    """Return a random time of the local working day, in UTC."""
    return at_local(day, timezone, rng.randint(9, 16), 5 * rng.randint(0, 11))


def salesforce_time(moment: datetime) -> str:
    """Write a time as Salesforce does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def iso_time(moment: datetime) -> str:
    """Write a time as the LMS does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
