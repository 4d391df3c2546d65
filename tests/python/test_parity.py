"""PostgreSQL and Spark build the same marts as DuckDB, row for row; and what differs is found and named.

Spark takes minutes for the demo (make parity): here it builds a selection that needs every macro of macros/engine.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import Build

from tools import parity
from tools.parity import Difference, compare, same

# Few models, low in the graph, that call the engine's macros; the others are called in test_raw_macros.
SELECTION = [
    "stg_coaching_log__sessions",
    "stg_gong__answered_scorecards",
    "stg_lms__assessment_attempts",
    "stg_salesforce__events",
    "stg_xapi__statements",
    "cnf_programs",
    "cnf_exchange_rates",
    "roi_scenarios",
    "roi_payback",
]
# What dbt itself calls while it builds seeds and tables.
MATERIALIZATIONS = ["materialization_seed_default", "materialization_table_spark"]
# Macros of the warehouses that cannot run here (tests/dialects), and of how they lay a table down (test_table_layout).
NOT_OF_SPARK = {"snowflake.sql", "bigquery.sql", "databricks.sql", "trino.sql", "warehouses.sql", "layout.sql"}
COLUMNS = ["day", "name", "share"]
ROW = (date(2026, 6, 30), "a", 0.5)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A PostgreSQL server with the demo built on it; its unit tests run in make parity."""
    folder = tmp_path_factory.mktemp("postgres")
    with parity.postgres(folder / "server") as server:
        parity.build("postgres", folder, server, *parity.NO_UNIT_TESTS)
        yield server


