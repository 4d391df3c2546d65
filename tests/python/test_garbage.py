"""Programs run through tools.garbage are the programs themselves, and look for garbage seldom."""

from __future__ import annotations

import gc
import runpy
import subprocess
import sys
from collections.abc import Iterator

import pytest
from conftest import ROOT

from tools.duckdb_plugin import Plugin
from tools.garbage import collect_seldom


@pytest.fixture
def as_python_does() -> Iterator[None]:
    """Let Python look for garbage as it does by itself; the other tests do not."""
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.garbage", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603


def test_arguments_and_exit_code_are_the_programs() -> None:
    assert run("sqlfluff", "--version").stdout.startswith("sqlfluff, version")
    refused = run("sqlfluff", "lnit")
    assert refused.returncode == 2
    assert refused.stderr.startswith("Usage: sqlfluff [OPTIONS]")


@pytest.mark.usefixtures("as_python_does")
def test_garbage_is_looked_for_seldom() -> None:
    collect_seldom()
    assert gc.get_threshold()[0] == 100_000


@pytest.mark.usefixtures("as_python_does")
def test_processes_that_a_program_starts_do_so_too() -> None:
    """They run the file under this name, and no program."""
    runpy.run_module("tools.garbage", run_name="__mp_main__")
    assert gc.get_threshold()[0] == 100_000


@pytest.mark.usefixtures("as_python_does")
def test_dbt_called_by_itself_does_so_too() -> None:
    """It makes the plugin that profiles.yml names when it opens the file."""
    Plugin("rampline", {})
    assert gc.get_threshold()[0] == 100_000
