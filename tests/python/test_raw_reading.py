"""Reading raw files: spellings, formats, folders, what is missing, and the sentences that stop a build.

The expected staging rows are written out by hand; every way of landing the same three deals must give them.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

import duckdb
import pytest
from conftest import Build, messages, parsed
from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg

DEALS = "stg_salesforce__opportunities"
HEADER = (
    "Id OwnerId StageName Amount CurrencyIsoCode CloseDate CreatedDate IsClosed IsWon LastModifiedDate".split()  # noqa: SIM905
)
# The offset puts the creation of O1 on 2 March in UTC; its close date stays 1 March, as written. O3 has no amount.
O1_CREATED, O2_CREATED, O3_CREATED = "2026-03-01T23:30:00.000-0500", "2026-03-02T08:00:00Z", "2026-03-03T08:00:00Z"
ROWS = [
    ["O1", "U1", "Closed Won", "4500.10", "USD", "2026-03-01", O1_CREATED, "true", "true", O1_CREATED],
    ["O2", "U2", "Proposal", "100", "EUR", "2026-09-30", O2_CREATED, "false", "false", O2_CREATED],
    ["O3", "U2", 'Say "hi", it\'s é', "", "", "2026-09-30", O3_CREATED, "false", "false", O3_CREATED],
]
O1_UTC, O2_UTC, O3_UTC = datetime(2026, 3, 2, 4, 30), datetime(2026, 3, 2, 8), datetime(2026, 3, 3, 8)
EXPECTED = [
    (
        "O1",
        "U1",
        "Closed Won",
        Decimal("4500.1"),
        "USD",
        date(2026, 3, 1),
        O1_UTC,
        True,
        True,
        O1_UTC,
        None,
        "accepted",
    ),
    ("O2", "U2", "Proposal", Decimal(100), "EUR", date(2026, 9, 30), O2_UTC, False, False, O2_UTC, None, "accepted"),
    ("O3", "U2", 'Say "hi", it\'s é', None, None, date(2026, 9, 30), O3_UTC, False, False, O3_UTC, None, "accepted"),
]
STAGED = f"""
    select
        opportunity_id, owner_user_id, stage_name, amount, currency_code, closed_on, created_at,
        is_closed, is_won, modified_at, lead_source, row_status
    from staging.{DEALS}
    order by opportunity_id
"""


def snake(name: str) -> str:
    """Name a column as Fivetran does: OwnerId -> owner_id, Hire_Date__c -> hire_date_c."""
    return re.sub(r"_+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)).lower()


def write_csv(path: Path, header: list[str], rows: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with (gzip.open if path.suffix == ".gz" else open)(path, "wt", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def records(header: list[str], rows: list[list[str]]) -> list[dict[str, str]]:
    """Rows as JSON has them: a value that is empty is left out."""
    return [{name: value for name, value in zip(header, row, strict=True) if value} for row in rows]


@pytest.fixture(scope="module", autouse=True)
def heard() -> Iterator[None]:
    """Keep what dbt says in these tests."""
    right = parsed({"raw_from": "files"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("conftest.dbtRunner", partial(dbtRunner, callbacks=[note]))
        # What they change (files, settings that may be wrong) is read while models run: the parse is of right ones.
        patch.setattr("conftest.parsed", lambda _: right)
        yield


HEARD: list[str] = []


def note(event: EventMsg) -> None:
    """Keep what dbt says, warnings too."""
    HEARD.append(event.info.msg)


def read(build: Build, *models: str, command: str = "run", **project_vars: object):
    """Run the staging models on the files of the build's folder."""
    settings = {
        "raw_from": "files",
        "raw_folder": str(build.folder / "raw"),
        "systems": ["salesforce"],
        "as_of_date": "2026-06-30",
    }
    return build.dbt(command, "--select", *(models or [DEALS]), **(settings | project_vars))


def assert_reads(build: Build) -> None:
    result = read(build)
    assert result.success, messages(result)
    assert build.rows(STAGED) == EXPECTED


def assert_stops(result, *words: str) -> None:
    """The build failed, and its message has these words."""
    assert not result.success
    for word in words:
        assert word in messages(result)


@pytest.fixture
def deals(new_build: Build) -> Path:
    """The place of the opportunities, without an ending."""
    (new_build.folder / "raw/salesforce").mkdir(parents=True)
    return new_build.folder / "raw/salesforce/opportunity"


# ---- one company, many landings -----------------------------------------------


