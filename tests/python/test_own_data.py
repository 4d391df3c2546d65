"""A company's own data, all ways at once.

The CRM comes from a loader's tables in another DuckDB file, the coaching log from a folder of spreadsheets, the rest
from files. The rows are the demo's, so the marts must be the demo's too.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
import pytest
from companies import exported, moved_marts
from conftest import ROOT, Build, messages, parsed
from dbt.cli.main import dbtRunner
from faults import read_rows
from workbooks import write_workbook

from tools import build as tools_build
from tools import check_data


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("company")


@pytest.fixture(scope="module")
def settings(folder: Path) -> dict[str, object]:
    return {
        "raw_from": {"default": "files", "salesforce": "tables"},
        "raw_folder": str(folder / "raw"),
        "raw_files": {
            "coaching_log": {"folder": str(folder / "shared drive"), "files": {"session": ["*/coaching*.xlsx"]}}
        },
        "raw_tables": {
            "salesforce": {
                "database": "raw",
                "schema": "sf_prod",
                "tables": {"opportunity": "Deals"},
                "loaded_at": "_sdc_batched_at",
            }
        },
        "as_of_date": "2026-06-30",
        "custom_columns": {
            "salesforce.user": ["Title", {"name": "department", "alias": "Team"}],
            "roster.roster": ["region"],
            "salesforce.opportunity": ["Lead_Source", "Region__c"],
            "salesforce.task": [{"name": "Subject", "alias": "topic"}],
            "salesforce.event": [{"name": "Subject", "alias": "topic"}],
            "lms.program": ["target_goal"],
        },
    }


@pytest.fixture(scope="module")
def raw_file(folder: Path) -> Path:
    """The company's raw data: spreadsheets of two managers, a DuckDB file with the CRM, files for the rest."""
    raw = exported(folder / "raw")
    sessions = read_rows(raw / "coaching_log/session.csv")
    shutil.rmtree(raw / "coaching_log")
    numbers = {"minutes", "score", "scale_max"}
    for name, part in (("ann", sessions[::2]), ("bo", sessions[1::2])):
        rows = []
        for row in part:
            cells = dict(row)
            for column in numbers:
                cells[column] = float(row[column]) if row[column].replace(".", "").isdigit() else row[column] or None
            with suppress(ValueError):
                cells["held_on"] = date.fromisoformat(row["held_on"])
            rows.append(list(cells.values()))
        header = [column.replace("_", " ").title() for column in part[0]]
        write_workbook(
            folder / f"shared drive/{name}/coaching log.xlsx", {"Session": [header, *rows], "How to": [["Fill in"]]}
        )
    file = folder / "landed.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema sf_prod")
        for path in sorted((raw / "salesforce").glob("*.csv")):
            table = {"opportunity": "deals"}.get(path.stem, path.stem.title().replace("_", ""))
            region = ", case when \"Amount\" <> '' then 'EMEA' end as \"Region__c\"" if table == "deals" else ""
            rows = f"read_csv('{path}', all_varchar = true, header = true)"
            loaded = "now()::timestamp - interval 1 hour as _sdc_batched_at"
            connection.execute(f'create table sf_prod."{table}" as select *{region}, {loaded} from {rows}')
    shutil.rmtree(raw / "salesforce")
    return file


