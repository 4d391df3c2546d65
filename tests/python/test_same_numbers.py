"""The same data gives the same marts, to the last bit: on any number of threads, in any order of the rows."""

from __future__ import annotations

import json
import re
import sys

import duckdb
import sqlglot
from conftest import Build
from sqlglot import exp
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

# The tail of Student's t is one deep expression.
sys.setrecursionlimit(50_000)

ADDING = (
    exp.Sum,
    exp.Avg,
    exp.Stddev,
    exp.StddevPop,
    exp.StddevSamp,
    exp.Variance,
    exp.VariancePop,
    exp.Corr,
    exp.CovarPop,
)

# What deal_comparison adds up, in that order.
AMOUNTS = "ranked.measure_value * ranked.known_deal_count"
WITH_DOUBLES = "select distinct schema_name, table_name from duckdb_columns() where data_type in ('DOUBLE', 'FLOAT')"


def answers(demo: Build, sql: str) -> list[list[tuple]]:
    """Return what a query gives on one thread and on several."""
    found = []
    with duckdb.connect(str(demo.file), read_only=True) as connection:
        for threads in (1, 3, 8):
            # Set on the instance, which other tests of this process may share, and so put back.
            connection.execute(f"set threads = {threads}")
            found.append(sorted(connection.execute(sql).fetchall(), key=repr))
        connection.execute("reset threads")
    return found


def test_threads_change_no_number(demo: Build) -> None:
    with_doubles = set(demo.rows(WITH_DOUBLES))
    manifest = json.loads((demo.target / "manifest.json").read_text(encoding="utf-8"))
    models = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and (node["schema"], node["alias"]) in with_doubles
    ]
    assert len(models) > 40
    moved = []
    for model in models:
        first, *others = answers(demo, model["compiled_code"])
        if any(other != first for other in others):
            moved.append(model["name"])
    assert moved == []


def unordered_sums(sql: str, schema: MappingSchema) -> list[str]:
    """Return the sums and means of doubles in a query that have no order: ordered_sum gives them one.

    A running sum has the order of its window (DECISIONS says where that is not enough). A median is the mean of one or
    two values, and a + b is b + a. A type that is not known counts as double.
    """
    query = annotate_types(
        qualify(sqlglot.parse_one(sql, "duckdb"), schema=schema, dialect="duckdb"), schema, dialect="duckdb"
    )
    found = []
    for call in query.find_all(*ADDING):
        is_ordered = isinstance(call.this, exp.Order) or (
            isinstance(call.parent, exp.Window) and call.parent.args.get("order")
        )
        is_exact = call.this.is_type(*exp.DataType.INTEGER_TYPES, exp.DType.DECIMAL)
        is_median = isinstance(call, exp.Avg) and "2 *" in call.sql() and "_count + 2" in call.sql().replace('"', "")
        if not (is_ordered or is_exact or is_median):
            found.append(call.sql("duckdb"))
    return found


def test_every_sum_of_doubles_has_an_order(demo: Build) -> None:
    columns = demo.rows("select table_schema, table_name, column_name, data_type from information_schema.columns")
    tables: dict = {}
    for schema, table, column, data_type in columns:
        tables.setdefault(demo.file.stem, {}).setdefault(schema, {}).setdefault(table, {})[column] = data_type
    schema = MappingSchema(tables, dialect="duckdb")
    manifest = json.loads((demo.target / "manifest.json").read_text(encoding="utf-8"))
    models = {
        node["name"]: node["compiled_code"] for node in manifest["nodes"].values() if node["resource_type"] == "model"
    }
    assert len(models) > 100
    unordered = {name: unordered_sums(sql, schema) for name, sql in models.items()}
    assert {name: sums for name, sums in unordered.items() if sums} == {}
    # It can fail.
    plain = models["deal_comparison"].replace(f"list_sum(list_sort(list({AMOUNTS})))", f"sum({AMOUNTS})")
    assert unordered_sums(plain, schema) == ['SUM("ranked"."measure_value" * "ranked"."known_deal_count")']


def test_ordered_sums_are_why(demo: Build) -> None:
    """Added from the largest down, effects of programs are others: on several threads a plain sum has any order."""
    manifest = json.loads((demo.target / "manifest.json").read_text(encoding="utf-8"))
    sql = manifest["nodes"]["model.rampline.int_program_performance_estimates"]["compiled_code"]
    downwards, count = re.subn(r"list_sort(?=\(list\()", "list_reverse_sort", sql)
    assert count > 3
    upwards, turned = answers(demo, sql), answers(demo, downwards)
    assert upwards[0] != turned[0]
