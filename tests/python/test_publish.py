"""Publishing: only a whole, successful build; only the marts; the file swapped in one step under its readers."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
import sys
import textwrap
from functools import partial
from pathlib import Path

import duckdb
import pytest
from conftest import ROOT, Build

from tools import metric_catalogue
from tools.publish import PublishError, git_commit, publish


@pytest.fixture
def published(published: Path, tmp_path: Path) -> Path:
    """The demo company, published into a folder of its own."""
    return shutil.copytree(published.parent, tmp_path / "published") / published.name


def test_publishes_the_marts_alone(demo: Build, published: Path) -> None:
    manifest = json.loads((demo.target / "manifest.json").read_text())
    marts = {
        (node["schema"], node["name"])
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] == "marts" and not node["name"].startswith("int_")
    }
    with duckdb.connect(str(published), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name, table_type from information_schema.tables"
        ).fetchall()
        for schema, name in marts:
            rows = connection.execute(f"select count(*) from {schema}.{name}").fetchone()[0]
            assert rows == demo.rows(f"select count(*) from {schema}.{name}")[0][0]
            assert rows > 0, f"{schema}.{name} is empty"
    assert {(schema, name) for schema, name, _ in tables} == marts | {
        ("meta", "build_info"),
        ("meta", "catalog"),
        ("meta", "test_results"),
    }
    assert {kind for _, _, kind in tables} == {"BASE TABLE"}


def test_says_what_it_is(published: Path) -> None:
    with duckdb.connect(str(published), read_only=True) as connection:
        as_of, version, passed = connection.execute(
            "select as_of_date, project_version, passed_test_count from meta.build_info"
        ).fetchone()
    assert str(as_of) == "2026-06-30"
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert passed > 100


def test_columns_carry_their_descriptions(published: Path) -> None:
    with duckdb.connect(str(published), read_only=True) as connection:
        missing = connection.execute(
            "select table_name, column_name from duckdb_columns() where not internal and comment is null"
        ).fetchall()
        tables = connection.execute("select count(*) from duckdb_tables() where comment is not null").fetchone()[0]
    assert missing == []
    assert tables >= 30


def test_catalog_has_every_metric(demo: Build, published: Path) -> None:
    with duckdb.connect(str(published), read_only=True) as connection:
        found = connection.execute("select * from meta.catalog").fetchall()
    expected = metric_catalogue.load(demo.target)
    assert [row[0] for row in found] == [entry.name for entry in expected]
    assert len(found) > 50
    assert all(all(row) for row in found)


def test_every_test_is_listed_with_its_result(published: Path) -> None:
    with duckdb.connect(str(published), read_only=True) as connection:
        passed, warned = connection.execute(
            "select passed_test_count, warned_test_count from meta.build_info"
        ).fetchone()
        by_status = dict(connection.execute("select status, count(*) from meta.test_results group by 1").fetchall())
        found = connection.execute(
            "select kind, table_name, column_name, severity, status, failures_count from meta.test_results"
            " where test_name in"
            " ('value_between_rep_milestones_entry_days__0', 'kaplan_meier_and_aalen_johansen_of_five_ramps')"
            " order by kind"
        ).fetchall()
        warnings = connection.execute(
            "select count(*) from meta.test_results where status = 'warn' and failures_count > 0 and severity = 'warn'"
        ).fetchone()[0]
        undescribed = connection.execute(
            "select count(*) from duckdb_columns() where schema_name = 'meta' and table_name = 'test_results'"
            " and comment is null"
        ).fetchone()[0]
    assert by_status == {"pass": passed, "warn": warned}
    assert found == [
        ("data", "rep_milestones", "entry_days", "error", "pass", 0),
        ("unit", "cohort_ramp_curves", None, "error", "pass", 0),
    ]
    assert warnings == warned > 0
    assert undescribed == 0


def test_table_macros_answer(published: Path) -> None:
    with duckdb.connect(str(published), read_only=True) as connection:
        curve = connection.execute(
            "select cohort_label, max(reached_rate) from rep_timeline.ramp_curve('onboarding_version', 'quota_50')"
            " group by 1 order by 1"
        ).fetchall()
        expected = connection.execute(
            "select cohort_label, max(1 - survival) from rep_timeline.cohort_ramp_curves"
            " where cohort_type = 'onboarding_version' and milestone = 'quota_50' group by 1 order by 1"
        ).fetchall()
        rep = connection.execute("select rep_id from rep_timeline.rep_ramp order by ramp_id limit 1").fetchone()[0]
        story = connection.execute("select count(*) from rep_timeline.rep_story(?)", [rep]).fetchone()
        events = connection.execute("select count(*) from rep_timeline.rep_timeline where rep_id = ?", [rep]).fetchone()
    assert len(curve) > 1
    assert curve == expected
    assert story == events
    assert story[0] > 20


def test_rows_lie_as_readers_filter_them(published: Path) -> None:
    with duckdb.connect(str(published), read_only=True) as connection:
        for table, columns in (
            ("rep_timeline.rep_timeline", "rep_id, happened_on"),
            ("rep_timeline.cohort_ramp_curves", "cohort_type, cohort, milestone"),
            ("kirkpatrick.kirkpatrick_metrics", "cohort_type, cohort, program_id"),
        ):
            rows = connection.execute(f"select {columns} from {table}").fetchall()
            assert len(rows) > 1000
            assert rows == sorted(rows)


def test_file_is_read_only_and_opens_in_older_clients(published: Path) -> None:
    assert stat.S_IMODE(published.stat().st_mode) == 0o444
    with duckdb.connect(str(published), read_only=True) as connection:
        tags = connection.execute(
            "select tags from duckdb_databases() where path is not null and not internal"
        ).fetchone()[0]
    assert "v1.4.0" in str(tags)


def test_reader_of_the_old_file_goes_on(demo: Build, published: Path) -> None:
    """A second process holds the old file through a publish: the same rows, no error; a new reader sees the new one."""
    reader = subprocess.Popen(  # noqa: S603
        [
            sys.executable,
            "-c",
            textwrap.dedent("""
                import sys, duckdb
                connection = duckdb.connect(sys.argv[1], read_only=True)
                ask = "select count(*), (select built_at from meta.build_info) from rep_timeline.rep_timeline"
                print(connection.execute(ask).fetchone(), flush=True)
                sys.stdin.readline()
                print(connection.execute(ask).fetchone(), flush=True)
            """),
            str(published),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    before = reader.stdout.readline()
    inode = published.stat().st_ino
    publish(demo.file, published, demo.target)
    assert published.stat().st_ino != inode
    after, _ = reader.communicate("go\n", timeout=60)
    assert reader.returncode == 0
    assert before.strip()
    assert after == before
    with duckdb.connect(str(published), read_only=True) as connection:
        assert connection.execute("select count(*) from rep_timeline.rep_timeline").fetchone()[0] > 0


def test_stale_log_beside_the_published_file_is_removed(demo: Build, published: Path) -> None:
    stale = published.with_name(published.name + ".wal")
    stale.write_bytes(b"left by somebody who opened the file for writing")
    publish(demo.file, published, demo.target)
    assert not stale.exists()
    with duckdb.connect(str(published), read_only=True) as connection:
        assert connection.execute("select count(*) from core.dim_reps").fetchone()[0] > 0


def refused(build: Build, published: Path, reason: str) -> None:
    """Assert that publishing is refused for a reason and leaves the published file and its folder as they were."""
    before = published.read_bytes()
    with pytest.raises(PublishError, match=reason):
        publish(build.file, published, build.target)
    assert published.read_bytes() == before
    assert sorted(path.name for path in published.parent.iterdir()) == ["rampline.digest.md", published.name]


@pytest.fixture(scope="module")
def built_again(demo: Build, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A copy of the demo that each of some tests builds anew, so that dbt parses the project once for them."""
    return Build(shutil.copytree(demo.folder, tmp_path_factory.mktemp("built_again") / "copy"))


