"""The damages of the fault suite (test_faults.py), as tables: a name, the damage, what must happen.

REJECTED: a row that is added to an object of the demo company, as changes to a copy of the object's first row, with the
reason it must be rejected for. HARMLESS: a way to write the same rows that must change nothing. REFUSED: a damage of a
whole file, or of a setting, that must stop the run, with words of the sentence that has to say so.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import md5
from pathlib import Path

import duckdb

DEALS, TASKS, EVENTS = "salesforce/opportunity", "salesforce/task", "salesforce/event"
QUOTAS, USERS, SPLITS = "salesforce/forecasting_quota", "salesforce/user", "salesforce/opportunity_split"
RATES, PERIODS = "salesforce/dated_conversion_rate", "salesforce/period"
HISTORIES, FIELD_HISTORIES = "salesforce/opportunity_history", "salesforce/opportunity_field_history"
ENROLMENTS, ATTEMPTS, SURVEYS = "lms/enrollment", "lms/assessment_attempt", "lms/survey_response"
AWARDS, ATTENDANCES, VIEWS = "lms/certification_award", "lms/attendance", "lms/content_view"
CALLS, SCORECARDS, SESSIONS, ROSTER = "gong/calls", "gong/answered_scorecards", "coaching_log/session", "roster/roster"


@dataclass
class Row:
    """A row to add: a copy of the object's first row with a key of its own and these changes."""

    name: str
    place: str
    changes: dict[str, str]
    reason: str
    # Where the key is not the name: the key that rejected_rows must show; None where the row has none.
    key: str | None = ""


KEYS = {
    DEALS: "Id",
    TASKS: "Id",
    EVENTS: "Id",
    QUOTAS: "Id",
    USERS: "Id",
    SPLITS: "Id",
    PERIODS: "Id",
    HISTORIES: "Id",
    "salesforce/account": "Id",
    "salesforce/user_role": "Id",
    ENROLMENTS: "enrollment_id",
    ATTEMPTS: "attempt_id",
    AWARDS: "award_id",
    VIEWS: "view_id",
    "lms/user": "user_id",
    "lms/program": "program_id",
    "lms/program_item": "item_id",
    "lms/content_item": "content_id",
    CALLS: "id",
    SCORECARDS: "answeredScorecardId",
    "gong/users": "id",
    SESSIONS: "session_id",
}