@pytest.mark.parametrize("spelling", [str, snake, str.upper], ids=["vendor", "fivetran", "shouting"])
def test_spellings_are_one_column(new_build: Build, deals: Path, spelling) -> None:
    write_csv(deals.with_suffix(".csv"), [spelling(name) for name in HEADER], ROWS)
    assert_reads(new_build)


def test_custom_fields_are_found_in_every_spelling(new_build: Build, deals: Path) -> None:
    row = ["U1", " Ann@Corp.com ", "2026-01-01T00:00:00Z", "2026-01-05"]
    for spelling in (str, snake, str.upper):
        header = [spelling(name) for name in ("Id", "Email", "CreatedDate", "Hire_Date__c")]
        write_csv(deals.with_name("user.csv"), header, [row])
        result = read(new_build, "stg_salesforce__users")
        assert result.success, messages(result)
        found = new_build.rows("select email, hired_on, row_status from staging.stg_salesforce__users")
        assert found == [("ann@corp.com", date(2026, 1, 5), "accepted")], header


@pytest.mark.parametrize("ending", ["csv.gz", "parquet", "json", "array.json"])
def test_formats_are_read_alike(new_build: Build, deals: Path, ending: str) -> None:
    path = deals.with_name(f"opportunity.{ending.removeprefix('array.')}")
    if ending == "csv.gz":
        write_csv(path, HEADER, ROWS)
    elif ending == "json":
        path.write_text("\n".join(json.dumps(record) for record in records(HEADER, ROWS)), encoding="utf-8")
    elif ending == "array.json":
        path.write_text(json.dumps(records(HEADER, ROWS)), encoding="utf-8")
    else:
        # As a loader types it: numbers, booleans and dates are no text any more.
        write_csv(new_build.folder / "plain.csv", HEADER, ROWS)
        with duckdb.connect() as connection:
            connection.execute(f"""
                copy (
                    select * replace (
                        cast(Amount as decimal(18, 2)) as Amount, cast(IsClosed as boolean) as IsClosed,
                        cast(CloseDate as date) as CloseDate,
                        cast(CreatedDate as timestamp with time zone) as CreatedDate
                    )
                    from read_csv('{new_build.folder}/plain.csv', all_varchar = true)
                ) to '{path}'
            """)
    assert_reads(new_build)


def test_json_keeps_long_ids_and_nested_answers(new_build: Build, deals: Path) -> None:
    folder = deals.parents[1] / "gong"
    folder.mkdir()
    answers = [{"questionId": "1", "score": 3, "notApplicable": False}]
    card = {"answeredScorecardId": 12345678901234567891, "callId": "98765432109876543211", "reviewedUserId": "1"}
    card |= {"reviewTime": "2026-03-01T23:30:00-05:00", "answers": answers}
    (folder / "answered_scorecards.json").write_text(json.dumps(card) + "\n")
    result = read(new_build, "stg_gong__answered_scorecards", systems=["gong"])
    assert result.success, messages(result)
    [(card_id, call_id, reviewed_at, found, status)] = new_build.rows(
        "select answered_scorecard_id, call_id, reviewed_at, answers_json, row_status"
        " from staging.stg_gong__answered_scorecards"
    )
    assert (card_id, call_id, status) == ("12345678901234567891", "98765432109876543211", "accepted")
    assert reviewed_at == datetime(2026, 3, 2, 4, 30)
    assert json.loads(found) == answers


def test_a_folder_of_files_is_one_object(new_build: Build, deals: Path) -> None:
    """Columns in another order, and the last file without the currency that its row does not have."""
    turned = HEADER[::-1]
    write_csv(deals / "2026-01.csv", HEADER, ROWS[:1])
    write_csv(deals / "2026-02.csv", turned, [ROWS[1][::-1]])
    without = [index for index, name in enumerate(HEADER) if name != "CurrencyIsoCode"]
    write_csv(deals / "2026-03.csv", [HEADER[index] for index in without], [[ROWS[2][index] for index in without]])
    assert_reads(new_build)


def test_files_of_two_kinds_are_refused(new_build: Build, deals: Path) -> None:
    write_csv(deals.with_suffix(".csv"), HEADER, ROWS)
    deals.with_suffix(".json").write_text(json.dumps(records(HEADER, ROWS)))
    assert_stops(
        read(new_build),
        "salesforce.opportunity: There are files of several kinds",
        "opportunity.csv",
        "opportunity.json",
    )


# ---- what is missing ----------------------------------------------------------


