"""The same company, as each common loader lands it: the numbers do not differ.

The demo company's raw rows are written into a DuckDB file the way Fivetran, Airbyte, Stitch, dlt and a vendor's export
would (spelling, types, sync and soft-delete columns), read with raw_from: tables from that attached file, and
everything that the marts are made of must equal the demo's, row for row.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from conftest import ROOT, Build, messages

SYSTEMS = ["salesforce", "lms", "gong", "coaching_log", "roster"]
SETTINGS = {
    "raw_from": "tables",
    "as_of_date": "2026-06-30",
    "raw_tables": {system: {"database": "raw", "schema": f"landed_{system}"} for system in SYSTEMS},
}
LOADED, LOADED_BEFORE = "timestamp '2026-07-01 03:00:00'", "timestamp '2026-06-01 03:00:00'"
IS_DELETED = "coalesce(lower(\"IsDeleted\") in ('true', '1'), false)"


def words(name: str) -> list[str]:
    """OwnerId -> owner, id; Hire_Date__c -> hire, date, c."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().replace("__", "_").split("_")


def typed_instant(column: str) -> str:
    return f"cast({column} as timestamptz)"


def epoch_milliseconds(column: str) -> str:
    """What lies before 1990 is out of range, and stays as it is written."""
    milliseconds = f"cast(epoch_ms(cast({column} as timestamptz)) as varchar)"
    return f"case when cast({column} as timestamptz) >= timestamptz '1990-01-01' then {milliseconds} else {column} end"


def as_written(column: str) -> str:
    return column


def one_letter(column: str) -> str:
    return f"case lower({column}) when 'true' then 'Y' when 'false' then 'N' else {column} end"


def one_or_zero(column: str) -> str:
    return f"case lower({column}) when 'true' then '1' when 'false' then '0' else {column} end"


def capitalised(column: str) -> str:
    return f"case lower({column}) when 'true' then 'True' when 'false' then 'False' else {column} end"


@dataclass
class Loader:
    """How a loader writes names, instants and booleans, its own columns, and how it says that a row is deleted."""

    spell: Callable[[str], str]
    instant: Callable[[str], str]
    boolean: Callable[[str], str]
    own_columns: str
    deleted: str | None


LOADERS = {
    "fivetran": Loader(
        lambda name: "_".join(words(name)),
        typed_instant,
        as_written,
        f"{LOADED} as _fivetran_synced",
        "{deleted} as _fivetran_deleted",
    ),
    "airbyte": Loader(
        str,
        typed_instant,
        capitalised,
        f"uuid() as _airbyte_raw_id, cast({LOADED} as timestamptz) as _airbyte_extracted_at, '{{}}' as _airbyte_meta",
        f"case when {{deleted}} then {LOADED} end as _ab_cdc_deleted_at",
    ),
    "stitch": Loader(
        str.lower,
        as_written,
        one_letter,
        f"{LOADED} as _sdc_batched_at, 1782875000000 as _sdc_sequence, 0 as _sdc_table_version",
        f"case when {{deleted}} then {LOADED} end as _sdc_deleted_at",
    ),
    "dlt": Loader(
        lambda name: re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower(),
        typed_instant,
        one_or_zero,
        "'1782874800.123' as _dlt_load_id, substr(md5(cast(random() as varchar)), 1, 14) as _dlt_id",
        f"case when {{deleted}} then {LOADED} end as _dlt_valid_to",
    ),
    # A report exported by hand: labels with blanks, instants as milliseconds.
    "vendor_export": Loader(
        lambda name: " ".join(word.title() for word in words(name)), epoch_milliseconds, one_or_zero, "", None
    ),
}


def land(file: Path, loader: Loader) -> None:
    """Write the demo's raw rows into a DuckDB file as the loader would."""
    with duckdb.connect(str(file)) as connection:
        connection.execute("set timezone = 'UTC'")
        for csv_file in sorted((ROOT / "seeds/demo").glob("*/*.csv")):
            system, raw_object = csv_file.stem.removeprefix("demo_").split("__")
            if system not in SYSTEMS:
                continue
            connection.execute(
                f"create or replace temp table rows as from read_csv('{csv_file}', all_varchar = true, header = true)"
            )
            names = [row[0] for row in connection.execute("describe rows").fetchall()]
            # Instants: every value has a time of day, and none is broken on purpose.
            instants = ", ".join(
                f'bool_and(regexp_matches("{name}", \'^.{{10}}T\') and try_cast("{name}" as timestamptz) is not null)'
                f" filter (\"{name}\" <> '')"
                for name in names
            )
            are_instants = connection.execute(f"select {instants} from rows").fetchone()
            columns = []
            for name, is_instant in zip(names, are_instants, strict=True):
                quoted = f'"{name}"'
                if name == "IsDeleted" and loader.deleted:
                    continue
                expression = loader.boolean(quoted)
                if is_instant:
                    expression = loader.instant(f"nullif({quoted}, '')")
                columns.append(f'{expression} as "{loader.spell(name)}"')
            if loader.own_columns:
                columns.append(loader.own_columns)
            if loader.deleted:
                columns.append(loader.deleted.format(deleted=IS_DELETED if "IsDeleted" in names else "false"))
            connection.execute(f"create schema if not exists landed_{system}")
            connection.execute(f'create table landed_{system}."{raw_object}" as select {", ".join(columns)} from rows')


