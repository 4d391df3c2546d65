"""A day's increment: whatever changed in raw data, the rows are those of a full build (project/increments.sql)."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from conftest import Build, messages, parsed
from dbt.contracts.graph.manifest import Manifest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.generate.company import AS_OF, Plan, generate

THINNED = (
    "gong.calls",
    "gong.answered_scorecards",
    "coaching_log.session",
    "lms.content_view",
    "salesforce.opportunity_history",
)
SYSTEMS = ("salesforce", "lms", "gong", "coaching_log", "roster")
# What an increment has of its own: what changed, and which build it continued.
BOOKKEEPING = (
    "stg_salesforce__raw_files",
    "stg_salesforce__changed_tasks",
    "stg_salesforce__changed_events",
    "cnf_changed_activities",
    "int_timeline_weeks",
    "int_changed_rep_timelines",
    "int_changed_deals",
    "last_build",
)


def change(table: str, sql: str, where: str = "true", key: str = "Id") -> tuple[str, str, str, str]:
    return table, sql, where, key


WITH_TASKS = '"Id" in (select "OwnerId" from task)'
WITH_QUOTAS = '"Id" in (select "QuotaOwnerId" from forecasting_quota)'
WITH_TASKS_ABOUT = '"Id" in (select "WhatId" from task)'
OF_A_REP = '"OwnerId" in (select "OwnerId" from task) and substr("CreatedDate", 1, 10) between \'2000\' and \'2026-06\''

# Every way in which raw data change from one day to the next. $id: a row that the number picks, the same one for kinds
# that begin with the same word and a colon; $n: the number.
CHANGES = {
    "new task": change(
        "task",
        "insert into task select * replace ('new' || $n as \"Id\", $today || 'T09:00:00.000+0000' as \"CreatedDate\","
        ' $today || \'T10:00:00.000+0000\' as "CompletedDateTime") from task where "Id" = $id limit 1',
        "\"Status\" = 'Completed'",
    ),
    "late task": change(
        "task",
        "insert into task select * replace ('late' || $n as \"Id\", '2025-0' || ($n % 9 + 1) || '-11T10:00:00.000+0000'"
        ' as "CompletedDateTime") from task where "Id" = $id limit 1',
        "\"Status\" = 'Completed'",
    ),
    "task retyped": change("task", 'update task set "TaskSubtype" = \'Call\', "Subject" = \'Call\' where "Id" = $id'),
    "task moved": change(
        "task", 'update task set "CompletedDateTime" = \'2025-11-30T23:30:00.000+0000\' where "Id" = $id'
    ),
    "task of another": change("task", 'update task set "OwnerId" = (select min("OwnerId") from task) where "Id" = $id'),
    "task gone": change("task", 'delete from task where "Id" = $id'),
    "task deleted": change("task", 'update task set "IsDeleted" = \'true\' where "Id" = $id'),
    "task twice": change("task", 'insert into task select * from task where "Id" = $id limit 1'),
    "task in conflict": change(
        "task", 'insert into task select * replace (\'Other\' as "Subject") from task where "Id" = $id limit 1'
    ),
    "copies no more": change(
        "task",
        'delete from task where rowid in (select max(rowid) from task group by "Id" having count(*) > 1)',
    ),
    "task without a key": change("task", 'insert into task select * replace (null as "Id") from task limit 1'),
    "task with a bad day": change("task", 'update task set "CreatedDate" = \'yesterday\' where "Id" = $id'),
    # Five years and a day after the day on which it is written, and no more than five years after the next one.
    "task too far ahead": change("task", 'update task set "ActivityDate" = \'2031-07-02\' where "Id" = $id'),
    "task reopened": change(
        "task", 'update task set "Status" = \'Not Started\', "IsClosed" = \'false\' where "Id" = $id'
    ),
    "event to come": change(
        "event",
        "insert into event select * replace ('ahead' || $n as \"Id\", $tomorrow || 'T10:00:00.000+0000' as"
        ' "StartDateTime", $tomorrow || \'T11:00:00.000+0000\' as "EndDateTime") from event where "Id" = $id limit 1',
    ),
    "event cancelled": change("event", 'update event set "Subject" = \'Canceled: \' || "Subject" where "Id" = $id'),
    "event gone": change("event", 'delete from event where "Id" = $id'),
    "event demo": change("event", 'update event set "Type" = \'Demo\' where "Id" = $id'),
    "backdated close": change(
        "opportunity",
        "update opportunity set \"StageName\" = 'Closed Won', \"IsClosed\" = 'true', \"IsWon\" = 'true',"
        ' "CloseDate" = cast(cast(substr("CreatedDate", 1, 10) as date) + 20 as text),'
        ' "LastModifiedDate" = $today || \'T12:00:00.000+0000\' where "Id" = $id',
        "\"IsClosed\" = 'false'",
    ),
    "deal gone": change("opportunity", 'delete from opportunity where "Id" = $id', WITH_TASKS_ABOUT),
    "deal renamed": change(
        "opportunity", 'update opportunity set "Id" = \'x\' || "Id" where "Id" = $id', WITH_TASKS_ABOUT
    ),
    "owner elsewhere": change("user", 'update user set "TimeZoneSidKey" = \'Asia/Tokyo\' where "Id" = $id', WITH_TASKS),
    "zone unknown": change("user", 'update user set "TimeZoneSidKey" = \'\' where "Id" = $id', WITH_TASKS),
    # The ramp clock starts with the first quota here, of which a timeline has no event.
    "quota: first gone": change(
        "user",
        'delete from forecasting_quota where "QuotaOwnerId" = $id and "StartDate" ='
        ' (select min("StartDate") from forecasting_quota where "QuotaOwnerId" = $id)',
        WITH_QUOTAS,
    ),
    "quota: one before": change(
        "user",
        'insert into forecasting_quota select * replace (\'early\' || $n as "Id", null as "PeriodId",'
        ' cast(cast("StartDate" as date) - interval 10 day as date)::text as "StartDate")'
        ' from forecasting_quota where "QuotaOwnerId" = $id and "QuotaAmount" similar to \'[0-9.]+\''
        ' order by "StartDate" limit 1',
        WITH_QUOTAS,
    ),
    # Two who live in one time zone change places: their learning and calls, matched by e-mail, become each other's.
    "users swapped": change(
        "user",
        'update user set "EmployeeNumber" = swapped."EmployeeNumber", "Email" = swapped."Email" from'
        ' (select mine."Id" as a, min(other."Id") as b from "user" as mine, "user" as other where mine."Id" = $id'
        ' and mine."TimeZoneSidKey" = other."TimeZoneSidKey" and mine."Id" <> other."Id" and other."Email" is not null'
        ' group by all) as pair, "user" as swapped where "user"."Id" in (a, b) and swapped."Id" in (a, b)'
        ' and swapped."Id" <> "user"."Id"',
        f'"Email" is not null and {WITH_TASKS}',
    ),
    "user gone": change("user", 'delete from user where "Id" = $id', WITH_TASKS),
    "role earlier": change(
        "user",
        'update user set "Role_Start_Date__c" = cast(cast("Role_Start_Date__c" as date) - 15 as text) where "Id" = $id',
        f'try_cast("Role_Start_Date__c" as date) is not null and {WITH_TASKS}',
    ),
    "rep left": change("user", 'update user set "Termination_Date__c" = \'2026-03-01\' where "Id" = $id', WITH_TASKS),
    # Touches that may have influenced a deal.
    "program of another": change(
        "lms.enrollment",
        "update lms.enrollment set program_id = (select max(program_id) from lms.enrollment as other"
        " where other.program_id <> enrollment.program_id) where enrollment_id = $id",
        "status = 'completed'",
        key="enrollment_id",
    ),
    "scorecard of a day before": change(
        "gong.answered_scorecards",
        'update gong.answered_scorecards set "reviewTime" = cast(cast("reviewTime" as timestamp) - interval 1 day as'
        ' text) where "answeredScorecardId" = $id',
        'try_cast("reviewTime" as timestamp) is not null',
        key="answeredScorecardId",
    ),
    "scorecard gone": change(
        "gong.answered_scorecards",
        'delete from gong.answered_scorecards where "answeredScorecardId" = $id',
        key="answeredScorecardId",
    ),
    "deal of less": change(
        "opportunity",
        'update opportunity set "Amount" = cast(round(cast("Amount" as decimal(18, 2)) / 2, 2) as text)'
        ' where "Id" = $id',
        'try_cast("Amount" as decimal(18, 2)) > 0',
    ),
    # A deal enters a stage twice in a day, with 500 and with 700, then with 700 and with 500: a timeline has two events
    # that are alike but for their ids, which change places.
    "stage: twice a day": change(
        "opportunity",
        'insert into opportunity_history by name select \'twice\' || number || "Id" as "Id", "Id" as "OpportunityId",'
        ' stage as "StageName", entries.amount as "Amount", "CloseDate",'
        ' cast(cast(substr("CreatedDate", 1, 10) as date) + days as text) || time as "CreatedDate"'
        ' from (select * from opportunity where "Id" = $id order by all limit 1),'
        " (values (1, 'Qualification', '600', 1, 'T14:00:00Z'), (2, 'Prospecting', '500', 1, 'T15:00:00Z'),"
        " (3, 'Qualification', '600', 1, 'T16:00:00Z'), (4, 'Prospecting', '700', 1, 'T17:00:00Z'),"
        " (5, 'Qualification', '600', 5, 'T14:00:00Z')) as entries (number, stage, amount, days, time)",
        OF_A_REP,
    ),
    "stage: other way round": change(
        "opportunity",
        "update opportunity_history set \"Amount\" = case \"Amount\" when '500' then '700' else '500' end"
        " where \"OpportunityId\" = $id and \"Id\" like 'twice%' and \"Amount\" in ('500', '700')",
        OF_A_REP,
    ),
}


def apply(raw_file: Path, changes: list[tuple[str, int]], today: date) -> None:
    """Change raw tables: names of CHANGES with a number that picks the row."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{raw_file}' as raw")
        connection.execute("use raw.salesforce")
        for name, number in changes:
            table, sql, where, key = CHANGES[name]
            values: dict[str, object] = {}
            if "$id" in sql:
                relation = ".".join(f'"{part}"' for part in table.split("."))
                picked = (
                    f'select "{key}" from {relation} where "{key}" is not null and {where}'
                    f' order by hash("{key}" || $pick), "{key}"'
                )
                row = connection.execute(picked, {"pick": f"{name.split(':')[0]} {number}"}).fetchone()
                if row is None:
                    continue
                values["id"] = row[0]
            given = {"n": number, "today": today.isoformat(), "tomorrow": (today + timedelta(days=1)).isoformat()}
            values |= {key: value for key, value in given.items() if f"${key}" in sql}
            for word in ("into user", "update user", "from user"):
                sql = sql.replace(word, word.replace("user", '"user"'))
            connection.execute(sql, values)