@pytest.fixture(scope="module", autouse=True)
def attached(raw_file: Path) -> Iterator[None]:
    """Name the file with the CRM to all builds here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAMPLINE_RAW_FILE", str(raw_file))
        yield


@pytest.fixture(scope="module")
def company(settings: dict[str, object], tmp_path_factory: pytest.TempPathFactory) -> Build:
    build = Build(tmp_path_factory.mktemp("build"))
    # The only build of the tests whose data tests see loader tables and custom columns.
    result = build.dbt("build", "--exclude-resource-type", "unit_test", **settings)
    assert result.success, messages(result)
    return build


def test_three_ways_at_once_give_the_same_marts(demo: Build, company: Build) -> None:
    assert moved_marts(demo, company) == []
    sql = "select * from quality.source_reconciliation order by system, object"
    assert company.rows(sql) == demo.rows(sql)


def test_custom_columns_reach_the_marts(company: Build) -> None:
    """Each mart has the columns it was promised, with the values of the raw rows."""
    titles = company.rows("""
        select x_title, x_team, x_region, region from core.dim_reps where full_name = 'Ava Albers'
    """)
    assert titles == [("VP Sales", "Sales", "AMER East", "AMER East")]
    deal = "0065g000000SeGOAA0"
    [source] = [
        row for row in read_rows(ROOT / "seeds/demo/salesforce/demo_salesforce__opportunity.csv") if row["Id"] == deal
    ]
    assert company.rows(
        f"select x_lead_source, x_region from core.fct_opportunities where opportunity_id = '{deal}'"
    ) == [(source["LeadSource"], "EMEA")]
    # Tasks and events give the same column.
    assert company.rows("""
        select split_part(source_key, ':', 2), count(*) > 100, count(x_topic) > 100, count(*) - count(x_topic)
        from core.fct_activities group by all order by all
    """) == [("event", True, True, 0), ("task", True, True, 0)]
    assert company.rows("select x_target_goal from core.dim_programs where program_id = 'prog_onboarding_v1'") == [
        ("Productive in five months",)
    ]


def test_custom_columns_that_are_not_there_are_refused(
    company: Build, settings: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    right = parsed(settings)
    monkeypatch.setattr("conftest.parsed", lambda _: right)
    wrong = {"custom_columns": {"salesforce.opportunity": ["Regoin__c"]}}
    result = company.dbt("run", "--select", "cnf_custom_values", **settings | wrong)
    assert not result.success
    assert "Var custom_columns: Column Regoin__c of salesforce.opportunity is required and missing" in messages(result)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            "drop table sf_prod.deals",
            [
                "salesforce.opportunity is required and missing",
                "Looked for table Deals in raw.sf_prod, which has Account,",
            ],
        ),
        ("drop schema sf_prod cascade", ["Looked for table Deals in raw.sf_prod, which has no tables"]),
        (
            'alter table sf_prod.deals drop column "OwnerId"',
            ["Column owner_id of salesforce.opportunity is required and missing"],
        ),
    ],
)
def test_a_missing_table_or_column_is_told(
    change: str,
    words: list[str],
    settings: dict[str, object],
    raw_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = tmp_path / "landed.duckdb"
    shutil.copyfile(raw_file, other)
    with duckdb.connect(str(other)) as connection:
        connection.execute(change)
    monkeypatch.setenv("RAMPLINE_RAW_FILE", str(other))
    result = Build(tmp_path).dbt("run", "--select", "stg_salesforce__opportunities", **settings)
    assert not result.success
    for word in words:
        assert word in messages(result)


def test_freshness_is_measured(company: Build, settings: dict[str, object], raw_file: Path) -> None:
    """An hour old passes; three days are a warning, eight an error."""

    def statuses() -> dict[str, str]:
        result = company.dbt("source", "freshness", **settings)
        return {
            item.node.name: str(item.status) for item in result.result.results if item.node.resource_type == "source"
        }

    assert statuses() == {"user": "pass", "opportunity": "pass"}
    with duckdb.connect(str(raw_file)) as connection:
        connection.execute('update sf_prod."User" set _sdc_batched_at = now()::timestamp - interval 3 day')
        connection.execute("update sf_prod.deals set _sdc_batched_at = now()::timestamp - interval 8 day")
    assert statuses() == {"user": "warn", "opportunity": "error"}


# ---- before any build: check-data ---------------------------------------------------


@pytest.fixture
def shared_parse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the tools that run dbt the parse of a company with files that tests share."""
    for tool in (check_data, tools_build):
        monkeypatch.setattr(tool, "dbtRunner", partial(dbtRunner, manifest=parsed({"raw_from": "files"})))


