"""What make build says and returns (tools/build.py): progress, what failed, and never a stack trace."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from tools import build
from tools.publish import PublishError


def node(name: str, kind: str, description: str = "") -> SimpleNamespace:
    return SimpleNamespace(
        name=name, resource_type=kind, original_file_path=f"models/{name}.sql", description=description
    )


def ended(*results: tuple[SimpleNamespace, str, str], exception: Exception | None = None) -> SimpleNamespace:
    """A result of dbt's runner: nodes with status and message."""
    items = [
        SimpleNamespace(node=item, status=status, message=message, failures=None) for item, status, message in results
    ]
    success = exception is None and all(item.status not in ("error", "fail") for item in items)
    return SimpleNamespace(
        success=success, exception=exception, result=SimpleNamespace(results=items) if items else None
    )


@pytest.fixture
def invoked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """The commands that dbt was given; dbt itself does not run, and nothing is published."""
    commands: list[list[str]] = []
    monkeypatch.setenv("RAMPLINE_BUILD_FILE", str(tmp_path / "build.duckdb"))
    monkeypatch.setenv("RAMPLINE_PUBLISHED_FILE", str(tmp_path / "published.duckdb"))

    def publish(*_: object) -> None:
        raise PublishError("It was not to be.")

    monkeypatch.setattr(build, "publish", publish)
    return commands


def dbt_ends_with(monkeypatch: pytest.MonkeyPatch, commands: list[list[str]], outcome: object) -> None:
    class Runner:
        def __init__(self, callbacks: list[object]) -> None:
            self.callbacks = callbacks

        def invoke(self, command: list[str]) -> object:
            commands.append(command)
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome

    monkeypatch.setattr(build, "dbtRunner", Runner)


def test_a_failure_is_told_without_dbts_trace(
    invoked: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    message = "Compilation Error in model a\n  The file is empty.\n\n  > in macro read_raw (macros/raw/read_raw.sql)"
    outcome = ended(
        (node("stg_a", "model"), "error", message),
        (node("assert_b", "test", "Tested: b. Resolve: mend it."), "fail", "Got 2 results, configured to fail if != 0"),
        (node("cnf_c", "model"), "skipped", ""),
    )
    dbt_ends_with(monkeypatch, invoked, outcome)
    assert build.main(["--select", "x"]) == 1
    said = capsys.readouterr().err
    assert "model stg_a (models/stg_a.sql)" in said
    assert "The file is empty." in said
    assert "test assert_b" in said
    assert "Resolve: mend it." in said
    assert "in macro" not in said
    assert "cnf_c" not in said
    assert said.endswith("Nothing was published. The full log is logs/dbt.log.\n")
    assert invoked[0][-2:] == ["--select", "x"]


def test_a_project_that_does_not_parse_is_told(
    invoked: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dbt_ends_with(monkeypatch, invoked, ended(exception=RuntimeError("Parsing Error: no such macro")))
    assert build.main([]) == 1
    said = capsys.readouterr().err
    assert "Parsing Error: no such macro" in said
    assert "Nothing was published" in said


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), OSError("No space left on device")])
def test_an_end_in_the_middle_is_told(
    stop: BaseException, invoked: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dbt_ends_with(monkeypatch, invoked, stop)
    assert build.main([]) == (130 if isinstance(stop, KeyboardInterrupt) else 1)
    said = capsys.readouterr().err
    assert str(stop) in said
    assert "Nothing was published" in said


def test_a_build_that_is_not_published_fails(
    invoked: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dbt_ends_with(monkeypatch, invoked, ended((node("dim_reps", "model"), "success", "OK")))
    assert build.main([]) == 1
    assert "published.duckdb is as it was. It was not to be." in capsys.readouterr().err