@pytest.fixture(scope="module")
def vars_of_tables() -> dict[str, object]:
    return {
        "raw_from": "tables",
        "raw_tables": {system: {"database": "raw", "schema": system} for system in SYSTEMS},
        "ramp_clock": "first_quota",
        # Few rows make a large share of bad ones.
        "max_rejected_rate": 0.5,
        "max_unmatched_rate": 0.9,
    }


@pytest.fixture(scope="module")
def first_day(tmp_path_factory: pytest.TempPathFactory, vars_of_tables: dict[str, object]) -> Build:
    """A company as tables in raw.duckdb, built as of the last day that was generated."""
    build = Build(tmp_path_factory.mktemp("first_day"))
    generate(Plan(reps=20, years=2, activities_per_rep=120), build.folder / "raw", say=lambda _: None)
    with duckdb.connect(str(build.folder / "raw.duckdb")) as connection:
        for folder in sorted(path for path in (build.folder / "raw").glob("*/*") if path.is_dir()):
            system, name = folder.parent.name, folder.name
            connection.execute(f"create schema if not exists {system}")
            rows = f"read_parquet('{folder}/*.parquet', union_by_name = true)"
            connection.execute(f'create table {system}."{name}" as from {rows}')
        # Where every day has a call and a deal, what moves an activity moves them too, and one condition hides another.
        for name in THINNED:
            connection.execute(f"delete from {name} as thinned where hash(thinned) % 20 <> 0")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAMPLINE_RAW_FILE", str(build.folder / "raw.duckdb"))
        run(build, vars_of_tables, AS_OF)
    return build


