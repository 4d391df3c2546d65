"""Apache Superset reads the published file: the marts as datasets with their descriptions, charts that equal SQL.

Run by ``make test-superset``, in an environment of its own (requirements.txt). Superset runs inside this process, with
its metadata in SQLite in a temporary folder; no port is opened. The published file is the one that the environment
variable RAMPLINE_PUBLISHED_FILE names.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

import duckdb
import pytest
from flask import Flask

from tools.superset_datasets import DATABASE, write_bundle

ROOT = Path(__file__).parents[2]
SCHEMAS = ("core", "impact", "kirkpatrick", "quality", "rep_timeline")
CONFIG = """
SECRET_KEY = {secret_key!r}
SQLALCHEMY_DATABASE_URI = "sqlite:///{home}/superset.db"
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
"""


class Superset:
    """A Superset with one administrator and one database, the published file, asked through its API."""

    def __init__(self, app: Flask, password: str, file: Path) -> None:
        """Log in and connect the file."""
        self.client = app.test_client()
        self.headers: dict[str, str] = {}
        self.file = file
        self.datasets: dict[str, int] = {}
        login = {"username": "admin", "password": password, "provider": "db"}
        self.headers["Authorization"] = f"Bearer {self.post('security/login', login)['access_token']}"
        uri = f"duckdb:///{file}?access_mode=read_only"
        self.database = self.post("database/", {"database_name": "By hand", "sqlalchemy_uri": uri})["id"]

    def get(self, path: str) -> dict:
        answer = self.client.get(f"/api/v1/{path}", headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json

    def post(self, path: str, body: dict, status: tuple[int, ...] = (200, 201)) -> dict:
        answer = self.client.post(f"/api/v1/{path}", headers=self.headers, json=body)
        assert answer.status_code in status, answer.text
        return answer.json

    def dataset(self, mart: str, **options: str) -> int:
        """Return the number of the dataset of a mart (schema.table); it is made when it is first asked for."""
        if mart not in self.datasets:
            schema, table = mart.split(".")
            body = {"database": self.database, "schema": schema, "table_name": table, **options}
            self.datasets[mart] = self.post("dataset/", body)["id"]
        return self.datasets[mart]

    def chart(self, mart: str, **query: object) -> list[tuple]:
        """Return the rows that a chart on a mart would draw."""
        source = {"id": self.dataset(mart), "type": "table"}
        answer = self.post("chart/data", {"datasource": source, "queries": [{"row_limit": 10000, **query}]})
        return [tuple(row.values()) for row in answer["result"][0]["data"]]

    def sql_lab(self, sql: str, status: tuple[int, ...] = (200,)) -> dict:
        """Return what SQL Lab answers."""
        return self.post("sqllab/execute/", {"database_id": self.database, "sql": sql, "runAsync": False}, status)

    def by_sql(self, sql: str) -> list[tuple]:
        """Return the rows of a query by duckdb itself, with values as Superset's JSON has them."""
        with duckdb.connect(str(self.file), read_only=True) as connection:
            rows = connection.execute(sql).fetchall()
        return [tuple(as_json(value) for value in row) for row in rows]


