"""The bench: scripts by hand give the marts of the build, differences are found, and little memory changes nothing."""

from __future__ import annotations

import argparse
import json
import os
import threading
from functools import partial, partialmethod
from pathlib import Path

import duckdb
import pytest
from conftest import COMPARED_MARTS, Build, messages, parse_with, parsed
from dbt.cli.main import dbtRunner

from tools import build as tools_build
from tools.bench.__main__ import SCRIPTS, Bench, layer_of
from tools.bench.compare import KEYS, builds_differ, differences
from tools.bench.measure import Measurement, RunFailedError, measure, run
from tools.bench.report import write_report
from tools.build import say_what_failed
from tools.generate.company import dbt_vars

# Less than the build of the generated company wants, and enough for it to end.
LOW_LIMIT = "150MB"


@pytest.fixture(scope="module", params=SCRIPTS)
def written(request: pytest.FixtureRequest, generated: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a script wrote about the generated company, run as the bench runs it."""
    out = tmp_path_factory.mktemp(request.param)
    command = ["-m", f"tools.bench.{request.param}", str(generated.folder / "raw"), str(out)]
    run(command, {}, out / "log")
    return out


def test_scripts_give_the_marts_of_the_build(generated: Build, written: Path) -> None:
    assert [mart.split(".")[1] for mart in KEYS] == COMPARED_MARTS
    assert list(differences(generated.file, written)) == []
    with duckdb.connect() as connection:
        for mart in COMPARED_MARTS:
            count = connection.execute(f"select count(*) from '{written}/{mart}.parquet'").fetchone()[0]
            assert count > 500


@pytest.mark.parametrize(
    ("mart", "change"),
    [
        ("rep_milestones", "reached_on = reached_on + 1 where days_to = 10"),
        ("rep_milestones", "is_evaluable = false where milestone = 'quota_50'"),
        ("cohort_ramp_curves", "survival = survival + 1e-6 where day = 0"),
        ("cohort_ramp_curves", "survival_se = null where survival_se is not null"),
        ("fct_attainment", "bookings_amount = bookings_amount + 0.01"),
        ("fct_attainment", "quota_amount = null"),
    ],
)
def test_a_difference_is_found(generated: Build, written: Path, tmp_path: Path, mart: str, change: str) -> None:
    with duckdb.connect() as connection:
        for other in COMPARED_MARTS:
            connection.execute(f"create table {other} as from '{written}/{other}.parquet'")
        connection.execute(f"update {mart} set {change}")
        for other in COMPARED_MARTS:
            connection.execute(f"copy {other} to '{tmp_path}/{other}.parquet'")
    found = list(differences(generated.file, tmp_path))
    assert len(found) == 1
    assert mart in found[0]


def test_a_missing_row_is_found(generated: Build, written: Path, tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        for mart in COMPARED_MARTS:
            offset = 1 if mart == "rep_milestones" else 0
            connection.execute(f"copy (from '{written}/{mart}.parquet' offset {offset}) to '{tmp_path}/{mart}.parquet'")
    found = list(differences(generated.file, tmp_path))
    assert len(found) == 2
    assert all("rep_milestones" in sentence for sentence in found)


def test_measure_takes_medians_of_short_runs_only() -> None:
    seconds = iter([3.0, 1.0, 2.0, 9.0, 5.0])
    found = measure(lambda: Measurement(next(seconds), 1.0, 10), runs=5)
    assert (found.wall_seconds, found.runs) == (3.0, 5)
    assert measure(lambda: Measurement(61.0, 1.0, 10), runs=5).runs == 1


def test_run_measures_memory_and_says_what_failed(tmp_path: Path) -> None:
    found = run(["-c", "data = bytearray(300_000_000)"], {}, tmp_path / "log")
    assert found.peak_bytes > 300_000_000
    assert found.wall_seconds > 0
    with pytest.raises(RunFailedError, match="no such rep"):
        run(["-c", "raise ValueError('no such rep')"], {}, tmp_path / "log")


def test_what_does_not_fit_into_memory_is_left_out(tmp_path: Path) -> None:
    options = argparse.Namespace(memory_limit=None, runs=1, skip=[])
    smaller, larger = Bench("S", tmp_path, options), Bench("XL", tmp_path, options)
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    smaller.keep("with_pandas", {"peak_bytes": machine / 100})
    assert larger.script("with_pandas", smaller) == {"skipped": f"would need about {machine / 1e9:.0f} GB"}


def test_a_stopped_bench_goes_on_where_it_was(tmp_path: Path) -> None:
    options = argparse.Namespace(memory_limit=None, runs=1)
    Bench("S", tmp_path, options).keep("floor", {"wall_seconds": 1})
    assert Bench("S", tmp_path, options).results == {"floor": {"wall_seconds": 1}}


def test_only_a_fresh_build_begins_without_what_the_last_one_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.bench.__main__.run", lambda *_: Measurement(1, 1, 1, 1))
    bench = Bench("S", tmp_path, argparse.Namespace(memory_limit=None, runs=1))
    left = [bench.folder / "build.duckdb", bench.folder / "sheets/whole_parquet_files.jsonl"]
    for path in (bench.raw / "vars.json", *left):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    bench.dbt(left[0], [], is_fresh=False)
    assert all(path.exists() for path in left)
    bench.dbt(left[0], [])
    assert not any(path.exists() for path in left)


def test_builds_find_the_project_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The parse is measured by itself, from nothing, and no build is measured with one."""
    bench = Bench("S", tmp_path, argparse.Namespace(memory_limit=None, runs=1))
    bench.raw.mkdir(parents=True)
    (bench.raw / "vars.json").write_text("{}")
    target, verbs = bench.folder / "build", []

    def run(command: list[str], *_: object) -> Measurement:
        verbs.append(command[3])
        if verbs == ["parse"]:
            assert not target.exists()
            target.mkdir()
            (target / "manifest.json").write_text('{"nodes": {}}')
            (target / "run_results.json").write_text('{"results": []}')
            (bench.folder / "build.duckdb").write_text("")
        return Measurement({"parse": 12, "build": 90}[command[3]], 1, 1)

    monkeypatch.setattr("tools.bench.__main__.run", run)
    monkeypatch.setattr(Bench, "dbt", partialmethod(Bench.dbt, is_fresh=False))
    target.mkdir()
    found = bench.full_build()
    assert (verbs, found["parse_seconds"], found["wall_seconds"]) == (["parse", "build"], 12, 90)
    bench.marts_build()
    monkeypatch.setattr(Bench, "unequal_marts", lambda *_: [])
    bench.low_memory("2GB")
    assert verbs[2:] == ["parse", "build"] * 2


def test_layers() -> None:
    assert layer_of({"resource_type": "model", "fqn": ["rampline", "marts", "core", "dim_reps"]}) == "core"
    assert layer_of({"resource_type": "model", "fqn": ["rampline", "staging", "gong", "stg_gong__users"]}) == "staging"
    assert layer_of({"resource_type": "test", "fqn": ["rampline", "x"]}) == "tests"


def test_report_has_the_figures(tmp_path: Path) -> None:
    def result(seconds: float) -> dict:
        item = Measurement(seconds, 2 * seconds, 10**9, 5).as_dict()
        build = item | {
            "layers": {"core": 1.25},
            "slowest": [[1.5, "fct_x"]],
            "file_bytes": 10**8,
            "memory_limit": "8GB",
            "parse_seconds": 12.34,
        }
        scripts = dict.fromkeys(("marts", "floor", "with_polars"), item)
        scripts["increment"] = Measurement(seconds / 8, seconds / 4, 10**9).as_dict() | {
            "changed": 1234,
            "is_compared": True,
        }
        skipped = {"with_pandas": {"skipped": "would need about 90 GB"}}
        return {"raw_rows": 1000, "raw_bytes": 10**7, "build": build} | scripts | skipped

    only_built = {name: item for name, item in result(500).items() if name in ("raw_rows", "raw_bytes", "build")}
    sizes = {"S": result(10), "M": result(100), "L": only_built}
    write_report(sizes, {"duckdb": "1.5.6"}, tmp_path / "page.md")
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert "activities to the power of 1.00." in page
    assert "| S | 1,000,000 | 1,000 | 0.01 GB | 10.0 | 20.0 | 1.00 GB (limit 8GB) | 100 | 0.10 GB | 5 | 12.3 |" in page
    assert "| M | pandas | not run: would need about 90 GB |" in page
    assert "`fct_x` 1.5" in page
    assert "| L | dbt | not run: left out |" in page
    assert "| S | 1,234 | 1.2 | 2.5 | 1.00 GB | 12% | yes |" in page


# ---- little memory ------------------------------------------------------------


def test_a_low_limit_spills_and_gives_the_same_marts(
    generated: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spill = tmp_path / "spill"
    monkeypatch.setenv("DUCKDB_MEMORY_LIMIT", LOW_LIMIT)
    monkeypatch.setenv("DUCKDB_TEMP_DIRECTORY", str(spill))
    # The need grows with the cores at work, and with what is built side by side, which is chance.
    monkeypatch.setenv("DUCKDB_THREADS", "2")
    monkeypatch.setenv("RAMPLINE_THREADS", "1")
    build = Build(tmp_path)
    largest = 0
    is_done = threading.Event()

    def watch() -> None:
        nonlocal largest
        while not is_done.wait(0.02):
            largest = max([largest, *(path.stat().st_size for path in spill.glob("duckdb_temp*") if path.exists())])

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        selection = [f"+{mart}" for mart in COMPARED_MARTS]
        result = build.dbt(
            "build", "--select", *selection, "--exclude", "resource_type:test", **dbt_vars(generated.folder / "raw")
        )
    finally:
        is_done.set()
        watcher.join()
    assert result.success, messages(result)
    assert largest > 0, "nothing was spilled: the limit is too high to show anything"
    manifest = json.loads((parse_with("{}").target / "manifest.json").read_text(encoding="utf-8"))
    built = {node["unique_id"]: node for node in manifest["nodes"].values() if node["name"] in COMPARED_MARTS}
    assert len(built) == len(COMPARED_MARTS)
    assert list(builds_differ({"nodes": built}, generated.file, build.file)) == []


def test_a_mart_that_is_another_is_named(tmp_path: Path) -> None:
    manifest = json.loads((parse_with("{}").target / "manifest.json").read_text(encoding="utf-8"))
    mart = next(node for node in manifest["nodes"].values() if node["name"] == "rep_milestones")
    table = f"{mart['schema']}.{mart['alias']}"
    files = {}
    for name, rows in (("one", "(1), (2), (null)"), ("turned", "(null), (2), (1)"), ("other", "(2), (2), (null)")):
        files[name] = tmp_path / f"{name}.duckdb"
        with duckdb.connect(str(files[name])) as connection:
            connection.execute(f"create schema {mart['schema']}")
            connection.execute(f"create table {table} as from (values {rows}) as rows (n)")
    nodes = {"nodes": {mart["unique_id"]: mart}}
    assert list(builds_differ(nodes, files["one"], files["turned"])) == []
    assert list(builds_differ(nodes, files["one"], files["other"])) == [
        f"{table}: 3 and 3 rows, 1 that the other has not"
    ]


def test_a_build_out_of_memory_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole way: DuckDB runs out of memory in the middle of a build, and nothing is published."""
    settings = {
        "RAMPLINE_BUILD_FILE": str(tmp_path / "build.duckdb"),
        "RAMPLINE_PUBLISHED_FILE": str(tmp_path / "rampline.duckdb"),
        "DBT_TARGET_PATH": str(tmp_path / "target"),
        "DUCKDB_MEMORY_LIMIT": "12MB",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(tools_build, "dbtRunner", partial(dbtRunner, manifest=parsed({})))
    assert tools_build.main(["--select", "+rep_timeline", "--exclude", "resource_type:unit_test"]) == 1
    told = capsys.readouterr().err
    assert "needs more memory than DuckDB may use: set DUCKDB_MEMORY_LIMIT higher" in told
    assert "Traceback" not in told
    assert told.endswith("Nothing was published. The full log is logs/dbt.log.\n")
    assert not (tmp_path / "rampline.duckdb").exists()


def test_out_of_memory_is_one_sentence(capsys: pytest.CaptureFixture) -> None:
    class Node:
        name, resource_type, original_file_path, description = "cnf_activities", "model", "x.sql", "About."

    class Item:
        status, node = "error", Node
        message = "Runtime Error in model cnf_activities\n  Out of Memory Error: failed to pin block of size 256.0 KiB"

    say_what_failed(argparse.Namespace(exception=None, result=argparse.Namespace(results=[Item])))
    said = capsys.readouterr().err
    assert "cnf_activities needs more memory than DuckDB may use: set DUCKDB_MEMORY_LIMIT higher" in said
    assert "pin block" not in said
    assert "Nothing was published" in said
