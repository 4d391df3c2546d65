"""The published file opens in the clients that people use, read only, and each reads what SQL says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

import adbc_driver_duckdb
import adbc_driver_manager.dbapi
import duckdb
import ibis
import pandas as pd
import polars as pl
import pytest
import sqlalchemy as sa
import yaml
from conftest import ROOT

from tools import superset_datasets

# Every type of column, with and without NULL, a macro, and whether the file was opened for reading only.
QUERIES = (
    "select * from core.dim_reps order by rep_id",
    "select * from core.fct_attainment order by attainment_id",
    "select * from rep_timeline.cohort_ramp_summary order by cohort_type, cohort, milestone",
    "select * from impact.roi_measured order by program_id",
    "select * from rep_timeline.ramp_curve('onboarding_version', 'quota_50') order by cohort_label, day",
    "select * from meta.build_info",
    "select readonly from duckdb_databases() where database_name = 'rampline'",
)
KNOWN_TYPES = re.compile(r"VARCHAR|BOOLEAN|INTEGER|BIGINT|DOUBLE|DECIMAL\(\d+,\d+\)|DATE|TIMESTAMP")
# duckdb-cli has no 2.0 on PyPI. The project's own duckdb is one of the clients beside these.
DUCKDB_VERSIONS = ("1.4.0", "1.4.5", "1.5.0", "2.0.0")
CLI_VERSION = "1.4.4.post2"
HARLEQUIN = ROOT / "tests" / "python" / "data" / "harlequin.txt"
PYTHON_READER = """
import json, sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    print(json.dumps([connection.execute(sql).fetchall() for sql in sys.argv[2:]], default=str))
"""

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ibis"),
    pytest.mark.filterwarnings("ignore:duckdb-engine doesn't yet support reflection on indices"),
]

Rows = list[tuple]
Client = Callable[[Path], list[Rows]]


@pytest.fixture(scope="module")
def published(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company's published file in a folder of its own: clients leave files beside it."""
    return shutil.copytree(published.parent, tmp_path_factory.mktemp("clients") / "published") / published.name


@pytest.fixture(scope="module")
def expected(published: Path) -> list[Rows]:
    """The rows of each query by duckdb itself."""
    with duckdb.connect(str(published), read_only=True) as connection:
        return [plain(connection.execute(sql).fetchall()) for sql in QUERIES]


def plain(rows: Iterator[tuple]) -> Rows:
    """Return rows in Python's own types, so that those of two clients can be compared."""
    return [tuple(plain_value(value) for value in row) for row in rows]


