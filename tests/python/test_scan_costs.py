"""Bytes that plans scan, on tables small enough to count on paper (tools/scan_costs.py)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from conftest import Build

from tools import scan_costs
from tools.scan_costs import Widths, plan_of, scans_of


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Two tables: deals of 4 rows, owners of 2."""
    with duckdb.connect() as connection:
        connection.execute(
            "create table deals as from (values"
            " (1, 'ab', 1.50::decimal(18, 2), true, date '2026-01-01', 'o1'),"
            " (2, 'ü', 2.50, false, date '2026-01-02', 'o2'),"
            " (3, null, 3.50, null, date '2026-01-03', 'o1'),"
            " (4, '', null, true, null, 'o2'))"
            " as deals (id, name, amount, is_won, closed_on, owner)"
        )
        connection.execute("create table owners as from (values ('o1', 7.5::double), ('o2', 8.5)) as o (owner, score)")
        connection.execute('create table "user" as select 1 as id')
        yield connection


# Of deals: id 4 x 8; name 4, 4, nothing and 2; amount 3 x 16; is_won 3 x 1; closed_on 3 x 8; owner 4 x 4.
QUERIES = {
    "select id from deals": 32,
    "select name from deals": 10,
    "select amount from deals": 48,
    "select is_won from deals": 3,
    "select closed_on from deals": 24,
    "select owner from deals": 16,
    "select id, name from deals": 42,
    # A filter reads its column, though nothing above asks for it.
    "select id from deals where amount > 2": 32 + 48,
    "select count(*) from deals": 0,
    # owners: owner 2 x 4, score 2 x 8.
    "select id, score from deals join owners using (owner)": 32 + 16 + 8 + 16,
    'select id from "user"': 8,
    # Twice in a query, twice read.
    "select id from deals union all select id + 1 from deals": 64,
    "with d as materialized (select id from deals) select * from d union all select id + 1 from d": 32,
}


@pytest.mark.parametrize(("sql", "expected"), QUERIES.items())
def test_bytes_by_hand(sql: str, expected: int, connection: duckdb.DuckDBPyConnection) -> None:
    widths = Widths(connection)
    assert sum(widths.of(scan) for scan in scans_of(connection, sql)) == expected


def test_a_type_without_a_price_is_refused(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create table odd as select [1, 2] as list")
    with pytest.raises(KeyError):
        Widths(connection).measured("memory.main.odd")


def test_the_demo_has_a_figure_for_every_table_and_test(
    demo: Build, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert scan_costs.main(["--build-file", str(demo.file), "--target-folder", str(demo.target), "--most", "999"]) == 0
    said = capsys.readouterr().out
    tables = demo.rows("select count(*) from duckdb_tables() where schema_name not in ('demo', 'settings', 'meta')")
    listed = [line for line in said.splitlines() if line.startswith("| `")]
    assert len(listed) == tables[0][0] > 80
    free = {line.split("`")[1] for line in listed if line.endswith(" 0.0 |")}
    # What reads nothing but settings, or a few rows.
    assert "fct_activities" not in free
    assert "rep_timeline" not in free

    assert scan_costs.main(["--build-file", str(demo.file), "--target-folder", str(tmp_path)]) == 1
    assert "run dbt build first" in capsys.readouterr().err


def test_no_large_object_is_kept_in_memory(demo: Build, demo_build: duckdb.DuckDBPyConnection) -> None:
    """Between the raw rows and the table is no step that DuckDB writes out (DECISIONS: read twice, written once)."""
    manifest = json.loads((demo.target / "manifest.json").read_text(encoding="utf-8"))
    large = {
        node["name"]: node["compiled_code"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and (node["name"] == "cnf_activities" or "has_key=true" in node["raw_code"])
    }
    assert len(large) == 10
    kept = {name: set(kept_in_plan(demo_build, sql)) for name, sql in large.items()}
    # Few rows: rules, and the texts that they look at.
    few = {"type_rules", "status_rules", "texts", "text_types", "text_outcomes"}
    assert kept == {name: few if name == "cnf_activities" else set() for name in large}
    tasks = large["stg_salesforce__tasks"].replace("checked as not materialized", "checked as")
    assert set(kept_in_plan(demo_build, tasks)) == {"checked"}


def kept_in_plan(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[str]:
    """Yield the names of the common table expressions that the plan of a query writes out."""
    nodes = [plan_of(connection, sql)]
    while nodes:
        node = nodes.pop()
        nodes += node["children"]
        if node["name"].strip() == "CTE":
            yield node["extra_info"]["CTE Name"]
