"""How the tests run dbt: in this process, through its programmatic runner, each build in a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from dbt.cli.main import dbtRunner, dbtRunnerResult
from filelock import FileLock

from tools.build import release_build_file
from tools.generate.company import Plan, dbt_vars, generate

ROOT = Path(__file__).parents[2]
COMPARED_MARTS = ["rep_milestones", "cohort_ramp_curves", "fct_attainment"]


@dataclass
class Build:
    """A folder with a DuckDB build file and dbt's artifacts."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "build.duckdb"

    @property
    def target(self) -> Path:
        return self.folder / "target"

    def dbt(self, *command: str, project: Path = ROOT, **project_vars: object) -> dbtRunnerResult:
        """Run a dbt command on this build and return its result. The file is closed afterwards."""
        os.environ["RAMPLINE_BUILD_FILE"] = str(self.file)
        arguments = ["--log-level", "none", "--log-level-file", "none", *command]
        arguments += ["--project-dir", str(project), "--profiles-dir", str(ROOT)]
        arguments += ["--target-path", str(self.target), "--log-path", str(self.folder / "logs")]
        if project_vars:
            arguments += ["--vars", json.dumps(project_vars)]
        try:
            return dbtRunner().invoke(arguments)
        finally:
            release_build_file()

    def rows(self, sql: str) -> list[tuple]:
        """Return the rows of a query on the build file."""
        with duckdb.connect(str(self.file), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def messages(result: dbtRunnerResult) -> str:
    """Return what went wrong in a run, for an assertion's message; empty when all is well."""
    lines = [str(result.exception)] if result.exception else []
    for item in getattr(result.result, "results", None) or []:
        if item.status in ("error", "fail", "skipped"):
            lines.append(f"{item.status} {item.node.name}: {item.message}")
    return "\n".join(lines)


@pytest.fixture
def new_build(tmp_path: Path) -> Build:
    """An empty build of its own for one test."""
    return Build(tmp_path)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Build:
    """The demo company, built and tested once for all tests and all processes; they read it and never write to it."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent
    build = Build(folder / "demo")
    whole = build.folder / "whole"
    with FileLock(folder / "demo.lock"):
        if not whole.exists():
            result = build.dbt("build")
            assert result.success, messages(result)
            whole.touch()
    return build


@pytest.fixture(scope="session")
def demo_build(demo: Build) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the built demo company."""
    with duckdb.connect(str(demo.file), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Build:
    """A generated company of 20,000 activities with the marts about it, built once; raw files in folder raw."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent
    build = Build(folder / "generated")
    raw, whole = build.folder / "raw", build.folder / "whole"
    with FileLock(folder / "generated.lock"):
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
