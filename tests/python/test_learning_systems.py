"""Two more systems of learning beside the LMS: xAPI statements and Salesforce Enablement; by hand, from the demo seeds.

Days are those of the learner's time zone. 02:00 UTC of 9 April is 22:00 of 8 April in New York (Jana), and 02:30 UTC
of 2 March is 21:30 of 1 March there; 03:00 UTC of 10 January is 20:00 of 9 January in Denver (Otto); 23:00 UTC of
11 May is 09:00 of 12 May in Sydney (Tessa), and 22:00 UTC of 10 February is 09:00 of 11 February there.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from conftest import ROOT, Build, messages

SYSTEMS = ["salesforce", "lms", "gong", "coaching_log", "roster", "xapi", "salesforce_enablement"]
NEW = "('xapi', 'salesforce_enablement')"
COURSES = "xapi:https://learn.northbeam.example/courses"
NEGOTIATION, PRICING, UNIT = (
    f"{COURSES}/negotiation",
    f"{COURSES}/pricing",
    "xapi:https://learn.northbeam.example/au/pricing",
)
TEST, LESSON, WORKSHOP = (f"{NEGOTIATION}/{item}" for item in ("test", "lesson-1", "workshop"))
PROGRAM, COACHING = (f"salesforce_enablement:1EP5g{number:010}AAA" for number in (1, 2))
VIDEO, SESSION, TRAILHEAD = (f"salesforce_enablement:1TD5g{number:010}AAA" for number in (1, 2, 5))


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The demo company with all its systems of learning; a few hand-made rows, so the share of bad ones is high."""
    build = Build(tmp_path_factory.mktemp("learning"))
    result = build.dbt(
        "build",
        "--exclude-resource-type",
        "unit_test",
        systems=SYSTEMS,
        max_rejected_rate=0.4,
        xapi_onboarding_activities=[PRICING.removeprefix("xapi:")],
        salesforce_enablement_onboarding_programs=["AE Onboarding"],
    )
    assert result.success, messages(result)
    return build


def learning_events(build: Build, system: str) -> list[tuple]:
    return build.rows(
        "select reps.full_name, program_id, item_id, event_type, happened_on, score_rate, is_passed, attempt_number,"
        " round(duration_minutes, 4), is_on_time from core.fct_learning_events"
        f" left join core.dim_reps as reps using (rep_id) where system = '{system}'"
    )


def event(
    name: str | None,
    program: str,
    item: str | None,
    kind: str,
    month: int,
    day: int,
    score: float | None = None,
    *,
    passed: bool | None = None,
    attempt: int | None = None,
    minutes: float | None = None,
    on_time: bool | None = None,
) -> tuple:
    return (name, program, item, kind, date(2026, month, day), score, passed, attempt, minutes, on_time)


def test_events_of_statements(company: Build) -> None:
    """Without Jana's second pass, second completion and copied lesson, Tessa's voided pass and Otto's waiver."""
    jana, otto, tessa, marco = "Jana Cohen", "Otto Kaplan", "Tessa Holt", "Marco Ivanov"
    expected = [
        event(jana, NEGOTIATION, None, "enrolled", 4, 6),
        event(jana, NEGOTIATION, None, "started", 4, 7),
        event(jana, NEGOTIATION, LESSON, "content_viewed", 4, 7, minutes=20),
        event(jana, NEGOTIATION, TEST, "assessment_submitted", 4, 8, 0.55, passed=False, attempt=1),
        event(jana, NEGOTIATION, TEST, "assessment_submitted", 4, 8, 0.85, passed=True, attempt=2, minutes=15),
        event(jana, NEGOTIATION, None, "completed", 4, 10, minutes=26 * 60),
        event(otto, NEGOTIATION, None, "enrolled", 5, 4),
        event(otto, NEGOTIATION, None, "started", 5, 4),
        # 8 of 10 points.
        event(otto, NEGOTIATION, TEST, "assessment_submitted", 5, 5, 0.8, passed=True, attempt=1),
        event(tessa, NEGOTIATION, WORKSHOP, "attended", 5, 12, minutes=90),
        # A scaled score of -0.2 is worth nothing. Nobody had registered her.
        event(tessa, NEGOTIATION, TEST, "assessment_submitted", 5, 13, 0.0, passed=False, attempt=1),
        event(tessa, NEGOTIATION, None, "enrolled", 5, 13),
        # cmi5: the unit, and the course that was satisfied by it. 45.5 seconds are 0.7583 minutes.
        event(marco, UNIT, None, "enrolled", 6, 1),
        event(marco, UNIT, None, "started", 6, 1),
        event(marco, UNIT, None, "assessment_submitted", 6, 1, 0.9, passed=True, attempt=1, minutes=0.7583),
        event(marco, PRICING, None, "enrolled", 6, 1),
        event(marco, PRICING, None, "completed", 6, 1),
        # A guest of another company, who matches nobody.
        event(None, NEGOTIATION, LESSON, "content_viewed", 6, 2, minutes=12.5),
    ]
    assert Counter(learning_events(company, "xapi")) == Counter(expected)


