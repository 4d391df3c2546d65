"""Write the raw data of a generated company as Parquet, with the truth about what was planted."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from .mess import KEYS, MESS, Mess

HERE = Path(__file__).resolve().parent
DEMO = HERE.parents[1] / "seeds" / "demo"
AS_OF = date(2026, 6, 30)
ACTIVITIES_PER_REP = 10_000
YEARS = 5
SIZES = {"S": 1_000_000, "M": 10_000_000, "L": 50_000_000, "XL": 100_000_000}
DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class Plan:
    """What to generate: places in the sales team, years up to the as-of date, activities of each place in them."""

    reps: int
    years: int = YEARS
    activities_per_rep: int = ACTIVITIES_PER_REP
    seed: int = 1

    @property
    def first_day(self) -> date:
        """Return the first day of the extract."""
        return date(AS_OF.year - self.years, AS_OF.month + 1, 1)

    @property
    def activities(self) -> int:
        """Return the number of good tasks and events."""
        return self.reps * self.activities_per_rep


def plan_of_size(size: str, seed: int = 1) -> Plan:
    """Return the plan of a named size."""
    return Plan(reps=SIZES[size] // ACTIVITIES_PER_REP, seed=seed)


def generate(plan: Plan, folder: Path, say: Callable[[str], None] = print) -> dict:
    """Write the company of a plan into a folder, afresh; return what was planted (also written as planted.json).

    The folder holds a folder a system with a folder an object, as var raw_from: files reads them, and vars.json, the
    vars of dbt that fit. Memory stays bounded: a file is written while its rows are made, and tables are kept for
    people and deals only.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "vars.json").exists():
        raise SystemExit(f"{folder} holds other files. Name an empty folder, or one that was generated.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_json(folder / "vars.json", dbt_vars(folder))
    with duckdb.connect() as connection:
        prepare(connection, plan)
        planted = {}
        for path in sorted(HERE.glob("objects/*/*.sql")):
            name = f"{path.parent.name}.{path.stem}"
            planted[name] = write_object(connection, name, path.read_text(encoding="utf-8"), folder)
            say(f"  {name:<40} {planted[name]['rows']:>12,} rows")
    truth = {"plan": asdict(plan), "objects": planted}
    # Written last: a folder without it was not finished.
    write_json(folder / "planted.json", truth)
    return truth


def write_json(path: Path, content: dict) -> None:
    """Write a small file for people and programs."""
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def dbt_vars(folder: Path) -> dict[str, str]:
    """Return the vars with which dbt builds a generated folder."""
    return {"raw_from": "files", "raw_folder": str(folder.resolve()), "as_of_date": AS_OF.isoformat()}


def prepare(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Set the variables and make the tables of people and deals."""
    days = (AS_OF - plan.first_day).days + 1
    variables = {
        "reps": plan.reps,
        "first_day": plan.first_day,
        "last_day": AS_OF,
        "days": days,
        "version_2_from": plan.first_day + timedelta(days=days // 2),
        "activities": plan.activities,
        "demo": str(DEMO),
    }
    connection.execute("set timezone = 'UTC'")
    for name, value in variables.items():
        connection.execute(f"set variable {name} = $value", {"value": value})
    # The hash of several values is a mere combination of theirs; hashed again, topics are independent of each other.
    # Times 2^-53 makes a double of 53 bits.
    roll = "(hash(hash({seed}, {arguments})) >> 11) * 1.1102230246251565e-16"
    connection.execute(
        f"create macro roll(topic, number) as {roll.format(seed=plan.seed, arguments='topic, number')},"
        f" (topic, number, other) as {roll.format(seed=plan.seed, arguments='topic, number, other')}"
    )
    connection.execute((HERE / "company.sql").read_text(encoding="utf-8"))


def write_object(connection: duckdb.DuckDBPyConnection, name: str, query: str, folder: Path) -> dict:
    """Write the files of an object; return its rows and, by fate and kind, how many of them are mess."""
    system, _, raw_object = name.partition(".")
    place = folder / system / raw_object
    place.mkdir(parents=True)
    parts = (
        connection.execute("select part from parts order by part").fetchall()
        if query.startswith("-- parts")
        else [(0,)]
    )
    for (part,) in parts:
        connection.execute(f"set variable part = {part}")
        connection.execute(f"copy ({query}) to '{place}/part_{part:03d}.parquet' (format parquet, compression zstd)")
    good = f"read_parquet('{place}/part_*.parquet')"
    rows = count(connection, good)
    deleted = count(connection, f"{good} where \"IsDeleted\" = 'true'") if "IsDeleted" in query else 0
    planted = [
        plant(connection, name, mess, number, (rows, place)) for number, mess in enumerate(MESS.get(name, []), start=1)
    ]
    total = count(connection, f"read_parquet('{place}/*.parquet')")
    return {"rows": total, "deleted": deleted, "mess": planted}


def plant(connection: duckdb.DuckDBPyConnection, name: str, mess: Mess, number: int, source: tuple[int, Path]) -> dict:
    """Write one kind of mess into a file of its own, from rows that lie apart; return how much it is."""
    rows, place = source
    wanted = max(1, math.ceil(rows * mess.share))
    changes = (KEYS.get(name, {}) if mess.new_key else {}) | mess.changes
    replaced = ", ".join(f'{change} as "{column}"' for column, change in changes.items())
    target = f"{place}/mess_{number:02d}_{mess.kind}.parquet"
    connection.execute(
        f"""
        copy (
            with spread as (
                select * exclude (file_row_number)
                from read_parquet('{place}/part_*.parquet', file_row_number = true)
                where file_row_number % {max(1, rows // (2 * wanted))} = 0 and {mess.where}
                limit {wanted}
            ),
            chosen as (select *, {number} * 1000000 + row_number() over () - 1 as n from spread),
            varied as (select *, unnest(range({mess.times})) as variant from chosen)
            select * exclude (n, variant) {f"replace ({replaced})" if replaced else ""}
            from varied
        ) to '{target}' (format parquet)
        """
    )
    return {
        "kind": mess.kind,
        "fate": mess.fate,
        "reason": mess.reason,
        "rows": count(connection, f"read_parquet('{target}')"),
    }


def count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """Return the number of rows of a relation."""
    return connection.execute(f"select count(*) from {relation}").fetchone()[0]
