"""The floor: DuckDB by hand (floor.sql), from raw Parquet to marts: ``python -m tools.bench.floor <raw> <out>``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import duckdb
import pyarrow as pa

from .marts import Facts, write_marts
from .people import People, read_people


def main(raw: Path, out: Path) -> None:
    """Read, compute, write."""
    people = read_people(raw)
    out.mkdir(parents=True, exist_ok=True)
    scratch = out / "scratch.duckdb"
    scratch.unlink(missing_ok=True)
    with duckdb.connect(str(scratch)) as connection:
        connection.execute("set timezone = 'UTC'")
        for setting, variable in (("memory_limit", "DUCKDB_MEMORY_LIMIT"), ("threads", "DUCKDB_THREADS")):
            if os.environ.get(variable):
                connection.execute(f"set {setting} = '{os.environ[variable]}'")
        for name, table in small_tables(people).items():
            connection.register(f"arrow_{name}", table)
            connection.execute(f"create table {name} as from arrow_{name}")
        connection.execute(f"set variable raw = '{raw}'")
        connection.execute((Path(__file__).parent / "floor.sql").read_text(encoding="utf-8"))
        write_marts(people, facts_of(connection), out)
    scratch.unlink()


def small_tables(people: People) -> dict[str, pa.Table]:
    """Return who is who as tables."""
    owners = [(user, rep, people.zones[rep]) for user, rep in people.reps.items()]
    ramps = [(ramp.ramp_id, ramp.rep_id, ramp.start, ramp.until) for ramp in people.ramps]
    return {
        "owners": table(["user_id", "rep_id", "zone"], owners),
        "ramps": table(["ramp_id", "rep_id", "started_on", "observed_until"], ramps),
        "spells": table(["rep_id", "role_family", "started_on", "ended_on"], people.spells),
    }


def table(names: list[str], rows: list[tuple]) -> pa.Table:
    """Return rows as a table."""
    return pa.table(dict(zip(names, zip(*rows, strict=True), strict=True)))


def facts_of(connection: duckdb.DuckDBPyConnection) -> Facts:
    """Return what the script's tables say."""
    first = connection.execute("""
        select least(
            (select min(happened_on) from activities), (select min(closed_on) from deals where status <> 'open')
        )
    """).fetchone()[0]
    return Facts(
        events={
            (ramp, milestone): (on, key)
            for ramp, milestone, on, key in connection.execute(
                "select ramp_id, milestone, first_event.a, first_event.d from firsts"
            ).fetchall()
        },
        crossings={
            (ramp, milestone): (on, f"salesforce:opportunity:{deal}")
            for ramp, milestone, on, deal in connection.execute(
                "select ramp_id, milestone, first_crossing.a, first_crossing.b from crossings"
            ).fetchall()
        },
        evaluable=dict(
            connection.execute(
                "select ramp_id, min(greatest(started_on, ramp_started_on)) from periods group by ramp_id"
            ).fetchall()
        ),
        attainment=connection.execute("select * from attainment").to_arrow_table(),
        history_from=first,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