@pytest.fixture(scope="module")
def manifest(demo: Build) -> dict:
    return json.loads((demo.target / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The selection, built on Spark: the folder with its tables and artifacts."""
    folder = tmp_path_factory.mktemp("spark")
    selected = [part for model in SELECTION for part in ("--select", f"+{model}")]
    parity.build("spark", folder, parity.spark_settings(folder), *selected, *parity.NO_UNIT_TESTS)
    return folder


def macros_of(manifest: dict, names: Iterable[str]) -> set[str]:
    """Return macros and those that they call, over any number of steps."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found and name in manifest["macros"]:
            found.add(name)
            waiting += manifest["macros"][name]["depends_on"]["macros"]
    return found


def test_the_selection_is_the_same_on_spark(demo: Build, spark: Path) -> None:
    manifest = json.loads((spark / "spark" / "manifest.json").read_text(encoding="utf-8"))
    results = json.loads((spark / "spark" / "run_results.json").read_text(encoding="utf-8"))["results"]
    # Those between (int_) differ in the last bits of doubles, which marts round.
    built = [each["unique_id"] for each in results if re.match(r"model\.rampline\.(?!int_)", each["unique_id"])]
    left, right = parity.duckdb_reader(demo.file), parity.spark_reader(spark)
    keys = parity.keys_of(manifest)
    assert {f"model.rampline.{name}" for name in SELECTION} <= set(built)
    for unique_id in built:
        node = manifest["nodes"][unique_id]
        # Fingerprints are an engine's own.
        columns = [column for column in node["columns"] if column != "row_fingerprint"]
        schema = node["schema"].removeprefix("spark_")
        found = [read(schema, node["alias"], columns) for read in (left, right)]
        # Staging has all rows of a key, its copies and the rejected ones too.
        key = [] if schema == "staging" else keys.get(unique_id, [])
        assert [str(each) for each in compare(node["name"], columns, key, *found)] == []
        # The demo has no xAPI (see test_raw_macros for what its model reads) and no files, and a full build no changes.
        is_empty = re.search("^stg_xapi__statements$|__changed_|__raw_files$", node["name"])
        assert found[1] or is_empty


def test_spark_is_asked_every_macro_of_the_engines(spark: Path) -> None:
    """Each is needed by the selection, or by dbt to build it, or called by a test of the macros on Spark."""
    manifest = json.loads((spark / "spark" / "manifest.json").read_text(encoding="utf-8"))
    results = json.loads((spark / "spark" / "run_results.json").read_text(encoding="utf-8"))["results"]
    ran = [manifest["nodes"][each["unique_id"]] for each in results if each["unique_id"] in manifest["nodes"]]
    called = [name for node in ran for name in node["depends_on"]["macros"]]
    called += [name for name in manifest["macros"] if name.rpartition(".")[2] in MATERIALIZATIONS]
    tests = Path(__file__).with_name("test_raw_macros.py").read_text(encoding="utf-8")
    called += [
        f"macro.rampline.{name}"
        for names in re.findall(r'macros\.(\w+)\(|assert_reads\(engine, "(\w+)"|engine\.(table_names)\(', tests)
        for name in names
    ]
    engine = [
        macro["unique_id"]
        for macro in manifest["macros"].values()
        if macro["package_name"] == "rampline"
        and macro["original_file_path"].startswith("macros/engine/")
        and Path(macro["original_file_path"]).name not in NOT_OF_SPARK
    ]
    assert len(engine) > 40
    others = re.compile(r"^(duckdb|postgres)_|^json_path$")
    missing = sorted(set(engine) - macros_of(manifest, called))
    # A default that Spark has its own of is not asked.
    names = {name.rpartition(".")[2] for name in engine}
    missing = [name.rpartition(".")[2] for name in missing]
    assert [
        name
        for name in missing
        if not others.match(name)
        and not (name.startswith("default__") and name.replace("default__", "spark__") in names)
    ] == []


def differences(demo: Build, manifest: dict, server: dict[str, str]) -> list[Difference]:
    return list(parity.differences(manifest, parity.duckdb_reader(demo.file), parity.postgres_reader(server)))


def test_every_mart_is_the_same_on_postgresql(demo: Build, manifest: dict, server: dict[str, str]) -> None:
    assert [str(difference) for difference in differences(demo, manifest, server)] == []
    read = parity.postgres_reader(server)
    marts = parity.marts_of(manifest).values()
    counts = {mart["name"]: len(read(mart["schema"], mart["alias"], list(mart["columns"]))) for mart in marts}
    assert len(counts) > 40
    assert sum(counts.values()) > 90_000
    assert min(counts.values()) > 0


def test_what_differs_is_named(demo: Build, manifest: dict, server: dict[str, str]) -> None:
    changes = """
        update postgres_impact.roi_scenarios set net_value_amount = net_value_amount + 0.01
            where scenario = 'ongoing_reference';
        update postgres_core.dim_programs set program_name = 'Product  news' where program_id = 'prog_product_news';
        delete from postgres_core.dim_dates where date_day = '2026-06-30';
        update postgres_quality.rejected_rows set reason = 'another'
            where ctid = (select min(ctid) from postgres_quality.rejected_rows)
    """
    with contextlib.closing(parity.connect(server)) as connection:
        connection.cursor().execute(changes)
        connection.commit()
    found = differences(demo, manifest, server)
    assert [(each.mart, each.key, each.column) for each in found if each.mart != "rejected_rows"] == [
        ("dim_dates", (date(2026, 6, 30),), None),
        ("dim_programs", ("prog_product_news",), "program_name"),
        ("roi_scenarios", ("ongoing_reference",), "net_value_amount"),
    ]
    assert len([each for each in found if each.mart == "rejected_rows"]) == 2
    assert "roi_scenarios (ongoing_reference) net_value_amount: Decimal('684000.00') and Decimal('684000.01')" in {
        str(each) for each in found
    }


@pytest.mark.parametrize(
    ("left", "right", "is_same"),
    [
        (1.0, 1.0 + 9e-10, True),
        (1.0, 1.0 + 2e-9, False),
        (1e6, 1e6 + 9e-4, True),
        (1e6, 1e6 + 2e-3, False),
        (Decimal("2.50"), 2.5, True),
        (3, Decimal("3.00"), True),
        (None, None, True),
        (None, 0.0, False),
        ("a", "a", True),
        ("a", "a ", False),
        (True, 1, False),
        (date(2026, 6, 30), date(2026, 7, 1), False),
    ],
)
def test_values_are_compared(left: object, right: object, is_same: bool) -> None:
    assert same(left, right) is is_same


def test_rows_are_matched_by_key() -> None:
    changed = (ROW[0], "a", 0.25)
    assert list(compare("mart", COLUMNS, ["day", "name"], [ROW], [ROW])) == []
    assert list(compare("mart", COLUMNS, ["day", "name"], [ROW], [changed])) == [
        Difference("mart", ROW[:2], "share", 0.5, 0.25)
    ]
    assert list(compare("mart", COLUMNS, ["name"], [ROW], [])) == [Difference("mart", ("a",), None, 1, 0)]
    assert list(compare("mart", COLUMNS, ["name"], [], [ROW])) == [Difference("mart", ("a",), None, 0, 1)]


def test_rows_without_a_key_are_counted() -> None:
    assert list(compare("mart", COLUMNS, [], [ROW, ROW], [ROW, ROW])) == []
    assert list(compare("mart", COLUMNS, [], [ROW, ROW], [ROW])) == [Difference("mart", ROW, None, 2, 1)]


def test_a_failed_build_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No server is there; a project of one model, with this one's targets, finds that out as well as the whole."""
    project = "name: small\nversion: '1.0'\nprofile: rampline\nflags: {send_anonymous_usage_stats: false}\n"
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "one.sql").write_text("select 1 as one\n", encoding="utf-8")
    (tmp_path / "dbt_project.yml").write_text(project, encoding="utf-8")
    (tmp_path / "profiles.yml").symlink_to(parity.ROOT / "profiles.yml")
    monkeypatch.setattr(parity, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match=r"(?s)The build on postgres failed.*port 1 failed"):
        parity.build("postgres", tmp_path, {"PGHOST": "127.0.0.1", "PGPORT": "1", "PGDATABASE": "none"})
