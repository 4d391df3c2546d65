"""The demo company's raw rows as a company of its own would have them, and what its marts are compared with."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
from conftest import ROOT, Build

SYSTEMS = ["salesforce", "lms", "gong", "coaching_log", "roster"]


def exported(folder: Path) -> Path:
    """Write the demo's raw rows as a company would have them: a folder per system, a CSV per object."""
    for seed in (ROOT / "seeds/demo").glob("*/*.csv"):
        system, raw_object = seed.stem.removeprefix("demo_").split("__")
        if system in SYSTEMS:
            (folder / system).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(seed, folder / system / f"{raw_object}.csv")
    return folder


def moved_marts(demo: Build, build: Build) -> list[str]:
    """Marts, quality apart, that are not the demo's: doubles to nine decimals, since sums are made in any order."""
    moved = []
    with duckdb.connect() as connection:
        connection.execute(f"attach '{demo.file}' as demo (read_only)")
        connection.execute(f"attach '{build.file}' as other (read_only)")
        columns: dict[str, list[str]] = {}
        for table, column, kind in connection.execute(
            "select table_schema || '.' || table_name, column_name, data_type from information_schema.columns "
            "where table_catalog = 'demo'"
            " and table_schema in ('conformed', 'core', 'rep_timeline', 'kirkpatrick', 'impact') and "
            "table_name not like 'int_%'"
        ).fetchall():
            columns.setdefault(table, []).append(f'round("{column}", 9)' if kind == "DOUBLE" else f'"{column}"')
        assert len(columns) > 40
        for table, names in columns.items():
            if table in ("conformed.cnf_orphan_rows", "conformed.cnf_custom_values"):
                continue
            one, two = (f"select {', '.join(names)} from {catalog}.{table}" for catalog in ("demo", "other"))
            if connection.execute(
                f"select count(*) from (({one} except all {two}) union all ({two} except all {one}))"
            ).fetchone()[0]:
                moved.append(table)
    return moved
