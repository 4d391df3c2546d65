"""Figures that the finished rows really show, computed from the rows alone."""

from __future__ import annotations

import json
import math
from datetime import date, datetime, timedelta
from statistics import mean, median, stdev
from zoneinfo import ZoneInfo

from .calendar import AS_OF, add_months, month_of, months_between
from .company import Company, Person
from .deals import RATES, rate_on
from .people import MOVER
from .programs import LAUNCH, PLACEBO, REAL, WINDOW_MONTHS

Row = dict[str, str]
Month = tuple[str, date]


def day_of(text: str) -> date | None:
    """Read the date at the start of a text."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def valid_deals(rows: list[Row]) -> list[Row]:
    """Return the newest copy of each deal that is neither deleted nor bad."""
    newest: dict[str, Row] = {}
    for row in rows:
        if not row["Id"] or not _is_sound(row):
            continue
        known = newest.get(row["Id"])
        if known is None or row["LastModifiedDate"] > known["LastModifiedDate"]:
            newest[row["Id"]] = row
    return [row for row in newest.values() if row["IsDeleted"] == "false"]


def _is_sound(row: Row) -> bool:
    closed, created = day_of(row["CloseDate"]), day_of(row["CreatedDate"])
    try:
        amount = float(row["Amount"] or 0)
    except ValueError:
        return False
    if not math.isfinite(amount) or amount < 0 or closed is None or closed.year > 2031:
        return False
    backwards = row["IsClosed"] == "true" and closed < created
    return not backwards and row["CurrencyIsoCode"] in RATES


def credited(company: Company) -> list[tuple[str, float, date, str]]:
    """Return (user id, US dollars, day, deal id) of every won deal: owner at close, or sound splits."""
    changes: dict[str, list[Row]] = {}
    for row in company.rows("salesforce", "opportunity_field_history"):
        if row["Field"] == "Owner":
            changes.setdefault(row["OpportunityId"], []).append(row)
    splits: dict[str, list[Row]] = {}
    for row in company.rows("salesforce", "opportunity_split"):
        if row["IsDeleted"] == "false":
            splits.setdefault(row["OpportunityId"], []).append(row)
    found = []
    for row in valid_deals(company.rows("salesforce", "opportunity")):
        closed = day_of(row["CloseDate"])
        if row["IsWon"] != "true" or closed > AS_OF:
            continue
        usd = float(row["Amount"] or 0) / rate_on(row["CurrencyIsoCode"], closed)
        shares = splits.get(row["Id"], [])
        if shares and abs(sum(float(s["SplitPercentage"]) for s in shares) - 100) < 0.01:
            parts = [(s["SplitOwnerId"], usd * float(s["SplitPercentage"]) / 100) for s in shares]
        else:
            parts = [(_owner_at_close(row, changes.get(row["Id"], []), closed), usd)]
        found += [(user, amount, closed, row["Id"]) for user, amount in parts]
    return found


def _owner_at_close(row: Row, changes: list[Row], closed: date) -> str:
    later = sorted((c for c in changes if day_of(c["CreatedDate"]) > closed), key=lambda c: c["CreatedDate"])
    return later[0]["OldValue"] if later else row["OwnerId"]


def monthly(company: Company) -> tuple[dict[Month, float], dict[Month, float]]:
    """Return bookings and revenue quota by user and month."""
    bookings: dict[Month, float] = {}
    for user, amount, day, _ in credited(company):
        key = (user, month_of(day))
        bookings[key] = bookings.get(key, 0.0) + amount
    revenue = company.planted["revenue_forecasting_type_id"]
    quotas: dict[Month, float] = {}
    for row in {r["Id"]: r for r in company.rows("salesforce", "forecasting_quota")}.values():
        if row["ForecastingTypeId"] == revenue and row["QuotaAmount"].isdigit():
            key = (row["QuotaOwnerId"], day_of(row["StartDate"]))
            quotas[key] = quotas.get(key, 0.0) + float(row["QuotaAmount"])
    return bookings, quotas


def realised(company: Company) -> dict[str, object]:
    """Return all figures that the rows show."""
    bookings, quotas = monthly(company)
    days = ramp_days(company)
    result: dict[str, object] = {
        "tenured_attainment": _tenured(company, bookings, quotas),
        "median_days_to_50_percent_of_quota": {},
        "first_days": _first_days(company),
        "deals": _deal_figures(company),
        "program_effects": {p: _effect(company, p, bookings, WINDOW_MONTHS) for p in (PLACEBO, REAL)},
        "program_effects_in_windows_of_three_months": {p: _effect(company, p, bookings, 3) for p in (PLACEBO, REAL)},
        "discovery_score": _discovery(company),
        "demos_per_month": _demos(company),
        "table_rows": {f"{s}.{t}": len(rows) for (s, t), rows in sorted(company.tables.items())},
    }
    groups = result["median_days_to_50_percent_of_quota"]
    for version, found in days.items():
        reached = sorted(n for n in found if n is not None)
        groups[version] = {"reps": len(found), "reached": len(reached), "median_of_reached": median(reached)}
        groups[version]["kaplan_meier_median"] = km_median(ramp_spans(company)[version])
    groups["difference"] = groups["v1"]["kaplan_meier_median"] - groups["v2"]["kaplan_meier_median"]
    return result


def _tenured(company: Company, bookings: dict, quotas: dict) -> dict[str, object]:
    reps = [p for p in company.sellers("AE") if not p.is_new]
    months = months_between(date(2025, 7, 1), AS_OF)
    won = sum(bookings.get((p.user_id, m), 0.0) for p in reps for m in months)
    quota = sum(quotas.get((p.user_id, m), 0.0) for p in reps for m in months)
    return {"bookings": round(won, 2), "quota": round(quota, 2), "attainment": round(won / quota, 4)}


def crossing(company: Company, person: Person, start: date, threshold: float = 25000.0) -> date | None:
    """Return the day of the deal that first brings a month's bookings to the threshold."""
    own = sorted((day, deal, usd) for user, usd, day, deal in credited(company) if user == person.user_id)
    total: dict[date, float] = {}
    for day, _, usd in own:
        if day < start:
            continue
        total[month_of(day)] = total.get(month_of(day), 0.0) + usd
        if total[month_of(day)] >= threshold:
            return day
    return None


