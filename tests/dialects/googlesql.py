"""Analyse BigQuery's compiled nodes with GoogleSQL, the library that BigQuery itself reads SQL with.

``python googlesql.py manifest.json`` in an environment with zetasql (GoogleSQL as WebAssembly) prints a JSON object:
the id of each node with what is wrong in it, or null. Names, types, functions and syntax are checked, in the order of
the graph: a view has the columns that its query was found to have, and a contract is kept by type. Generic tests are
left out: each is a short query on a model.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

# A long chain of || is a deep tree: of protobuf's parsers only the one in Python can be told to go so deep.
os.environ["PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION"] = "python"
sys.setrecursionlimit(50_000)

from google.protobuf.internal import decoder  # noqa: E402
from zetasql.api import Analyzer, CatalogBuilder, TableBuilder  # noqa: E402
from zetasql.types import (  # noqa: E402
    AnalyzerOptions,
    LanguageFeature,
    LanguageOptions,
    ProductMode,
    TypeKind,
    ZetaSQLBuiltinFunctionOptions,
)

# What GoogleSQL can do and BigQuery does not document.
NOT_IN_BIGQUERY = {
    "FEATURE_AGGREGATE_FILTERING",
    "FEATURE_LATERAL_COLUMN_REFERENCES",
    "FEATURE_LATERAL_JOIN",
    "FEATURE_LITERAL_CONCATENATION",
    "FEATURE_MULTILEVEL_AGGREGATION",
}
# BigQuery's other names for INT64.
INTEGER_ALIASES = re.compile(r"\bas\s+(?:integer|bigint)(?=\s*\))", re.IGNORECASE)
KINDS = {
    "bigint": TypeKind.TYPE_INT64,
    "boolean": TypeKind.TYPE_BOOL,
    "date": TypeKind.TYPE_DATE,
    "decimal": TypeKind.TYPE_NUMERIC,
    "double precision": TypeKind.TYPE_DOUBLE,
    "integer": TypeKind.TYPE_INT64,
    "string": TypeKind.TYPE_STRING,
    "timestamp": TypeKind.TYPE_TIMESTAMP,
    "varchar": TypeKind.TYPE_STRING,
}
Columns = list[tuple[str, int]]

decoder.SetRecursionLimit(10_000)


def language() -> LanguageOptions:
    """Return GoogleSQL as BigQuery has it."""
    options = LanguageOptions.maximum_features()
    options.product_mode = ProductMode.PRODUCT_EXTERNAL
    options.enabled_language_features = [
        feature for feature in options.enabled_language_features if LanguageFeature(feature).name not in NOT_IN_BIGQUERY
    ]
    return options


def in_order(nodes: dict[str, dict]) -> Iterator[dict]:
    """Yield the nodes of a manifest, each after those that it reads."""
    done: set[str] = set()

    def visit(unique_id: str) -> Iterator[dict]:
        if unique_id in done or unique_id not in nodes:
            return
        done.add(unique_id)
        for parent in nodes[unique_id].get("depends_on", {}).get("nodes", []):
            yield from visit(parent)
        yield nodes[unique_id]

    for unique_id in nodes:
        yield from visit(unique_id)


def seed_columns(seed: dict, nodes: dict[str, dict]) -> Columns:
    """Return a seed's columns: those of its file, and of a raw object all that may be there."""
    path = Path(__file__).parents[2] / seed["original_file_path"]
    with path.open(encoding="utf-8-sig") as file:
        names = file.readline().strip().replace('"', "").split(",")
    types = seed["config"].get("column_types") or {}
    for node in nodes.values():
        raw = node["config"].get("meta", {}).get("raw")
        if raw and seed["name"] == f"demo_{raw['system']}__{raw['object']}":
            names += raw["required"] + raw["optional"]
    kinds = {name.lower(): KINDS[types.get(name, "varchar").split("(")[0]] for name in reversed(names)}
    return list(kinds.items())


def table_name(node: dict) -> str:
    """Return a node's relation as one name."""
    return node["relation_name"].replace("`", "")


def analyse(nodes: dict[str, dict]) -> dict[str, str | None]:
    """Return what is wrong in each node that has SQL, or None."""
    options = AnalyzerOptions(language_options=language())
    functions = ZetaSQLBuiltinFunctionOptions(language_options=options.language_options)
    tables: dict[str, Columns] = {}
    found: dict[str, str | None] = {}
    for node in in_order(nodes):
        if node["resource_type"] == "seed":
            tables[table_name(node)] = seed_columns(node, nodes)
        if node["resource_type"] == "seed" or not node.get("compiled_code") or node.get("test_metadata"):
            continue
        catalog = CatalogBuilder("warehouse")
        for parent in sorted(set(node["depends_on"]["nodes"]) & nodes.keys()):
            name = table_name(nodes[parent])
            table = TableBuilder(name)
            for column, kind in tables.get(name, []):
                table.add_column(column, kind)
            catalog = catalog.add_table(table.build())
        sql = INTEGER_ALIASES.sub("as int64", node["compiled_code"].replace("`.`", "."))
        try:
            analyzer = Analyzer(options, catalog.with_builtin_functions(functions).build())
            statement = analyzer.analyze_statement(sql)
        except Exception as problem:  # The library raises several kinds; each is told.
            found[node["unique_id"]] = str(problem)
            continue
        columns = [(column.name, column.column.type.type_kind) for column in statement.output_column_list]
        found[node["unique_id"]] = broken_contract(node, dict(columns))
        if node["resource_type"] == "model":
            tables[table_name(node)] = columns
    return found


def broken_contract(node: dict, columns: dict[str, int]) -> str | None:
    """Say which columns of a model are not of the type that its contract says."""
    if not node.get("contract", {}).get("enforced"):
        return None
    wanted = {name: KINDS[column["data_type"].split("(")[0]] for name, column in node["columns"].items()}
    wrong = sorted(name for name in wanted.keys() | columns.keys() if wanted.get(name) != columns.get(name))
    return f"not as the contract says: {', '.join(wrong)}" if wrong else None


if __name__ == "__main__":
    print(json.dumps(analyse(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["nodes"])))
