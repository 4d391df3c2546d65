"""How the tests run dbt: in this process, through its programmatic runner, each build in a folder of its own."""

from __future__ import annotations

import gc
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import md5
from pathlib import Path
from typing import ClassVar

import duckdb
import pytest
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumuro_decoder
from filelock import FileLock

from tools.build import release_build_file
from tools.garbage import collect_seldom
from tools.generate.company import Plan, dbt_vars, generate
from tools.publish import publish

ROOT = Path(__file__).parents[2]
COMPARED_MARTS = ["rep_milestones", "cohort_ramp_curves", "fct_attainment"]
# Vars that models and macros read while they run, not while dbt parses: builds that differ in no other share a parse.
READ_WHILE_RUNNING = {
    "as_of_date",
    "forecasting_type",
    "max_rejected_rate",
    "max_unmatched_rate",
    "quota_basis",
    "quota_period",
    "raw_folder",
    "salesforce_enablement_onboarding_programs",
    "xapi_onboarding_activities",
}
SYSTEMS = sorted(path.name for path in (ROOT / "models" / "staging").iterdir() if path.is_dir())

collect_seldom()
# More tests run at a time than there are cores: on one thread of dbt and one of DuckDB, a build takes an eighth less of
# their time than on two of each, as the demo is built.
ON_ONE_THREAD = {"DUCKDB_THREADS": "1", "RAMPLINE_THREADS": "1"}
os.environ.update(ON_ONE_THREAD)


@dataclass
class Build:
    """A folder with a DuckDB build file and dbt's artifacts."""

    folder: Path
    # Where parses are kept for all tests and all processes.
    parses: ClassVar[Path]

    @property
    def file(self) -> Path:
        return self.folder / "build.duckdb"

    @property
    def target(self) -> Path:
        return self.folder / "target"

    def dbt(
        self,
        *command: str,
        project: Path = ROOT,
        writes_artifacts: bool = False,
        manifest: Manifest | None = None,
        **project_vars: object,
    ) -> dbtRunnerResult:
        """Run a dbt command on this build and return its result. The file is closed afterwards.

        dbt gets a parse, that which tests share (see parsed) if no other is given, and writes nothing about what it
        did. writes_artifacts: it parses by itself, and writes manifest.json and run_results.json of one invocation, as
        it does for users.
        """
        if project == ROOT and command[0] != "parse" and not writes_artifacts:
            manifest = manifest or parsed(project_vars)
        os.environ["RAMPLINE_BUILD_FILE"] = str(self.file)
        arguments = ["--log-level", "none", "--log-level-file", "none", *command]
        arguments += ["--project-dir", str(project), "--profiles-dir", str(ROOT)]
        arguments += ["--target-path", str(self.target), "--log-path", str(self.folder / "logs")]
        if manifest:
            arguments += ["--no-write-json"]
        if project_vars:
            arguments += ["--vars", json.dumps(project_vars)]
        try:
            return (dbtRunner(manifest=manifest) if manifest else dbtRunner()).invoke(arguments)
        finally:
            release_build_file()

    def rows(self, sql: str) -> list[tuple]:
        """Return the rows of a query on the build file."""
        with duckdb.connect(str(self.file), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def parsed(project_vars: dict[str, object]) -> Manifest:
    """Return the project as dbt parses it with vars, parsed once for all tests and all processes."""
    kept = {name: value for name, value in project_vars.items() if name not in READ_WHILE_RUNNING}
    # A system that is not read has no rows: the graph of all systems does for any of them.
    if "systems" in kept or kept.get("raw_from") == "files":
        kept["systems"] = SYSTEMS
    return read_parse(parse_with(json.dumps(kept)).target)


def parse_with(project_vars: str) -> Build:
    """Return the parse with vars (JSON text), made if it is not there."""
    build = Build(Build.parses / md5(project_vars.encode(), usedforsecurity=False).hexdigest())
    Build.parses.mkdir(exist_ok=True)
    with FileLock(f"{build.folder}.lock"):
        if not (build.target / "partial_parse.msgpack").exists():
            result = build.dbt("parse", **json.loads(project_vars))
            assert result.success, messages(result)
    return build


@lru_cache(maxsize=8)
def read_parse(target: Path) -> Manifest:
    """Return a parse from dbt's folder; it is kept, since to read it takes most of a second."""
    manifest = Manifest.from_msgpack(
        (target / "partial_parse.msgpack").read_bytes(), decoder=extended_mashumuro_decoder
    )
    manifest.build_flat_graph()
    # It stays: nothing of it is garbage.
    gc.freeze()
    return manifest


def messages(result: dbtRunnerResult) -> str:
    """Return what went wrong in a run, for an assertion's message; empty when all is well."""
    lines = [str(result.exception)] if result.exception else []
    for item in getattr(result.result, "results", None) or []:
        if item.status in ("error", "fail", "skipped"):
            lines.append(f"{item.status} {item.node.name}: {item.message}")
    return "\n".join(lines)


@pytest.fixture(scope="session", autouse=True)
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of what is made once for all tests and all processes."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent
    Build.parses = folder / "parsed"
    return folder


@pytest.fixture
def new_build(tmp_path: Path) -> Build:
    """An empty build of its own for one test."""
    return Build(tmp_path)


@pytest.fixture(scope="session")
def demo(shared: Path) -> Build:
    """The demo company, built and tested once for all tests and all processes; they read it and never write to it."""
    build = Build(shared / "demo")
    whole = build.folder / "whole"
    with FileLock(shared / "demo.lock"):
        if not whole.exists():
            with pytest.MonkeyPatch.context() as patch:
                for name in ON_ONE_THREAD:
                    patch.delenv(name)
                result = build.dbt("build", writes_artifacts=True)
            assert result.success, messages(result)
            whole.touch()
    return build


@pytest.fixture(scope="session")
def demo_build(demo: Build) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the built demo company."""
    with duckdb.connect(str(demo.file), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def published(demo: Build, shared: Path) -> Path:
    """The published file of the demo company, made once; its digest is beside it. Tests read it and never write to it.

    A module whose tests change it has a fixture of this name that copies it.
    """
    path = shared / "published" / "rampline.duckdb"
    with FileLock(shared / "published.lock"):
        if not path.with_suffix(".digest.md").exists():
            publish(demo.file, path, demo.target)
    return path


@pytest.fixture(scope="session")
def generated(shared: Path) -> Build:
    """A generated company of 20,000 activities with the marts about it, built once; raw files in folder raw."""
    build = Build(shared / "generated")
    raw, whole = build.folder / "raw", build.folder / "whole"
    with FileLock(shared / "generated.lock"):
        if not whole.exists():
            generate(Plan(reps=40, years=3, activities_per_rep=500), raw, say=lambda _: None)
            marts = ["rejected_rows", "source_reconciliation", "identity_gaps", *COMPARED_MARTS]
            selection = [f"+{mart}" for mart in marts]
            result = build.dbt("build", "--select", *selection, "--exclude", "resource_type:test", **dbt_vars(raw))
            assert result.success, messages(result)
            whole.touch()
    return build


@pytest.fixture
def demo_copy(demo: Build, tmp_path: Path) -> Build:
    """A copy of the built demo company that a test may change."""
    shutil.copytree(demo.folder, tmp_path / "copy")
    return Build(tmp_path / "copy")