def ramp_spans(company: Company) -> dict[str, list[tuple[int, bool]]]:
    """Return (days, reached) of each new AE's first ramp, by onboarding version."""
    spans: dict[str, list[tuple[int, bool]]] = {"v1": [], "v2": []}
    for person in company.people:
        if not person.is_new or person.spells[0].family != "AE" or person.hire_index == MOVER:
            continue
        spell = person.spells[0]
        last = min(spell.end or AS_OF, AS_OF)
        day = crossing(company, person, spell.start)
        is_reached = day is not None and day <= last
        spans[spell.version].append((((day if is_reached else last) - spell.start).days, is_reached))
    return spans


def ramp_days(company: Company) -> dict[str, list[int | None]]:
    """Return the days to half a quota, None where not reached."""
    return {v: [n if ok else None for n, ok in spans] for v, spans in ramp_spans(company).items()}


def km_median(spans: list[tuple[int, bool]]) -> int | None:
    """Return the Kaplan-Meier median."""
    survival = 1.0
    for day in sorted({n for n, _ in spans}):
        at_risk = sum(n >= day for n, _ in spans)
        survival *= 1 - sum(n == day and ok for n, ok in spans) / at_risk
        if survival <= 0.5:
            return day
    return None


def _first_days(company: Company) -> dict[str, dict[str, float]]:
    firsts: dict[str, dict[str, date]] = {}
    happened = [
        (r, "call", r["CompletedDateTime"])
        for r in company.rows("salesforce", "task")
        if r["TaskSubtype"] == "Call" and r["Status"] == "Completed" and r["IsDeleted"] == "false"
    ]
    happened += [
        (r, r["Type"].lower(), r["StartDateTime"])
        for r in company.rows("salesforce", "event")
        if r["IsDeleted"] == r["IsChild"] == "false" and not r["Subject"].startswith("Canceled")
    ]
    zones = {p.user_id: p.timezone for p in company.people}
    starts = {p.user_id: p.spells[0].start for p in company.people}
    for row, kind, text in happened:
        try:
            local = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(ZoneInfo(zones[row["OwnerId"]]))
        except (ValueError, KeyError):
            continue
        if starts[row["OwnerId"]] <= local.date() <= AS_OF:
            own = firsts.setdefault(row["OwnerId"], {})
            own[kind] = min(own.get(kind, local.date()), local.date())
    for user, _, day, _ in credited(company):
        if user in starts and day >= starts[user]:
            own = firsts.setdefault(user, {})
            own["deal"] = min(own.get("deal", day), day)
    result: dict[str, dict[str, float]] = {}
    for version in ("v1", "v2"):
        people = [
            p
            for p in company.people
            if p.is_new and p.spells[0].version == version and p.family == "AE" and p.hire_index != MOVER
        ]
        for kind in ("call", "meeting", "demo", "deal"):
            days = [
                (firsts.get(p.user_id, {})[kind] - p.spells[0].start).days
                for p in people
                if kind in firsts.get(p.user_id, {})
            ]
            result.setdefault(version, {})[kind] = median(days)
    return result