@pytest.fixture(scope="module")
def first_day_of_files(
    first_day: Build, vars_of_tables: dict[str, object], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Build, dict[str, object]]:
    """The same company as files, built as of the same day without what no increment adds to; and its vars."""
    build = Build(tmp_path_factory.mktemp("first_day_of_files"))
    shutil.copy(first_day.folder / "raw.duckdb", build.folder / "raw.duckdb")
    write_files(build.folder / "raw.duckdb", build.folder / "raw")
    project_vars = vars_of_tables | {"raw_from": "files", "raw_folder": str(build.folder / "raw")}
    run(build, project_vars, AS_OF, pared(parsed(project_vars)))
    return build, project_vars


def write_files(raw_file: Path, folder: Path) -> None:
    """Write raw tables as files, tasks and events in sixteen parts: a part with the same rows is the same file."""
    shutil.rmtree(folder, ignore_errors=True)
    with duckdb.connect(str(raw_file), read_only=True) as connection:
        tables = connection.execute("select schema_name, table_name from duckdb_tables() order by all").fetchall()
        for system, name in tables:
            parts = 16 if name in ("task", "event") else 1
            (folder / system / name).mkdir(parents=True)
            for part in range(parts):
                where = f'where coalesce(hash("Id") % 16, 0) = {part}' if parts > 1 else ""
                query = f'select * from {system}."{name}" {where} order by all'
                connection.execute(f"copy ({query}) to '{folder}/{system}/{name}/part_{part:02}.parquet'")