REJECTED = [
    # ---- keys and required values
    Row("deal without id", DEALS, {"Id": ""}, "missing_key", None),
    Row("deal with a blank id", DEALS, {"Id": "   "}, "missing_key", None),
    Row("deal without owner", DEALS, {"OwnerId": ""}, "missing_value"),
    Row("deal without stage", DEALS, {"StageName": ""}, "missing_value"),
    Row("deal without close date", DEALS, {"CloseDate": ""}, "missing_value"),
    Row("deal without IsWon", DEALS, {"IsWon": ""}, "missing_value"),
    Row("task without owner", TASKS, {"OwnerId": ""}, "missing_value"),
    Row("event without start", EVENTS, {"StartDateTime": ""}, "missing_value"),
    Row("user without e-mail", USERS, {"Email": ""}, "missing_value"),
    Row("role without name", "salesforce/user_role", {"Name": ""}, "missing_value"),
    Row("learner without e-mail", "lms/user", {"email": ""}, "missing_value"),
    Row("program without name", "lms/program", {"name": ""}, "missing_value"),
    Row("session without rep", SESSIONS, {"rep_email": ""}, "missing_value"),
    Row("call without host", CALLS, {"primaryUserId": ""}, "missing_value"),
    # ---- dates
    Row("close date in words", DEALS, {"CloseDate": "next Tuesday"}, "unparsable_date"),
    Row("close date day first", DEALS, {"CloseDate": "31/12/2025"}, "unparsable_date"),
    Row("close date of no calendar", DEALS, {"CloseDate": "2026-02-30"}, "unparsable_date"),
    Row("close date as a spreadsheet number", DEALS, {"CloseDate": "46083"}, "unparsable_date"),
    Row("creation at hour 25", DEALS, {"CreatedDate": "2026-01-01T25:00:00Z"}, "unparsable_date"),
    Row("change date unreadable", DEALS, {"LastModifiedDate": "#######"}, "unparsable_date"),
    Row("close date 1899", DEALS, {"CloseDate": "1899-12-30"}, "date_out_of_range"),
    Row("close date 2199", DEALS, {"CloseDate": "2199-01-01"}, "date_out_of_range"),
    Row("close date infinity", DEALS, {"CloseDate": "infinity"}, "unparsable_date"),
    Row("deal closed before it was created", DEALS, {"CloseDate": "2023-01-01"}, "end_before_start"),
    Row("task due in 1970", TASKS, {"ActivityDate": "1970-01-01"}, "date_out_of_range"),
    Row("task completed at 'done'", TASKS, {"CompletedDateTime": "done"}, "unparsable_date"),
    Row("event ends before it starts", EVENTS, {"EndDateTime": "2024-01-08T04:09:00.000+0000"}, "end_before_start"),
    Row("period ends before it starts", PERIODS, {"EndDate": "2023-12-31"}, "end_before_start"),
    Row("user left before the hire", USERS, {"Termination_Date__c": "2018-02-04"}, "end_before_start"),
    Row("enrolment completed first", ENROLMENTS, {"completed_at": "2025-06-01T00:00:00Z"}, "end_before_start"),
    Row("enrolment on a bad date", ENROLMENTS, {"enrolled_at": "03.06.2025"}, "unparsable_date"),
    Row("award expires first", AWARDS, {"expires_at": "2025-01-01T00:00:00Z"}, "end_before_start"),
    Row("view in the year 3000", VIEWS, {"viewed_at": "3000-01-01T00:00:00Z"}, "date_out_of_range"),
    Row("call with a broken start", CALLS, {"started": "2025-13-27T11:30:00-08:00"}, "unparsable_date"),
    # ---- numbers
    Row("amount with a comma", DEALS, {"Amount": "15,500"}, "unparsable_number"),
    Row("amount with a decimal comma", DEALS, {"Amount": "15500,00"}, "unparsable_number"),
    Row("amount with a currency sign", DEALS, {"Amount": "$15500"}, "unparsable_number"),
    Row("amount NaN", DEALS, {"Amount": "NaN"}, "unparsable_number"),
    Row("amount infinite", DEALS, {"Amount": "Infinity"}, "unparsable_number"),
    Row("amount of a spreadsheet error", DEALS, {"Amount": "#REF!"}, "unparsable_number"),
    Row("amount with an underscore", DEALS, {"Amount": "15_500"}, "unparsable_number"),
    Row("amount too large", DEALS, {"Amount": "1e300"}, "unparsable_number"),
    Row("amount negative", DEALS, {"Amount": "-1"}, "negative_amount"),
    Row("quota in words", QUOTAS, {"QuotaAmount": "fifty"}, "unparsable_number"),
    Row("quota negative", QUOTAS, {"QuotaAmount": "-50000"}, "negative_amount"),
    Row("split in words", SPLITS, {"SplitPercentage": "half"}, "unparsable_number"),
    Row("call of a task that lasts less than nothing", TASKS, {"CallDurationInSeconds": "-5"}, "negative_amount"),
    Row("event that lasts less than nothing", EVENTS, {"DurationInMinutes": "-30"}, "negative_amount"),
    Row("employees in words", "salesforce/account", {"NumberOfEmployees": "many"}, "unparsable_number"),
    Row("score above the maximum", ATTEMPTS, {"score": "101"}, "score_out_of_range"),
    Row("score of nothing", ATTEMPTS, {"max_score": "0"}, "score_out_of_range"),
    Row("attempt number and a half", ATTEMPTS, {"attempt_number": "1.5"}, "unparsable_number"),
    Row("coaching score above its scale", SESSIONS, {"score": "6", "scale_max": "5"}, "score_out_of_range"),
    Row("coaching of minus an hour", SESSIONS, {"minutes": "-60"}, "negative_amount"),
    Row("call of minus a second", CALLS, {"duration": "-1"}, "negative_amount"),
    # ---- booleans, enumerations, currencies, JSON
    Row("IsClosed maybe", DEALS, {"IsClosed": "maybe"}, "unparsable_boolean"),
    Row("IsDeleted perhaps", DEALS, {"IsDeleted": "perhaps"}, "unparsable_boolean"),
    Row("IsChild 2", EVENTS, {"IsChild": "2"}, "unparsable_boolean"),
    Row("passed on appeal", ATTEMPTS, {"passed": "on appeal"}, "unparsable_boolean"),
    Row("currency without a rate", DEALS, {"CurrencyIsoCode": "XTS", "IsDeleted": "false"}, "unknown_currency"),
    Row("program of unknown kind", "lms/program", {"kind": "fun"}, "unknown_enum"),
    Row("item of unknown kind", "lms/program_item", {"kind": "lunch"}, "unknown_enum"),
    Row("attempt of unknown kind", ATTEMPTS, {"kind": "oral"}, "unknown_enum"),
    Row("session of unknown kind", SESSIONS, {"kind": "coffee"}, "unknown_enum"),
    Row("answers cut off", SCORECARDS, {"answers": '[{"questionId": "overall", "sco'}, "unparsable_json"),
    Row("answers that are no list", SCORECARDS, {"answers": '{"score": 4}'}, "unparsable_json"),
    # ---- references
    Row("history of no deal", HISTORIES, {"OpportunityId": "0060000000NOWHERE"}, "orphan"),
    Row("split of no deal", SPLITS, {"OpportunityId": "0060000000NOWHERE", "IsDeleted": "false"}, "orphan"),
    Row("item of no program", "lms/program_item", {"program_id": "prog_nowhere"}, "orphan"),
    Row("enrolment in no program", ENROLMENTS, {"program_id": "prog_nowhere"}, "orphan"),
    Row("attempt in no program", ATTEMPTS, {"program_id": "prog_nowhere"}, "orphan"),
    Row("award of no program", AWARDS, {"program_id": "prog_nowhere"}, "orphan"),
    Row("view of nothing", VIEWS, {"content_id": "cnt_nowhere"}, "orphan"),
    Row("scorecard of no call", SCORECARDS, {"callId": "nowhere"}, "orphan"),
    # ---- keys made of several columns
    Row(
        "own manager",
        ROSTER,
        {"rep_email": "loop@northbeam.example", "manager_email": "Loop@northbeam.example ", "hire_date": "2024-01-01"},
        "self_management",
        md5(b"loop@northbeam.example", usedforsecurity=False).hexdigest() + "|2024-01-01|2018-02-05|",
    ),
]

