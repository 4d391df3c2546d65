"""Write the measurements as a page: docs/performance.md."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterable
from pathlib import Path

from tools.generate.company import SIZES

HEAD = """# Performance

Written by `make bench`, which generates companies of several sizes (`python -m tools.generate`), builds them from
Parquet files and compares the marts with scripts written by hand. Run it on a machine that does nothing else.

- **Full build**: `dbt build` with `raw_from: files` into a fresh file, all models and all data tests; rows per second
  are raw rows. Time by layer is the sum over its nodes, which run side by side. Every build here finds the project
  parsed, as on any day on which only data changed; on a fresh checkout the parse comes first (its own column).
- **The three marts**: `dbt build --select +rep_milestones +cohort_ramp_curves +fct_attainment` without tests, and the
  same three marts by a DuckDB script (the floor), with polars and with pandas, each from the raw files to Parquet. The
  scripts reject, deduplicate, match, convert and count as the models do, but only what these marts need of this
  company. What is small at any size (people, ramps, curves) is plain Python, the same in all three. Their rows are
  compared with the build's first, each column, numbers to 1e-9; a difference stops the bench.
- Seconds by the clock and of all cores, of processes of their own from start to end, Python's start included; memory is
  the highest resident size. What takes less than a minute is run several times: the figures are medians of the runs in
  the last column. A bench goes on where it was, so that not every row need be of the same day.
"""


def write_report(results: dict[str, dict], versions: dict[str, str], path: Path) -> None:
    """Write the page."""
    lines = [HEAD, machine(versions), "", "## Full build", ""]
    columns = ["size", "activities", "raw rows", "raw files", "seconds", "CPU seconds", "memory"]
    columns += ["rows per second", "build file", "runs", "parse"]
    lines += table(columns, (full_row(size, result) for size, result in results.items()))
    lines += ["", growth(results), "", "Seconds by layer:", ""]
    layers = sorted({layer for result in results.values() for layer in result["build"]["layers"]})
    lines += table(
        ["size", *layers],
        (
            [size, *(f"{result['build']['layers'].get(layer, 0):.1f}" for layer in layers)]
            for size, result in results.items()
        ),
    )
    lines += ["", "The ten slowest models, seconds:", ""]
    for size, result in results.items():
        slowest = ", ".join(f"`{name}` {seconds:.1f}" for seconds, name in result["build"]["slowest"])
        lines.append(f"- {size}: {slowest}")
    lines += ["", "## The three marts", ""]
    lines += table(
        ["size", "by", "seconds", "CPU seconds", "memory", "times the floor", "runs"],
        (row for size, result in results.items() for row in mart_rows(size, result)),
    )
    lines += [
        "",
        "## A day's increment",
        "",
        "`dbt build` with all data tests on top of the full build, a day later: as many new activities as on the day",
        "before, one in twenty of them once more as of sixty days ago, one in 500 activities of the last quarter",
        "changed, one in 20,000 of a quarter years ago gone, and one in twenty of the open deals closed in hindsight.",
        "Where it says so, every mart was compared with a full build of that day, row for row.",
        "",
    ]
    lines += table(
        ["size", "activities made again", "seconds", "CPU seconds", "memory", "of the full build", "compared"],
        (increment_row(size, result) for size, result in results.items() if "increment" in result),
    )
    low = {size: result["low_memory"] for size, result in results.items() if "low_memory" in result}
    if low:
        lines += [
            "",
            "## In little memory",
            "",
            "All models without tests; every mart has the rows of the full build.",
            "",
        ]
        lines += table(
            ["size", "memory limit", "seconds", "CPU seconds", "memory"],
            ([size, item["memory_limit"], *figures(item)] for size, item in low.items()),
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def machine(versions: dict[str, str]) -> str:
    """Return the machine and the versions in a sentence."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    listed = ", ".join(f"{name} {number}" for name, number in versions.items())
    python = f"Python {platform.python_version()}"
    return f"Machine: {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}. {python}, {listed}."


def table(columns: list[str], rows: Iterable[list[str]]) -> list[str]:
    """Return the lines of a table."""
    return [f"| {' | '.join(cells)} |" for cells in [columns, ["---"] * len(columns), *rows]]


def gigabytes(size: float) -> str:
    """Return bytes for people."""
    return f"{size / 1e9:.2f} GB"


def figures(item: dict) -> list[str]:
    """Return seconds, CPU seconds and memory of a measurement."""
    return [f"{item['wall_seconds']:.1f}", f"{item['cpu_seconds']:.1f}", gigabytes(item["peak_bytes"])]


def full_row(size: str, result: dict) -> list[str]:
    """Return the row of a full build."""
    build = result["build"]
    limit = f" (limit {build['memory_limit']})" if build["memory_limit"] else ""
    seconds, cpu, memory = figures(build)
    return [
        *(
            size,
            f"{SIZES[size]:,}",
            f"{result['raw_rows']:,}",
            gigabytes(result["raw_bytes"]),
            seconds,
            cpu,
            memory + limit,
        ),
        f"{result['raw_rows'] / build['wall_seconds']:,.0f}",
        gigabytes(build["file_bytes"]),
        str(build["runs"]),
        f"{build['parse_seconds']:.1f}",
    ]


def increment_row(size: str, result: dict) -> list[str]:
    """Return the row of a day's increment."""
    item = result["increment"]
    share = item["wall_seconds"] / result["build"]["wall_seconds"]
    return [size, f"{item['changed']:,}", *figures(item), f"{share:.0%}", "yes" if item["is_compared"] else "no"]


def mart_rows(size: str, result: dict) -> Iterable[list[str]]:
    """Yield the rows of the three marts by each way."""
    floor = result.get("floor", {}).get("wall_seconds")
    ways = {"marts": "dbt", "floor": "DuckDB by hand", "with_polars": "polars", "with_pandas": "pandas"}
    for name, label in ways.items():
        item = result.get(name, {"skipped": "left out"})
        if "skipped" in item:
            yield [size, label, f"not run: {item['skipped']}", "", "", "", ""]
        else:
            times = f"{item['wall_seconds'] / floor:.1f}" if floor else ""
            yield [size, label, *figures(item), times, str(item["runs"])]


def growth(results: dict[str, dict]) -> str:
    """Return how the time of a full build grows with its activities, from the smallest size to the largest."""
    sizes = list(results)
    if len(sizes) < 2:
        return "Growth needs two sizes."
    first, last = sizes[0], sizes[-1]
    seconds = [results[size]["build"]["wall_seconds"] for size in (first, last)]
    exponent = math.log(seconds[1] / seconds[0]) / math.log(SIZES[last] / SIZES[first])
    return f"Seconds grow from {first} to {last} as activities to the power of {exponent:.2f}."
