"""Write the seeds, their yml and the truth."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from .company import Company
from .schema import OBJECTS


def write_seeds(company: Company, folder: Path) -> None:
    """Write every object's CSV and every system's yml."""
    for system, objects in OBJECTS.items():
        place = folder / system
        place.mkdir(parents=True, exist_ok=True)
        for name, (_, columns) in objects.items():
            text = csv_text(list(columns), company.rows(system, name))
            (place / f"demo_{system}__{name}.csv").write_bytes(text.encode())
        (place / f"_{system}__seeds.yml").write_bytes(yml_text(system).encode())


def csv_text(columns: list[str], rows: list[dict[str, str]]) -> str:
    """Return rows as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n", extrasaction="raise", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def yml_text(system: str) -> str:
    """Return the properties of a system's seeds: every column is text."""
    lines = ["version: 2", "", "seeds:"]
    for name, (about, columns) in OBJECTS[system].items():
        lines += [
            f"  - name: demo_{system}__{name}",
            f"    description: {json.dumps(about)}",
            "    config:",
            "      column_types:",
        ]
        lines += [f"        {column}: varchar" for column in columns]
        lines += ["    columns:"]
        for column, meaning in columns.items():
            lines += [f"      - name: {column}", f"        description: {json.dumps(meaning)}"]
        lines += [""]
    return "\n".join(lines).rstrip("\n") + "\n"


def write_truth(truth: dict[str, object], folder: Path) -> None:
    """Write what was planted."""
    text = json.dumps(truth, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (folder / "planted_truth.json").write_bytes(text.encode())
