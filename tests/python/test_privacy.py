"""Personal data: what the published file must not hold, and attacks on withheld survey results.

The first part reads the published demo as a stranger would and looks for people's own words and addresses. The second
makes small random companies, runs the project's own models on their survey answers, and tries to work out from what is
published what is withheld.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from conftest import ROOT, Build
from survey_attack import (
    MIN_GROUP_SIZE,
    SHAPES,
    Atom,
    Case,
    Cell,
    Result,
    attack,
    by_program,
    contributions,
    exposed_by_bounds,
    exposed_by_subtraction,
    exposed_questions,
    null_space,
    random_case,
    recovered,
    small_groups,
)

# ---- what the published file holds -----------------------------------------------------------------------------------

# marts.md gives people a name in dim_reps. Cohorts by manager carry the manager's name as their label.
COLUMNS_WITH_NAMES = {
    ("core", "dim_reps", "full_name"),
    ("rep_timeline", "cohort_ramp_curves", "cohort_label"),
    ("rep_timeline", "cohort_ramp_summary", "cohort_label"),
    ("rep_timeline", "cohort_ramp_comparison", "cohort_label"),
    ("rep_timeline", "cohort_ramp_comparison", "reference_label"),
}
EMAIL = re.compile(r"[a-z0-9._%+'-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
URL = re.compile(r"[a-z][a-z0-9+.-]*://|www\.")
# Digits in groups, as people write phone numbers; dates are taken out before.
PHONE = re.compile(r"(?<![\w.:|-])(\+\d[\d ().-]{6,}\d|(\(\d{2,4}\)|\d{2,4})([ .-]{1,2}\d{2,4}){2,4})(?![\w-])")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass
class Secrets:
    """What the demo's raw data tell about people, in lower case."""

    emails: set[str]
    usernames: set[str]
    comments: set[str]
    names: set[str]
    urls: set[str]


@dataclass(frozen=True)
class Finding:
    """Personal data at one place of a published file."""

    kind: str
    place: str
    value: str


