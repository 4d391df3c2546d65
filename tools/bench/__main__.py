"""Build generated companies, measure each step, compare with scripts by hand: ``make bench``.

Each size has a folder with its raw files, its build file and results.json, which is written after each step: a bench
that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

import duckdb

from tools.generate.company import SIZES, generate, plan_of_size
from tools.publish import ROOT

from .compare import differences, differing_builds
from .day import NEXT_DAY, write_next_day
from .measure import Measurement, RunFailedError, measure, run
from .report import write_report

# The models that the three marts of the scripts need.
MARTS = ["+rep_milestones", "+cohort_ramp_curves", "+fct_attainment"]
SCRIPTS = {"floor": "DuckDB by hand", "with_polars": "polars", "with_pandas": "pandas"}
NEEDS_ALL_IN_MEMORY = ("with_polars", "with_pandas")
# Up to this size the increment is compared with a full build of the same day.
COMPARED_UP_TO = SIZES["L"]
# Of the machine's memory, what a script may be expected to need before it is left out.
MEMORY_SHARE = 0.8


class Bench:
    """The measurements of one size, kept in a file."""

    def __init__(self, size: str, folder: Path, options: argparse.Namespace) -> None:
        """Read what was measured before."""
        self.size, self.folder, self.options = size, folder / size, options
        self.raw, self.file = self.folder / "raw", self.folder / "results.json"
        self.results = json.loads(self.file.read_text(encoding="utf-8")) if self.file.exists() else {}

    def keep(self, name: str, result: object) -> None:
        """Write a result down."""
        self.results[name] = result
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(self.results, indent=1) + "\n", encoding="utf-8")

    def run_all(self, smaller: Bench | None) -> None:
        """Measure what is not there yet."""
        if not (self.raw / "planted.json").exists():
            print(f"{self.size}: generating", flush=True)
            generate(plan_of_size(self.size), self.raw, say=lambda _: None)
        planted = json.loads((self.raw / "planted.json").read_text(encoding="utf-8"))["objects"]
        self.keep("raw_rows", sum(item["rows"] for item in planted.values()))
        self.keep("raw_bytes", sum(path.stat().st_size for path in self.raw.rglob("*.parquet")))
        for name, step in (("build", self.full_build), ("increment", self.increment), ("marts", self.marts_build)):
            if name not in self.results and name not in self.options.skip:
                print(f"{self.size}: {name}", flush=True)
                self.keep(name, step())
        for script, label in SCRIPTS.items():
            if script not in self.results and script not in self.options.skip:
                print(f"{self.size}: {label}", flush=True)
                self.keep(script, self.script(script, smaller))

    def dbt(
        self,
        build_file: Path,
        arguments: list[str],
        memory_limit: str | None = None,
        *,
        is_fresh: bool = True,
        verb: str = "build",
        **more_vars: str,
    ) -> Measurement:
        """Build once, into a fresh file or into the one that is there; or only parse the project for it."""
        if is_fresh:
            for path in build_file.parent.glob(f"{build_file.name}*"):
                path.unlink()
            # Which raw files were whole is remembered beside the build file.
            shutil.rmtree(build_file.parent / "sheets", ignore_errors=True)
        dbt_vars = json.dumps(json.loads((self.raw / "vars.json").read_text(encoding="utf-8")) | more_vars)
        target = build_file.with_suffix("")
        command = ["-m", "dbt.cli.main", "--quiet", verb, *arguments, "--vars", dbt_vars]
        command += ["--project-dir", str(ROOT), "--profiles-dir", str(ROOT)]
        command += ["--target-path", str(target), "--log-path", str(target)]
        settings = self.limits(memory_limit) | {"RAMPLINE_BUILD_FILE": str(build_file), "RAMPLINE_HOME": str(ROOT)}
        return run(command, settings, self.folder / f"{build_file.stem}.log")

    def limits(self, memory_limit: str | None = None) -> dict[str, str]:
        """Return the variables that bound DuckDB."""
        limit = memory_limit or self.options.memory_limit
        return {"DUCKDB_MEMORY_LIMIT": limit} if limit else {}

    def full_build(self) -> dict:
        """Parse the project, then build and test everything, as dbt build does."""
        build_file = self.folder / "build.duckdb"
        shutil.rmtree(build_file.with_suffix(""), ignore_errors=True)
        parse = self.dbt(build_file, [], verb="parse")
        found = measure(lambda: self.dbt(build_file, []), self.options.runs)
        nodes = json.loads((self.folder / "build" / "run_results.json").read_text(encoding="utf-8"))["results"]
        manifest = json.loads((self.folder / "build" / "manifest.json").read_text(encoding="utf-8"))["nodes"]
        layers: dict[str, float] = defaultdict(float)
        for node in nodes:
            layers[layer_of(manifest.get(node["unique_id"], {}))] += node["execution_time"]
        slowest = sorted(
            (
                (node["execution_time"], node["unique_id"].split(".")[2])
                for node in nodes
                if node["unique_id"][:5] == "model"
            ),
            reverse=True,
        )
        return found.as_dict() | {
            "layers": layers,
            "slowest": slowest[:10],
            "file_bytes": build_file.stat().st_size,
            "memory_limit": self.options.memory_limit,
            "parse_seconds": parse.wall_seconds,
        }

    def increment(self) -> dict:
        """Build the next day on top of the full build; up to a size build it whole too, and compare every mart."""
        build_file, next_day = self.folder / "increment.duckdb", self.folder / "raw_next_day"
        before = self.folder / "raw_day_before"
        write_next_day(self.raw, next_day)
        shutil.copy(self.folder / "build.duckdb", build_file)
        # A copy of gigabytes is else still on its way to the disk while the increment is measured.
        os.sync()
        # Raw files change in place: the folder is a setting, and a build of other settings is made whole.
        self.raw.rename(before)
        next_day.rename(self.raw)
        try:
            self.dbt(build_file, [], is_fresh=False, verb="parse", as_of_date=NEXT_DAY.isoformat())
            found = self.dbt(build_file, [], is_fresh=False, as_of_date=NEXT_DAY.isoformat())
            with duckdb.connect(str(build_file), read_only=True) as connection:
                is_whole, changed = connection.execute(
                    "select continued_from is null, (select count(*) from conformed.cnf_changed_activities)"
                    " from meta.last_build"
                ).fetchone()
            if is_whole:
                raise RunFailedError(f"The build of the next day was a full one at {self.size}.")
            if SIZES[self.size] <= COMPARED_UP_TO:
                whole = self.folder / "whole.duckdb"
                without_tests = ["--exclude", "resource_type:test", "resource_type:unit_test"]
                self.dbt(whole, without_tests, as_of_date=NEXT_DAY.isoformat())
                unequal = self.unequal_marts(build_file, whole)
                if unequal:
                    raise RunFailedError(f"The increment has other marts at {self.size}.\n" + "\n".join(unequal))
        finally:
            self.raw.rename(next_day)
            before.rename(self.raw)
            shutil.rmtree(next_day)
        return found.as_dict() | {"changed": changed, "is_compared": SIZES[self.size] <= COMPARED_UP_TO}

    def unequal_marts(self, build_file: Path, other_file: Path) -> list[str]:
        """Compare two builds in a process of its own: what this one holds would count as memory of those it starts."""
        manifest = json.loads((self.folder / "build" / "manifest.json").read_text(encoding="utf-8"))
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            return pool.submit(differing_builds, manifest, build_file, other_file).result()

    def marts_build(self) -> dict:
        """Build what the three marts need, without tests, from a parse that is there."""
        arguments = ["--select", *MARTS, "--exclude", "resource_type:test", "resource_type:unit_test"]
        build_file = self.folder / "marts.duckdb"
        self.dbt(build_file, [], verb="parse")
        return measure(lambda: self.dbt(build_file, arguments), self.options.runs).as_dict()

    def script(self, name: str, smaller: Bench | None) -> dict:
        """Run a script, and compare what it wrote with the marts; say why where it would not fit into memory."""
        known = smaller.results.get(name) if smaller else None
        if name in NEEDS_ALL_IN_MEMORY and known:
            growth = SIZES[self.size] / SIZES[smaller.size]
            machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
            if "skipped" in known or known["peak_bytes"] * growth > MEMORY_SHARE * machine:
                needed = known.get("peak_bytes", 0) * growth / 1e9
                return {"skipped": f"would need about {needed:.0f} GB" if needed else "left out at a smaller size"}
        out = self.folder / name
        command = ["-m", f"tools.bench.{name}", str(self.raw), str(out)]
        found = measure(lambda: run(command, self.limits(), self.folder / f"{name}.log"), self.options.runs)
        unequal = list(differences(self.folder / "marts.duckdb", out))
        if unequal:
            raise RunFailedError(f"{SCRIPTS[name]} and the build do not agree at {self.size}.\n" + "\n".join(unequal))
        return found.as_dict()

    def low_memory(self, limit: str) -> None:
        """Build everything without tests in little memory, and compare every mart with the build before."""
        print(f"{self.size}: build with {limit}", flush=True)
        low = self.folder / "low_memory.duckdb"
        self.dbt(low, [], verb="parse")
        found = self.dbt(low, ["--exclude", "resource_type:test", "resource_type:unit_test"], limit)
        unequal = self.unequal_marts(self.folder / "build.duckdb", low)
        if unequal:
            raise RunFailedError(f"With {limit} the marts are others at {self.size}.\n" + "\n".join(unequal))
        self.keep("low_memory", found.as_dict() | {"memory_limit": limit})


def layer_of(node: dict) -> str:
    """Return the layer of a node: tests, seeds, staging, conformed, or the folder of the mart."""
    if node.get("resource_type") != "model":
        return {"test": "tests", "seed": "seeds"}.get(node.get("resource_type", ""), "other")
    folders = node["fqn"][1:-1]
    return folders[0] if folders[0] != "marts" else folders[1]


def main(argv: list[str] | None = None) -> int:
    """Measure the sizes that the arguments name, and write the report; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=["S", "M", "L"])
    parser.add_argument("--folder", type=Path, default=ROOT / "warehouse" / "bench")
    parser.add_argument("--runs", type=int, default=5, help="of what takes less than a minute")
    parser.add_argument("--memory-limit", default=os.environ.get("DUCKDB_MEMORY_LIMIT"), help="of DuckDB, such as 8GB")
    parser.add_argument("--low-memory", help="build once more with this limit and compare the marts, such as 2GB")
    parser.add_argument(
        "--skip", nargs="+", choices=["increment", "marts", *SCRIPTS], default=[], help="steps to leave out this time"
    )
    parser.add_argument("--again", action="store_true", help="forget what was measured before")
    parser.add_argument("--report", type=Path, default=ROOT / "docs" / "performance.md")
    options = parser.parse_args(argv)
    benches: list[Bench] = []
    try:
        for size in sorted(options.sizes, key=list(SIZES).index):
            bench = Bench(size, options.folder.resolve(), options)
            if options.again:
                bench.results = {}
            bench.run_all(benches[-1] if benches else None)
            if options.low_memory:
                bench.low_memory(options.low_memory)
            benches.append(bench)
    except RunFailedError as error:
        print(error, file=sys.stderr)
        return 1
    versions = {name: version(name) for name in ("duckdb", "dbt-core", "dbt-duckdb", "polars", "pandas")}
    write_report({bench.size: bench.results for bench in benches}, versions, options.report)
    print(f"Written to {options.report}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
