"""The fault suite: the demo's raw data, damaged in every way of faults.py, and what must come of each.

Rows that must be rejected are all added at once: each must be in rejected_rows for its reason, and no number anywhere
may have moved. The same rows written otherwise must change nothing at all. A damage of a whole file, or a wrong
setting, must stop the run with one sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from companies import SYSTEMS, exported, moved_marts
from conftest import Build, messages, parsed
from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg
from faults import (
    CONFLICTS,
    HARMLESS,
    KEYS,
    REFUSED,
    REJECTED,
    ROSTER,
    UNREADABLE,
    WARNED,
    Refusal,
    Row,
    read_rows,
    write_rows,
)

SETTINGS = {"raw_from": "files", "systems": SYSTEMS, "as_of_date": "2026-06-30", "max_rejected_rate": 0.9}


def test_the_suite_is_large() -> None:
    damages = len(REJECTED) + len(CONFLICTS) + len(UNREADABLE) + len(HARMLESS) + len(WARNED) + len(REFUSED)
    assert damages >= 60
    assert len({row.name for row in REJECTED}) == len(REJECTED)


HEARD: list[str] = []


def listen(event: EventMsg) -> None:
    """Keep what dbt says, warnings too."""
    HEARD.append(event.info.msg)


@pytest.fixture(scope="module", autouse=True)
def heard() -> Iterator[None]:
    """Keep what dbt says in these tests."""
    right = parsed(SETTINGS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("conftest.dbtRunner", partial(dbtRunner, callbacks=[listen]))
        # What they change (files, settings that may be wrong) is read while models run: the parse is of right ones.
        patch.setattr("conftest.parsed", lambda _: right)
        yield


def build_all(build: Build, raw: Path) -> None:
    """Build every model on the files of a folder."""
    result = build.dbt("build", "--exclude-resource-type", "test", "unit_test", **SETTINGS, raw_folder=str(raw))
    assert result.success, messages(result)


# ---- rows that are rejected -----------------------------------------------------


def key_of(row: Row, number: int) -> str | None:
    """Return the key that the added row has in rejected_rows."""
    return row.key if row.key != "" else f"fault {number}"


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The demo with every bad row of the tables added."""
    build = Build(tmp_path_factory.mktemp("damaged"))
    raw = exported(build.folder / "raw")
    added: dict[str, list[dict[str, str]]] = {}
    for number, row in enumerate(REJECTED):
        first = read_rows(raw / f"{row.place}.csv")[0]
        key = {} if row.place == ROSTER else {KEYS[row.place]: f"fault {number}"}
        assert set(row.changes) <= set(first), row.name
        added.setdefault(row.place, []).append(first | key | row.changes)
    for number, (place, *versions) in enumerate(CONFLICTS):
        first = read_rows(raw / f"{place}.csv")[0]
        added.setdefault(place, []).extend(
            first | {KEYS[place]: f"conflict {number}"} | version for version in versions
        )
    for place, rows in added.items():
        write_rows(raw / f"{place}.csv", read_rows(raw / f"{place}.csv") + rows)
    for place, line in UNREADABLE:
        with (raw / f"{place}.csv").open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    build_all(build, raw)
    return build


@pytest.mark.parametrize("number", range(len(REJECTED)), ids=[row.name for row in REJECTED])
def test_bad_rows_are_rejected_with_their_reason(number: int, demo: Build, damaged: Build) -> None:
    row = REJECTED[number]
    system, raw_object = row.place.split("/")
    which = f"from quality.rejected_rows where system = '{system}' and object = '{raw_object}'"
    key = key_of(row, number)
    if key is None:
        # Rows without a key are counted: the two that were added, beside those of the demo.
        missing = f"select count(*) {which} and row_key is null and reason = '{row.reason}'"
        keyless = [other for other in REJECTED if other.place == row.place and other.key is None]
        assert damaged.rows(missing)[0][0] == demo.rows(missing)[0][0] + len(keyless)
    else:
        assert damaged.rows(f"select reason {which} and row_key = '{key}'") == [(row.reason,)]


@pytest.mark.parametrize("number", range(len(CONFLICTS)), ids=[place for place, *_ in CONFLICTS])
def test_rows_that_contradict_each_other_are_rejected(number: int, damaged: Build) -> None:
    found = damaged.rows(f"select reason from quality.rejected_rows where row_key = 'conflict {number}'")
    assert found == [("duplicate_key_conflict",)] * 2