@pytest.mark.usefixtures("shared_parse")
def test_check_data_says_what_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = exported(tmp_path / "raw")
    for system in ("gong", "lms", "roster"):
        shutil.rmtree(raw / system)
    lines = (raw / "salesforce/opportunity.csv").read_text(encoding="utf-8").splitlines()
    (raw / "salesforce/opportunity.csv").write_text(
        "\n".join([lines[0] + ",Extra", *(line + "," for line in lines[1:4]), "1,2"])
    )
    (raw / "salesforce/event.csv").unlink()
    assert check_data.main([str(raw)]) == 0
    said = capsys.readouterr().out
    assert "3 rows, 15 of 17 columns" in said
    assert "not used: Extra" in said
    assert "1 lines cannot be read and will be rejected" in said
    assert "event                        not there (optional)" in said
    assert "A build can start" in said
    assert "lms" not in said
    assert (
        f"make build ARGS=\"--vars '{{raw_from: files, raw_folder: {raw}, systems: [coaching_log, salesforce]}}'\""
        in said
    )


@pytest.mark.usefixtures("shared_parse")
def test_check_data_names_every_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = exported(tmp_path / "raw")
    (raw / "salesforce/user.csv").write_text("<html>Sign in</html>")
    (raw / "salesforce/opportunity.csv").write_text("Id,Owner\n1,2\n")
    (raw / "roster/roster.csv").unlink()
    assert check_data.main([str(raw)]) == 1
    said = capsys.readouterr().out
    assert "user.csv is a web page" in said
    assert (
        "Column owner_id, stage_name, close_date, created_date, is_closed, is_won of salesforce.opportunity is required"
        in said
    )
    assert "Object roster.roster is required and missing" in said
    assert "3 of 27 objects stop a build" in said


def test_check_data_refuses_wrong_calls(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_data.main([str(tmp_path / "nowhere")]) == 2
    assert "is not a folder" in capsys.readouterr().err
    assert check_data.main([str(tmp_path)]) == 2
    assert "has no folder of a system. Make one per system that you have" in capsys.readouterr().err
    assert check_data.main(["--vars", "[1"]) == 2
    assert check_data.main(["--vars", "{quota_basis: half}", str(exported(tmp_path / "raw"))]) == 1
    assert "quota_basis is 'half'" in capsys.readouterr().err


# ---- a build that is refused leaves the published file as it was --------------------


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The published file of yesterday, which make build would replace."""
    path = tmp_path / "published.duckdb"
    path.write_bytes(b"the company's numbers of yesterday")
    monkeypatch.setenv("RAMPLINE_BUILD_FILE", str(tmp_path / "build.duckdb"))
    monkeypatch.setenv("RAMPLINE_PUBLISHED_FILE", str(path))
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path / "logs"))
    return path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a login page", ["opportunity.csv is a web page", "stg_salesforce__opportunities"]),
        (
            "a day before all data",
            [
                "Nobody is there yet",
                "who came later, and nobody was hired by the end of 2001-01-01",
                "Set var as_of_date",
            ],
        ),
    ],
)
@pytest.mark.usefixtures("shared_parse")
def test_a_refused_build_ends_in_a_message(
    name: str, words: list[str], tmp_path: Path, published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = exported(tmp_path / "raw")
    day = "2001-01-01" if "day" in name else "2026-06-30"
    selected: list[str] = []
    if "page" in name:
        (raw / "salesforce/opportunity.csv").write_text("<!DOCTYPE html><title>Sign in</title>")
        # What reads the file, and what would; the day concerns every model.
        selected = ["--select", "+fct_opportunities", "--indirect-selection", "cautious"]
    settings = f"{{raw_from: files, raw_folder: '{raw}', as_of_date: '{day}'}}"
    code = tools_build.main(["--exclude-resource-type", "unit_test", *selected, "--vars", settings])
    told = capsys.readouterr()
    assert code == 1
    for word in words:
        assert word in told.err
    assert "Nothing was published" in told.err
    assert "Traceback" not in told.out + told.err
    # One thing is wrong, and one is told.
    assert told.err.count("\nmodel ") + told.err.count("\ntest ") == 1
    assert published.read_bytes() == b"the company's numbers of yesterday"
