"""One more day of a generated company: new activities, late ones, updates, deletions, and deals closed in hindsight."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

import duckdb

from tools.generate.company import AS_OF

NEXT_DAY = AS_OF + timedelta(days=1)

# What becomes of each object's files: those of the last quarter, of one years ago, of all. Rows are picked by a hash.
CHANGED = [
    (
        "task",
        "last",
        """select * replace (if(hash("Id") % 500 = 1, 'Call', "TaskSubtype") as "TaskSubtype") from {part}""",
    ),
    (
        "event",
        "last",
        """
        select * replace (if(hash("Id") % 500 = 1, 'Canceled: ' || "Subject", "Subject") as "Subject")
        from {part}
        """,
    ),
    ("task", "middle", 'from {part} where hash("Id") % 20000 <> 2'),
    # One open deal in 20 was won ten days ago, and nobody had said so.
    (
        "opportunity",
        "all",
        """
        select * exclude (is_won_now) replace (
            if(is_won_now, 'Closed Won', "StageName") as "StageName",
            if(is_won_now, 'true', "IsClosed") as "IsClosed",
            if(is_won_now, 'true', "IsWon") as "IsWon",
            if(is_won_now, greatest(substr("CreatedDate", 1, 10), '{ten_days_ago}'), "CloseDate") as "CloseDate",
            if(is_won_now, '{next_day}T09:00:00.000+0000', "LastModifiedDate") as "LastModifiedDate"
        )
        from (select *, "IsClosed" = 'false' and hash("Id") % 20 = 1 as is_won_now from {part})
        """,
    ),
]
# As many as on the last day, a day later; and one in 20 of them once more, sixty days ago: entered late.
NEW = {
    "task": """
        select * replace (
            '{kind}' || "Id" as "Id",
            '{day}' || substr("CompletedDateTime", 11) as "CompletedDateTime",
            '{day}' || substr("CreatedDate", 11) as "CreatedDate",
            '{day}' as "ActivityDate"
        )
        from {good} where "CompletedDateTime" like '{last_day}T%' and hash("Id") % {every} = 0
    """,
    "event": """
        select * replace (
            '{kind}' || "Id" as "Id",
            '{day}' || substr("StartDateTime", 11) as "StartDateTime",
            '{day}' || substr("EndDateTime", 11) as "EndDateTime"
        )
        from {good} where "StartDateTime" like '{last_day}T%' and "EndDateTime" like '{last_day}T%'
        and hash("Id") % {every} = 0
    """,
}


def write_next_day(raw: Path, folder: Path) -> None:
    """Write the raw files of a generated company as they are a day later; what does not change is linked."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(raw, folder, copy_function=os.link)
    days = {"last_day": AS_OF, "next_day": NEXT_DAY, "ten_days_ago": AS_OF - timedelta(days=10)}
    with duckdb.connect() as connection:
        for name, which, query in CHANGED:
            parts = sorted((raw / "salesforce" / name).glob("part_*.parquet"))
            for part in {"last": parts[-1:], "middle": [parts[len(parts) // 2]], "all": parts}[which]:
                changed = folder / "salesforce" / name / part.name
                changed.unlink()
                copy(connection, query.format(part=f"'{part}'", **days), changed)
        for name, query in NEW.items():
            good = f"'{raw}/salesforce/{name}/part_*.parquet'"
            for kind, day, every in (("new", NEXT_DAY, 1), ("late", AS_OF - timedelta(days=60), 20)):
                sql = query.format(good=good, kind=kind, day=day, every=every, **days)
                copy(connection, sql, folder / f"salesforce/{name}/{kind}.parquet")


def copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write the rows of a query as Parquet; stop where there are none, since then nothing would be measured."""
    connection.execute(f"copy ({query}) to '{path}' (format parquet)")
    if not connection.execute(f"select count(*) from '{path}'").fetchone()[0]:
        raise RuntimeError(f"{path} would have no rows.")
