"""Build the company from raw to published and end with a short summary: what ``make build`` runs.

Run as ``python -m tools.build [--again] [arguments of dbt build]``. Shows progress, prints only what is wrong, and
publishes when every error-severity test has passed. Where nothing has changed since the published file was made, it
says so and ends. Where only raw data have changed since the last build, it continues that one: dbt makes again what
follows from the changed rows. ``--again`` builds all the same, all of it, into a fresh file.
"""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from pathlib import Path

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.adapters.factory import reset_adapters
from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg

from tools import inputs
from tools.garbage import collect_seldom
from tools.publish import ROOT, PublishError, alone, arguments, publish

PROGRESS_EVERY_SECONDS = 5
OUT_OF_MEMORY = (
    "{node} needs more memory than DuckDB may use: set DUCKDB_MEMORY_LIMIT higher (such as 4GB), RAMPLINE_THREADS and"
    " DUCKDB_THREADS to 1, or DUCKDB_TEMP_DIRECTORY to a folder on a disk with more room."
)


class Progress:
    """Counts finished nodes and says so every few seconds, in place where the output is a terminal."""

    def __init__(self) -> None:
        """Start with nothing finished."""
        self.finished = 0
        self.said_at = time.monotonic()

    def __call__(self, event: EventMsg) -> None:
        """Take one dbt event."""
        if event.info.name != "NodeFinished":
            return
        self.finished += 1
        now = time.monotonic()
        if now - self.said_at >= PROGRESS_EVERY_SECONDS:
            self.said_at = now
            print(
                f"  {self.finished} seeds, models and tests done, now at {event.data.node_info.node_name}", flush=True
            )


def release_build_file() -> None:
    """Close the DuckDB file, which dbt-duckdb keeps open until its process ends."""
    DuckDBConnectionManager.close_all_connections()
    reset_adapters()


def say_what_failed(result: object) -> None:
    """Print each failed node with its message, and the exception where dbt did not get as far as running."""
    if result.exception:
        print(f"\n{result.exception}", file=sys.stderr)
    failed = [item for item in getattr(result.result, "results", None) or [] if item.status in ("error", "fail")]
    for item in failed:
        if "Out of Memory Error" in (item.message or ""):
            print(f"\n{OUT_OF_MEMORY.format(node=item.node.name)}", file=sys.stderr)
            continue
        print(f"\n{item.node.resource_type} {item.node.name} ({item.node.original_file_path})", file=sys.stderr)
        for line in (item.message or "").splitlines():
            # dbt's trace of macros is for the log.
            if line.strip() and not line.strip().startswith(">"):
                print(f"  {line.strip()}", file=sys.stderr)
        if item.node.description:
            print(f"  {item.node.description.strip()}", file=sys.stderr)
    print("\nNothing was published. The full log is logs/dbt.log.", file=sys.stderr)


def say_summary(published_file: Path, rows: dict[str, int], result: object, seconds: float) -> None:
    """Print what was built: marts with their rows, tests, where the file is, what to look at next."""
    statuses = [item.status for item in result.result.results if item.node.resource_type in ("test", "unit_test")]
    warned = [item for item in result.result.results if item.status == "warn"]
    with duckdb.connect(str(published_file), read_only=True) as connection:
        as_of_date = connection.execute("select as_of_date from meta.build_info").fetchone()[0]
    print(f"\n{len(rows)} marts as of {as_of_date}, {seconds:.0f} s")
    for name, count in rows.items():
        print(f"  {name:<45} {count:>9,} rows")
    print(f"{statuses.count('pass')} tests passed, {len(warned)} warned, 0 failed")
    for item in warned:
        print(f"  warned: {item.node.name} ({item.failures} rows)")
    print(f"\nPublished to {published_file}")
    print("Next: select * from rep_timeline.rep_ramp              who ramps, who is late")
    print("      select * from kirkpatrick.kirkpatrick_program_scorecard   what the programs did")
    print("      select * from quality.source_reconciliation      what landed and what was rejected")


def main(argv: list[str] | None = None) -> int:
    """Build, publish, summarise, unless another build of the same file is running; return the exit code."""
    options = arguments([])
    try:
        with alone(options.build_file):
            return build(options, sys.argv[1:] if argv is None else argv)
    except PublishError as error:
        print(f"Nothing was built, {options.published_file} is as it was. {error}", file=sys.stderr)
        return 1


def build(options: Namespace, argv: list[str]) -> int:
    """Build, publish, summarise; return the exit code. argv holds --again and the arguments of dbt build."""
    started = time.monotonic()
    command = [argument for argument in argv if argument != "--again"]
    made_from = inputs.fingerprint(command)
    if "--again" not in argv and inputs.is_current(options.build_file, options.published_file, made_from):
        print(
            f"Nothing has changed: {options.published_file} is current. To build all the same: make build ARGS=--again"
        )
        return 0
    kin = inputs.kinship(command)
    is_continued = "--again" not in argv and inputs.may_continue(options.build_file, kin)
    inputs.note_beside(options.build_file).unlink(missing_ok=True)
    # A fresh file unless the last build is continued: a DuckDB file grows when its tables are replaced.
    for path in (options.build_file, options.build_file.with_name(options.build_file.name + ".wal")):
        if not is_continued:
            path.unlink(missing_ok=True)
    print(f"Building{' what changed' if is_continued else ''} (seeds, models, tests) ..", flush=True)
    command = ["--log-level", "none", "build", "--project-dir", str(ROOT), "--profiles-dir", str(ROOT), *command]
    collect_seldom()
    try:
        result = dbtRunner(callbacks=[Progress()]).invoke(command)
    except KeyboardInterrupt:
        print("\nStopped. Nothing was published.", file=sys.stderr)
        return 130
    # dbt hands its errors over as a result; what still gets here is the machine's (a full disk, no memory).
    except Exception as error:
        print(
            f"\n{type(error).__name__}: {error}. Nothing was published. The full log is logs/dbt.log.", file=sys.stderr
        )
        return 1
    finally:
        release_build_file()
    if not result.success:
        say_what_failed(result)
        return 1
    try:
        rows = publish(options.build_file, options.published_file, options.target_folder)
    except PublishError as error:
        print(f"Not published, {options.published_file} is as it was. {error}", file=sys.stderr)
        return 1
    inputs.write_note(options.build_file, options.published_file, made_from, kin)
    say_summary(options.published_file, rows, result, time.monotonic() - started)
    return 0


if __name__ == "__main__":
    sys.exit(main())