def test_a_missing_optional_column_is_null(new_build: Build, deals: Path) -> None:
    write_csv(deals.with_suffix(".csv"), HEADER[:3] + HEADER[5:9], [row[:3] + row[5:9] for row in ROWS])
    result = read(new_build)
    assert result.success, messages(result)
    found = new_build.rows(f"select amount, currency_code, modified_at, row_status from staging.{DEALS}")
    assert found == [(None, None, None, "accepted")] * 3


def test_a_missing_required_column_stops_the_build(new_build: Build, deals: Path) -> None:
    write_csv(deals.with_suffix(".csv"), ["Id", "Owner", *HEADER[2:]], ROWS)
    assert_stops(
        read(new_build),
        "Column owner_id of salesforce.opportunity is required and missing",
        str(deals.with_suffix(".csv")),
        "which has: Id, Owner, StageName",
    )


def test_a_missing_required_object_stops_the_build(new_build: Build, deals: Path) -> None:
    assert_stops(
        read(new_build), "Object salesforce.opportunity is required and missing", f"{deals}.csv", "out of var systems"
    )


def test_a_missing_optional_object_is_empty(new_build: Build, deals: Path) -> None:
    HEARD.clear()
    write_csv(deals.with_suffix(".csv"), HEADER, ROWS)
    result = read(new_build, DEALS, "stg_salesforce__events")
    assert result.success, messages(result)
    assert new_build.rows("select count(*) from staging.stg_salesforce__events") == [(0,)]
    assert new_build.rows(f"select count(*) from staging.{DEALS}") == [(3,)]
    said = [message for message in HEARD if "Object salesforce.event is not there" in message]
    assert said
    assert str(deals.parent) in said[0]


def test_a_system_that_is_switched_off_is_empty(new_build: Build, deals: Path) -> None:
    """Its files are not looked for, nor are they read when they are there."""
    write_csv(deals.with_suffix(".csv"), HEADER, ROWS)
    result = read(new_build, DEALS, "stg_lms__programs", "stg_gong__calls", systems=[])
    assert result.success, messages(result)
    for model in (DEALS, "stg_lms__programs", "stg_gong__calls"):
        assert new_build.rows(f"select count(*) from staging.{model}") == [(0,)], model


# ---- what is refused ----------------------------------------------------------


def test_two_columns_of_one_name_are_refused(new_build: Build, deals: Path) -> None:
    write_csv(deals.with_suffix(".csv"), [*HEADER, "owner_id"], [[*row, "U9"] for row in ROWS])
    assert_stops(
        read(new_build),
        "Column owner_id of salesforce.opportunity stands 2 times",
        "OwnerId, owner_id",
        "Keep one of them",
    )


def test_a_wrong_setting_is_refused(new_build: Build, deals: Path) -> None:
    write_csv(deals.with_suffix(".csv"), HEADER, ROWS)
    assert_stops(read(new_build, raw_from="excel"), "raw_from is 'excel'", "write seeds, files or tables")
    assert_stops(read(new_build, as_of_date="yesterday"), "as_of_date is 'yesterday'", "YYYY-MM-DD")


def test_too_many_bad_rows_stop_the_build(new_build: Build, deals: Path) -> None:
    """One bad deal of twenty is 5 %, the most that is allowed; two stop the build, unless the var allows them."""
    chosen = ["+source_reconciliation", "rejected_rows", "+cnf_employments", "assert_few_rows_are_rejected"]
    chosen += ["--indirect-selection", "empty"]
    write_csv(deals.with_name("user.csv"), ["Id", "Email", "CreatedDate"], [["U1", "a@corp.com", "2026-01-01"]])
    good = [[f"O{number}", *ROWS[0][1:]] for number in range(20)]
    worse = [[*row[:3], "abc", *row[4:]] for row in good]

    write_csv(deals.with_suffix(".csv"), HEADER, worse[:1] + good[1:])
    result = read(new_build, *chosen, command="build")
    assert result.success, messages(result)

    write_csv(deals.with_suffix(".csv"), HEADER, worse[:2] + good[2:])
    result = read(new_build, *chosen, command="build")
    assert_stops(
        result,
        "salesforce.opportunity: 2 of 20 rows (10.0 %) as unparsable_number, such as O0, O1",
        "Var max_rejected_rate allows 5.0 %",
    )
    counted = new_build.rows(
        "select raw_count, accepted_count, rejected_count, rejected_rate"
        " from quality.source_reconciliation where object = 'opportunity'"
    )
    assert counted == [(20, 18, 2, 0.1)]

    result = read(new_build, "assert_few_rows_are_rejected", command="test", max_rejected_rate=0.1)
    assert result.success, messages(result)