def plain_value(value: object) -> object:
    """Return a value in Python's own types: dates as datetime, decimals as float, what stands for NULL as None."""
    if pd.isna(value):
        return None
    # Some write decimals as text into JSON.
    if isinstance(value, Decimal) or (isinstance(value, str) and re.fullmatch(r"-?\d+\.\d+", value)):
        return float(value)
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d( |$)", value):
        return datetime.fromisoformat(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    return value


def run(*command: str, cwd: Path) -> str:
    """Return what a command prints; what it says when it fails is in the assertion."""
    # Harlequin keeps a history of queries: not in the user's.
    environment = os.environ | {"XDG_DATA_HOME": str(cwd), "XDG_STATE_HOME": str(cwd)}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_apart(*requirements: str, cwd: Path) -> str:
    """Return what a command prints in an environment of its own: options of uv, then the command."""
    # Not in the project's folder: its constraint on duckdb is not for these.
    uv = Path(sys.executable).with_name("uv")
    return run(
        str(uv), "run", "--quiet", "--isolated", "--no-project", "--python", sys.executable, *requirements, cwd=cwd
    )


def json_rows(text: str) -> list[Rows]:
    """Return the rows of the JSON arrays of objects that stand one after another in a text."""
    results, start, decoder = [], 0, json.JSONDecoder()
    while text[start:].strip():
        found, length = decoder.raw_decode(text[start:].lstrip())
        start += len(text[start:]) - len(text[start:].lstrip()) + length
        results.append([tuple(row.values()) for row in found])
    return results


def by_sqlalchemy(path: Path) -> list[Rows]:
    engine = sa.create_engine(f"duckdb:///{path}?access_mode=read_only")
    with engine.connect() as connection:
        results = [connection.execute(sa.text(sql)).fetchall() for sql in QUERIES]
    engine.dispose()
    return results


def by_ibis(path: Path) -> list[Rows]:
    connection = ibis.duckdb.connect(path, read_only=True)
    results = [list(connection.sql(sql).to_polars().iter_rows()) for sql in QUERIES]
    connection.disconnect()
    return results


def by_polars(path: Path) -> list[Rows]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return [pl.read_database(sql, connection).rows() for sql in QUERIES]


def by_pandas(path: Path) -> list[Rows]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return [list(connection.execute(sql).df().itertuples(index=False)) for sql in QUERIES]


def by_pandas_and_sqlalchemy(path: Path) -> list[Rows]:
    engine = sa.create_engine(f"duckdb:///{path}?access_mode=read_only")
    with engine.connect() as connection:
        results = [list(pd.read_sql(sa.text(sql), connection).itertuples(index=False)) for sql in QUERIES]
    engine.dispose()
    return results


def by_adbc(path: Path) -> list[Rows]:
    with (
        adbc_driver_manager.dbapi.connect(
            driver=adbc_driver_duckdb.driver_path(),
            entrypoint="duckdb_adbc_init",
            db_kwargs={"path": str(path), "access_mode": "read_only"},
        ) as connection,
        connection.cursor() as cursor,
    ):
        results = []
        for sql in QUERIES:
            cursor.execute(sql)
            results.append(pl.from_arrow(cursor.fetch_arrow_table()).rows())
        return results


def by_cli(path: Path) -> list[Rows]:
    command = Path(sys.executable).with_name("duckdb")
    return json_rows(run(str(command), "-readonly", "-json", str(path), ";".join(QUERIES), cwd=path.parent))


def by_older_cli(path: Path) -> list[Rows]:
    command = ("duckdb", "-readonly", "-json", str(path), ";".join(QUERIES))
    return json_rows(run_apart("--with", f"duckdb-cli=={CLI_VERSION}", *command, cwd=path.parent))


def by_harlequin(path: Path) -> list[Rows]:
    """Harlequin without its screen: hsql is the same adapter."""
    folder = path.parent / "harlequin"
    command = ["hsql", "--read-only", "--json", "--limit", "-1", "--output", str(folder), str(path)]
    for sql in QUERIES:
        command += ["--command", sql]
    folder.mkdir()
    run_apart("--with-requirements", str(HARLEQUIN), *command, cwd=folder)
    return [
        json_rows((folder / f"results_{number}.json").read_text(encoding="utf-8"))[0]
        for number in range(1, len(QUERIES) + 1)
    ]


def by_duckdb(number: str) -> Client:
    """Return the client that is a version of duckdb."""

    def client(path: Path) -> list[Rows]:
        command = ("python", "-c", PYTHON_READER, str(path), *QUERIES)
        return json.loads(run_apart("--with", f"duckdb=={number}", *command, cwd=path.parent))

    return client


CLIENTS: dict[str, Client] = {
    "sqlalchemy": by_sqlalchemy,
    "ibis": by_ibis,
    "polars": by_polars,
    "pandas": by_pandas,
    "pandas and sqlalchemy": by_pandas_and_sqlalchemy,
    "adbc": by_adbc,
    "duckdb-cli": by_cli,
    f"duckdb-cli {CLI_VERSION}": by_older_cli,
    "harlequin": by_harlequin,
    **{f"duckdb {number}": by_duckdb(number) for number in DUCKDB_VERSIONS},
}


@pytest.mark.parametrize("client", CLIENTS.values(), ids=CLIENTS)
def test_client_reads_what_sql_says(client: Client, published: Path, expected: list[Rows]) -> None:
    found = client(published)
    assert len(found) == len(QUERIES)
    for sql, rows, answer in zip(QUERIES, found, expected, strict=True):
        assert plain(rows) == answer, sql


def test_queries_hold_every_kind_of_value(expected: list[Rows]) -> None:
    """What is compared above is not empty: the README's medians are in it, and dates, doubles, truths and NULL."""
    assert all(expected)
    for onboarding, median in (("v1", 158), ("v2", 91)):
        (summary,) = (row for row in expected[2] if {"onboarding_version", onboarding, "quota_50"} <= set(row))
        assert median in summary
    assert {type(value) for rows in expected for row in rows for value in row} == {
        str,
        int,
        float,
        bool,
        datetime,
        type(None),
    }
    assert expected[-1] == [(True,)]


def test_versions_are_those_written_down() -> None:
    text = (ROOT / "docs" / "bi_tools.md").read_text(encoding="utf-8")
    packages = ("duckdb", "duckdb-cli", "duckdb-engine", "sqlalchemy", "ibis-framework", "polars", "pandas")
    harlequin = re.search(r"^harlequin==(.*)$", HARLEQUIN.read_text(encoding="utf-8"), flags=re.MULTILINE)[1]
    tested = {version(package) for package in (*packages, "adbc-driver-manager")}
    tested |= {*DUCKDB_VERSIONS, CLI_VERSION.removesuffix(".post2"), harlequin}
    table = text.split("## Tested here")[1].split("\n- ")[0]
    assert sorted(number for number in tested if not re.search(rf"\b{re.escape(number)}\b", table)) == []


def test_sqlalchemy_reflects_tables_with_their_descriptions(published: Path) -> None:
    with duckdb.connect(str(published), read_only=True) as connection:
        columns = connection.execute(
            "select column_name, comment from duckdb_columns() where table_name = 'rep_ramp' order by column_index"
        ).fetchall()
        marts = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        amounts = connection.execute(
            "select credit_method, sum(credited_amount) from core.fct_bookings"
            " where booked_on >= '2026-01-01' group by credit_method"
        ).fetchall()
    engine = sa.create_engine(f"duckdb:///{published}?access_mode=read_only")
    inspector = sa.inspect(engine)
    schemas = [name.split(".")[1] for name in inspector.get_schema_names() if name.startswith("rampline.")]
    assert {(schema, table) for schema in schemas for table in inspector.get_table_names(schema)} == set(marts)
    ramps = sa.Table("rep_ramp", sa.MetaData(), schema="rep_timeline", autoload_with=engine)
    assert [(column.name, column.comment) for column in ramps.columns] == columns
    bookings = sa.Table("fct_bookings", sa.MetaData(), schema="core", autoload_with=engine)
    with engine.connect() as connection:
        found = connection.execute(
            sa.select(bookings.c.credit_method, sa.func.sum(bookings.c.credited_amount))
            .where(bookings.c.booked_on >= date(2026, 1, 1))
            .group_by(bookings.c.credit_method)
        ).fetchall()
    engine.dispose()
    assert len(found) > 1
    assert sorted(tuple(row) for row in found) == sorted(amounts)


def test_ibis_computes_what_sql_says(published: Path) -> None:
    with duckdb.connect(str(published), read_only=True) as connection:
        answer = connection.execute(
            "select role_family, count(*), avg(days_to_first_deal), max(ramp_started_on) from rep_timeline.rep_ramp"
            " where is_observed_from_start group by role_family order by role_family"
        ).fetchall()
    connection = ibis.duckdb.connect(published, read_only=True)
    ramps = connection.table("rep_ramp", database="rep_timeline")
    found = (
        ramps.filter(ibis._.is_observed_from_start)
        .group_by("role_family")
        .agg(ibis._.count(), ibis._.days_to_first_deal.mean(), ibis._.ramp_started_on.max())
        .order_by("role_family")
        .to_polars()
        .rows()
    )
    connection.disconnect()
    assert len(found) > 1
    assert plain(found) == plain(answer)


def unknown_types(path: Path) -> list[tuple]:
    """Return the columns of a file, of any table, whose type not every BI tool knows."""
    with duckdb.connect(str(path), read_only=True) as connection:
        columns = connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() where not internal"
        ).fetchall()
    return [column for column in columns if not KNOWN_TYPES.fullmatch(column[-1])]