def test_events_of_salesforce_enablement(company: Build) -> None:
    """Otto was due on 6 March and tracked until 5 April, 30 days later: what he did after that is not there."""
    jana, otto, tessa, petra = "Jana Cohen", "Otto Kaplan", "Tessa Holt", "Petra Kowalski"
    expected = [
        event(jana, PROGRAM, None, "enrolled", 1, 5),
        event(jana, PROGRAM, None, "started", 1, 8),
        event(jana, PROGRAM, VIDEO, "content_viewed", 1, 8),
        event(jana, PROGRAM, SESSION, "attended", 1, 9),
        event(jana, PROGRAM, None, "completed", 3, 1, on_time=True),
        event(otto, PROGRAM, None, "enrolled", 1, 5),
        event(otto, PROGRAM, None, "started", 1, 9),
        event(otto, PROGRAM, VIDEO, "content_viewed", 1, 9),
        event(tessa, COACHING, None, "enrolled", 2, 9),
        event(tessa, COACHING, None, "started", 2, 11),
        event(tessa, COACHING, TRAILHEAD, "content_viewed", 2, 15),
        # Due on 1 March.
        event(tessa, COACHING, None, "completed", 3, 3, on_time=False),
        event(petra, COACHING, None, "enrolled", 2, 9),
        # A user who is not in the CRM's list.
        event(None, COACHING, None, "enrolled", 2, 9),
        event(None, COACHING, None, "completed", 3, 5, on_time=False),
    ]
    assert Counter(learning_events(company, "salesforce_enablement")) == Counter(expected)


def test_events_name_the_row_that_they_come_from(company: Build) -> None:
    sources = company.rows(
        "select distinct event_type, split_part(source_key, ':', 2) from core.fct_learning_events"
        f" where system in {NEW}"
    )
    assert {row for row in sources if row[1] != "statement"} == {
        ("enrolled", "learning_item_assignment"),
        ("started", "learning_item_progress"),
        ("started", "enbl_program_task_progress"),
        ("completed", "learning_item_progress"),
        ("content_viewed", "enbl_program_task_progress"),
        ("attended", "enbl_program_task_progress"),
    }
    [(keys, rows)] = company.rows(
        f"select count(distinct learning_event_id), count(*) from core.fct_learning_events where system in {NEW}"
    )
    assert keys == rows == 33
    # Who has no registration has a hash for it, and no e-mail.
    assert company.rows("select count(*) from core.fct_learning_events where enrollment_id like '%@%'") == [(0,)]


def test_programs_and_items(company: Build) -> None:
    programs = company.rows(
        "select program_id, program_name, program_kind, starts_on from core.dim_programs where program_id like '%:%'"
    )
    assert set(programs) == {
        (NEGOTIATION, "Negotiation", "ongoing", None),
        (PRICING, "Pricing", "onboarding", None),
        (UNIT, "Pricing basics", "ongoing", None),
        (PROGRAM, "AE Onboarding", "onboarding", date(2026, 1, 2)),
        (COACHING, "Discovery Coaching", "ongoing", date(2026, 2, 2)),
        (COACHING.replace("2AAA", "3AAA"), "Partner Plays", "ongoing", None),
    }
    items = company.rows(
        "select item_id, program_id, item_name, item_kind from core.dim_program_items where item_id like '%:%'"
    )
    assert set(items) == {
        (LESSON, NEGOTIATION, "Anchors", "course"),
        (TEST, NEGOTIATION, "Negotiation test", "assessment"),
        (WORKSHOP, NEGOTIATION, "Verhandlungstraining", "live_session"),
        (VIDEO, PROGRAM, "Know the product", "course"),
        (SESSION, PROGRAM, "Kick-off call", "live_session"),
        (VIDEO.replace("1AAA", "3AAA"), PROGRAM, "First five meetings", None),
        (VIDEO.replace("1AAA", "4AAA"), PROGRAM, "Pipeline of 100k", None),
        (TRAILHEAD, COACHING, "Ask better questions", "course"),
    }


