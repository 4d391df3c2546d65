"""The pages: what each of them shows, and how the site is written.

Every function of a page takes the marts and the people and returns what its template needs. Numbers come from the marts
as they are; nothing is computed here that a mart could say.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
import vl_convert

from reports import charts
from reports.data import DASH, Marts, PagesError, People

HERE = Path(__file__).parent
MINUS = "\u2212"
Row = dict[str, Any]

NAVIGATION = {
    "index.html": "Overview",
    "ramp_curves.html": "Ramp curves",
    "reps.html": "Reps",
    "kirkpatrick.html": "Kirkpatrick",
    "roi.html": "ROI",
    "deals.html": "Deals",
    "quality.html": "Data quality",
}
STATUSES = {
    "late": "late",
    "at_risk": "at risk",
    "on_track": "on track",
    "not_evaluable": "not evaluable",
    "ramped": "ramped",
    "left": "left",
    "moved": "moved",
}
COHORT_TYPES = {
    "onboarding_version": "Onboarding version",
    "hire_recency": "Time since the start",
    "hire_quarter": "Quarter of hire",
    "role_family": "Role",
    "region": "Region",
    "manager": "Manager",
    "all": "All ramps",
}
LEVELS = {
    0: "Participation",
    1: "Reaction (level 1)",
    2: "Learning (level 2)",
    3: "Behavior (level 3)",
    4: "Results (level 4)",
}
# What the page of all programs shows of each level; a program's own page shows the rest.
MAIN_METRICS = (
    "completion_rate",
    "on_time_rate",
    "nps",
    "response_rate",
    "first_attempt_pass_rate",
    "score_gain",
    "adoption_rate",
    "scorecard_score_change",
    "attainment",
    "win_rate",
)
OUTCOMES = {
    "bookings_per_month": ("Bookings per rep and month", ",.0f"),
    "attainment": ("Attainment of quota", ".0%"),
    "demos_per_month": ("Demos per rep and month", ",.1f"),
    "pipeline_created_per_month": ("Pipeline created per rep and month", ",.0f"),
}
DEAL_MEASURES = {
    "amount_corporate": "Amount",
    "age_days": "Days from creation to close, or to now",
    "days_in_stage": "Days in an open stage",
    "activity_count": "Activities by the owner",
    "demo_count": "Demos by the owner",
    "coaching_session_count": "Coaching sessions of the owner in the window before",
    "content_view_count": "Content views of the owner in the window before",
    "programs_completed_count": "Programs the owner had completed",
}
WEIGHTINGS = {
    "equal": "Equal share to each touch",
    "last": "All to the last touch",
    "time_decay": "More to later touches",
}
# Label, unit, lowest, highest and step of the slider of each input of a scenario.
ROI_INPUTS = {
    "onboarding": {
        "hires_per_month": ("Hires per month", "", 0.5, 20, 0.5),
        "hiring_months": ("Months of hiring", "", 1, 60, 1),
        "ramp_months_before": ("Ramp before, months", "", 0.5, 18, 0.5),
        "ramp_months_after": ("Ramp after, months", "", 0.5, 18, 0.5),
        "attainment_before_rate": ("Attainment once ramped", "%", 0.05, 1.5, 0.01),
    },
    "ongoing": {
        "rep_count": ("Reps", "", 1, 500, 1),
        "attainment_before_rate": ("Attainment before", "%", 0.05, 1.5, 0.01),
        "attainment_after_rate": ("Attainment after", "%", 0.05, 1.5, 0.01),
    },
    "both": {
        "window_months": ("Window, months", "", 1, 60, 1),
        "annual_quota_amount": ("Annual quota", "", 50_000, 2_000_000, 10_000),
        "gross_margin_rate": ("Gross margin", "%", 0.05, 1, 0.01),
        "program_cost_amount": ("Cost of the program", "", 0, 1_000_000, 5_000),
    },
}


# ---- how values are written ----------------------------------------------------


def number(value: Any, digits: int = 0) -> str:
    """Write a number with its thousands apart; a dash where there is none."""
    return DASH if value is None else f"{value:,.{digits}f}".replace("-", MINUS)


def rate(value: Any, digits: int = 0) -> str:
    """Write a share as per cent; a dash where there is none."""
    return DASH if value is None else f"{100 * value:,.{digits}f} %".replace("-", MINUS)


def day(value: date | None) -> str:
    """Write a day; a dash where there is none."""
    return DASH if value is None else f"{value:%-d %b %Y}"


def p_value(value: float | None) -> str:
    """Write a p-value; a dash where there is none."""
    if value is None:
        return DASH
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def words(name: str | None) -> str:
    """Write a key of a mart as words."""
    return DASH if name is None else name.replace("_", " ")


def metric_value(row: Row) -> str:
    """Write the value of a Kirkpatrick metric in its unit."""
    value, unit = row["value"], row["unit"]
    if value is None:
        return DASH
    if unit in ("rate", "score"):
        return rate(value)
    if unit == "net_share":
        return f"{100 * value:+.0f}".replace("-", MINUS)
    if unit == "per_rep_month":
        return f"{number(value, 1)} per rep and month"
    if unit == "days":
        return f"{number(value)} days"
    return number(value)


def counted(row: Row) -> str:
    """Write what a Kirkpatrick metric counts: numerator, denominator and people."""
    parts = []
    if row["numerator"] is not None and row["denominator"] is not None:
        digits = 0 if row["numerator"] == int(row["numerator"]) else 1
        parts.append(f"{number(row['numerator'], digits)} of {number(row['denominator'])}")
    elif row["denominator"] is not None:
        parts.append(f"n = {number(row['denominator'])}")
    if row["people_count"] is not None:
        parts.append(f"{row['people_count']} people")
    return ", ".join(parts) or "nobody"


# ---- pages ---------------------------------------------------------------------


def overview(marts: Marts, people: People) -> Row:
    """Return what a leader asks first: who ramps, how fast, who is behind, what the programs returned."""
    counts = {row["status"]: row["ramp_count"] for row in marts.rows("status_counts")}
    behind = [named(row, people) for row in marts.rows("behind_now")]
    against = marts.rows("milestones_against_last_year")
    returned = with_program_names(marts.rows("roi_measured"), marts)
    by_milestone: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in against:
        by_milestone[row["label"]][row["cohort"]] = row
    return {
        "counts": counts,
        "ramping_count": sum(counts.get(status, 0) for status in ("late", "at_risk", "on_track", "not_evaluable")),
        "behind": behind,
        "behind_rep_count": len({row["page"] for row in behind}),
        "by_milestone": by_milestone,
        "counts_of": {
            cohort: max((row["ramp_count"] for row in against if row["cohort"] == cohort), default=0)
            for cohort in ("last 12 months", "12 to 24 months ago")
        },
        "quota_50": next((cells for cells in by_milestone.values() if any_is(cells, "quota_50")), {}),
        "returned": returned,
        "charts": {
            "against": drawn_if(
                charts.days_against_last_year, [row for row in against if row["median_days"] is not None]
            ),
            "returned": drawn_if(charts.measured_roi, [row for row in returned if row["reason_withheld"] is None]),
        },
    }


def drawn_if(chart: Callable[[list[Row]], Any], rows: list[Row]) -> Any:
    """Return the chart of rows, or nothing where there are none: Vega cannot draw axes of nothing."""
    return chart(rows) if rows else None


def any_is(cells: dict[str, Row], milestone: str) -> bool:
    """Say whether cells are of a milestone."""
    return any(row["milestone"] == milestone for row in cells.values())


def ramp_curves(marts: Marts, people: People) -> Row:
    """Kaplan-Meier curves by cohort, with what they are read by."""
    milestones = {row["milestone"]: row["label"] for row in marts.rows("milestones")}

    def cohort_names(rows: Iterable[Row]) -> list[Row]:
        return [row | {"cohort_name": f"{cohort_name(row)} (n = {row['ramp_count']})"} for row in rows]

    def cohort_name(row: Row) -> str:
        return people.cohort(row["cohort_type"], row["cohort"], row["cohort_label"])

    summary = cohort_names(marts.rows("cohort_summary"))
    curves = cohort_names(marts.rows("curves"))
    drawn = {(row["cohort_type"], row["milestone"], row["cohort_name"]) for row in curves}
    groups: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in sorted(summary, key=lambda row: (row["cohort"] == "none", -row["ramp_count"])):
        if (row["cohort_type"], row["milestone"], row["cohort_name"]) in drawn:
            # The reference is the cohort that is compared with none.
            groups[row["cohort_type"]][row["milestone"]].append(
                {
                    "name": row["cohort_name"],
                    "is_reference": row["cohort_type"] != "all" and row["reference_label"] is None,
                }
            )
    for row in summary:
        if row["reference_label"] is not None and row["cohort_type"] == "manager":
            row["reference_label"] = "the largest team"
    columns = ("cohort_type", "milestone", "cohort_name")
    return {
        "milestones": milestones,
        "cohort_types": {key: label for key, label in COHORT_TYPES.items() if key in groups},
        "groups": groups,
        "summary": summary,
        "group_tests": marts.rows("group_comparison"),
        "charts": {
            "curves": charts.ramp_curves(
                only(curves, (*columns, "day", "reached_rate", "reached_low", "reached_high")),
                only((row for row in summary if row["median_days"] is not None), (*columns, "median_days")),
                only(
                    (row | {"day": row["mark"]} for row in cohort_names(marts.rows("numbers_at_risk"))),
                    (*columns, "day", "at_risk_count"),
                ),
            )
            if curves
            else None
        },
    }


def only(rows: Iterable[Row], columns: tuple[str, ...]) -> list[Row]:
    """Return rows with some of their columns: what goes into a page is what it shows."""
    return [{column: row[column] for column in columns} for row in rows]


def reps(marts: Marts, people: People) -> Row:
    """Return all reps, whoever is furthest behind first."""
    rows = [named(row, people) for row in marts.rows("reps")]
    return {
        "reps": rows,
        "managers": sorted({row["manager"] for row in rows}),
        "roles": sorted({row["role_family"] for row in rows}),
        "cohorts": sorted({row["onboarding_version"] or "none" for row in rows}),
        "statuses": {key: label for key, label in STATUSES.items() if any(row["status"] == key for row in rows)},
    }


def named(row: Row, people: People) -> Row:
    """Return a row with the name and the page of its rep and the name of the manager, and without their ids."""
    named_row = {key: value for key, value in row.items() if key not in ("rep_id", "manager_rep_id", "ramp_id")}
    named_row |= {"name": people.name(row["rep_id"]), "page": people.page(row["rep_id"])}
    if "manager_rep_id" in row:
        named_row["manager"] = people.name(row["manager_rep_id"])
    return named_row


def rep_pages(marts: Marts, people: People) -> Iterable[tuple[str, Row]]:
    """Return the file name of each rep's page and what it shows."""
    milestones = by_rep(marts.rows("rep_milestones"))
    events = by_rep(marts.rows("rep_events"))
    steps = by_rep(marts.rows("rep_next_steps"))
    for row in marts.rows("reps"):
        ramps: dict[date, list[Row]] = defaultdict(list)
        for milestone in milestones[row["rep_id"]]:
            ramps[milestone["ramp_started_on"]].append(milestone)
        shown = events[row["rep_id"]]
        if people.anonymous:
            # Details name deals, courses and managers.
            shown = [event | {"detail": None} for event in shown]
        picture = charts.rep_story(
            [
                {"happened_on": event["happened_on"], "category": event["category"], "mark": mark_of(event["event"])}
                for event in shown
            ],
            list(ramps),
        )
        yield (
            people.page(row["rep_id"]),
            {
                "rep": named(row, people),
                "ramps": ramps,
                "steps": steps[row["rep_id"]],
                "events": list(reversed(shown)),
                "picture": charts.picture(picture),
            },
        )


