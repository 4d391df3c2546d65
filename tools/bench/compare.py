"""Compare what a script wrote with the marts of the dbt build, row for row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from tools.publish import marts_of

KEYS = {
    "rep_timeline.rep_milestones": ["ramp_id", "milestone"],
    "rep_timeline.cohort_ramp_curves": ["cohort_type", "cohort", "milestone", "day"],
    "core.fct_attainment": ["rep_id", "period_started_on", "quota_amount"],
}


def differences(build_file: Path, folder: Path) -> Iterator[str]:
    """Yield a sentence for each mart that differs; all columns that the script wrote count, numbers to 1e-9."""
    with duckdb.connect(str(build_file), read_only=True) as connection:
        for mart, key in KEYS.items():
            script = f"read_parquet('{folder}/{mart.split('.')[1]}.parquet')"
            columns = connection.execute(f"describe select * from {script}").fetchall()
            yield from differ(connection, mart, script, key, [(name, kind) for name, kind, *_ in columns])


def differ(
    connection: duckdb.DuckDBPyConnection, mart: str, script: str, key: list[str], columns: list[tuple[str, str]]
) -> Iterator[str]:
    """Yield how many rows of a mart differ, with the first of them."""
    rows, others = (connection.execute(f"select count(*) from {side}").fetchone()[0] for side in (mart, script))
    if not rows or rows != others:
        yield f"{mart}: {rows} rows in the build, {others} in the script"
    matched = " and ".join(f"build.{column} is not distinct from script.{column}" for column in key)
    unequal = " or ".join(unequal_sql(f"build.{name}", f"script.{name}", kind) for name, kind in columns)
    query = f"from {mart} as build full join {script} as script on {matched} where {unequal}"
    count = connection.execute(f"select count(*) {query}").fetchone()[0]
    if count:
        shown = ", ".join(f"build.{name}, script.{name}" for name, _ in columns)
        example = connection.execute(f"select {shown} {query} limit 1").fetchone()
        named = [
            f"{name} {left!r} and {right!r}"
            for (name, _), left, right in zip(columns, example[::2], example[1::2], strict=True)
            if left != right or name in key
        ]
        yield f"{mart}: {count} rows differ, such as {', '.join(named)}"


def unequal_sql(left: str, right: str, kind: str) -> str:
    """Return SQL that says whether two values differ: numbers by more than 1e-9 of the larger of 1 and the number."""
    if kind.startswith(("DOUBLE", "DECIMAL")):
        is_far = f"abs({left} - {right}) > 1e-9 * greatest(1, abs({left}))"
        return f"(coalesce({is_far}, false) or ({left} is null) <> ({right} is null))"
    return f"{left} is distinct from {right}"


def builds_differ(manifest: dict, build_file: Path, other_file: Path) -> Iterator[str]:
    """Yield a sentence for each public mart whose rows are not the same in two build files."""
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        for name, path in (("one", build_file), ("other", other_file)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        for node in marts_of(manifest).values():
            mart = f"{node['schema']}.{node['alias']}"
            # Rows add up to a hash whatever their order, without keeping any; that they are others is then looked at.
            (rows, hashed), (others, other_hashed) = (
                connection.execute(f"select count(*), sum(hash(mart)::hugeint) from {name}.{mart} as mart").fetchone()
                for name in ("one", "other")
            )
            if (rows, hashed) == (others, other_hashed):
                continue
            unequal = connection.execute(
                f"select count(*) from (from one.{mart} except all from other.{mart})"
            ).fetchone()[0]
            if rows != others or unequal:
                yield f"{mart}: {rows} and {others} rows, {unequal} that the other has not"


def differing_builds(manifest: dict, build_file: Path, other_file: Path) -> list[str]:
    """Return all of builds_differ(): a generator cannot be handed over by another process."""
    return list(builds_differ(manifest, build_file, other_file))