# Two rows of one key that differ, and nothing says which is newer.
CONFLICTS = [
    (DEALS, {"Amount": "1"}, {"Amount": "2"}),
    (SESSIONS, {"minutes": "10"}, {"minutes": "20"}),
    (CALLS, {"duration": "10"}, {"duration": "20"}),
]

# Lines that are no rows, with the reason DuckDB gives.
UNREADABLE = [
    (DEALS, "0065g000000LONGEST" + ",x" * 30),
    (DEALS, "0065g000000TOOSHORT,0055g0000000lqRAAQ"),
    (TASKS, '"00T5g000000QUOTES"x,1,2,3,4,5,6,7,8,9,10,11'),
]


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: list[dict[str, str]], **options: object) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), **options)
        writer.writeheader()
        writer.writerows(rows)


# ---- the same rows, written otherwise -----------------------------------------


def with_bom(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def with_crlf(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def all_quoted(path: Path) -> None:
    write_rows(path, read_rows(path), quoting=csv.QUOTE_ALL)


def columns_reversed(path: Path) -> None:
    write_rows(path, [dict(reversed(row.items())) for row in read_rows(path)])


def rows_reversed(path: Path) -> None:
    write_rows(path, read_rows(path)[::-1])


def another_column(path: Path) -> None:
    write_rows(path, [row | {"Nobody asked for this": 'é, "quoted"\nand broken'} for row in read_rows(path)])


def shouted_names(path: Path) -> None:
    write_rows(path, [{name.upper(): value for name, value in row.items()} for row in read_rows(path)])


def blanks_around_values(path: Path) -> None:
    write_rows(
        path, [{name: f"  {value} " if value else value for name, value in row.items()} for row in read_rows(path)]
    )


def empty_lines(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "\n\n\n", encoding="utf-8")


def compressed(path: Path) -> None:
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()


def in_two_files(path: Path) -> None:
    """Split into a folder of two files, the second without the columns that are empty there and in another order."""
    rows = read_rows(path)
    folder = path.with_suffix("")
    folder.mkdir()
    half = len(rows) // 2
    write_rows(folder / "one.csv", rows[:half])
    rest = rows[half:]
    filled = [name for name in rest[0] if any(row[name] for row in rest)]
    write_rows(folder / "two.csv", [{name: row[name] for name in reversed(filled)} for row in rest])
    path.unlink()


def as_json_array(path: Path) -> None:
    rows = [{name: value or None for name, value in row.items()} for row in read_rows(path)]
    path.with_suffix(".json").write_text(json.dumps(rows), encoding="utf-8")
    path.unlink()


def as_json_lines(path: Path) -> None:
    lines = [json.dumps({name: value for name, value in row.items() if value}) for row in read_rows(path)]
    path.with_suffix(".ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")
    path.unlink()


def booleans_as_letters(path: Path) -> None:
    letters = {"true": "Y", "false": "N"}
    write_rows(path, [{name: letters.get(value, value) for name, value in row.items()} for row in read_rows(path)])


HARMLESS: list[tuple[str, str, Callable[[Path], None]]] = [
    ("a byte order mark", USERS, with_bom),
    ("Windows line ends", "salesforce/user_role", with_crlf),
    ("everything quoted", SESSIONS, all_quoted),
    ("columns in another order", QUOTAS, columns_reversed),
    ("rows in another order", HISTORIES, rows_reversed),
    ("a column more", TASKS, another_column),
    ("names in capitals", EVENTS, shouted_names),
    ("blanks around values", SPLITS, blanks_around_values),
    ("empty lines at the end", PERIODS, empty_lines),
    ("compressed", VIEWS, compressed),
    ("two files with other columns", DEALS, in_two_files),
    ("a JSON array", CALLS, as_json_array),
    ("a JSON object a line", ENROLMENTS, as_json_lines),
    ("booleans as letters", ATTEMPTS, booleans_as_letters),
]


# ---- what stops a run -----------------------------------------------------------


# What must be warned of and changes nothing else: damage or settings, and words of the warning.
WARNED: list[tuple[str, str, Callable[[Path], None] | None, dict[str, object], list[str]]] = [
    (
        "an optional object that is not there",
        EVENTS,
        Path.unlink,
        {},
        ["Object salesforce.event is not there and is read as empty", "event.csv", "Add the file"],
    ),
    ("a setting that is none", EVENTS, None, {"raw_fodler": "x"}, ["var raw_fodler is not a setting of Rampline"]),
]


@dataclass
class Refusal:
    """A damage that stops the run: done to the opportunities' file, or settings; words that the message must have."""

    name: str
    words: list[str]
    damage: Callable[[Path], None] | None = None
    settings: dict[str, object] = field(default_factory=dict)


def rewritten(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(change(path.read_bytes()))


def renamed(ending: str, change: Callable[[bytes], bytes] = bytes) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        path.with_name(f"{path.stem}.{ending}").write_bytes(change(path.read_bytes()))
        path.unlink()

    return damage


def without_column(name: str) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        write_rows(path, [{key: value for key, value in row.items() if key != name} for row in read_rows(path)])

    return damage


def a_folder_in_its_place(path: Path) -> None:
    path.unlink()
    path.mkdir()


def every_second_line_broken(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line if number % 2 == 0 else line + ",1,2,3" for number, line in enumerate(lines)))


def an_open_quote(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[4] = lines[4].replace(",Deal", ',"Deal', 1)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def as_parquet_cut_off(path: Path) -> None:
    parquet = path.with_suffix(".parquet")
    duckdb.execute(f"copy (from read_csv('{path}', all_varchar = true)) to '{parquet}'")
    parquet.write_bytes(parquet.read_bytes()[:-200])
    path.unlink()


def as_json_cut_off(path: Path) -> None:
    as_json_array(path)
    path.with_suffix(".json").write_bytes(path.with_suffix(".json").read_bytes()[:-100])


def a_workbook_without_the_sheet(path: Path) -> None:
    folder = path.with_suffix("")
    folder.mkdir()
    (folder / "deals.xlsx").write_bytes(b"PK\x03\x04 no workbook at all")
    path.unlink()


def as_web_page(path: Path) -> None:
    path.write_text("<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>\n", encoding="utf-8")


REFUSED = [
    Refusal("the file is not there", ["salesforce.opportunity is required and missing", "Add the file"], Path.unlink),
    Refusal("a file of no bytes", ["opportunity.csv is empty", "Export it again"], rewritten(lambda _: b"")),
    Refusal("a file of blanks", ["opportunity.csv is empty"], rewritten(lambda _: b" \n \n")),
    Refusal(
        "a required column is missing",
        ["Column owner_id of salesforce.opportunity is required and missing", "which has: Id"],
        without_column("OwnerId"),
    ),
    Refusal(
        "two columns of one name", ["two columns named Id"], rewritten(lambda text: text.replace(b"OwnerId", b"Id", 1))
    ),
    Refusal(
        "two spellings of one column",
        ["Column owner_id", "stands 2 times"],
        rewritten(lambda text: text.replace(b"AccountId", b"owner_id", 1)),
    ),
    Refusal(
        "a column without a name", ["no name for column 2"], rewritten(lambda text: text.replace(b"OwnerId", b"", 1))
    ),
    Refusal(
        "semicolons",
        ["a semicolon, not by a comma", "raw_csv_delimiter"],
        rewritten(lambda text: text.replace(b",", b";")),
    ),
    Refusal("tabs", ["a tab, not by a comma"], rewritten(lambda text: text.replace(b",", b"\t"))),
    Refusal("UTF-16", ["is UTF-16", "Save it as CSV UTF-8"], rewritten(lambda text: text.decode().encode("utf-16"))),
    Refusal("UTF-16 without a mark", ["is UTF-16"], rewritten(lambda text: text.decode().encode("utf-16-le"))),
    Refusal(
        "Latin-1",
        ["is not UTF-8, first in line 2"],
        rewritten(lambda text: text.replace(b"Deal 0001", "Café".encode("latin-1"))),
    ),
    Refusal(
        "NUL bytes", ["NUL bytes, near line 2"], rewritten(lambda text: text.replace(b"Deal 0001", b"Deal\x00 0001"))
    ),
    Refusal("a login page", ["is a web page"], as_web_page),
    Refusal("a workbook named .csv", ["is a workbook or a zip archive"], rewritten(lambda _: b"PK\x03\x04rest")),
    Refusal("a gzip named .csv", ["is compressed", ".gz"], rewritten(gzip.compress)),
    Refusal(
        "a gzip that is cut off",
        ["opportunity.csv.gz is cut off or damaged"],
        renamed("csv.gz", lambda text: gzip.compress(text)[:-3000]),
    ),
    Refusal("a .gz that is none", ["opportunity.csv.gz is cut off or damaged"], renamed("csv.gz")),
    Refusal("a Parquet file that is cut off", ["is no whole Parquet file"], as_parquet_cut_off),
    Refusal("a CSV named .parquet", ["is no whole Parquet file"], renamed("parquet")),
    Refusal("JSON that is cut off", ["is no whole JSON array"], as_json_cut_off),
    Refusal("a workbook that is none", ["cannot be opened as a workbook"], a_workbook_without_the_sheet),
    Refusal("a folder named like the file", ["opportunity.csv is a folder"], a_folder_in_its_place),
    Refusal(
        "every second line broken", ["lines of", "cannot be read", "Check its delimiter"], every_second_line_broken
    ),
    Refusal("a quote that is never closed", ["opens a quote in line 5 that is not closed"], an_open_quote),
    Refusal("raw_from of another kind", ["raw_from is 'excel'"], settings={"raw_from": "excel"}),
    Refusal("a system that nobody knows", ["systems names 'salesfroce'"], settings={"systems": ["salesfroce"]}),
    Refusal("a day that is none", ["as_of_date is '2026-02-30'", "YYYY-MM-DD"], settings={"as_of_date": "2026-02-30"}),
    Refusal("a share above 1", ["max_rejected_rate is '5'", "a number from 0 to 1"], settings={"max_rejected_rate": 5}),
    Refusal("a number in words", ["min_group_size is 'five'"], settings={"min_group_size": "five"}),
    Refusal(
        "an unknown time zone",
        ["default_timezone is 'Mars/Olympus'", "IANA"],
        settings={"default_timezone": "Mars/Olympus"},
    ),
    Refusal("an unknown clock", ["ramp_clock is 'noon'", "role_start"], settings={"ramp_clock": "noon"}),
    Refusal(
        "a currency that is no code", ["corporate_currency is 'dollars'"], settings={"corporate_currency": "dollars"}
    ),
    Refusal(
        "custom columns of no object",
        ["custom_columns names the object 'salesforce.deal'"],
        settings={"custom_columns": {"salesforce.deal": ["x"]}},
    ),
]
