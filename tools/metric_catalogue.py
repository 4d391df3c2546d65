"""Write docs/metrics.md, the list of every metric, from what dbt knows: what ``make catalogue`` runs.

Run as ``python -m tools.metric_catalogue [target folder]`` after ``dbt parse`` or ``dbt build``. Two kinds of metrics
are listed. Those that can be added up or divided stand in ``models/semantic`` and are asked with MetricFlow
(``mf query --metrics <name>``). Those that cannot (medians, estimates, what is withheld) are read from a column of a
mart and are declared in ``config.meta.metrics`` of that mart. Exit code 0; 1 when the folder has no manifest.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEVELS = {
    "0": "Level 0: participation",
    "1": "Level 1: reaction",
    "2": "Level 2: learning",
    "3": "Level 3: behaviour",
    "4": "Level 4: results",
    "ramp": "Ramp",
    "quality": "Quality of the data",
}
HEAD = """# Metrics

Every metric, each defined once. `make catalogue` writes this page from the project's own YAML; change that, not this.

Metrics with a mart and an expression are asked with MetricFlow, by any dimension that their mart can be joined with:
`mf query --metrics win_rate --group-by rep__region,metric_time__fiscal_period`. Dimensions that most have:
`rep__role_family`, `rep__region`, `rep__manager`, `rep__hired_on__quarter` (the hire cohort),
`program__program_name`, `ramp__onboarding_version`, `metric_time__month`, `metric_time__fiscal_period`;
`mf list dimensions --metrics <name>` has them all. Metrics with a mart and a column are read there: a median, an
estimate or a withheld figure cannot be added up.
"""


@dataclass(frozen=True)
class Entry:
    """One metric of the page."""

    name: str
    label: str
    level: str
    definition: str
    formula: str
    owner: str
    grain: str
    stands_in: str
    is_queried: bool


def one_line(text: str) -> str:
    """Return a description on one line, fit for a table."""
    return re.sub(r"\s+", " ", text).strip().replace("|", "\\|")


def grain_of(description: str) -> str:
    """Return what the description of a mart says a row is."""
    found = re.search(r"Grain[.:]\**\s*(.*?)(?:\.\s|\.?\n\n|\.?$|;)", description, re.S)
    return one_line(found[1]) if found else ""


def load(target: Path) -> list[Entry]:
    """Return the metrics in the order of the page, from manifest.json of a target folder.

    Raises FileNotFoundError when dbt has not written it yet, and KeyError when a metric lacks a part.
    """
    return entries_of(json.loads((target / "manifest.json").read_text(encoding="utf-8")))


def entries_of(manifest: dict) -> list[Entry]:
    """Return the metrics of dbt's manifest in the order of the page. Raises KeyError when a metric lacks a part."""
    models = {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}
    owners = {group["name"]: group["owner"]["name"] for group in manifest["groups"].values()}
    docs = {doc["name"]: doc["block_contents"] for doc in manifest["docs"].values()}
    semantic = {model["name"]: model for model in manifest["semantic_models"].values()}
    measures = {
        measure["name"]: (models[model["node_relation"]["alias"]], measure)
        for model in semantic.values()
        for measure in model["measures"]
    }
    metrics = {metric["name"]: metric for metric in manifest["metrics"].values()}

    def mart_of(metric: dict) -> dict:
        while metric["type"] == "ratio":
            metric = metrics[metric["type_params"]["numerator"]["name"]]
        return measures[metric["type_params"]["measure"]["name"]][0]

    def source_of(metric: dict) -> str:
        if metric["type"] == "ratio":
            return f"`{mart_of(metric)['name']}`"
        mart, measure = measures[metric["type_params"]["measure"]["name"]]
        return f"`{mart['name']}`: {measure['agg']} of `{one_line(measure['expr'] or measure['name'])}`"

    entries = [
        Entry(
            metric["name"],
            metric["label"],
            metric["config"]["meta"]["level"],
            one_line(metric["description"]),
            metric["config"]["meta"]["formula"],
            owners[mart_of(metric)["config"]["group"]],
            grain_of(mart_of(metric)["description"]),
            source_of(metric),
            is_queried=True,
        )
        for metric in metrics.values()
        if metric["config"]["meta"]["level"] != "part"
    ]
    for mart in models.values():
        for metric in mart["config"]["meta"].get("metrics", []):
            if "column" in metric:
                definition = mart["columns"][metric["column"]]["description"]
                stands_in = f"`{mart['name']}.{metric['column']}`"
            else:
                definition = docs[metric["doc"]]
                stands_in = f"`{mart['name']}.value` where `metric = '{metric['name']}'`"
            entries.append(
                Entry(
                    metric["name"],
                    metric["label"],
                    metric["level"],
                    one_line(definition),
                    metric["formula"],
                    owners[mart["config"]["group"]],
                    grain_of(mart["description"]),
                    stands_in,
                    is_queried=False,
                )
            )
    return sorted(entries, key=lambda entry: (list(LEVELS).index(entry.level), not entry.is_queried, entry.name))


def page(entries: list[Entry]) -> str:
    """Return the page, in Markdown, of metrics in the order in which ``load`` gives them."""
    owners = sorted({entry.owner for entry in entries})
    parts = [HEAD, f"{len(entries)} metrics; owner: {', '.join(owners)}.\n"]
    for level, title in LEVELS.items():
        parts.append(f"## {title}\n")
        parts.append("| Metric | Definition | Formula | Grain of its mart | Where it stands |")
        parts.append("| --- | --- | --- | --- | --- |")
        for entry in entries:
            if entry.level == level:
                owner = f" Owner: {entry.owner}." if len(owners) > 1 else ""
                parts.append(
                    f"| **{entry.label}** `{entry.name}` | {entry.definition}{owner} | {one_line(entry.formula)} "
                    f"| {entry.grain} | {entry.stands_in} |"
                )
        parts.append("")
    return "\n".join(parts)


def main() -> int:
    """Write the page and say how many metrics it has."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "target"
    try:
        entries = load(target)
    except FileNotFoundError as error:
        print(f"There is no {error.filename}: run dbt parse first (make catalogue does).", file=sys.stderr)
        return 1
    (ROOT / "docs" / "metrics.md").write_text(page(entries), encoding="utf-8")
    print(f"docs/metrics.md: {len(entries)} metrics.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