def mark_of(event: str) -> str:
    """Return which mark an event has in the picture."""
    return {"deal_won": "won", "deal_lost": "lost"}.get(event, "other")


def by_rep(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return rows by rep."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["rep_id"]].append(row)
    return found


def kirkpatrick(marts: Marts, _people: People) -> Row:
    """Return the programs by level: the main metrics with their counts."""
    by_program: dict[str, dict[int, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in marts.rows("kirkpatrick"):
        if row["breakdown_type"] == "all" and row["metric"] in MAIN_METRICS:
            by_program[row["program_id"]][row["level"]].append(row)
    return {"programs": marts.rows("programs"), "by_program": by_program, "levels": LEVELS}


def program_pages(marts: Marts, _people: People) -> Iterable[tuple[str, Row]]:
    """Return the file name of each program's page and what it shows."""
    metrics = marts.rows("kirkpatrick")
    items = marts.rows("program_items")
    item_names = {row["item_id"]: row["item_name"] for row in items}
    performance = marts.rows("performance_effects")
    ramp_effects = marts.rows("ramp_effects")
    returned = {row["program_id"]: row for row in marts.rows("roi_measured")}
    for program in marts.rows("programs"):
        program_id = program["program_id"]
        own = [row for row in metrics if row["program_id"] == program_id]
        levels: dict[int, list[Row]] = defaultdict(list)
        breakdowns: dict[str, list[Row]] = defaultdict(list)
        for row in own:
            if row["breakdown_type"] == "all":
                levels[row["level"]].append(row)
            elif row["breakdown_type"] == "item":
                breakdowns["item"].append(row | {"breakdown": item_names.get(row["breakdown"], row["breakdown"])})
            else:
                breakdowns[row["breakdown_type"]].append(row)
        effects = [row for row in performance if row["program_id"] == program_id]
        faster = [
            row | {"comparison_label": ramp_comparison(row)} for row in ramp_effects if row["program_id"] == program_id
        ]
        drawn = {
            f"effect-{row['outcome']}": charts.performance_effects([row], *OUTCOMES[row["outcome"]])
            for row in effects
            if row["reason_withheld"] is None
        }
        measured = [row for row in faster if row["reason_withheld"] is None]
        if measured:
            drawn["ramp-effects"] = charts.ramp_effects(measured)
        yield (
            program_page(program_id),
            {
                "program": program,
                "items": [row for row in items if row["program_id"] == program_id],
                "levels": levels,
                "level_names": LEVELS,
                "breakdowns": breakdowns,
                "effects": effects,
                "outcomes": OUTCOMES,
                "ramp_effects": faster,
                "returned": returned.get(program_id),
                "charts": drawn,
            },
        )


def program_page(program_id: str) -> str:
    """Return the file name of a program's page: its id where that can be a file name everywhere."""
    is_plain = re.fullmatch(r"[A-Za-z0-9_-]{1,100}", program_id)
    return f"{program_id if is_plain else hashlib.sha256(program_id.encode()).hexdigest()[:32]}.html"


def ramp_comparison(row: Row) -> str:
    """Say what a row of program_ramp_effect compares."""
    if row["comparison"] == "version":
        return f"{row['label']}, against the version before"
    return f"{row['label']}, completed by day {row['landmark_days']}"


def roi(marts: Marts, _people: People) -> Row:
    """Return the scenarios as presets of the sliders, and what the programs were measured to be worth."""
    scenarios = [{key: charts.plain(value) for key, value in row.items()} for row in marts.rows("roi_scenarios")]
    returned = with_program_names(marts.rows("roi_measured"), marts)
    # No input of a company's own scenario lies beyond the end of its slider.
    inputs = {
        kind: {
            name: (label, unit, low, max([high, *(row[name] or 0 for row in scenarios)]), step)
            for name, (label, unit, low, high, step) in of_kind.items()
        }
        for kind, of_kind in ROI_INPUTS.items()
    }
    return {
        "scenarios": scenarios,
        "inputs": inputs,
        "returned": returned,
        "charts": {
            "payback": charts.payback() if scenarios else None,
            "returned": drawn_if(charts.measured_roi, [row for row in returned if row["reason_withheld"] is None]),
        },
    }


def with_program_names(rows: Iterable[Row], marts: Marts) -> list[Row]:
    """Return rows with the name and version of their program."""
    names = {row["program_id"]: f"{row['program_name']} {row['program_version']}" for row in marts.rows("programs")}
    return [row | {"program": names[row["program_id"]]} for row in rows]


def deals(marts: Marts, _people: People) -> Row:
    """Return won, lost and open deals compared, and what touched them."""
    comparison = marts.rows("deal_comparison")
    influence = marts.rows("deal_influence")
    return {
        "comparison": comparison,
        "role_families": sorted({row["role_family"] for row in comparison}, key=lambda name: (name != "all", name)),
        "measures": DEAL_MEASURES,
        "influence": influence,
        "weightings": {key: WEIGHTINGS.get(key, words(key)) for key in sorted({row["weighting"] for row in influence})},
        "charts": {
            "comparison": charts.deal_comparison(comparison, DEAL_MEASURES) if comparison else None,
            "influence": drawn_if(charts.deal_influence, influence),
        },
    }


def quality(marts: Marts, _people: People) -> Row:
    """Return what landed and what became of it, who matched nobody, what the tests found, how new the data is."""
    objects = marts.rows("reconciliation")
    tests = marts.rows("test_results")
    return {
        "objects": objects,
        "raw_count": sum(row["raw_count"] for row in objects),
        "rejected_count": sum(row["rejected_count"] for row in objects),
        "reasons": marts.rows("rejected_reasons"),
        "gaps": marts.rows("identity_gaps"),
        "tests": tests,
        "warned": [row for row in tests if row["status"] == "warn"],
        "freshness": marts.rows("freshness"),
        "charts": {"reconciliation": drawn_if(charts.reconciliation, objects)},
    }


PAGES: dict[str, Callable[[Marts, People], Row]] = {
    "index.html": overview,
    "ramp_curves.html": ramp_curves,
    "reps.html": reps,
    "kirkpatrick.html": kirkpatrick,
    "roi.html": roi,
    "deals.html": deals,
    "quality.html": quality,
}


# ---- writing -------------------------------------------------------------------


def templates() -> jinja2.Environment:
    """Return the templates with what they share: styles, scripts and the ways to write values."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": number,
        "rate": rate,
        "day": day,
        "p_value": p_value,
        "words": words,
        "metric_value": metric_value,
        "counted": counted,
        "program_page": program_page,
        "zip": zip,
    }
    environment.globals |= {
        "navigation": NAVIGATION,
        "status_words": STATUSES,
        "css": (HERE / "assets/pages.css").read_text(encoding="utf-8"),
        "scripts": (HERE / "assets/pages.js").read_text(encoding="utf-8"),
        "roi_script": (HERE / "assets/roi.js").read_text(encoding="utf-8"),
        # Vega, Vega-Lite and Vega-Embed in one script, as vl-convert carries them.
        "vega": vl_convert.javascript_bundle().replace("</script", "<\\/script"),
    }
    return environment


def make_site(
    published_file: Path, folder: Path, anonymous: bool, progress: Callable[[int, int], None] = lambda *_: None
) -> int:
    """Write the site of a published file and return the number of its pages.

    The folder is swapped in whole: it holds the old site or the new one. With ``anonymous`` no page holds a name or an
    id of a person. ``progress`` is told how many pages of reps are done, of how many. Raises PagesError with the reason
    when nothing was written.
    """
    if folder.exists() and not (folder / "index.html").exists() and any(folder.iterdir()):
        raise PagesError(f"{folder} holds something else than pages: name an empty folder.")
    new = folder.with_name(folder.name + ".new")
    try:
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        with Marts(published_file) as marts:
            count = write_pages(marts, new, anonymous, progress)
        old = folder.with_name(folder.name + ".old")
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise PagesError(f"{folder} cannot be written, {error.strerror} ({error.filename}).") from None
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return count


def write_pages(marts: Marts, folder: Path, anonymous: bool, progress: Callable[[int, int], None]) -> int:
    """Write all pages into a folder and return their number."""
    people = People(marts.rows("people"), anonymous)
    environment = templates()
    shared = {"build": marts.rows("build_info")[0], "anonymous": anonymous}
    written = 0

    def write(name: str, template: str, context: Row) -> None:
        nonlocal written
        root = "../" * name.count("/")
        drawn = {key: chart for key, chart in context.get("charts", {}).items() if chart is not None}
        specs = {key: charts.compiled(chart) for key, chart in drawn.items()}
        page = environment.get_template(template).render(
            shared | context | {"root": root, "page": name, "specs": specs}
        )
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(page, encoding="utf-8")
        written += 1

    for name, page in PAGES.items():
        write(name, f"{name}.j2", page(marts, people))
    for name, context in program_pages(marts, people):
        write(f"programs/{name}", "program.html.j2", context)
    total = len(marts.rows("reps"))
    for done, (name, context) in enumerate(rep_pages(marts, people), start=1):
        write(f"reps/{name}", "rep.html.j2", context)
        progress(done, total)
    return written