def test_column_types_are_those_that_bi_tools_know(published: Path) -> None:
    assert unknown_types(published) == []


@pytest.mark.parametrize(
    "data_type",
    [
        "ENUM('new', 'won')",
        "VARCHAR[]",
        "INTEGER[3]",
        "STRUCT(amount DOUBLE)",
        "MAP(VARCHAR, INTEGER)",
        "UNION(number INTEGER, text VARCHAR)",
        "HUGEINT",
        "UHUGEINT",
        "UBIGINT",
        "TIMESTAMP WITH TIME ZONE",
        "TIMESTAMP_NS",
        "TIME WITH TIME ZONE",
        "INTERVAL",
        "BLOB",
        "BIT",
        "UUID",
        "JSON",
    ],
)
def test_other_types_are_found(data_type: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create table marts (known varchar, odd {data_type})")
    assert [column[2] for column in unknown_types(path)] == ["odd"]


def test_superset_bundle_says_what_the_file_says(published: Path, tmp_path: Path) -> None:
    """That Superset takes it is tested by make test-superset."""
    bundle = tmp_path / "superset.zip"
    with duckdb.connect(str(published), read_only=True) as connection:
        marts = connection.execute(
            "select schema_name, table_name, comment from duckdb_tables() order by all"
        ).fetchall()
        columns = connection.execute(
            "select column_name, comment from duckdb_columns() where table_name = 'dim_reps' order by column_index"
        ).fetchall()
    assert superset_datasets.main([str(published), str(bundle)]) == 0
    with zipfile.ZipFile(bundle) as archive:
        files = [yaml.safe_load(archive.read(name)) for name in archive.namelist()]
    datasets = {(file["schema"], file["table_name"]): file for file in files if "table_name" in file}
    assert [(*mart, file["description"]) for mart, file in datasets.items()] == marts
    found = datasets["core", "dim_reps"]["columns"]
    assert [(column["column_name"], column["description"]) for column in found] == columns
    assert [column["column_name"] for column in found if column["is_dttm"]] == ["hired_on", "terminated_on"]
    assert len({file["uuid"] for file in datasets.values()}) == len(marts)


def test_superset_bundle_of_no_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert superset_datasets.main([str(tmp_path / "none.duckdb"), str(tmp_path / "superset.zip")]) == 1
    assert capsys.readouterr().err.startswith("No bundle was written.")
    assert list(tmp_path.iterdir()) == []
