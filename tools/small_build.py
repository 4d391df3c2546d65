"""Hold the time of a demo build against that of a project as large whose models and tests are trivial.

Run as ``python -m tools.small_build``: what ``make bench-small`` runs. The trivial project has as many seeds, models
(by materialization), data tests and unit tests as this one, the same edges between them, and nothing in them: what it
takes is what dbt takes for a project of this size. Both are built in turn, each in a process of its own from a fresh
file with the parse of the run before, and the medians are compared: with data tests, as every build of a company's own
data runs them, and with unit tests too, which test the project and run with the demo alone.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from tools.publish import ROOT, read_artifact

KINDS = {"with data tests": ["--exclude-resource-type", "unit_test"], "with all tests": []}
TRIVIAL_PROFILE = """
trivial:
  target: build
  outputs:
    build: {type: duckdb, path: "{{ env_var('RAMPLINE_BUILD_FILE') }}", threads: 2}
"""


def write_trivial_project(manifest: dict, folder: Path) -> dict[str, int]:
    """Write a project with the nodes and edges of a manifest and nothing in them; return how many of each kind it has.

    A seed has one row, a model selects one number, a data test asks for a value that is there, a unit test gives each
    input a row and expects one.
    """
    nodes = manifest["nodes"].values()
    seeds = [node for node in nodes if node["resource_type"] == "seed"]
    models = [node for node in nodes if node["resource_type"] == "model"]
    tests = [node for node in nodes if node["resource_type"] == "test"]
    units = list(manifest["unit_tests"].values())
    for name in ("models", "seeds", "tests"):
        (folder / name).mkdir(parents=True)
    for seed in seeds:
        (folder / "seeds" / f"{seed['name']}.csv").write_text("id\n1\n", encoding="utf-8")
    parents = {model["unique_id"]: [node["name"] for node in parents_of(manifest, model)] for model in models}
    for model in models:
        edges = "\n".join(f"-- depends_on: {{{{ ref('{name}') }}}}" for name in parents[model["unique_id"]])
        config = f"{{{{ config(materialized='{model['config']['materialized']}') }}}}"
        (folder / "models" / f"{model['name']}.sql").write_text(
            f"{config}\n{edges}\nselect 1 as id\n", encoding="utf-8"
        )
    # Every data test stands for one here, on the node that it is attached to, or else on its first parent.
    counts: dict[str, int] = {}
    for test in tests:
        node = manifest["nodes"].get(test.get("attached_node") or "") or next(
            iter(parents_of(manifest, test)), models[0]
        )
        counts[node["name"]] = counts.get(node["name"], 0) + 1
    properties = {"version": 2, "models": [], "seeds": [], "unit_tests": []}
    for kind, those in (("models", models), ("seeds", seeds)):
        for node in those:
            data_tests = [{"not_null": {"name": f"{node['name']}_{k}"}} for k in range(counts.get(node["name"], 0))]
            properties[kind].append({"name": node["name"], "columns": [{"name": "id", "data_tests": data_tests}]})
    properties["unit_tests"] = [
        {
            "name": unit["name"],
            "model": unit["model"],
            "given": [
                {"input": f"ref('{name}')", "rows": [{"id": 1}]} for name in parents[unit["depends_on"]["nodes"][0]]
            ],
            "expect": {"rows": [{"id": 1}]},
        }
        for unit in units
    ]
    (folder / "models" / "properties.yml").write_text(yaml.safe_dump(properties), encoding="utf-8")
    project = {
        "name": "trivial",
        "version": "1.0",
        "profile": "trivial",
        "flags": {"send_anonymous_usage_stats": False},
    }
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(project), encoding="utf-8")
    (folder / "profiles.yml").write_text(TRIVIAL_PROFILE, encoding="utf-8")
    return {"seeds": len(seeds), "models": len(models), "data tests": len(tests), "unit tests": len(units)}


def parents_of(manifest: dict, node: dict) -> list[dict]:
    """Return the seeds and models that a node reads."""
    return [manifest["nodes"][parent] for parent in node["depends_on"]["nodes"] if parent in manifest["nodes"]]


def seconds_of(project: Path, scratch: Path, arguments: list[str]) -> float:
    """Build a project from a fresh file and return the seconds it took. Raises SystemExit when it fails.

    arguments: further ones of dbt build.
    """
    (scratch / "build.duckdb").unlink(missing_ok=True)
    command = [sys.executable, "-m", "dbt.cli.main", "--log-level", "error", "build", "--project-dir", str(project)]
    command += ["--profiles-dir", str(project), "--target-path", str(scratch / "target"), "--log-path", str(scratch)]
    command += arguments
    environment = os.environ | {"RAMPLINE_BUILD_FILE": str(scratch / "build.duckdb")}
    started = time.monotonic()
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(f"The build of {project} failed.\n{(done.stdout + done.stderr)[-3000:]}")
    return time.monotonic() - started


def main(argv: list[str] | None = None) -> int:
    """Build both in turn and print the medians and their ratio; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.small_build", description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="how often each is built (default 5)")
    runs = parser.parse_args(argv).runs
    with tempfile.TemporaryDirectory() as scratch:
        folders = {name: Path(scratch) / name for name in ("demo", "trivial")}
        for folder in folders.values():
            folder.mkdir()
        # The first build parses; it is not counted.
        seconds_of(ROOT, folders["demo"], [])
        projects = {"demo": ROOT, "trivial": Path(scratch) / "project"}
        counts = write_trivial_project(read_artifact(folders["demo"] / "target", "manifest.json"), projects["trivial"])
        seconds_of(projects["trivial"], folders["trivial"], [])
        print(", ".join(f"{count} {kind}" for kind, count in counts.items()), flush=True)
        seconds: dict[str, dict[str, list[float]]] = {kind: {name: [] for name in projects} for kind in KINDS}
        for run in range(1, runs + 1):
            for kind, arguments in KINDS.items():
                for name, project in projects.items():
                    seconds[kind][name].append(seconds_of(project, folders[name], arguments))
                said = ", ".join(f"{name} {times[-1]:.1f} s" for name, times in seconds[kind].items())
                print(f"run {run} {kind}: {said}", flush=True)
    for kind in KINDS:
        demo, trivial = (statistics.median(seconds[kind][name]) for name in projects)
        print(f"{kind}, median of {runs}: demo {demo:.1f} s, trivial {trivial:.1f} s, ratio {demo / trivial:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
