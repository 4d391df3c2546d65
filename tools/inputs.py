"""What a build is made from, as one fingerprint: a build of the same inputs gives the same marts and need not run."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from tools.publish import ROOT

# What of the checkout reaches a build or the published file.
PARTS = (
    *("models", "seeds", "macros", "tests/generic", "tests/singular", "tools"),
    *("dbt_project.yml", "profiles.yml", "uv.lock"),
)
ENVIRONMENT = ("RAMPLINE_", "DUCKDB_", "DBT_")


def fingerprint(arguments: list[str]) -> str | None:
    """Return a digest of all that a build reads; None where that cannot be known without reading it all.

    arguments: those of dbt build. In it: the project's files by content, raw files by name, size and time of change,
    the variables of the environment, and the day, since the as-of date may follow from it. Tables of a loader change
    unseen, and patterns of files may lead anywhere, so a build that reads either has no fingerprint.
    """
    settings = project_vars(arguments)
    if settings is None or "tables" in ways_in(settings) or names_files(settings):
        return None
    found = hashlib.sha256(project_digest())
    if "files" in ways_in(settings):
        for path in sorted(files_of(raw_folders(settings))):
            status = path.stat()
            found.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    day = datetime.now(UTC).date().isoformat()
    found.update(json.dumps([arguments, day]).encode())
    return found.hexdigest()


def kinship(arguments: list[str]) -> str | None:
    """Return a digest of all that a build reads but for raw data and the as-of date; None where it is not known.

    A build may continue one of the same digest (macros/project/increments.sql); dbt looks at vars and models once more,
    but does not tell what stands in macros. The demo is built whole: it is small, and its unit tests want no leftovers.
    """
    settings = project_vars(arguments)
    if settings is None or "seeds" in ways_in(settings):
        return None
    lasting = settings | {"as_of_date": None}
    return hashlib.sha256(
        project_digest() + json.dumps([without_vars(arguments), lasting], sort_keys=True).encode()
    ).hexdigest()


def project_digest() -> bytes:
    """Return a digest of the project's files by content, and of the variables of the environment."""
    found = hashlib.sha256()
    for path in sorted(files_of(ROOT / part for part in PARTS)):
        found.update(f"{path.relative_to(ROOT)}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    environment = {name: value for name, value in os.environ.items() if name.startswith(ENVIRONMENT)}
    found.update(json.dumps(environment, sort_keys=True).encode())
    return found.digest()


def without_vars(arguments: list[str]) -> list[str]:
    """Return arguments of dbt without ``--vars`` and its text."""
    left = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--vars":
            next(rest, None)
        elif not argument.startswith("--vars="):
            left.append(argument)
    return left


def project_vars(arguments: list[str]) -> dict[str, Any] | None:
    """Return the vars of the project with those of ``--vars`` over them; None where they cannot be read."""
    settings = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    for position, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name != "--vars":
            continue
        text = value or (arguments[position + 1] if position + 1 < len(arguments) else "")
        try:
            given = yaml.safe_load(text)
        except yaml.YAMLError:
            return None
        if not isinstance(given, dict):
            return None
        settings = settings | given
    return settings


def ways_in(settings: dict[str, Any]) -> set[str]:
    """Return the ways in which raw data are read: of seeds, files, tables."""
    choice = settings["raw_from"]
    return {str(way) for way in choice.values()} if isinstance(choice, dict) else {str(choice)}


def raw_folders(settings: dict[str, Any]) -> list[Path]:
    """Return the folders that raw files lie in; relative ones are the checkout's, as for dbt."""
    folders = [settings["raw_folder"], *(entry.get("folder") for entry in settings["raw_files"].values())]
    return [ROOT / folder for folder in folders if folder]


def names_files(settings: dict[str, Any]) -> bool:
    """Say whether objects have patterns of files of their own, which may lead out of the folders."""
    return any(entry.get("files") for entry in settings["raw_files"].values())


def files_of(places: Iterator[Path] | list[Path]) -> set[Path]:
    """Return the files at and below some places, without what Python compiled."""
    found = set()
    for place in places:
        # Links are followed, as when raw files are read.
        below = os.walk(place, followlinks=True)
        paths = [place, *(Path(folder, name) for folder, _, names in below for name in names)]
        found |= {path for path in paths if path.is_file() and "__pycache__" not in path.parts}
    return found


def note_beside(build_file: Path) -> Path:
    """Return where the note of a build's inputs stands."""
    return build_file.with_name(build_file.name + ".inputs.json")


def write_note(build_file: Path, published_file: Path, made_from: str | None, kin: str | None) -> None:
    """Note what the published file was made from, and which builds may continue this one."""
    note = {"made_from": made_from, "published": state_of(published_file), "kin": kin}
    note_beside(build_file).write_text(json.dumps(note), encoding="utf-8")


def read_note(build_file: Path) -> dict[str, Any]:
    """Return the note beside a build file that is there; empty where there is none."""
    try:
        note = json.loads(note_beside(build_file).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note if build_file.exists() and isinstance(note, dict) else {}


def is_current(build_file: Path, published_file: Path, made_from: str | None) -> bool:
    """Say whether the published file is the one that a build of these inputs would give."""
    note = read_note(build_file)
    try:
        return (
            made_from is not None
            and note.get("made_from") == made_from
            and note.get("published") == state_of(published_file)
        )
    except OSError:
        return False


def may_continue(build_file: Path, kin: str | None) -> bool:
    """Say whether the last build was published and is of the same kin, so that the next one may continue it."""
    return kin is not None and read_note(build_file).get("kin") == kin


def state_of(published_file: Path) -> list[object]:
    """Return what changes when another file takes the published one's name."""
    status = published_file.stat()
    return [str(published_file.resolve()), status.st_size, status.st_mtime_ns]