def run(build: Build, project_vars: dict[str, object], as_of: date, manifest: Manifest | None = None) -> None:
    """Build every model of the project or of a manifest, without tests."""
    command = ("build", "--exclude", "resource_type:test", "resource_type:unit_test")
    result = build.dbt(*command, manifest=manifest, **project_vars, as_of_date=as_of.isoformat())
    assert result.success, messages(result)


def pared(whole: Manifest) -> Manifest:
    """Return a parse with no more than the models that an increment adds to or compares, and what they are made of.

    All others are made whole of these, in an increment as in a full build.
    """
    models = {node.name: node for node in whole.nodes.values() if node.resource_type == "model"}
    waiting = [node.unique_id for node in models.values() if node.config.materialized == "incremental"]
    for node in models.values():
        compared = re.findall(r"as_last_built\('(\w+)'\)", node.raw_code)
        waiting += [models[name].unique_id for name in compared] + [node.unique_id] * bool(compared)
    # Operations are the project's hooks, which say what a build continues.
    kept = {name for name, node in whole.nodes.items() if node.resource_type == "operation"}
    while waiting:
        name = waiting.pop()
        if name not in kept and name in whole.nodes:
            kept.add(name)
            waiting += whole.nodes[name].depends_on_nodes
    others = ("exposures", "metrics", "saved_queries", "semantic_models", "unit_tests")
    nodes = {name: node for name, node in whole.nodes.items() if name in kept}
    manifest = replace(whole, nodes=nodes, **{kind: {} for kind in others})
    manifest.build_flat_graph()
    return manifest


def state(build: Build) -> tuple[date | None, bool]:
    return build.rows("select continued_from, is_whole from meta.last_build")[0]


def differences(increment: Build, whole: Build, at_least: int) -> list[tuple[str, int, int]]:
    """Return the tables whose rows are not the same, of at least as many, with the rows that only one of both has."""
    found = []
    with duckdb.connect() as connection:
        connection.execute(f"attach '{increment.file}' as inc (read_only)")
        connection.execute(f"attach '{whole.file}' as whole (read_only)")
        tables = connection.execute(
            "select schema_name || '.\"' || table_name || '\"' from duckdb_tables()"
            " where database_name = 'whole' and not list_contains($bookkeeping, table_name) order by all",
            {"bookkeeping": list(BOOKKEEPING)},
        ).fetchall()
        assert len(tables) >= at_least
        for (table,) in tables:
            left, right = f"from inc.{table}", f"from whole.{table}"
            only = [
                connection.execute(f"select count(*) from ({a} except all {b})").fetchone()[0]
                for a, b in ((left, right), (right, left))
            ]
            if any(only):
                found.append((table, *only))
    return found


def copied(build: Build, folder: Path) -> Build:
    folder.mkdir()
    for name in ("build.duckdb", "raw.duckdb"):
        shutil.copy(build.folder / name, folder / name)
    return Build(folder)


some_changes = st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), st.integers(0, 999)), min_size=1, max_size=12)