def test_partial_build_is_refused(built_again: Build, published: Path) -> None:
    assert built_again.dbt("build", "--select", "dim_dates", writes_artifacts=True).success
    refused(built_again, published, "left out .* marts")


def test_run_without_tests_is_refused(built_again: Build, published: Path) -> None:
    assert built_again.dbt("run", "--select", "dim_dates", writes_artifacts=True).success
    refused(built_again, published, "was 'run', not build")


def test_failed_build_is_refused(built_again: Build, published: Path) -> None:
    """Rejected rows were counted and are gone: an error-severity test fails."""
    with duckdb.connect(str(built_again.file)) as connection:
        connection.execute("delete from quality.rejected_rows")
    result = built_again.dbt("build", "--select", "assert_rejected_rows_are_counted", writes_artifacts=True)
    assert not result.success
    refused(built_again, published, "failed or were skipped")


def test_build_without_its_unit_tests_is_refused(demo_copy: Build, published: Path) -> None:
    path = demo_copy.target / "run_results.json"
    run = json.loads(path.read_text())
    run["results"] = [result for result in run["results"] if not result["unique_id"].startswith("unit_test.")]
    path.write_text(json.dumps(run))
    refused(demo_copy, published, "left out [0-9]+ tests, such as unit_test")


def test_file_of_another_build_is_refused(demo_copy: Build, published: Path) -> None:
    with duckdb.connect(str(demo_copy.file)) as connection:
        connection.execute("update meta.last_build set invocation_id = 'another'")
    refused(demo_copy, published, "is not of the last dbt build")


def test_missing_build_is_refused(demo_copy: Build, published: Path) -> None:
    demo_copy.file.unlink()
    refused(demo_copy, published, "is not there")


def test_a_folder_in_the_files_place_is_refused(demo: Build, tmp_path: Path) -> None:
    folder = tmp_path / "rampline.duckdb"
    folder.mkdir()
    with pytest.raises(PublishError, match="is a folder: name a file in it"):
        publish(demo.file, folder, demo.target)
    assert list(tmp_path.iterdir()) == [folder]


def test_a_file_in_the_folders_place_is_refused(demo: Build, tmp_path: Path) -> None:
    (tmp_path / "shared").write_text("no folder")
    with pytest.raises(PublishError, match="cannot be written, File exists"):
        publish(demo.file, tmp_path / "shared" / "rampline.duckdb", demo.target)
    assert (tmp_path / "shared").read_text() == "no folder"


def test_a_changed_checkout_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tools.publish.ROOT", tmp_path)
    assert git_commit() is None
    run = partial(subprocess.run, cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "file").write_text("one")
    run(["git", "init", "--quiet"])
    run(["git", "add", "file"])
    run(["git", "-c", "user.name=t", "-c", "user.email=t@t", "commit", "--quiet", "--message", "one"])
    assert re.fullmatch("[0-9a-f]{40}", git_commit())
    (tmp_path / "file").write_text("two")
    assert re.fullmatch("[0-9a-f]{40}-dirty", git_commit())


def test_command_says_why_in_a_sentence(demo_copy: Build, published: Path) -> None:
    demo_copy.file.unlink()
    done = subprocess.run(  # noqa: S603
        [
            *(sys.executable, "-m", "tools.publish"),
            *("--build-file", str(demo_copy.file)),
            *("--published-file", str(published)),
            *("--target-folder", str(demo_copy.target)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Not published")
    assert "Traceback" not in done.stderr
