"""Say what Rampline finds in a company's raw data, before any build: what ``make check-data FOLDER=...`` runs.

Run as ``python -m tools.check_data [folder] [--vars "{...}"]``. The folder holds one folder per system (``salesforce``,
``lms``, ..); without one, the vars of dbt_project.yml (or ``--vars``) say where the data is, and loader tables are
looked at as well as files. Reads only; writes nothing but dbt's own target folder. Exit code 0 when a build can start,
1 when something is missing or cannot be read, 2 for a wrong call.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

import yaml
from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg

from tools.build import release_build_file
from tools.garbage import collect_seldom
from tools.publish import ROOT

MARK = "check_data "


def settings_of(folder: Path | None, given: str) -> dict[str, object]:
    """Return the vars of the check: those given, and the folder's, with the systems that have a folder in it.

    Raises ValueError with a sentence when the folder is not there or has no folder of a system that Rampline reads.
    """
    settings = yaml.safe_load(given or "{}")
    if not isinstance(settings, dict):
        raise ValueError(f"--vars is '{given}': write a mapping, such as '{{raw_folder: exports}}'.")
    if folder is None:
        return settings
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder. Give the folder that holds one folder per system.")
    known = {path.name for path in (ROOT / "models" / "staging").iterdir() if path.is_dir()}
    found = sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name in known)
    if not found and "systems" not in settings:
        raise ValueError(
            f"{folder} has no folder of a system. Make one per system that you have, named {', '.join(sorted(known))}."
        )
    return {"raw_from": "files", "raw_folder": str(folder.resolve()), "systems": found} | settings


def look(settings: dict[str, object]) -> list[dict]:
    """Return the findings of macro check_data, one dict per raw object.

    Raises RuntimeError with dbt's message when the check itself could not run (a wrong setting, for example).
    """
    heard: list[str] = []

    def listen(event: EventMsg) -> None:
        if event.info.msg.startswith(MARK):
            heard.append(event.info.msg[len(MARK) :])

    # Nothing is built: a database in memory will do.
    os.environ["RAMPLINE_BUILD_FILE"] = ":memory:"
    command = ["--log-level", "none", "run-operation", "check_data", "--project-dir", str(ROOT)]
    command += ["--profiles-dir", str(ROOT), "--vars", json.dumps(settings)]
    collect_seldom()
    try:
        result = dbtRunner(callbacks=[listen]).invoke(command)
    finally:
        release_build_file()
    if not heard:
        raise RuntimeError(str(result.exception or "dbt did not get as far as looking. The log is logs/dbt.log."))
    return json.loads(heard[-1])


def describe(findings: list[dict]) -> list[str]:
    """Return the lines to print: per system and object what was found, then what to do next."""
    lines: list[str] = []
    system = None
    for finding in findings:
        if finding["system"] != system:
            system = finding["system"]
            lines += ["", system]
        name = f"  {finding['object']:<28}"
        if finding["problem"]:
            lines.append(f"{name} PROBLEM  {finding['problem']}")
            continue
        if finding["row_count"] is None:
            lines.append(f"{name} not there (optional)")
            continue
        wanted = len(finding["matched"]) + len(finding["missing_optional"])
        lines.append(f"{name} {finding['row_count']:>9,} rows, {len(finding['matched'])} of {wanted} columns")
        if finding["unreadable_count"]:
            lines.append(f"{'':>31}{finding['unreadable_count']} lines cannot be read and will be rejected")
        if finding["missing_optional"]:
            lines.append(f"{'':>31}not there (optional): {', '.join(finding['missing_optional'])}")
        if finding["unused"]:
            lines.append(f"{'':>31}not used: {', '.join(finding['unused'])}")
        if finding["row_count"] == 0:
            lines.append(f"{'':>31}has no rows")
    return lines


def main(argv: list[str] | None = None) -> int:
    """Check, say what was found, return the exit code."""
    parser = argparse.ArgumentParser(prog="make check-data", description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, help="holds one folder per system")
    parser.add_argument("--vars", default="", help="settings, as for dbt build")
    options = parser.parse_args(argv)
    try:
        settings = settings_of(options.folder, options.vars)
    except (ValueError, yaml.YAMLError) as error:
        print(error, file=sys.stderr)
        return 2
    print("Looking ..", flush=True)
    try:
        findings = look(settings)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    if not findings:
        print("Nothing to look at: raw_from is seeds (the demo). Give a folder, or set raw_from.", file=sys.stderr)
        return 2
    print("\n".join(describe(findings)))
    problems = [finding for finding in findings if finding["problem"]]
    print()
    if problems:
        print(f"{len(problems)} of {len(findings)} objects stop a build. Mend them and check again.")
        return 1
    print("A build can start. Next:")
    as_yaml = yaml.safe_dump(settings, default_flow_style=True, sort_keys=False, width=10**6).strip()
    print(f"  make build ARGS=\"--vars '{as_yaml}'\"")
    print("  then quality.source_reconciliation and quality.rejected_rows say what was taken and what was not.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