def seeds() -> Iterator[tuple[Path, dict[str, str]]]:
    """Yield every row of every raw seed of the demo with its file."""
    for path in sorted((ROOT / "seeds" / "demo").glob("**/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield path, row


def demo_secrets() -> Secrets:
    """Collect the e-mail addresses, user names, comments, full names and recordings of the demo's raw seeds."""
    secrets = Secrets(set(), set(), set(), set(), set())
    for path, row in seeds():
        for value in row.values():
            secrets.emails.update(match.group() for match in EMAIL.finditer((value or "").lower()))
        if path.name == "demo_salesforce__user.csv":
            secrets.usernames.add(row["Username"].strip().lower())
            secrets.names.add(row["Name"].strip().lower())
        if path.name == "demo_lms__survey_response.csv":
            secrets.comments.add(row["comment"].strip().lower())
        if path.name == "demo_coaching_log__session.csv":
            secrets.urls.add(row["recording_url"].strip().lower())
    for found in (secrets.emails, secrets.usernames, secrets.comments, secrets.names, secrets.urls):
        found.discard("")
    return secrets


def name_pattern(names: Iterable[str]) -> re.Pattern:
    """Return a pattern that finds any of the full names, with whatever stands between first and last name."""
    spellings = [r"[\s._,-]+".join(re.escape(part) for part in name.split()) for name in sorted(names)]
    turned = [
        r"[\s,]+".join(re.escape(part) for part in (name.split()[-1], *name.split()[:-1])) for name in sorted(names)
    ]
    return re.compile(r"(?<!\w)(" + "|".join(spellings + turned) + r")(?!\w)")


def texts_of(file: Path) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Yield every text that a file holds, with its place: cells of text columns, comments of tables and columns."""
    with duckdb.connect(str(file), read_only=True) as connection:
        columns = connection.execute(
            "select schema_name, table_name, column_name, data_type, comment from duckdb_columns() where not internal"
        ).fetchall()
        tables = connection.execute(
            "select schema_name, table_name, comment from duckdb_tables() where not internal"
        ).fetchall()
        for schema, table, comment in tables:
            yield (schema, table, "(comment)"), comment or ""
        for schema, table, column, data_type, comment in columns:
            yield (schema, table, f"{column} (comment)"), comment or ""
            # Lists, structs and the like hold text too: whatever is no number, date or boolean is read as text.
            if re.match(r"(U?(TINY|SMALL|BIG|HUGE)?INT|INTEGER|DOUBLE|FLOAT|DECIMAL|DATE|TIME|BOOLEAN)", data_type):
                continue
            found = connection.execute(
                f'select distinct cast("{column}" as varchar) from "{schema}"."{table}" where "{column}" is not null'
            )
            for (value,) in found.fetchall():
                yield (schema, table, column), value


def personal_data(file: Path, secrets: Secrets) -> list[Finding]:
    """Return all personal data in a published file.

    Args:
        file: a published DuckDB file.
        secrets: what to look for, beside anything that looks like an e-mail address, a URL or a phone number.

    """
    names = name_pattern(secrets.names)
    words = {"comment": secrets.comments, "user name": secrets.usernames, "recording": secrets.urls}
    findings = []
    for place, text in texts_of(file):
        lowered = text.lower()
        hits = []
        if "@" in lowered:
            hits += [("e-mail", match.group()) for match in EMAIL.finditer(lowered)]
            hits += [("e-mail", email) for email in secrets.emails if email in lowered]
        hits += [(kind, word) for kind, found in words.items() for word in found if word in lowered]
        if not place[2].endswith("(comment)"):
            hits += [("URL", match.group()) for match in URL.finditer(lowered)]
            hits += [("phone number", match.group()) for match in PHONE.finditer(DATE.sub("", lowered))]
        if place not in COLUMNS_WITH_NAMES:
            hits += [("name", match.group()) for match in names.finditer(lowered)]
        findings += [Finding(kind, ".".join(place), value) for kind, value in hits]
    return sorted(set(findings), key=str)


@pytest.fixture(scope="module")
def secrets() -> Secrets:
    """What the demo's raw seeds tell about people."""
    return demo_secrets()


def test_the_demo_has_something_to_hide(secrets: Secrets) -> None:
    assert len(secrets.emails) >= 80
    assert len(secrets.names) >= 80
    assert len(secrets.usernames) >= 80
    assert len(secrets.comments) == 5
    assert len(secrets.urls) >= 50
    assert "owen.mueller@northbeam.example" in secrets.emails
    assert "the trainer was excellent." in secrets.comments


def test_published_file_holds_no_personal_data_beyond_the_contract(published: Path, secrets: Secrets) -> None:
    assert personal_data(published, secrets) == []


def test_names_stand_where_they_are_expected(published: Path, secrets: Secrets) -> None:
    """A column that is let through without need would hide the next leak."""
    names = name_pattern(secrets.names)
    found = {place for place, text in texts_of(published) if names.search(text.lower())}
    assert found == COLUMNS_WITH_NAMES


# What is planted where, and as what it must be found.
PLANTED = [
    ("core.dim_programs.program_name", "Ask OWEN.MUELLER@Northbeam.example", {"e-mail", "name"}),
    ("core.dim_programs.program_kind", "mailto:stranger@elsewhere.example.org", {"e-mail"}),
    ("core.fct_survey_scores.question", "How was it? More practice, please. Thanks", {"comment"}),
    ("kirkpatrick.kirkpatrick_metrics.breakdown", 'LOVED THE "REAL CALL" PART', {"comment"}),
    ("rep_timeline.rep_timeline.detail", "call with Ava Albers", {"name"}),
    ("quality.rejected_rows.raw_row", '{"Name":"Albers, Ava"}', {"name"}),
    ("core.fct_activities.activity_type", "ava.albers@northbeam.example.crm", {"e-mail", "name", "user name"}),
    ("core.fct_coaching_events.source_key", "https://rec.example/3", {"recording", "URL"}),
    ("core.fct_learning_events.source_key", "s3://bucket/call", {"URL"}),
    ("core.dim_reps.region", "+49 151 2345678", {"phone number"}),
    ("core.dim_reps.segment", "call (415) 555-0132", {"phone number"}),
    ("meta.build_info.git_commit", "ava albers", {"name"}),
]


def test_planted_personal_data_is_found(published: Path, secrets: Secrets, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    shutil.copy(published, copy)
    copy.chmod(0o644)
    expected = {place: kinds for place, _, kinds in PLANTED}
    with duckdb.connect(str(copy)) as connection:
        for place, text, _ in PLANTED:
            schema, table, column = place.split(".")
            row = connection.execute(f"select min(rowid) from {schema}.{table}").fetchone()[0]
            connection.execute(f"update {schema}.{table} set {column} = ? where rowid = ?", [text, row])
        connection.execute("comment on column core.dim_reps.timezone is 'as told by hr@northbeam.example'")
        connection.execute("comment on table core.dim_dates is 'kept by Ava Albers'")
    expected |= {"core.dim_reps.timezone (comment)": {"e-mail"}, "core.dim_dates.(comment)": {"name"}}
    found = defaultdict(set)
    for finding in personal_data(copy, secrets):
        found[finding.place].add(finding.kind)
    assert found == expected


# ---- attacks on withheld survey results ------------------------------------------------------------------------------

COMPANIES = 500
# Models that run on the answers of the random companies, in this order. Their other inputs are left empty.
MODELS = [
    "int_kirkpatrick_people",
    "int_kirkpatrick_participation",
    "int_kirkpatrick_reactions",
    "int_kirkpatrick_withheld",
    "int_kirkpatrick_catalogue",
    "kirkpatrick_metrics",
    "kirkpatrick_program_scorecard",
    "fct_survey_scores",
]


@dataclass
class Companies:
    """Random companies, and the database in which the project's models ran on their answers."""

    cases: list[Case]
    connection: duckdb.DuckDBPyConnection
    results: list[Result]
    # Which rule withholds a cell: (program, metric, breakdown, cell) -> reason. Cells that nobody is in have none.
    reasons: dict[tuple[str, str, str, Cell], str]

    def exposed_questions(self, shown: dict[str, set[tuple]]) -> list:
        """Return what can be worked out where these questions are shown, by program."""
        results = by_program(self.results)
        return [
            exposure
            for case in self.cases
            for exposure in exposed_questions(case, shown.get(case.program, set()), results[case.program])
        ]


def input_rows(cases: list[Case]) -> dict[str, list[dict]]:
    """Return the input tables of the models: programs, learning events, answers, reps, ramps and role spells."""
    tables: dict[str, list[dict]] = defaultdict(list)
    for case in cases:
        program = {"program_id": case.program}
        tables["dim_programs"].append({**program, "program_name": case.program})
        for person in case.people:
            rep = {"rep_id": person.key if person.is_rep else None}
            took_part = {**program, **rep, "person_key": person.key, "happened_on": "2025-06-01"}
            for event in ["enrolled", "completed"][: 1 + person.has_completed]:
                event_id = f"{person.key}_{event}"
                tables["fct_learning_events"].append({**took_part, "learning_event_id": event_id, "event_type": event})
            if person.is_rep:
                started = {"ramp_started_on": "2020-01-01", "hire_quarter": person.quarter}
                tables["dim_reps"].append({**rep, "role_family": person.role, "hired_on": "2020-01-01"})
                tables["dim_ramps"].append({**rep, "ramp_id": f"{person.key}_ramp", **started})
                spell = {"role_spell_id": f"{person.key}_spell", "spell_started_on": "2020-01-01"}
                tables["cnf_role_spells"].append({**rep, **spell, "role_family": person.role})
        for number, answer in enumerate(case.answers):
            tables["cnf_survey_scores"].append(
                {
                    **program,
                    "survey_score_id": f"{case.program}_{number}",
                    "system": "lms",
                    "response_id": answer.response_id,
                    "respondent_key": answer.person.key,
                    "rep_id": answer.person.key if answer.person.is_rep else None,
                    "question": answer.question,
                    "dimension": answer.dimension,
                    "scale_min": answer.scale_min,
                    "scale_max": answer.scale_max,
                    "score": answer.score,
                    "score_rate": answer.score_rate,
                    "submitted_on": "2025-06-02",
                }
            )
    return tables


def run_models(demo: Build, cases: list[Case], folder: Path) -> duckdb.DuckDBPyConnection:
    """Run the compiled models of the demo build on the rows of random companies, in memory; return the database."""
    manifest = json.loads((demo.target / "manifest.json").read_text())
    nodes = {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}
    inputs = {
        manifest["nodes"][key]["name"]: manifest["nodes"][key]
        for name in MODELS
        for key in nodes[name]["depends_on"]["nodes"]
    }
    database = nodes[MODELS[0]]["database"]
    tables = input_rows(cases)
    connection = duckdb.connect()
    connection.execute(f"attach ':memory:' as \"{database}\"")
    connection.execute(f"attach '{demo.file}' as demo (read_only)")
    for schema in sorted({node["schema"] for node in nodes.values()}):
        connection.execute(f'create schema "{database}"."{schema}"')
    for name, node in inputs.items():
        if name not in MODELS:
            table = f'"{database}".{node["schema"]}.{node["alias"]}'
            connection.execute(f"create table {table} as from demo.{node['schema']}.{node['alias']} limit 0")
            if tables[name]:
                path = folder / f"{name}.ndjson"
                path.write_text("\n".join(json.dumps(row) for row in tables[name]))
                connection.execute(f"insert into {table} by name from read_json('{path}', sample_size = -1)")
    for name in MODELS:
        table = f'"{database}".{nodes[name]["schema"]}.{nodes[name]["alias"]}'
        connection.execute(f"create table {table} as {nodes[name]['compiled_code']}")
    connection.execute("detach demo")
    connection.execute(f'use "{database}"')
    return connection


def read_results(
    connection: duckdb.DuckDBPyConnection, atoms: dict[tuple[str, str, str], dict[Atom, list[float]]]
) -> list[Result]:
    """Return the survey results of kirkpatrick_metrics beside the truth, by program, metric and breakdown."""
    results = {key: Result(*key, truth) for key, truth in atoms.items()}
    for *key, cohort_type, cohort, numerator, people, is_withheld in connection.execute(
        "select program_id, metric, breakdown, cohort_type, cohort, numerator, people_count, is_withheld"
        " from kirkpatrick.kirkpatrick_metrics where level = 1"
    ).fetchall():
        result = results.setdefault(tuple(key), Result(*key, {}))
        if is_withheld:
            result.withheld.add((cohort_type, cohort))
        else:
            result.shown[cohort_type, cohort] = (numerator, people)
    return list(results.values())


@pytest.fixture(scope="module")
def companies(demo: Build, tmp_path_factory: pytest.TempPathFactory) -> Companies:
    """Random companies of one program each, and what is published about their surveys."""
    cases = [random_case(number) for number in range(COMPANIES)]
    connection = run_models(demo, cases, tmp_path_factory.mktemp("companies"))
    atoms = {(case.program, *metric): truth for case in cases for metric, truth in contributions(case).items()}
    reasons = {
        (program, metric, breakdown, (cohort_type, cohort)): reason
        for program, metric, breakdown, cohort_type, cohort, reason in connection.execute(
            "select program_id, metric, breakdown, cohort_type, cohort, withheld_reason"
            " from conformed.int_kirkpatrick_withheld where is_withheld"
        ).fetchall()
    }
    return Companies(cases, connection, read_results(connection, atoms), reasons)


def shown_questions(connection: duckdb.DuckDBPyConnection) -> dict[str, set[tuple]]:
    """Return the questions that fct_survey_scores shows scores of, with dimension and scale, by program."""
    found: dict[str, set[tuple]] = defaultdict(set)
    for program, *question in connection.execute(
        "select distinct program_id, question, dimension, scale_min, scale_max from core.fct_survey_scores"
        " where score is not null"
    ).fetchall():
        found[program].add(tuple(question))
    return found


# ---- the attack itself, by hand ----


def test_what_follows_from_equations_by_hand() -> None:
    """From a + b and b + c follows a - c but no single one: (1, -1, 1) stays open. With a + c, all follow."""
    assert null_space([[1, 1, 0], [0, 1, 1]], 3) == [[1, -1, 1]]
    assert null_space([[1, 1, 0], [0, 1, 1], [1, 0, 1]], 3) == []
    assert null_space([[2, 4, 0], [1, 2, 0]], 3) == [[-2, 1, 0], [0, 0, 1]]


def test_which_groups_follow_by_hand() -> None:
    """Sums follow where the open parts cancel; two people and one are within four, three and two are not."""
    parts = [(1, 0), (-1, 0), (0, 1), (0, -1)]
    assert small_groups(parts, [2, 1, 3, 2], 4) == [(0, 1)]
    assert small_groups(parts, [2, 1, 2, 2], 4) == [(0, 1), (2, 3)]
    assert small_groups([(0,), (1,), (1,), (-2,)], [1, 1, 1, 1], 4) == [(0,), (0, 1, 2, 3), (1, 2, 3)]


def test_what_subtraction_gives_by_hand() -> None:
    """AE 5 and SDR 6 are shown, 3 managers withheld: all less both is them. With SDR withheld too, nothing follows."""
    atoms = {("AE", "Q1"): [1.0] * 5, ("SDR", "Q1"): [0.5] * 6, ("manager", "Q1"): [0.25] * 3}
    shown = {("all", "all"): (8.75, 14), ("role_family", "AE"): (5.0, 5), ("role_family", "SDR"): (3.0, 6)}
    managers = ("role_family", "manager")
    result = Result("p", "nps", "all", atoms, shown, {managers})
    assert [(exposure.kind, exposure.what) for exposure in exposed_by_subtraction(result)] == [
        ("cell", managers),
        ("group", (("manager", "Q1"),)),
    ]
    assert recovered(result, managers) == 0.75
    del shown["role_family", "SDR"]
    result.withheld.add(("role_family", "SDR"))
    assert exposed_by_subtraction(result) == []
    assert recovered(result, managers) is None


def test_what_bounds_give_by_hand() -> None:
    """Of six people four are AE: two cohorts share two, so they have one each if they have any, else 0 to 2."""
    atoms = {("AE", "Q1"): [1.0] * 4, ("SDR", "Q1"): [1.0], ("SE", "Q1"): [1.0]}
    shown = {("all", "all"): (6.0, 6), ("role_family", "AE"): (4.0, 4), ("hire_quarter", "Q1"): (6.0, 6)}
    small = {("role_family", "SDR"), ("role_family", "SE")}
    results = [Result("p", "response_rate", "all", atoms, shown, small)]
    assert {exposure.what for exposure in exposed_by_bounds(results, 1, set())} == small
    assert exposed_by_bounds(results, 0, set()) == []
    assert exposed_by_bounds(results, 0, {("role_family", "SE")}) == []
    assert {exposure.what for exposure in exposed_by_bounds(results, 0, small)} == small


def test_what_questions_give_by_hand() -> None:
    """Of three questions of one dimension, five people answered two and two the third: the total less two is it."""
    case = random_case(0)
    person = [type(case.people[0])(f"p{n}", "AE", "Q1") for n in range(5)]
    answer = type(case.answers[0])
    case = Case("p", "by hand", person, [])
    for question, size in (("a", 5), ("b", 5), ("c", 2)):
        case.answers += [answer(person[n], f"r{n}", question, "relevance", 5, 3) for n in range(size)]
    a, b, c = ((question, "relevance", 1, 5) for question in "abc")
    total = [Result("p", "mean_score", "relevance", {}, {("all", "all"): (6.0, 5)})]
    assert [exposure.what for exposure in exposed_questions(case, {a, b}, total)] == [(c,)]
    assert exposed_questions(case, {a, b}, []) == []
    assert exposed_questions(case, {a}, total) == []
    assert [exposure.kind for exposure in exposed_questions(case, {c}, total)] == ["shown"]


# ---- what the models publish ----


def test_shown_results_of_random_companies_are_right(companies: Companies) -> None:
    """The attack is worth nothing if what it starts from is wrong: every shown number against the definitions."""
    shown = 0
    for result in companies.results:
        for cell, (numerator, people) in result.shown.items():
            assert people == result.people(cell), (result, cell)
            assert numerator == pytest.approx(result.numerator(cell), abs=1e-9), (result, cell)
            shown += people > 0
    assert shown > 10 * COMPANIES
    assert {case.shape for case in companies.cases} == {shape.__name__ for shape in SHAPES}
    assert set(companies.reasons.values()) == {"too_few", "complement", "difference"}


def test_withheld_results_cannot_be_worked_out(companies: Companies) -> None:
    assert attack(companies.cases, companies.results) == []


def test_answers_of_few_cannot_be_worked_out(companies: Companies) -> None:
    shown = shown_questions(companies.connection)
    assert sum(len(questions) for questions in shown.values()) > COMPANIES
    assert companies.exposed_questions(shown) == []


def test_withheld_results_of_the_demo_cannot_be_worked_out(demo: Build, published: Path) -> None:
    atoms: dict[tuple[str, str, str], dict[Atom, list[float]]] = defaultdict(lambda: defaultdict(list))
    for *key, role, quarter, numerator in demo.rows(
        "select r.program_id, r.metric, r.breakdown, coalesce(p.role_family, 'unmatched'),"
        " coalesce(p.hire_quarter, 'unmatched'), r.numerator"
        " from conformed.int_kirkpatrick_reactions r"
        " left join conformed.int_kirkpatrick_people p on r.program_id = p.program_id and r.person_key = p.person_key"
        " where r.is_counted = 1"
    ):
        atoms[tuple(key)][role, quarter].append(numerator)
    with duckdb.connect(str(published), read_only=True) as connection:
        results = read_results(connection, atoms)
    assert sum(result.people(cell) > 0 for result in results for cell in result.withheld) > 100
    assert attack([], results) == []


@pytest.mark.parametrize(("rule", "kind"), [("complement", "cell"), ("difference", "group")])
def test_without_a_rule_the_attack_succeeds(companies: Companies, rule: str, kind: str) -> None:
    """Each rule is needed: with the cells shown that it withholds, results of few people are worked out."""
    exposures = []
    for result in companies.results:
        key = (result.program, *result.name)
        cells = {cell for cell in result.withheld if companies.reasons.get((*key, cell)) == rule}
        exposures += [(result.showing(cells), exposure) for exposure in exposed_by_subtraction(result.showing(cells))]
    found = [(opened, exposure.what) for opened, exposure in exposures if exposure.kind == kind]
    assert len(found) > 100
    # To the digit, too: the numbers that a stranger would get.
    if kind == "cell":
        for opened, cell in found[:50]:
            assert recovered(opened, cell) == pytest.approx(opened.numerator(cell), abs=1e-9)


def test_with_empty_cohorts_shown_people_are_counted(companies: Companies) -> None:
    """If only cohorts with somebody in them were withheld, many would be known to have one person."""
    opened = [
        result.showing(cell for cell in result.withheld if not result.people(cell)) for result in companies.results
    ]
    assert len([exposure for exposure in attack(companies.cases, opened) if exposure.kind == "people"]) > 100


def test_with_telling_rows_anonymous_people_are_counted(companies: Companies) -> None:
    """If the cohort unmatched had a row only where somebody is in it, single anonymous answers would be counted."""
    results = by_program(companies.results)
    unmatched = {("role_family", "unmatched"), ("hire_quarter", "unmatched")}
    exposures = [
        exposure
        for case in companies.cases
        if any(not answer.person.is_rep for answer in case.answers)
        for exposure in exposed_by_bounds(results[case.program], 0, unmatched)
    ]
    assert ("role_family", "unmatched") in {exposure.what for exposure in exposures}


def test_with_questions_of_few_shown_the_attack_succeeds(companies: Companies) -> None:
    """Questions of few are found where they are shown, and where only they themselves are left out."""
    respondents: dict[tuple, set[str]] = defaultdict(set)
    for case in companies.cases:
        for answer in case.answers:
            if answer.score is not None:
                respondents[case.program, answer.asked].add(answer.person.key)
    everything: dict[str, set[tuple]] = defaultdict(set)
    enough: dict[str, set[tuple]] = defaultdict(set)
    for (program, question), people in respondents.items():
        everything[program].add(question)
        if len(people) >= MIN_GROUP_SIZE:
            enough[program].add(question)
    assert {exposure.kind for exposure in companies.exposed_questions(everything)} == {"shown"}
    found = companies.exposed_questions(enough)
    assert {exposure.kind for exposure in found} == {"questions"}
    assert len(found) > 100


def test_scorecard_shows_no_more_than_the_metrics(companies: Companies) -> None:
    """kirkpatrick_program_scorecard repeats the results of all; where they are withheld, its columns are empty."""
    columns = {
        ("response_rate", "all"): "response_rate",
        ("nps", "all"): "nps",
        ("mean_score", "satisfaction"): "satisfaction_score",
    }
    results = {(result.program, result.name): result for result in companies.results}
    for metric, column in columns.items():
        rows = companies.connection.execute(
            f"select program_id, {column}_numerator, {column}_denominator, {column}, {column}_people_count,"
            " has_withheld_reaction from kirkpatrick.kirkpatrick_program_scorecard"
        ).fetchall()
        assert len(rows) == COMPANIES
        withheld = [row for row in rows if ("all", "all") in results[row[0], metric].withheld]
        assert withheld
        assert {row[1:] for row in withheld} == {(None, None, None, None, True)}


def test_survey_answers_have_nothing_that_tells_who_gave_them(published: Path) -> None:
    """fct_learning_events has day, item and rep: a day or an item beside the answer would name the respondent."""
    with duckdb.connect(str(published), read_only=True) as connection:
        columns = {row[0]: row[1] for row in connection.execute("describe core.fct_survey_scores").fetchall()}
        events = {row[0] for row in connection.execute("describe core.fct_learning_events").fetchall()}
    assert columns.keys() & events == {"system", "program_id", "score_rate"}
    assert set(columns.values()) == {"VARCHAR", "DOUBLE"}


def test_nothing_else_reads_survey_answers(demo: Build) -> None:
    """A new reader of survey answers must be added to the attack, or shown to publish nothing of them."""
    children = json.loads((demo.target / "manifest.json").read_text())["child_map"]

    def readers(model: str) -> set[str]:
        found = children[f"model.rampline.{model}"]
        return {key.split(".")[2] for key in found if key.startswith("model.")}

    # Attacked: fct_survey_scores, and what stands on int_kirkpatrick_reactions. The others take from an answer that
    # there is one: whose identity (cnf_identities, int_identity_uses), that its rep took part (int_kirkpatrick_people),
    # and the fate of its raw row.
    assert readers("stg_lms__survey_responses") == {
        "cnf_survey_scores",
        "cnf_identities",
        "cnf_orphan_rows",
        "rejected_rows",
        "source_reconciliation",
    }
    assert readers("cnf_survey_scores") == {
        "fct_survey_scores",
        "int_identity_uses",
        "int_kirkpatrick_people",
        "int_kirkpatrick_reactions",
    }
    assert readers("int_kirkpatrick_reactions") == {"int_kirkpatrick_withheld", "kirkpatrick_metrics"}
    assert readers("kirkpatrick_metrics") == {"kirkpatrick_program_scorecard"}