@pytest.mark.parametrize(("place", "line"), UNREADABLE, ids=["too long", "too short", "broken quote"])
def test_lines_that_cannot_be_read_are_kept(place: str, line: str, damaged: Build) -> None:
    """Whole in staging; the mart says which line of which file, and hides its text, which may be anything."""
    system, raw_object = place.split("/")
    model = {"opportunity": "opportunities", "task": "tasks"}[raw_object]
    kept = damaged.rows(
        f"select raw_row ->> 'text' from staging.stg_{system}__{model} where reject_reason = 'unreadable_row'"
    )
    assert (line,) in kept
    told = damaged.rows(
        "select raw_row ->> 'text', (raw_row ->> 'line')::integer > 1 from quality.rejected_rows"
        f" where system = '{system}' and object = '{raw_object}' and reason = 'unreadable_row'"
    )
    assert set(told) == {("<hidden>", True)}


def test_nothing_else_changed(demo: Build, damaged: Build) -> None:
    assert moved_marts(demo, damaged) == []


def test_the_audit_of_quality_holds(damaged: Build) -> None:
    """The data tests of the quality marts, with a share of rejected rows that is allowed here."""
    result = damaged.dbt("test", "--select", "marts.quality", **SETTINGS, raw_folder=str(damaged.folder / "raw"))
    assert result.success, messages(result)
    assert len(result.result.results) > 15


def test_rows_of_nobody_are_bounded(damaged: Build) -> None:
    """The demo has 10 such rows of 12,803: none is tolerated here, and the message says whose they are."""
    strict = SETTINGS | {"max_unmatched_rate": 0.0, "raw_folder": str(damaged.folder / "raw")}
    result = damaged.dbt("test", "--select", "assert_few_rows_are_unmatched", **strict)
    assert not result.success
    said = messages(result)
    assert "Too many rows belong to nobody. coaching_log: 2 of " in said
    assert "name 1 identities that match no rep" in said
    assert "Look at quality.identity_gaps" in said


def test_every_row_is_counted(demo: Build, damaged: Build) -> None:
    """All that was added is in the counts of its object, as rejected and as nothing else."""
    added: dict[tuple[str, str], int] = {}
    for place in [row.place for row in REJECTED] + [c[0] for c in CONFLICTS] * 2 + [place for place, _ in UNREADABLE]:
        key = tuple(place.split("/"))
        added[key] = added.get(key, 0) + 1
    columns = "raw_count, accepted_count, rejected_count, superseded_count, deleted_count"
    sql = f"select system, object, {columns} from quality.source_reconciliation order by 1, 2"
    for before, after in zip(demo.rows(sql), damaged.rows(sql), strict=True):
        count = added.get(before[:2], 0)
        raw, accepted, rejected, superseded, deleted = before[2:]
        assert after == (*before[:2], raw + count, accepted, rejected + count, superseded, deleted)


# ---- the same rows, written otherwise ---------------------------------------------


def test_harmless_differences_change_nothing(demo: Build, tmp_path: Path) -> None:
    """All at once, each on an object of its own."""
    assert len({place for _, place, _ in HARMLESS}) == len(HARMLESS)
    build = Build(tmp_path)
    raw = exported(tmp_path / "raw")
    for _, place, change in HARMLESS:
        change(raw / f"{place}.csv")
    build_all(build, raw)
    assert moved_marts(demo, build) == []
    sql = "select * from quality.source_reconciliation order by system, object"
    assert build.rows(sql) == demo.rows(sql)
    sql = "select system, object, row_key, reason from quality.rejected_rows order by all"
    assert build.rows(sql) == demo.rows(sql)


# ---- what is warned of --------------------------------------------------------------


@pytest.mark.parametrize(("name", "place", "damage", "settings", "words"), WARNED, ids=[warned[0] for warned in WARNED])
def test_warned(
    name: str, place: str, damage: object, settings: dict[str, object], words: list[str], tmp_path: Path
) -> None:
    raw = exported(tmp_path / "raw")
    if damage:
        damage(raw / f"{place}.csv")
    HEARD.clear()
    result = Build(tmp_path).dbt(
        "run", "--select", "stg_salesforce__events", **SETTINGS | settings, raw_folder=str(raw)
    )
    assert result.success, (name, messages(result))
    said = "\n".join(HEARD)
    for word in words:
        assert word in said


# ---- what stops a run ---------------------------------------------------------------


@pytest.mark.parametrize("refusal", REFUSED, ids=lambda refusal: refusal.name)
def test_refused_with_one_sentence(refusal: Refusal, tmp_path: Path) -> None:
    build = Build(tmp_path)
    raw = exported(tmp_path / "raw")
    if refusal.damage:
        refusal.damage(raw / "salesforce/opportunity.csv")
    selected = "cnf_custom_values" if "custom_columns" in refusal.settings else "stg_salesforce__opportunities"
    result = build.dbt("run", "--select", selected, **SETTINGS | {"raw_folder": str(raw)} | refusal.settings)
    assert not result.success
    said = messages(result)
    for word in refusal.words:
        assert word in said
    assert "Traceback" not in said
