"""Publish the marts: copy them out of the build file into one new DuckDB file and swap it in whole.

Run as ``python -m tools.publish``. Readers open the published file; a reader that holds the old one goes on
undisturbed, since the new file takes its name in one atomic rename. Nothing is published unless the last ``dbt build``
built every mart of the project into this build file and no error-severity test failed. The files published before are
kept in the folder ``previous`` beside it (var published_files_kept); ``--back`` publishes the newest of them again.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import yaml
from filelock import FileLock, Timeout

from tools import metric_catalogue
from tools.digest import digest

ROOT = Path(__file__).resolve().parent.parent
# Files that DuckDB 1.4 and every later version can open.
STORAGE_VERSION = "v1.4.0"
# What readers filter by: rows lie together by the first of these that a mart has, so that few blocks are read.
FILTERS = ("cohort_type", "cohort", "program_id", "milestone", "rep_id")
# For analysts, in a file that is opened (not attached beside another): select * from rep_timeline.rep_story('..').
TABLE_MACROS = {
    "rep_timeline.ramp_curve": (
        "(of_cohort_type, to_milestone)",
        """
        select cohort_label, day, 1 - survival as reached_rate, 1 - ci_high as reached_low, 1 - ci_low as reached_high,
            at_risk_count, is_small_cohort
        from rep_timeline.cohort_ramp_curves
        where cohort_type = of_cohort_type and milestone = to_milestone
        order by cohort_label, day
        """,
        "Share of each cohort that has reached a milestone, day by day: ramp_curve('onboarding_version', 'quota_50').",
    ),
    "rep_timeline.rep_story": (
        "(of_rep_id)",
        """
        select happened_on, day_of_ramp, category, event, detail, amount, source_key
        from rep_timeline.rep_timeline
        where rep_id = of_rep_id
        order by happened_on, event_sequence
        """,
        "Everything that happened to and by a rep, in order: rep_story(rep_id).",
    ),
}


class PublishError(Exception):
    """Why nothing was published, in one sentence for people."""


@contextlib.contextmanager
def alone(build_file: Path) -> Iterator[None]:
    """Hold the lock beside a build file: no other build or publish of it runs at the same time, in any process.

    The operating system gives the lock back when its process ends, however it ends. Raises PublishError when another
    process has it.
    """
    lock = FileLock(build_file.with_name(build_file.name + ".lock"))
    try:
        build_file.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise PublishError(f"Another build or publish of {build_file} is running: wait until it has ended.") from None
    except OSError as error:
        raise PublishError(f"{build_file} cannot be written, {error.strerror} ({error.filename}).") from None
    try:
        yield
    finally:
        lock.release()


def read_artifact(target_folder: Path, name: str) -> dict:
    """Return a dbt artifact (``manifest.json``, ``run_results.json``) as a dict.

    Raises PublishError when it is not there or no JSON.
    """
    path = target_folder / name
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PublishError(f"{path} is not there: run dbt build first.") from None
    except json.JSONDecodeError:
        raise PublishError(f"{path} cannot be read: run dbt build again.") from None


def marts_of(manifest: dict) -> dict[str, dict]:
    """Return the public models of the project, by unique id: what is published."""
    return {
        unique_id: node
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
        and node["config"].get("access", node.get("access")) == "public"
        and node["config"].get("enabled", True)
    }


def check_build(manifest: dict, run_results: dict) -> dict[str, int]:
    """Check that the last run was a whole and successful ``dbt build``; return the counts of its results by status.

    Raises PublishError when it was not a build, when anything failed, or when a mart is missing from it.
    """
    if run_results["args"].get("which") != "build":
        raise PublishError(
            f"The last dbt command was '{run_results['args'].get('which')}', not build: run dbt build, then publish."
        )
    if run_results["metadata"]["invocation_id"] != manifest["metadata"]["invocation_id"]:
        raise PublishError("The project was parsed again since the last build: run dbt build, then publish.")
    statuses = {result["unique_id"]: result["status"] for result in run_results["results"]}
    failed = sorted(name for name, status in statuses.items() if status in ("error", "fail", "skipped"))
    if failed:
        raise PublishError(f"{len(failed)} nodes of the last build failed or were skipped, such as {failed[0]}.")
    missing = sorted(node["name"] for key, node in marts_of(manifest).items() if statuses.get(key) != "success")
    if missing:
        raise PublishError(
            f"The last build left out {len(missing)} marts, such as {missing[0]}: run dbt build without --select."
        )
    tests = [
        key
        for key, node in manifest["nodes"].items()
        if node["resource_type"] == "test" and node["config"].get("enabled", True)
    ]
    unrun = [key for key in [*tests, *manifest["unit_tests"]] if key not in statuses]
    if unrun:
        raise PublishError(f"The last build left out {len(unrun)} tests, such as {unrun[0]}: run dbt build whole.")
    counts: dict[str, int] = {}
    for status in statuses.values():
        counts[status] = counts.get(status, 0) + 1
    return counts


def git_commit() -> str | None:
    """Return the commit of the checkout, ending in -dirty when files were changed since; None where there is no git."""
    try:
        commit, changes = (
            subprocess.run(  # noqa: S603
                ["git", "-C", str(ROOT), *command],  # noqa: S607
                capture_output=True,
                text=True,
                check=True,
            ).stdout.strip()
            for command in (["rev-parse", "HEAD"], ["status", "--porcelain", "--untracked-files=no"])
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return f"{commit}-dirty" if changes else commit


def quoted(text: str) -> str:
    """Return a text as SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def name_of(*parts: str) -> str:
    """Return a quoted, dotted SQL name."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def write_marts(
    build_file: Path, new_file: Path, manifest: dict, run_results: dict, counts: dict[str, int]
) -> dict[str, int]:
    """Write every mart and ``meta.build_info`` to ``new_file``; return the rows of each mart by schema.name.

    Raises PublishError when the build file is missing, locked, or lacks a mart.
    """
    if not build_file.exists():
        raise PublishError(f"The build file {build_file} is not there: run dbt build first.")
    rows: dict[str, int] = {}
    connection = duckdb.connect()
    try:
        try:
            connection.execute(f"attach {quoted(str(build_file))} as build (read_only)")
        except duckdb.IOException as error:
            raise PublishError(f"The build file {build_file} cannot be opened, {str(error).splitlines()[0]}") from None
        check_invocation(connection, build_file, run_results)
        connection.execute(f"attach {quoted(str(new_file))} as published (storage_version {quoted(STORAGE_VERSION)})")
        for node in sorted(marts_of(manifest).values(), key=lambda node: (node["schema"], node["name"])):
            schema, table = node["schema"], node["alias"]
            target = name_of("published", schema, table)
            connection.execute(f"create schema if not exists {name_of('published', schema)}")
            order = ", ".join(name_of(column) for column in sorted_by(node))
            try:
                connection.execute(
                    f"create table {target} as select * from {name_of('build', schema, table)} order by {order}"
                )
            except duckdb.CatalogException:
                raise PublishError(f"{schema}.{table} is not in {build_file}: run dbt build first.") from None
            connection.execute(f"comment on table {target} is {quoted(node['description'])}")
            for column in node["columns"].values():
                connection.execute(
                    f"comment on column {target}.{name_of(column['name'])} is {quoted(column['description'])}"
                )
            rows[f"{schema}.{table}"] = connection.execute(f"select count(*) from {target}").fetchone()[0]
        write_build_info(connection, manifest, run_results, counts)
        write_catalog(connection, manifest)
        write_test_results(connection, manifest, run_results)
        write_table_macros(connection)
        connection.execute("checkpoint published")
        connection.execute("detach published")
    finally:
        connection.close()
    return rows


def sorted_by(node: dict) -> list[str]:
    """Return what the rows of a mart are sorted by: the columns people filter by, a date, the first column."""
    columns = node["columns"]
    dates = [name for name, column in columns.items() if (column.get("data_type") or "") == "date"]
    wanted = [name for name in FILTERS if name in columns] + dates[:1] + list(columns)[:1]
    return list(dict.fromkeys(wanted))


def check_invocation(connection: duckdb.DuckDBPyConnection, build_file: Path, run_results: dict) -> None:
    """Check that the build file was written by the run that the results are of; raise PublishError when it was not."""
    try:
        built_by = connection.execute("select invocation_id from build.meta.last_build").fetchone()[0]
    except duckdb.CatalogException:
        built_by = None
    if built_by != run_results["metadata"]["invocation_id"]:
        raise PublishError(f"{build_file} is not of the last dbt build: run dbt build, then publish.")


def write_build_info(
    connection: duckdb.DuckDBPyConnection, manifest: dict, run_results: dict, counts: dict[str, int]
) -> None:
    """Write ``meta.build_info``: one row that says what this file is and where it came from."""
    columns = {
        "as_of_date": "Every number is as known at the end of this day.",
        "project_version": "Version of Rampline.",
        "dbt_version": "Version of dbt that built it.",
        "built_at": "When the build ended, in UTC.",
        "git_commit": "Commit of the checkout, ending in -dirty when files were changed since; NULL without git.",
        "passed_test_count": "Tests of the build that passed.",
        "warned_test_count": "Tests of the build that warned; one that failed would have stopped it.",
        "corporate_currency": "Currency of every amount that names none.",
    }
    row = [
        connection.execute("select as_of_date from build.meta.last_build").fetchone()[0],
        project_version(),
        manifest["metadata"]["dbt_version"],
        run_results["metadata"]["generated_at"].rstrip("Z"),
        git_commit(),
        counts.get("pass", 0),
        counts.get("warn", 0),
        setting(run_results, "corporate_currency"),
    ]
    connection.execute("create schema if not exists published.meta")
    write_meta_table(connection, "build_info", "What this file is and where it came from.", columns, [row])


def write_catalog(connection: duckdb.DuckDBPyConnection, manifest: dict) -> None:
    """Write ``meta.catalog``: every metric with its definition and where it stands, as docs/metrics.md lists them."""
    columns = {
        "name": "Key of the metric.",
        "label": "What people read.",
        "level": "Level of Kirkpatrick (0 to 4), ramp or quality.",
        "definition": "What the number means.",
        "formula": "How it is computed.",
        "owner": "Who answers for it.",
        "grain": "What a row of its mart is.",
        "stands_in": "Mart and column or expression.",
    }
    rows = [[getattr(entry, name) for name in columns] for entry in metric_catalogue.entries_of(manifest)]
    write_meta_table(connection, "catalog", "Every metric, each defined once.", columns, rows)


def write_test_results(connection: duckdb.DuckDBPyConnection, manifest: dict, run_results: dict) -> None:
    """Write ``meta.test_results``: every test that the build was audited by, with what it found."""
    columns = {
        "test_name": "Name of the test in dbt.",
        "kind": "data (of the rows of this build) or unit (of a rule, on rows made up for it).",
        "table_name": "Table that is tested, or the first of them.",
        "column_name": "Column that is tested, where it is one.",
        "severity": "error (nothing is published when it fails) or warn.",
        "status": "pass or warn.",
        "failures_count": "Rows that the test found.",
        "description": "What is tested, when it matters and how to resolve it.",
    }
    nodes = manifest["nodes"] | manifest["unit_tests"]
    rows = []
    for result in sorted(run_results["results"], key=lambda result: result["unique_id"]):
        node = nodes.get(result["unique_id"], {})
        if node.get("resource_type") not in ("test", "unit_test"):
            continue
        is_unit_test = node["resource_type"] == "unit_test"
        tested = node.get("attached_node") or next(iter(node["depends_on"]["nodes"]), "")
        rows.append(
            [
                node["name"],
                "unit" if is_unit_test else "data",
                tested.rpartition(".")[2],
                node.get("column_name"),
                "error" if is_unit_test else node["config"]["severity"].lower(),
                result["status"],
                result["failures"] or 0,
                node["description"],
            ]
        )
    write_meta_table(connection, "test_results", "Every test of the build, with what it found.", columns, rows)


def write_meta_table(
    connection: duckdb.DuckDBPyConnection, name: str, description: str, columns: dict[str, str], rows: list[list]
) -> None:
    """Write a table to the schema ``meta``, with the descriptions of its columns; their names tell their types."""
    table = f"published.meta.{name_of(name)}"
    types = {"count": "integer", "date": "date", "at": "timestamp"}
    typed = {name_of(column): types.get(column.rpartition("_")[2], "varchar") for column in columns}
    # In one statement, from a list for each column: row by row this took nearly as long as the demo's marts.
    lists = [[row[number] for row in rows] for number in range(len(columns))]
    values = ", ".join(f"unnest(cast(? as {type_}[])) as {column}" for column, type_ in typed.items())
    connection.execute(f"create table {table} as select {values}", lists)
    connection.execute(f"comment on table {table} is {quoted(description)}")
    for column, meaning in columns.items():
        connection.execute(f"comment on column {table}.{name_of(column)} is {quoted(meaning)}")


def write_table_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Write the table macros; they are bound to the marts of the file, so it is the current database meanwhile."""
    connection.execute("use published")
    for name, (parameters, query, description) in TABLE_MACROS.items():
        connection.execute(f"create macro {name}{parameters} as table {query}")
        connection.execute(f"comment on macro table {name} is {quoted(description)}")
    connection.execute("use memory")