def test_every_raw_row_has_one_fate(company: Build) -> None:
    """Accepted, rejected, superseded and deleted, counted in the seeds."""
    fates = company.rows(
        "select object, raw_count, accepted_count, rejected_count, superseded_count, deleted_count"
        f" from quality.source_reconciliation where system in {NEW}"
    )
    assert set(fates) == {
        ("statement", 25, 18, 5, 1, 1),
        ("enablement_program", 4, 3, 1, 0, 0),
        ("learning_item", 5, 4, 1, 0, 0),
        ("enbl_program_task_definition", 7, 5, 2, 0, 0),
        ("enbl_program_task_progress", 12, 9, 3, 0, 0),
        ("learning_item_assignment", 12, 7, 3, 1, 1),
        ("learning_item_progress", 9, 7, 2, 0, 0),
    }
    for row in fates:
        assert row[1] == sum(row[2:]), row[0]
    for raw_object, raw_count, *_ in fates:
        system = "xapi" if raw_object == "statement" else "salesforce_enablement"
        path = ROOT / f"seeds/demo/{system}/demo_{system}__{raw_object}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            assert len(list(csv.DictReader(file))) == raw_count, raw_object


def test_rejected_rows_say_why(company: Build) -> None:
    rejected = company.rows(
        f"select object, right(replace(row_key, 'AAA', ''), 2), reason from quality.rejected_rows where system in {NEW}"
    )
    assert Counter(rejected) == Counter(
        [
            ("statement", "20", "score_out_of_range"),
            ("statement", "21", "unparsable_duration"),
            ("statement", "22", "unparsable_json"),
            ("statement", "23", "duplicate_key_conflict"),
            ("statement", "23", "duplicate_key_conflict"),
            ("enablement_program", "04", "unknown_enum"),
            # Its program was rejected, the definition's never landed. The progress misses two parents and is one row.
            ("learning_item", "04", "orphan"),
            ("enbl_program_task_definition", "06", "orphan"),
            ("enbl_program_task_definition", "07", "unknown_enum"),
            ("enbl_program_task_progress", "09", "orphan"),
            ("enbl_program_task_progress", "10", "unparsable_boolean"),
            ("enbl_program_task_progress", "11", "unknown_enum"),
            ("learning_item_assignment", "08", "missing_value"),
            ("learning_item_assignment", "09", "unparsable_date"),
            ("learning_item_assignment", "11", "orphan"),
            ("learning_item_progress", "06", "end_before_start"),
            ("learning_item_progress", "08", "orphan"),
        ]
    )
    # JSON in JSON stays JSON when e-mails and names in it are hidden.
    raw_rows = [row[0] for row in company.rows("select raw_row from quality.rejected_rows where system = 'xapi'")]
    assert not any(
        "northbeam.example\\" in row.replace("sso.northbeam.example\\", "") or "jana" in row.lower() for row in raw_rows
    )
    assert {json.loads(row)["actor"] for row in raw_rows} == {
        '{"mbox":"mailto:<e-mail>"}',
        '{"mbox":"mailto:<e-mail>"',
        '{"account":{"homePage":"https://sso.northbeam.example","name":"<hidden>"}}',
    }


