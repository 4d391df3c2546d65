"""The bench of small builds (tools/small_build.py): the trivial project has the nodes and edges of the real one."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tools.small_build import KINDS, seconds_of, write_trivial_project


def node(kind: str, name: str, *parents: str, **more: object) -> tuple[str, dict]:
    config = {"materialized": more.pop("materialized", "view")}
    unique_id = f"{kind}.large.{name}"
    return unique_id, {
        "unique_id": unique_id,
        "resource_type": kind,
        "name": name,
        "config": config,
        "depends_on": {"nodes": [*parents]},
        **more,
    }


DEALS, RAW, WON = "seed.large.deals", "model.large.raw", "model.large.won"
MANIFEST = {
    "nodes": dict(
        [
            node("seed", "deals"),
            node("model", "raw", DEALS),
            node("model", "won", RAW, DEALS, materialized="table"),
            node("test", "not_null_won", WON, attached_node=WON),
            node("test", "relationships_won", WON, RAW, attached_node=WON),
            # A singular test is attached to nothing.
            node("test", "assert_deals", DEALS),
        ]
    ),
    "unit_tests": {"unit_test.large.won": {"model": "won", "depends_on": {"nodes": [WON]}, "name": "won_is_won"}},
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    counts = write_trivial_project(MANIFEST, tmp_path / "project")
    assert counts == {"seeds": 1, "models": 2, "data tests": 3, "unit tests": 1}
    (tmp_path / "scratch").mkdir()
    return tmp_path / "project"


def test_the_trivial_project_has_the_same_nodes_and_edges(project: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    assert seconds_of(project, scratch, []) > 0
    built = json.loads((scratch / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    assert {each["status"] for each in built} == {"success", "pass"}
    assert Counter(each["unique_id"].partition(".")[0] for each in built) == {
        "seed": 1,
        "model": 2,
        "test": 3,
        "unit_test": 1,
    }
    manifest = json.loads((scratch / "target" / "manifest.json").read_text(encoding="utf-8"))
    nodes = {each["name"]: each for each in manifest["nodes"].values()}
    assert nodes["won"]["config"]["materialized"] == "table"
    assert sorted(nodes["won"]["depends_on"]["nodes"]) == ["model.trivial.raw", "seed.trivial.deals"]
    assert nodes["raw"]["depends_on"]["nodes"] == ["seed.trivial.deals"]
    tested = [each["attached_node"] for each in nodes.values() if each["resource_type"] == "test"]
    assert sorted(tested) == ["model.trivial.won", "model.trivial.won", "seed.trivial.deals"]


def test_what_is_left_out_is_not_built(project: Path, tmp_path: Path) -> None:
    seconds_of(project, tmp_path / "scratch", KINDS["with data tests"])
    results = (tmp_path / "scratch" / "target" / "run_results.json").read_text(encoding="utf-8")
    built = [each["unique_id"].partition(".")[0] for each in json.loads(results)["results"]]
    assert sorted(set(built)) == ["model", "seed", "test"]


def test_a_failed_build_has_no_time(project: Path, tmp_path: Path) -> None:
    (project / "models" / "won.sql").write_text("select 1 as id from nowhere\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"(?s)The build of .*project failed.*nowhere"):
        seconds_of(project, tmp_path / "scratch", [])
