"""From facts to the three marts in plain Python: milestones per ramp, curves per cohort. The same for all scripts."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .people import AS_OF, People, Ramp

EVENT_MILESTONES = ["first_activity", "first_call", "first_meeting", "first_demo", "first_opportunity", "first_deal"]
LEARNING_MILESTONES = {"first_program_completed": "completed", "first_certification": "certified"}
QUOTA_MILESTONES = {"quota_50": 50, "quota_80": 80, "quota_100": 100}
Z_975 = 1.959963984540054


@dataclass
class Facts:
    """What a script found in the large objects.

    events: (ramp id, milestone) -> day and source key. crossings: the same of quota milestones. evaluable: ramp id ->
    first day on which a quota could be reached. attainment: the mart. history_from: first activity or closed deal.
    """

    events: dict[tuple[str, str], tuple[date, str]] = field(default_factory=dict)
    crossings: dict[tuple[str, str], tuple[date, str]] = field(default_factory=dict)
    evaluable: dict[str, date] = field(default_factory=dict)
    attainment: pa.Table | None = None
    history_from: date = AS_OF


def write_marts(people: People, facts: Facts, folder: Path) -> None:
    """Write the three marts as Parquet."""
    milestones = milestone_rows(people, facts)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in (
        ("rep_milestones", pa.Table.from_pylist(milestones)),
        ("cohort_ramp_curves", pa.Table.from_pylist(curve_rows(people, milestones))),
        ("fct_attainment", facts.attainment),
    ):
        pq.write_table(table, folder / f"{name}.parquet")


def milestone_rows(people: People, facts: Facts) -> list[dict]:
    """Return the rows of rep_milestones."""
    learned = first_learning(people)
    rows = []
    for ramp in people.ramps:
        observed_days = (ramp.until - ramp.start).days
        recorded_from = max(ramp.start, facts.history_from)
        for milestone in [*EVENT_MILESTONES, *QUOTA_MILESTONES, *LEARNING_MILESTONES]:
            is_quota = milestone in QUOTA_MILESTONES
            source = facts.crossings if is_quota else learned if milestone in LEARNING_MILESTONES else facts.events
            on, key = source.get((ramp.ramp_id, milestone), (None, None))
            is_evaluable = not is_quota or ramp.ramp_id in facts.evaluable
            days = (on - ramp.start).days if on else None
            rows.append(
                {
                    "ramp_id": ramp.ramp_id,
                    "milestone": milestone,
                    "reached_on": on,
                    "days_to": days,
                    "active_days_to": days - leave_days(people, ramp, on) if on else None,
                    "is_evaluable": is_evaluable,
                    "is_censored": is_evaluable and on is None,
                    "observed_days": observed_days,
                    "entry_days": 0 if recorded_from == ramp.start else None,
                    "source_key": key,
                    "evaluable_from_on": facts.evaluable.get(ramp.ramp_id) if is_quota else ramp.start,
                }
            )
    return rows


def first_learning(people: People) -> dict[tuple[str, str], tuple[date, str]]:
    """Return the first event of each ramp and learning milestone."""
    by_rep = defaultdict(list)
    for rep, event, on, instant, key in people.learning:
        by_rep[rep].append((event, on, instant, key))
    found = {}
    for ramp in people.ramps:
        for milestone, wanted in LEARNING_MILESTONES.items():
            own = [
                (on, instant, key)
                for event, on, instant, key in by_rep[ramp.rep_id]
                if event == wanted and ramp.start <= on <= ramp.until
            ]
            if own:
                on, _, key = min(own)
                found[(ramp.ramp_id, milestone)] = (on, key)
    return found


def leave_days(people: People, ramp: Ramp, on: date) -> int:
    """Return the days of leave from the start of a ramp to the day before a milestone."""
    days = 0
    for start, end in people.leaves.get(ramp.rep_id, []):
        first, last = max(start, ramp.start), min(end, on)
        if start < on and end >= ramp.start:
            days += (last - first).days + (1 if last < on else 0)
    return days


def curve_rows(people: People, milestones: list[dict]) -> list[dict]:
    """Return the rows of cohort_ramp_curves."""
    groups = defaultdict(list)
    ramps = {ramp.ramp_id: ramp for ramp in people.ramps}
    cohorts = {ramp_id: cohorts_of(ramp) for ramp_id, ramp in ramps.items()}
    for row in milestones:
        if row["entry_days"] is None or not row["is_evaluable"]:
            continue
        is_reached = row["reached_on"] is not None
        is_left = not is_reached and ramps[row["ramp_id"]].ended_reason == "left"
        entry = (row["days_to"] if is_reached else row["observed_days"], is_reached, is_left)
        for cohort_type, cohort in cohorts[row["ramp_id"]]:
            groups[(cohort_type, cohort, row["milestone"])].append(entry)
    rows = []
    for (cohort_type, cohort, milestone), durations in groups.items():
        for point in curve(durations):
            rows.append({"cohort_type": cohort_type, "cohort": cohort, "milestone": milestone} | point)
    return rows


def cohorts_of(ramp: Ramp) -> list[tuple[str, str]]:
    """Return the cohorts of a ramp."""
    if ramp.start > AS_OF.replace(year=AS_OF.year - 1):
        recency = "last 12 months"
    else:
        recency = "12 to 24 months ago" if ramp.start > AS_OF.replace(year=AS_OF.year - 2) else "over 24 months ago"
    return [
        ("all", "all"),
        ("hire_quarter", f"{ramp.start.year}-Q{(ramp.start.month + 2) // 3}"),
        ("hire_recency", recency),
        ("role_family", ramp.family),
        ("region", ramp.region or "none"),
        ("manager", ramp.manager or "none"),
        ("onboarding_version", ramp.version or "none"),
    ]


def curve(durations: list[tuple[int, bool, bool]]) -> list[dict]:
    """Return Kaplan-Meier with Greenwood's error and log-log interval, and Aalen-Johansen, of ramps seen from day 0."""
    counts = defaultdict(lambda: [0, 0, 0])
    counts[0] = [0, 0, 0]
    for days, is_reached, is_left in durations:
        counts[days][0 if is_reached else 1 if is_left else 2] += 1
    at_risk = len(durations)
    survival, variance, stay, incidence = 1.0, 0.0, 1.0, 0.0
    rows = []
    for on in sorted(counts):
        reached, left, censored = counts[on]
        if at_risk:
            incidence += stay * reached / at_risk
            survival *= 1 - reached / at_risk
            stay *= 1 - (reached + left) / at_risk
            variance += reached / at_risk / (at_risk - reached) if reached < at_risk else 0.0
        low, high = interval(survival, variance)
        rows.append(
            {
                "day": on,
                "at_risk_count": at_risk,
                "reached_count": reached,
                "censored_count": censored,
                "left_count": left,
                "survival": survival,
                "survival_se": survival * math.sqrt(variance) if survival > 0 else None,
                "ci_low": low,
                "ci_high": high,
                "cumulative_incidence": incidence,
            }
        )
        at_risk -= reached + left + censored
    return rows


def interval(survival: float, variance: float) -> tuple[float, float]:
    """Return the 95 % log-log interval of a survival."""
    if survival <= 0:
        return 0.0, 0.0
    if variance <= 0:
        return 1.0, 1.0
    width = Z_975 * math.sqrt(variance) / math.log(survival)
    return survival ** math.exp(-width), survival ** math.exp(width)