def _deal_figures(company: Company) -> dict[str, object]:
    deals = valid_deals(company.rows("salesforce", "opportunity"))
    won = [r for r in deals if r["IsWon"] == "true"]
    lost = [r for r in deals if r["IsClosed"] == "true" and r["IsWon"] == "false"]
    usd = [float(r["Amount"]) / rate_on(r["CurrencyIsoCode"], day_of(r["CloseDate"])) for r in won]
    cycles = [(day_of(r["CloseDate"]) - day_of(r["CreatedDate"])).days for r in won]
    return {
        "won": len(won),
        "lost": len(lost),
        "open": len(deals) - len(won) - len(lost),
        "win_rate": round(len(won) / (len(won) + len(lost)), 4),
        "median_won_usd": round(median(usd)),
        "mean_won_usd": round(mean(usd)),
        "median_cycle_days": median(cycles),
    }


def _groups(company: Company, program: str) -> tuple[list[str], list[str]]:
    groups = company.planted["program_groups"][program]
    return groups["treated_user_ids"], groups["control_user_ids"]


def _effect(company: Company, program: str, bookings: dict, span: int) -> dict[str, object]:
    launch = LAUNCH[program]
    before = [add_months(launch, n) for n in range(-span, 0)]
    after = [add_months(launch, n) for n in range(1, span + 1)]
    changes = []
    for users in _groups(company, program):
        change = []
        for user in users:
            now = mean(bookings.get((user, m), 0.0) for m in after)
            then = mean(bookings.get((user, m), 0.0) for m in before)
            change.append((now - then) / 50000)
        changes.append(change)
    treated, control = changes
    error = math.sqrt(stdev(treated) ** 2 / len(treated) + stdev(control) ** 2 / len(control))
    return {
        "treated": len(treated),
        "controls": len(control),
        "attainment_difference_in_differences": round(mean(treated) - mean(control), 4),
        "standard_error": round(error, 4),
    }


def _discovery(company: Company) -> dict[str, dict[str, float]]:
    owners = {p.gong_id: p.user_id for p in company.people if p.gong_id}
    found: dict[str, list[int]] = {}
    treated, control = _groups(company, REAL)
    for row in company.rows("gong", "answered_scorecards"):
        try:
            answers = json.loads(row["answers"])
        except ValueError:
            continue
        user = owners.get(row["reviewedUserId"])
        group = "treated" if user in treated else "control" if user in control else None
        when = "after" if day_of(row["reviewTime"]) > LAUNCH[REAL] + timedelta(days=25) else "before"
        scores = [a["score"] for a in answers if a["questionId"] == "discovery" and a["score"] is not None]
        if group and scores:
            found.setdefault(f"{group}_{when}", []).extend(scores)
    return {key: {"mean": round(mean(s), 3), "answers": len(s)} for key, s in sorted(found.items())}


def _demos(company: Company) -> dict[str, float]:
    launch, span = LAUNCH[REAL], WINDOW_MONTHS
    result = {}
    for group, users in zip(("treated", "control"), _groups(company, REAL), strict=True):
        for when, first, last in (
            ("before", add_months(launch, -span), launch),
            ("after", add_months(launch, 1), add_months(launch, 1 + span)),
        ):
            count = sum(
                r["OwnerId"] in users
                and r["Type"] == "Demo"
                and first <= day_of(r["StartDateTime"]) < last
                and r["IsDeleted"] == r["IsChild"] == "false"
                for r in company.rows("salesforce", "event")
            )
            result[f"{group}_{when}"] = round(count / span / len(users), 3)
    return result
