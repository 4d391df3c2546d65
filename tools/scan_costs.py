"""Bytes that a build scans, model by model, from DuckDB's plans: ``python -m tools.scan_costs``.

A column store reads, of each table in a query's plan, the columns that the plan asks for. So the bytes of a build are a
sum over plans, which needs no cloud account: each model's and data test's compiled query is explained (not run) on the
build file, and each scan counts the bytes of its columns. A column's bytes are those of BigQuery's price list (8 for a
number, a day or a time, 16 for a decimal, 1 for a boolean, 2 and the length in UTF-8 for a text, nothing for a NULL):
they are before compression, and no partition or cluster is used to read less.
https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/data-types#data_type_sizes
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tools.publish import ROOT, PublishError, read_artifact

FIXED_BYTES = {"BOOLEAN": 1} | dict.fromkeys(
    ("INTEGER", "BIGINT", "UBIGINT", "HUGEINT", "DOUBLE", "DATE", "TIMESTAMP"), 8
)


@dataclass(frozen=True)
class Scan:
    """One reading of a table (named as SQL names it): the columns that it gives, and what it filters by."""

    table: str
    columns: tuple[str, ...]
    filters: str

    def reads(self, column: str) -> bool:
        """Say whether a column is read."""
        return column in self.columns or re.search(rf"\b{re.escape(column)}\b", self.filters) is not None


def scans_of(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Scan]:
    """Return the scans of tables in the plan of a query; a common table expression that is kept is scanned once."""
    return list(scans_below(plan_of(connection, sql)))


def plan_of(connection: duckdb.DuckDBPyConnection, sql: str) -> dict:
    """Return the top node of DuckDB's plan of a query: name, extra_info and children, which are nodes."""
    return json.loads(connection.execute(f"explain (format json) {sql}").fetchall()[0][1])[0]


def scans_below(node: dict) -> Iterator[Scan]:
    """Yield the scans of a node of a plan and of those below it."""
    details = node.get("extra_info") or {}
    if "Table" in details:
        columns = details.get("Projections", [])
        # Where the plan asks for one column, DuckDB writes a text; for none (a count of rows), nothing.
        yield Scan(
            details["Table"],
            tuple([columns] if isinstance(columns, str) else columns),
            json.dumps(details.get("Filters", "")),
        )
    for child in node["children"]:
        yield from scans_below(child)


class Widths:
    """Bytes of the columns of tables, measured once each."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Measure with this connection."""
        self.connection = connection
        self._bytes: dict[str, dict[str, int]] = {}

    def of(self, scan: Scan) -> int:
        """Return the bytes of a scan."""
        if scan.table not in self._bytes:
            self._bytes[scan.table] = self.measured(scan.table)
        return sum(size for column, size in self._bytes[scan.table].items() if scan.reads(column))

    def measured(self, table: str) -> dict[str, int]:
        """Return the bytes of each column of a table."""
        columns = {name: kind for name, kind, *_ in self.connection.execute(f"describe {table}").fetchall()}
        terms = [bytes_of(f'"{name}"', kind) for name, kind in columns.items()]
        found = self.connection.execute(f"select {', '.join(terms)} from {table}").fetchone()
        return dict(zip(columns, map(int, found), strict=True))


def bytes_of(column: str, kind: str) -> str:
    """Return SQL of the bytes of a column. Raises KeyError for a type that the price list above does not know."""
    if kind == "VARCHAR":
        return f"coalesce(sum(2 + strlen({column})), 0)"
    return f"{16 if kind.startswith('DECIMAL') else FIXED_BYTES[kind]} * count({column})"


def costs(connection: duckdb.DuckDBPyConnection, manifest: dict) -> dict[str, tuple[str, int]]:
    """Return the layer (or tests) and the bytes of each model that is a table and of each data test, by name.

    Raises PublishError when the manifest has no compiled queries.
    """
    widths, found = Widths(connection), {}
    for node in manifest["nodes"].values():
        is_table = node["resource_type"] == "model" and node["config"]["materialized"] != "view"
        if not is_table and node["resource_type"] != "test":
            continue
        if not node.get("compiled_code"):
            raise PublishError(f"{node['name']} is not compiled: run make build first.")
        layer = node["fqn"][2] if node["fqn"][1] == "marts" else node["fqn"][1]
        layer = layer if is_table else "tests"
        found[node["name"]] = (layer, sum(widths.of(scan) for scan in scans_of(connection, node["compiled_code"])))
    return found


def arguments(argv: list[str] | None) -> argparse.Namespace:
    """Return the command line's arguments, with defaults from the environment."""
    parser = argparse.ArgumentParser(prog="python -m tools.scan_costs", description=__doc__.splitlines()[0])
    build_file = Path(os.environ.get("RAMPLINE_BUILD_FILE", ROOT / "warehouse/build.duckdb"))
    parser.add_argument("--build-file", type=Path, default=build_file)
    parser.add_argument("--target-folder", type=Path, default=Path(os.environ.get("DBT_TARGET_PATH", ROOT / "target")))
    parser.add_argument("--raw-file", type=Path, help="the file that raw tables were read from (RAMPLINE_RAW_FILE)")
    parser.add_argument("--most", type=int, default=20, help="how many models are listed (default 20)")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Print the bytes by layer and of the models that scan most, as Markdown; return the exit code."""
    options = arguments(argv)
    try:
        manifest = read_artifact(options.target_folder, "manifest.json")
        with duckdb.connect() as connection:
            connection.execute(f"attach '{options.build_file}' as build (read_only)")
            if options.raw_file:
                connection.execute(f"attach '{options.raw_file}' as raw (read_only)")
            connection.execute("use build")
            found = costs(connection, manifest)
    except (PublishError, duckdb.Error) as error:
        print(f"No plans were read. {str(error).splitlines()[0]}", file=sys.stderr)
        return 1
    layers: dict[str, list[int]] = defaultdict(list)
    for layer, size in found.values():
        layers[layer].append(size)
    print("| Layer | Queries | MB scanned |\n| --- | ---: | ---: |")
    for layer, sizes in sorted(layers.items(), key=lambda item: -sum(item[1])):
        print(f"| {layer} | {len(sizes)} | {sum(sizes) / 1e6:,.1f} |")
    print(f"| all | {len(found)} | {sum(map(sum, layers.values())) / 1e6:,.1f} |")
    print("\n| Model | Layer | MB scanned |\n| --- | --- | ---: |")
    models = {name: each for name, each in found.items() if each[0] != "tests"}
    for name, (layer, size) in sorted(models.items(), key=lambda item: -item[1][1])[: options.most]:
        print(f"| `{name}` | {layer} | {size / 1e6:,.1f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
