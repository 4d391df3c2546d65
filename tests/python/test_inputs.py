"""A build of the same inputs does not run again; whatever it reads, changed, makes it run (tools/inputs.py)."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import ROOT

from tools import build, inputs


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with what a build reads, that a test may change."""
    folder = tmp_path / "checkout"
    for part in inputs.PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copyfile
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / part, folder / part)
    monkeypatch.setattr(inputs, "ROOT", folder)
    return folder


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A folder of raw files."""
    (tmp_path / "raw/salesforce").mkdir(parents=True)
    (tmp_path / "raw/salesforce/user.csv").write_text("Id\n1\n", encoding="utf-8")
    return tmp_path / "raw"


def of_files(raw: Path, **more: object) -> list[str]:
    return ["--vars", json.dumps({"raw_from": {"default": "files"}, "raw_folder": str(raw)} | more)]


def test_the_same_inputs_have_one_fingerprint(checkout: Path, raw: Path) -> None:
    assert inputs.fingerprint([]) == inputs.fingerprint([]) is not None
    assert inputs.fingerprint(of_files(raw)) == inputs.fingerprint(of_files(raw)) is not None
    (checkout / "tools/__pycache__/x.pyc").parent.mkdir(exist_ok=True)
    before = inputs.fingerprint([])
    (checkout / "tools/__pycache__/x.pyc").write_bytes(b"x")
    assert inputs.fingerprint([]) == before


CHANGES: dict[str, Callable[[Path, Path], object]] = {
    "a model": lambda checkout, _: (checkout / "models/marts/core/dim_reps.sql").write_text("select 1"),
    "a setting": lambda checkout, _: (checkout / "seeds/settings/rep_roles.csv").unlink(),
    "a test": lambda checkout, _: (checkout / "tests/singular/new.sql").write_text("select 1"),
    "a var": lambda checkout, _: (checkout / "dbt_project.yml").write_text(
        (checkout / "dbt_project.yml").read_text().replace("min_group_size: 5", "min_group_size: 6")
    ),
    "a raw file": lambda _, raw: (raw / "salesforce/user.csv").write_text("Id\n1\n2\n"),
    "one more raw file": lambda _, raw: (raw / "salesforce/task.csv").write_text("Id\n"),
    "a raw file of the same size": lambda _, raw: (
        (raw / "salesforce/user.csv").write_text("Id\n2\n"),
        os.utime(raw / "salesforce/user.csv", ns=(0, 1)),
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_is_read_changes_it(change: Callable[[Path, Path], object], checkout: Path, raw: Path) -> None:
    before = inputs.fingerprint(of_files(raw))
    change(checkout, raw)
    assert inputs.fingerprint(of_files(raw)) != before


@pytest.mark.usefixtures("checkout")
def test_arguments_environment_and_day_change_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {inputs.fingerprint([]), inputs.fingerprint(["--vars", "{min_group_size: 6}"])}
    monkeypatch.setenv("RAMPLINE_THREADS", "7")
    found.add(inputs.fingerprint([]))

    class Tomorrow(inputs.datetime):
        @classmethod
        def now(cls, zone: object) -> inputs.datetime:
            return super().now(zone) + (cls.max - cls.max.replace(day=30))

    monkeypatch.setattr(inputs, "datetime", Tomorrow)
    found.add(inputs.fingerprint([]))
    assert len(found) == 4


@pytest.mark.usefixtures("checkout")
def test_files_in_a_folder_of_their_own_change_it(raw: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    arguments = of_files(raw, raw_files={"lms": {"folder": str(tmp_path / "elsewhere")}})
    before = inputs.fingerprint(arguments)
    (tmp_path / "elsewhere/user.csv").write_text("user_id\n", encoding="utf-8")
    assert inputs.fingerprint(arguments) != before


@pytest.mark.usefixtures("checkout")
def test_files_behind_a_link_change_it(raw: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (raw / "lms").symlink_to(tmp_path / "elsewhere")
    before = inputs.fingerprint(of_files(raw))
    (tmp_path / "elsewhere/user.csv").write_text("user_id\n", encoding="utf-8")
    assert inputs.fingerprint(of_files(raw)) != before


@pytest.mark.usefixtures("checkout")
def test_patterns_of_files_have_none(raw: Path) -> None:
    assert inputs.fingerprint(of_files(raw, raw_files={"lms": {"files": {"user": ["../other/*.csv"]}}})) is None


@pytest.mark.parametrize(
    "given", ["{raw_from: tables}", "{raw_from: {default: files, lms: tables}}", "{raw_from: [", "raw_from"]
)
@pytest.mark.usefixtures("checkout")
def test_what_cannot_be_known_has_none(given: str) -> None:
    assert inputs.fingerprint(["--vars", given]) is None
    assert inputs.fingerprint([f"--vars={given}"]) is None


def test_the_note_is_of_this_published_file(tmp_path: Path) -> None:
    build_file, published_file = tmp_path / "build.duckdb", tmp_path / "rampline.duckdb"
    for path in (build_file, published_file):
        path.write_text("a", encoding="utf-8")
    assert not inputs.is_current(build_file, published_file, "x")
    inputs.write_note(build_file, published_file, "x", None)
    assert inputs.is_current(build_file, published_file, "x")
    assert not inputs.is_current(build_file, published_file, "y")
    assert not inputs.is_current(build_file, published_file, None)
    # Going back, or publishing by hand, gives the name to another file.
    other = tmp_path / "other.duckdb"
    other.write_text("b", encoding="utf-8")
    os.utime(other, ns=(0, 1))
    other.rename(published_file)
    assert not inputs.is_current(build_file, published_file, "x")
    inputs.write_note(build_file, published_file, "x", None)
    inputs.write_note(build_file, published_file, None, None)
    assert not inputs.is_current(build_file, published_file, "x")


@pytest.fixture
def runs(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:  # noqa: ARG001
    """Builds that do no more than write files: their commands, whether the next one succeeds, and what it found."""
    kept = SimpleNamespace(commands=[], success=True, found=[])

    class Runner:
        def __init__(self, callbacks: list[object]) -> None:
            self.callbacks = callbacks

        def invoke(self, command: list[str]) -> SimpleNamespace:
            kept.commands.append(command)
            kept.found.append((tmp_path / "build.duckdb").exists())
            (tmp_path / "build.duckdb").write_text("built", encoding="utf-8")
            return SimpleNamespace(success=kept.success, exception=None, result=SimpleNamespace(results=[]))

    def publish(_: Path, published_file: Path, __: Path) -> dict[str, int]:
        published_file.unlink(missing_ok=True)
        published_file.write_text("published", encoding="utf-8")
        return {}

    monkeypatch.setenv("RAMPLINE_BUILD_FILE", str(tmp_path / "build.duckdb"))
    monkeypatch.setenv("RAMPLINE_PUBLISHED_FILE", str(tmp_path / "published.duckdb"))
    monkeypatch.setattr(build, "dbtRunner", Runner)
    monkeypatch.setattr(build, "publish", publish)
    monkeypatch.setattr(build, "say_summary", lambda *_: None)
    return kept


def test_make_build_runs_once(checkout: Path, runs: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """The second build says that nothing changed; --again, a failed build in between and a change build again."""
    assert build.main([]) == 0
    assert build.main([]) == 0
    assert "Nothing has changed" in capsys.readouterr().out
    assert len(runs.commands) == 1
    assert build.main(["--again"]) == 0
    assert len(runs.commands) == 2
    assert "--again" not in runs.commands[-1]
    runs.success = False
    assert build.main(["--again"]) == 1
    runs.success = True
    assert build.main([]) == 0
    assert len(runs.commands) == 4
    (checkout / "models/new.sql").write_text("select 1", encoding="utf-8")
    assert build.main([]) == 0
    assert len(runs.commands) == 5
    # The demo is never continued.
    assert runs.found == [False] * 5


def test_make_build_continues_its_kin(
    checkout: Path, raw: Path, runs: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other raw data and another day keep the build file; --again, a setting, a macro, a failure make a fresh one."""

    def found_the_last_build(arguments: list[str]) -> bool:
        build.main(arguments)
        said = capsys.readouterr().out
        assert ("Building what changed" in said) == runs.found[-1]
        return runs.found[-1]

    assert not found_the_last_build(of_files(raw, as_of_date="2026-06-30"))
    (raw / "salesforce/user.csv").write_text("Id\n1\n2\n", encoding="utf-8")
    assert found_the_last_build(of_files(raw, as_of_date="2026-06-30"))
    assert found_the_last_build(of_files(raw, as_of_date="2026-07-01"))
    assert not found_the_last_build(["--again", *of_files(raw, as_of_date="2026-07-02")])
    assert not found_the_last_build(of_files(raw, as_of_date="2026-07-02", min_group_size=6))
    assert found_the_last_build(of_files(raw, as_of_date="2026-07-03", min_group_size=6))
    (checkout / "macros/raw/read_raw.sql").write_text("{# #}", encoding="utf-8")
    assert not found_the_last_build(of_files(raw, as_of_date="2026-07-04", min_group_size=6))
    runs.success = False
    assert found_the_last_build(of_files(raw, as_of_date="2026-07-05", min_group_size=6))
    runs.success = True
    assert not found_the_last_build(of_files(raw, as_of_date="2026-07-06", min_group_size=6))
    tables = {"raw_from": "tables", "as_of_date": "2026-07-06"}
    assert not found_the_last_build(["--vars", json.dumps(tables)])
    # Whether tables changed is not known, so a build always runs.
    assert found_the_last_build(["--vars", json.dumps(tables)])