def test_each_kind_of_change_gives_the_rows_of_a_full_build(
    first_day: Build, vars_of_tables: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = [(name, number) for number in (1, 2) for name in CHANGES]
    # Ramps begin later on the first day, and earlier again on the second.
    everything += [("quota: first gone", number) for number in range(3, 16)]
    everything += [("stage: twice a day", number) for number in range(3, 9)]
    small = [("event to come", 7), ("task gone", 8), *(("quota: one before", number) for number in range(3, 16))]
    small += [("stage: other way round", number) for number in range(1, 9)]
    increment, whole = copied(first_day, tmp_path / "increment"), Build(tmp_path / "whole")
    raw_file = increment.folder / "raw.duckdb"
    monkeypatch.setenv("RAMPLINE_RAW_FILE", str(raw_file))
    as_of = AS_OF
    for changes in (everything, small):
        before, as_of = as_of, as_of + timedelta(days=1)
        apply(raw_file, changes, as_of)
        run(increment, vars_of_tables, as_of)
        assert state(increment) == (before, True)
    run(whole, vars_of_tables, as_of)
    assert state(whole) == (None, True)
    assert differences(increment, whole, at_least=100) == []
    # It was an increment: on the last day little was made again, and not nothing.
    changed, activities, reps, all_reps = increment.rows(
        "select (select count(*) from conformed.cnf_changed_activities),"
        " (select count(*) from conformed.cnf_activities),"
        " (select count(*) from conformed.int_changed_rep_timelines),"
        " (select count(distinct rep_id) from core.dim_reps)"
    )[0]
    assert 2 <= changed < activities / 4
    assert 1 <= reps < all_reps


def retouch(build: Build, file: Path) -> int:
    """Make the fingerprints of the staged tasks of a file wrong, or right again; return how many there are."""
    with duckdb.connect(str(build.file)) as connection:
        return connection.execute(
            "update staging.stg_salesforce__tasks set row_fingerprint = xor(row_fingerprint, 1)"
            " where row_key is not null and raw_file = $file",
            {"file": str(file)},
        ).fetchone()[0]


@settings(max_examples=2, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(days=st.lists(st.tuples(some_changes, st.integers(0, 3)), min_size=2, max_size=2))
def test_any_changes_of_files_give_the_rows_of_a_full_build(
    days: list[tuple[list[tuple[str, int]], int]],
    first_day_of_files: tuple[Build, dict[str, object]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Files are written anew, get another name, go and come back; those that hold what they held are passed over."""
    first_day, project_vars = first_day_of_files
    manifest = pared(parsed(project_vars))
    increment = copied(first_day, tmp_path_factory.mktemp("days") / "increment")
    raw_file, folder = increment.folder / "raw.duckdb", Path(str(project_vars["raw_folder"]))
    tasks, events = folder / "salesforce/task", folder / "salesforce/event"
    write_files(raw_file, folder)
    as_of = AS_OF
    for number, (changes, days_later) in enumerate(days):
        before, as_of = as_of, as_of + timedelta(days=days_later)
        content = {path: path.read_bytes() for path in tasks.iterdir()}
        apply(raw_file, changes, as_of)
        write_files(raw_file, folder)
        (events / f"part_{number:02}.parquet").rename(events / "another_name.parquet")
        (events / f"part_{number + 1:02}.parquet").unlink()
        same = sorted(path for path in tasks.iterdir() if path.read_bytes() == content.get(path))
        assert same
        # If the rows of this file were compared, they would differ.
        assert retouch(increment, same[0]) > 10
        run(increment, project_vars, as_of, manifest)
        retouch(increment, same[0])
        assert state(increment) == (before, True)
        passed_over = "select raw_file from staging.stg_salesforce__raw_files where object = 'task' and is_unchanged"
        assert sorted(increment.rows(passed_over)) == [(str(path),) for path in same]
        changed = increment.rows("select row_key from staging.stg_salesforce__changed_tasks")
        staged = increment.rows(f"select row_key from staging.stg_salesforce__tasks where raw_file = '{same[0]}'")
        assert len(set(changed) & set(staged)) < len(set(staged)) / 2
    whole = Build(tmp_path_factory.mktemp("whole"))
    run(whole, project_vars, as_of, manifest)
    assert state(whole) == (None, True)
    assert differences(increment, whole, at_least=50) == []