def project_version() -> str:
    """Return the version that dbt_project.yml names."""
    for line in (ROOT / "dbt_project.yml").read_text(encoding="utf-8").splitlines():
        if line.startswith("version:"):
            return line.split(":", 1)[1].strip().strip("'\"")
    raise PublishError("dbt_project.yml names no version.")


def sync_to_disk(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def setting(run_results: dict, name: str) -> object:
    """Return a var as the build had it: from its command line, else from dbt_project.yml."""
    project = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    return (project["vars"] | (run_results["args"].get("vars") or {}))[name]


def kept_files(published_file: Path) -> list[Path]:
    """Return the files that were published before and are kept, the newest first."""
    pattern = f"{published_file.stem}.*{published_file.suffix}"
    return sorted((published_file.parent / "previous").glob(pattern), reverse=True)


def keep(published_file: Path, count: int) -> None:
    """Keep the published file under the time it was published, beside at most ``count`` in all; no bytes are copied."""
    if published_file.exists() and count:
        published_at = datetime.fromtimestamp(published_file.stat().st_mtime, UTC)
        kept = published_file.parent / "previous" / published_file.name
        kept = kept.with_stem(f"{kept.stem}.{published_at:%Y-%m-%dT%H-%M-%S-%f}")
        kept.parent.mkdir(exist_ok=True)
        # A run that was killed between this step and the rename has kept the file already.
        if not kept.exists():
            try:
                os.link(published_file, kept)
            except OSError:  # a disk without links
                shutil.copy2(published_file, kept)
    for old in kept_files(published_file)[count:]:
        old.unlink()


def go_back(published_file: Path) -> datetime:
    """Publish the newest kept file again and return when it was published; the file of now is kept as withdrawn.

    Raises PublishError when none is kept.
    """
    kept = [
        path for path in kept_files(published_file) if not (published_file.exists() and path.samefile(published_file))
    ]
    if not kept:
        raise PublishError("No earlier published file is kept (var published_files_kept).")
    withdrawn = published_file.with_stem(f"{published_file.stem}.withdrawn")
    if published_file.exists():
        withdrawn.unlink(missing_ok=True)
        os.link(published_file, withdrawn)
    published_at = datetime.fromtimestamp(kept[0].stat().st_mtime, UTC)
    kept[0].replace(published_file)
    sync_to_disk(published_file.parent)
    return published_at


def publish(build_file: Path, published_file: Path, target_folder: Path) -> dict[str, int]:
    """Publish the marts of a finished build and return the rows of each by schema.name.

    The published file is either the old one or the new one, whole, whatever happens in between. Raises PublishError
    with the reason when nothing was published.
    """
    manifest = read_artifact(target_folder, "manifest.json")
    run_results = read_artifact(target_folder, "run_results.json")
    counts = check_build(manifest, run_results)
    new_file = published_file.with_name(published_file.name + ".new")
    if published_file.is_dir():
        raise PublishError(
            f"{published_file} is a folder: name a file in it, such as {published_file}/rampline.duckdb."
        )
    try:
        published_file.parent.mkdir(parents=True, exist_ok=True)
        new_file.unlink(missing_ok=True)
        rows = write_marts(build_file, new_file, manifest, run_results, counts)
        new_file.chmod(0o444)
        sync_to_disk(new_file)
        changes = digest(published_file if published_file.exists() else None, new_file)
        keep(published_file, int(setting(run_results, "published_files_kept")))
        # Somebody who opened the old file for writing may have left a log; it would make the new file unopenable.
        published_file.with_name(published_file.name + ".wal").unlink(missing_ok=True)
        new_file.replace(published_file)
        sync_to_disk(published_file.parent)
        published_file.with_suffix(".digest.md").write_text(changes, encoding="utf-8")
    except OSError as error:
        raise PublishError(f"{published_file} cannot be written, {error.strerror} ({error.filename}).") from None
    except duckdb.Error as error:
        raise PublishError(f"{published_file} cannot be written, {str(error).splitlines()[0]}") from None
    finally:
        with contextlib.suppress(OSError):
            new_file.unlink(missing_ok=True)
            new_file.with_name(new_file.name + ".wal").unlink(missing_ok=True)
    return rows


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Return the command line's arguments, with defaults from the environment."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.publish", description="Publish the marts of the last dbt build."
    )
    parser.add_argument(
        "--build-file", type=Path, default=Path(os.environ.get("RAMPLINE_BUILD_FILE", ROOT / "warehouse/build.duckdb"))
    )
    parser.add_argument(
        "--published-file",
        type=Path,
        default=Path(os.environ.get("RAMPLINE_PUBLISHED_FILE", ROOT / "warehouse/rampline.duckdb")),
    )
    parser.add_argument(
        "--target-folder",
        type=Path,
        default=Path(os.environ.get("DBT_TARGET_PATH", ROOT / "target")),
        help="where dbt wrote run_results.json",
    )
    parser.add_argument("--back", action="store_true", help="publish the file before the published one again")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Publish and say so in a line; return the exit code."""
    options = arguments(argv)
    try:
        with alone(options.build_file):
            if options.back:
                published_at = go_back(options.published_file)
            else:
                rows = publish(options.build_file, options.published_file, options.target_folder)
    except PublishError as error:
        print(f"Not published, {options.published_file} is as it was. {error}", file=sys.stderr)
        return 1
    if options.back:
        print(f"{options.published_file} is the file of {published_at:%Y-%m-%d %H:%M} UTC again.")
    else:
        print(f"Published {len(rows)} marts to {options.published_file}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