def test_levels_and_onboarding(company: Build) -> None:
    """Level 0 and 2 of two programs, and onboarding that no LMS knows of.

    Negotiation: Jana, Otto and Tessa are enrolled, Jana completed; Otto passed at once, in the end Jana too. AE
    Onboarding: two are enrolled, one completed, in time. Marco had no onboarding but the pricing course; Jana had the
    LMS's long before.
    """
    metrics = company.rows(
        "select program_id, metric, numerator, denominator from kirkpatrick.kirkpatrick_metrics"
        " where cohort_type = 'all' and breakdown = 'all' and metric in ('completion_rate', 'on_time_rate',"
        " 'first_attempt_pass_rate', 'eventual_pass_rate', 'content_views', 'attendance_count')"
        f" and program_id in ('{NEGOTIATION}', '{PROGRAM}')"
    )
    assert {row[:2]: row[2:] for row in metrics if row[3] != 0} == {
        (NEGOTIATION, "completion_rate"): (1, 3),
        (NEGOTIATION, "first_attempt_pass_rate"): (1, 3),
        (NEGOTIATION, "eventual_pass_rate"): (2, 3),
        (NEGOTIATION, "content_views"): (2, None),
        (NEGOTIATION, "attendance_count"): (1, None),
        (PROGRAM, "completion_rate"): (1, 2),
        (PROGRAM, "on_time_rate"): (1, 1),
        (PROGRAM, "content_views"): (2, None),
        (PROGRAM, "attendance_count"): (1, None),
    }
    onboarding = company.rows(
        "select distinct reps.full_name, onboarding_program_id from core.dim_ramps"
        " inner join core.dim_reps as reps using (rep_id)"
        " where reps.full_name in ('Marco Ivanov', 'Jana Cohen')"
    )
    assert set(onboarding) == {("Marco Ivanov", PRICING), ("Jana Cohen", "prog_onboarding_v1")}


def test_the_other_systems_are_as_they_were(demo: Build, company: Build) -> None:
    """Not a row of the LMS's events, nor of any other system's, moved; switched off, the new systems are empty."""
    for table, condition in [
        ("core.fct_learning_events", f"system not in {NEW}"),
        ("core.dim_programs", "program_id not like '%:%'"),
        ("core.dim_program_items", "item_id not like '%:%'"),
        ("core.dim_reps", "true"),
        ("core.fct_survey_scores", "true"),
        ("core.fct_coaching_events", "true"),
        ("core.fct_activities", "true"),
        ("quality.source_reconciliation", f"system not in {NEW}"),
    ]:
        query = f"select * from {table} where {condition}"
        before = demo.rows(query)
        assert before
        assert Counter(company.rows(query)) == Counter(before), table
    for table in ("stg_xapi__statements", "map_xapi__learning_events", "map_salesforce_enablement__learning_events"):
        assert demo.rows(f"select count(*) from staging.{table}") == [(0,)], table
    assert demo.rows(f"select count(*) from core.fct_learning_events where system in {NEW}") == [(0,)]


def test_the_rules_have_their_unit_tests(company: Build) -> None:
    """Those that read raw rows run only where the system is switched on: here, and not in the demo's build."""
    folders = [f"test_type:unit,path:models/staging/{system}" for system in ("xapi", "salesforce_enablement")]
    result = company.dbt("test", "--select", *folders, systems=SYSTEMS)
    assert result.success, messages(result)
    names = [item.node.name for item in result.result.results]
    assert len([name for name in names if name.startswith("staging_") and "statement" in name]) == 7
    assert len([name for name in names if name.startswith("staging_enablement")]) == 3


@pytest.mark.parametrize("name", ["statement.json", "statement.ndjson"])
def test_statements_from_json_files(company: Build, tmp_path: Path, name: str) -> None:
    """The demo's statements as a record store exports them, nested and not as text, make the same events."""
    with (ROOT / "seeds/demo/xapi/demo_xapi__statement.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    statements = []
    for row in rows:
        statement = {key: value for key, value in row.items() if value}
        for part in ("actor", "verb", "object", "result", "context"):
            # What is no JSON is text in JSON, too.
            if part in statement and statement[part].endswith("}") and statement["id"][-2:] != "22":
                statement[part] = json.loads(statement[part])
        statements.append(statement)
    (tmp_path / "raw/xapi").mkdir(parents=True)
    lines = [json.dumps(statement) for statement in statements]
    text = "[" + ",\n".join(lines) + "]" if name.endswith(".json") else "\n".join(lines) + "\n"
    (tmp_path / "raw/xapi" / name).write_text(text, encoding="utf-8")
    build = Build(tmp_path)
    result = build.dbt(
        "run",
        "--select",
        "stg_xapi__statements map_xapi__learning_events map_xapi__programs",
        systems=["xapi"],
        raw_from="files",
        raw_folder=str(tmp_path / "raw"),
        as_of_date="2026-06-30",
        xapi_onboarding_activities=[PRICING.removeprefix("xapi:")],
    )
    assert result.success, messages(result)
    for query in (
        "select row_key, row_status, reject_reason from staging.stg_xapi__statements",
        "select * from staging.map_xapi__learning_events",
        "select * from staging.map_xapi__programs",
    ):
        assert Counter(build.rows(query)) == Counter(company.rows(query))
        assert build.rows(query)
