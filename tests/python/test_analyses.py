"""Every analysis compiles, runs on the demo company, and has an answer."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from conftest import ROOT, Build, messages

ANALYSES = sorted(path.stem for path in (ROOT / "analyses").glob("*.sql"))


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the compiled analyses; compiling needs no data."""
    build = Build(tmp_path_factory.mktemp("analyses"))
    result = build.dbt("compile", "--select", "resource_type:analysis")
    assert result.success, messages(result)
    return build.target / "compiled" / "rampline" / "analyses"


def test_there_are_analyses() -> None:
    assert len(ANALYSES) >= 8


@pytest.mark.parametrize("name", ANALYSES)
def test_analysis_has_an_answer(name: str, compiled: Path, demo_build: duckdb.DuckDBPyConnection) -> None:
    rows = demo_build.execute((compiled / f"{name}.sql").read_text()).fetchall()
    assert rows
    assert any(value is not None for row in rows for value in row)