def read(build: Build, raw_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Build all that the marts are made of from the tables of a file."""
    monkeypatch.setenv("RAMPLINE_RAW_FILE", str(raw_file))
    selection = [
        "--select",
        "+conformed",
        "+marts.quality",
        "--exclude-resource-type",
        "test",
        "unit_test",
    ]
    result = build.dbt("build", *selection, **SETTINGS)
    assert result.success, messages(result)


def differences(demo: Build, build: Build, where: str = "true") -> dict[str, tuple[int, int]]:
    """Tables of the conformed layer and of quality that differ: rows only in the demo, rows only in the build."""
    different = {}
    with duckdb.connect() as connection:
        connection.execute(f"attach '{demo.file}' as demo (read_only)")
        connection.execute(f"attach '{build.file}' as other (read_only)")
        tables = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
            " where table_catalog = 'other' and table_type = 'BASE TABLE' and table_schema in ('conformed', 'quality')"
        ).fetchall()
        assert len(tables) > 20
        for (table,) in tables:
            # The raw row is the row as the loader wrote it.
            row = "* exclude (raw_row)" if table.endswith(("rejected_rows", "cnf_orphan_rows")) else "*"
            one, two = f"select {row} from demo.{table} where {where}", f"select {row} from other.{table} where {where}"
            counts = connection.execute(
                f"select (select count(*) from ({one} except all {two})), (select count(*) from ({two} except "
                f"all {one}))"
            ).fetchone()
            if counts != (0, 0):
                different[table] = counts
    return different


@pytest.mark.parametrize("name", list(LOADERS))
def test_every_loader_gives_the_same_company(
    name: str, demo: Build, new_build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw_file = tmp_path / "landed.duckdb"
    land(raw_file, LOADERS[name])
    read(new_build, raw_file, monkeypatch)
    assert differences(demo, new_build) == {}
    # The loader's own columns are no part of the raw row.
    kept = new_build.rows(
        "select count(*), count(*) filter (raw_row like '%\"\\_%' escape '\\') from quality.rejected_rows"
    )
    assert kept[0][0] > 0
    assert kept[0][1] == 0


def test_history_mode_keeps_the_newest_version(
    demo: Build, new_build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every user and deal stands twice more, with other values, in versions that have ended."""
    raw_file = tmp_path / "landed.duckdb"
    land(raw_file, LOADERS["fivetran"])
    with duckdb.connect(str(raw_file)) as connection:
        for table, change in [("user", "title = 'Nobody yet'"), ("opportunity", "amount = '1', stage_name = 'Old'")]:
            connection.execute(f"""
                alter table landed_salesforce."{table}" add column _fivetran_active boolean default true;
                alter table landed_salesforce."{table}" add column _fivetran_start timestamp default {LOADED};
                create table older as from landed_salesforce."{table}" where not _fivetran_deleted;
                update older set {change}, _fivetran_active = false, _fivetran_start = {LOADED_BEFORE};
                insert into landed_salesforce."{table}" by name from older;
                update older set _fivetran_start = _fivetran_start - interval 30 day;
                insert into landed_salesforce."{table}" by name from older;
                drop table older;
            """)
    read(new_build, raw_file, monkeypatch)
    found = differences(demo, new_build)
    assert set(found) <= {"quality.source_reconciliation", "quality.rejected_rows"}
    counted = {
        (row[0], row[1]): row[2:]
        for row in new_build.rows(
            "select object, system, accepted_count, superseded_count from quality.source_reconciliation"
            " where system = 'salesforce' and object in ('user', 'opportunity')"
        )
    }
    before = {
        (row[0], row[1]): row[2:]
        for row in demo.rows(
            "select object, system, accepted_count, superseded_count from quality.source_reconciliation"
            " where system = 'salesforce' and object in ('user', 'opportunity')"
        )
    }
    for key, (accepted, superseded) in before.items():
        assert counted[key][0] == accepted
        assert counted[key][1] > superseded + accepted