def as_json(value: object) -> object:
    """Return a value as charts have it: decimals as float, dates as milliseconds since 1970."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return datetime.combine(value, time(), UTC).timestamp() * 1000
    return value


@pytest.fixture(scope="session")
def superset(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Superset]:
    """A new Superset, set up by the commands of its manual."""
    home = tmp_path_factory.mktemp("superset")
    file = Path(shutil.copy2(os.environ["RAMPLINE_PUBLISHED_FILE"], home))
    config = home / "superset_config.py"
    config.write_text(CONFIG.format(secret_key=secrets.token_hex(32), home=home), encoding="utf-8")
    os.environ |= {"SUPERSET_CONFIG_PATH": str(config), "SUPERSET_HOME": str(home)}
    # They read the configuration when they are imported.
    from superset.app import create_app  # noqa: PLC0415
    from superset.cli.main import superset as command  # noqa: PLC0415

    app = create_app()
    password = secrets.token_hex(16)
    names = ("--username", "admin", "--firstname", "Ada", "--lastname", "Admin", "--email", "admin@example.com")
    for arguments in (
        ("db", "upgrade"),
        ("fab", "create-admin", *names, "--password", password),
        ("init",),
    ):
        done = app.test_cli_runner().invoke(command, arguments)
        assert done.exit_code == 0, done.output
    return Superset(app, password, file)


def test_versions_are_those_written_down() -> None:
    text = (ROOT / "docs" / "bi_tools.md").read_text(encoding="utf-8")
    for package in ("apache-superset", "duckdb-engine", "duckdb", "sqlalchemy", "cachetools", "flask-caching"):
        assert f"`{package}=={version(package)}`" in text


@pytest.mark.parametrize("schema", SCHEMAS)
def test_marts_are_listed(schema: str, superset: Superset) -> None:
    marts = superset.by_sql(f"select table_name from duckdb_tables() where schema_name = '{schema}'")
    listed = superset.get(f"database/{superset.database}/tables/?q=(schema_name:{schema})")["result"]
    assert listed
    assert sorted(table["value"] for table in listed) == sorted(name for (name,) in marts)
    assert f"rampline.{schema}" in superset.get(f"database/{superset.database}/schemas/")["result"]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_datasets_have_their_columns_types_and_descriptions(schema: str, superset: Superset) -> None:
    kinds = {"VARCHAR": 1, "BOOLEAN": 3, "DATE": 2, "TIMESTAMP": 2}
    marts = superset.by_sql(f"select table_name from duckdb_tables() where schema_name = '{schema}'")
    for (mart,) in marts:
        columns = superset.by_sql(
            "select column_name, comment, data_type from duckdb_columns()"
            f" where schema_name = '{schema}' and table_name = '{mart}' order by column_index"
        )
        found = superset.get(f"dataset/{superset.dataset(f'{schema}.{mart}')}")["result"]["columns"]
        assert [(column["column_name"], column["description"], column["type_generic"]) for column in found] == [
            (name, comment, kinds.get(data_type, 0)) for name, comment, data_type in columns
        ]
        assert all(comment for _, comment, _ in columns)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_mart_is_charted_whole(schema: str, superset: Superset) -> None:
    for (mart,) in superset.by_sql(f"select table_name from duckdb_tables() where schema_name = '{schema}'"):
        rows = superset.by_sql(f"select count(*) from {schema}.{mart}")
        assert rows[0][0] > 0
        assert superset.chart(f"{schema}.{mart}", metrics=["count"]) == rows


def simple(aggregate: str, column: str) -> dict:
    """Return a metric as somebody clicks it together."""
    return {
        "expressionType": "SIMPLE",
        "aggregate": aggregate,
        "column": {"column_name": column},
        "label": f"{aggregate}({column})",
    }


def custom(sql: str) -> dict:
    """Return a metric as somebody writes it."""
    return {"expressionType": "SQL", "sqlExpression": sql, "label": sql}


def equals(column: str, value: object) -> dict:
    """Return a filter on one value."""
    return {"col": column, "op": "==", "val": value}


CHARTS = {
    "sum of decimals within dates": (
        "core.fct_bookings",
        {
            "columns": ["credit_method"],
            "metrics": [simple("SUM", "credited_amount"), simple("COUNT_DISTINCT", "opportunity_id")],
            "filters": [{"col": "booked_on", "op": "TEMPORAL_RANGE", "val": "2025-07-01 : 2026-07-01"}],
            "orderby": [["credit_method", True]],
        },
        "select credit_method, sum(credited_amount), count(distinct opportunity_id) from core.fct_bookings"
        " where booked_on >= '2025-07-01' and booked_on < '2026-07-01' group by credit_method order by credit_method",
    ),
    "months as time axis": (
        "core.fct_activities",
        {
            "columns": [
                {
                    "columnType": "BASE_AXIS",
                    "timeGrain": "P1M",
                    "expressionType": "SQL",
                    "sqlExpression": "happened_on",
                    "label": "happened_on",
                }
            ],
            "metrics": ["count"],
            "filters": [{"col": "activity_type", "op": "IN", "val": ["call", "demo"]}],
            "orderby": [["happened_on", True]],
        },
        "select date_trunc('month', happened_on)::date as month, count(*) from core.fct_activities"
        " where activity_type in ('call', 'demo') group by month order by month",
    ),
    "averages over NULL": (
        "rep_timeline.rep_ramp",
        {
            "columns": ["role_family", "hire_quarter"],
            "metrics": [simple("AVG", "days_to_first_deal"), simple("MAX", "days_to_quota_50")],
            "filters": [equals("is_observed_from_start", True)],
            "orderby": [["role_family", True], ["hire_quarter", True]],
        },
        "select role_family, hire_quarter, avg(days_to_first_deal), max(days_to_quota_50) from rep_timeline.rep_ramp"
        " where is_observed_from_start group by all order by role_family, hire_quarter",
    ),
    "medians of a cohort": (
        "rep_timeline.cohort_ramp_summary",
        {
            "columns": ["cohort", "ramp_count", "median_days", "restricted_mean_days"],
            "filters": [equals("cohort_type", "onboarding_version"), equals("milestone", "quota_50")],
            "orderby": [["cohort", True]],
        },
        "select cohort, ramp_count, median_days, restricted_mean_days from rep_timeline.cohort_ramp_summary"
        " where cohort_type = 'onboarding_version' and milestone = 'quota_50' order by cohort",
    ),
    "a ratio of sums": (
        "kirkpatrick.kirkpatrick_metrics",
        {
            "columns": ["program_id"],
            "metrics": [custom("sum(numerator) / sum(denominator)")],
            "filters": [equals("metric", "win_rate"), equals("cohort_type", "role_family")],
            "orderby": [["program_id", True]],
        },
        "select program_id, sum(numerator) / sum(denominator) from kirkpatrick.kirkpatrick_metrics"
        " where metric = 'win_rate' and cohort_type = 'role_family' group by program_id order by program_id",
    ),
    "effects with their intervals": (
        "impact.program_performance_effect",
        {
            "columns": ["program_id", "effect", "ci_low", "ci_high", "reason_withheld"],
            "filters": [equals("outcome", "attainment")],
            "orderby": [["program_id", True]],
        },
        "select program_id, effect, ci_low, ci_high, reason_withheld from impact.program_performance_effect"
        " where outcome = 'attainment' order by program_id",
    ),
    "money of scenarios": (
        "impact.roi_scenarios",
        {"columns": ["scenario", "extra_bookings_amount", "roi_rate"], "orderby": [["scenario", True]]},
        "select scenario, extra_bookings_amount, roi_rate from impact.roi_scenarios order by scenario",
    ),
    "share of rejected rows": (
        "quality.source_reconciliation",
        {
            "columns": ["system"],
            "metrics": [simple("SUM", "raw_count"), custom("sum(rejected_count) / sum(raw_count)")],
            "orderby": [["system", True]],
        },
        "select system, sum(raw_count), sum(rejected_count) / sum(raw_count) from quality.source_reconciliation"
        " group by system order by system",
    ),
}


@pytest.mark.parametrize(("mart", "query", "sql"), CHARTS.values(), ids=CHARTS)
def test_chart_equals_sql(mart: str, query: dict, sql: str, superset: Superset) -> None:
    answer = superset.by_sql(sql)
    assert len(answer) > 1
    assert superset.chart(mart, **query) == answer


def test_table_macro_is_a_virtual_dataset(superset: Superset) -> None:
    sql = "select * from rep_timeline.ramp_curve('onboarding_version', 'quota_50')"
    superset.dataset("rep_timeline.ramp_curve", sql=sql)
    found = superset.chart(
        "rep_timeline.ramp_curve",
        columns=["cohort_label"],
        metrics=[simple("MAX", "reached_rate")],
        orderby=[["cohort_label", True]],
    )
    answer = superset.by_sql(f"select cohort_label, max(reached_rate) from ({sql}) group by all order by all")
    assert len(answer) == 2
    assert found == answer


def test_sql_lab_reads_and_cannot_write(superset: Superset) -> None:
    rows = superset.sql_lab("select as_of_date, passed_test_count from meta.build_info")["data"]
    assert rows == [{"as_of_date": "2026-06-30", "passed_test_count": rows[0]["passed_test_count"]}]
    assert superset.by_sql("select passed_test_count from meta.build_info") == [(rows[0]["passed_test_count"],)]
    answer = superset.client.put(
        f"/api/v1/database/{superset.database}", headers=superset.headers, json={"allow_dml": True}
    )
    assert answer.status_code == 200
    refused = superset.sql_lab("delete from core.dim_reps", status=(400, 403, 422, 500))
    assert "read-only" in refused["errors"][0]["message"]
    assert superset.by_sql("select count(*) from core.dim_reps")[0][0] > 0


def test_next_query_reads_the_next_published_file(superset: Superset) -> None:
    """A file is swapped in under a running Superset, as publishing does: nothing has to be restarted."""
    before = superset.chart("core.dim_reps", metrics=["count"])
    new_file = superset.file.with_name("new.duckdb")
    shutil.copyfile(superset.file, new_file)
    with duckdb.connect(str(new_file)) as connection:
        connection.execute("delete from core.dim_reps where role_family = 'AE'")
    new_file.replace(superset.file)
    after = superset.chart("core.dim_reps", metrics=["count"])
    assert after == superset.by_sql("select count(*) from core.dim_reps")
    assert 0 < after[0][0] < before[0][0]


def test_bundle_brings_every_mart_with_its_descriptions(superset: Superset, tmp_path: Path) -> None:
    """Imported twice, as after the next build: the same datasets, not more.

    The datasets made by hand go first: with its metadata in SQLite, Superset takes a table's name once only.
    """
    by_hand = ",".join(str(number) for number in superset.datasets.values())
    if by_hand:
        answer = superset.client.delete(f"/api/v1/dataset/?q=!({by_hand})", headers=superset.headers)
        assert answer.status_code == 200, answer.text
    superset.datasets.clear()
    bundle = tmp_path / "bundle.zip"
    marts = superset.by_sql("select schema_name, table_name, comment from duckdb_tables() order by all")
    for _ in range(2):
        assert write_bundle(superset.file, bundle) == len(marts)
        form = {"formData": (bundle.open("rb"), bundle.name), "overwrite": "true"}
        answer = superset.client.post("/api/v1/dataset/import/", headers=superset.headers, data=form)
        assert answer.status_code == 200, answer.text
        datasets = superset.get("dataset/?q=(page_size:100)")["result"]
        listed = [row for row in datasets if row["database"]["database_name"] == DATABASE]
        assert sorted((row["schema"], row["table_name"]) for row in listed) == [mart[:2] for mart in marts]
    numbers = {(row["schema"], row["table_name"]): row["id"] for row in listed}
    for schema, table, comment in marts:
        dataset = superset.get(f"dataset/{numbers[schema, table]}")["result"]
        assert dataset["description"] == comment
        assert [(column["column_name"], column["description"]) for column in dataset["columns"]] == superset.by_sql(
            "select column_name, comment from duckdb_columns()"
            f" where schema_name = '{schema}' and table_name = '{table}' order by column_index"
        )
    superset.datasets["core.fct_bookings"] = numbers["core", "fct_bookings"]
    found = superset.chart("core.fct_bookings", metrics=["count", simple("SUM", "credited_amount")])
    assert found == superset.by_sql("select count(*), sum(credited_amount) from core.fct_bookings")
