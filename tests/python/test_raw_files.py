"""Finding and vetting raw files (tools/raw_files.py): every kind read right, every fault told, nothing lost."""

from __future__ import annotations

import csv
import gzip
import json
import os
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workbooks import write_workbook

from tools import duckdb_plugin, raw_files
from tools.raw_files import MAX_UNREADABLE, RawFiles, find_raw_files, found_whole, parquet_columns

HEADER = ["Id", "Name", "Amount"]
ROWS = [["1", "Ann", "5"], ["2", 'say "hi",\n it\'s é', ""], ["3", " blank ", "7.50"]]


def find(folder: Path, **options: object) -> RawFiles:
    return find_raw_files(str(folder), "opportunity_history", scratch=str(folder.parent / "scratch"), **options)


def rows_of(found: RawFiles, order: str = "1") -> list[tuple]:
    assert found.problem == ""
    with duckdb.connect() as connection:
        columns = ", ".join(f'"{column}"' for column in found.columns)
        return connection.execute(f"select {columns} from {found.relation} as raw_rows order by {order}").fetchall()


def write_csv(path: Path, rows: list[list[str]], **options: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, **options).writerows(rows)
    return path


EXPECTED = [(row[0], row[1], row[2] or None) for row in ROWS]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    return tmp_path / "raw"


# ---- what is found ------------------------------------------------------------


@pytest.mark.parametrize("name", ["opportunity_history.csv", "OpportunityHistory.CSV", "OPPORTUNITY HISTORY.csv"])
def test_names_match_without_case_and_punctuation(folder: Path, name: str) -> None:
    write_csv(folder / name, [HEADER, *ROWS])
    write_csv(folder / "opportunity.csv", [["Id"], ["9"]])
    found = find(folder)
    assert [Path(file).name for file in found.files] == [name]
    assert found.columns == HEADER
    assert rows_of(found) == EXPECTED


def test_nothing_is_there(folder: Path) -> None:
    for place in (folder, folder / "nowhere"):
        found = find(place)
        assert (found.files, found.problem) == ([], "")
        assert f"{place}/opportunity_history.csv" in found.looked_for


def test_every_kind_gives_the_same_rows(folder: Path) -> None:
    table = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    filled = [{name: value for name, value in row.items() if value} for row in table]
    text = "".join(json.dumps(row) + "\n" for row in filled)
    source = write_csv(folder.parent / "source.csv", [HEADER, *ROWS])
    parquet = folder.parent / "source.parquet"
    duckdb.execute(f"copy (from read_csv('{source}', all_varchar = true, header = true)) to '{parquet}'")
    kinds = {
        "csv": source.read_bytes(),
        "csv.gz": gzip.compress(source.read_bytes()),
        "json": json.dumps(table).encode(),
        "json.gz": gzip.compress(json.dumps(filled, indent=2).encode()),
        "ndjson": text.encode(),
        "jsonl": text.encode(),
        "ndjson.gz": gzip.compress(text.encode()),
        "parquet": parquet.read_bytes(),
    }
    for ending, content in kinds.items():
        path = folder / f"opportunity_history.{ending}"
        path.write_bytes(content)
        found = find(folder)
        assert found.files == [str(path)]
        assert sorted(found.columns) == sorted(HEADER)
        found.columns = HEADER
        assert [(row[0], row[1], row[2] or None) for row in rows_of(found)] == EXPECTED, ending
        path.unlink()


def test_files_are_united_by_name_and_may_come_later(folder: Path) -> None:
    write_csv(folder / "opportunity_history/2026-01.csv", [HEADER, ROWS[0]])
    assert rows_of(find(folder)) == EXPECTED[:1]
    write_csv(folder / "opportunity_history/2026-02.csv", [["Amount", "Id", "Note"], ["7", "4", "new"]])
    write_csv(folder / "opportunity_history/2026-03.csv", [HEADER])
    found = find(folder)
    assert found.columns == [*HEADER, "Note"]
    assert rows_of(found) == [("1", "Ann", "5", None), ("4", None, "7", "new")]


@pytest.mark.parametrize("ending", ["csv", "ndjson", "json", "parquet"])
def test_rows_say_their_file_and_contents_what_it_held(folder: Path, ending: str) -> None:
    def write(name: str, rows: list[dict[str, str]]) -> Path:
        path = folder / "opportunity_history" / f"{name}.{ending}"
        path.parent.mkdir(exist_ok=True)
        layout = {
            "csv": "header",
            "ndjson": "format json",
            "json": "format json, array true",
            "parquet": "format parquet",
        }
        with duckdb.connect() as connection:
            connection.execute("create table rows (row json)")
            connection.executemany("insert into rows values (?)", [[json.dumps(row)] for row in rows])
            columns = ", ".join(f"row->>'{column}' as \"{column}\"" for column in rows[0])
            connection.execute(f"copy (select {columns} from rows) to '{path}' ({layout[ending]})")
        return path

    def read() -> tuple[dict[str, str], set[tuple[str, str]]]:
        found = find(folder, by_file=True)
        assert found.problem == ""
        assert raw_files.FILE_COLUMN not in found.columns
        with duckdb.connect() as connection:
            rows = connection.execute(
                f'select "Id", {raw_files.FILE_COLUMN} from {found.relation} as raw_rows'
            ).fetchall()
        return found.contents, set(rows)

    # A name that a glob would take for another.
    one, two = write("a[1]", [{"Id": "1"}, {"Id": "2"}]), write("b", [{"Id": "3"}])
    first, rows = read()
    assert rows == {("1", str(one)), ("2", str(one)), ("3", str(two))}
    assert set(first) == {str(one), str(two)}
    assert read()[0] == first

    write("b", [{"Id": "4"}])
    second, rows = read()
    assert rows == {("1", str(one)), ("2", str(one)), ("4", str(two))}
    assert second[str(one)] == first[str(one)]
    assert second[str(two)] != first[str(two)]

    # A column more may be read in place of another: it concerns every file.
    three = write("c", [{"Id": "5", "Note": "new"}])
    third, rows = read()
    assert ("5", str(three)) in rows
    assert third[str(one)] != second[str(one)]


def test_a_copy_stands_for_the_file_that_it_was_made_of(folder: Path) -> None:
    path = folder / "opportunity_history.csv"
    path.write_text("Id,Name\n1,Ann\n2\n")
    found = find(folder, by_file=True)
    with duckdb.connect() as connection:
        rows = connection.execute(f'select "Id", {raw_files.FILE_COLUMN} from {found.relation} as raw_rows').fetchall()
    assert found.files == [str(path)]
    assert rows == [("1", copy := found.read_from[0])]
    assert copy != str(path)
    assert list(found.contents) == [copy]
    path.write_text("Id,Name\n7,Bo\n2\n")
    assert find(folder, by_file=True).contents[copy] != found.contents[copy]


def test_a_parquet_file_is_vetted_again_when_it_was_written_again(folder: Path) -> None:
    path = folder / "opportunity_history.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"copy (select '1' as \"Id\") to '{path}'")
        assert rows_of(find(folder)) == [("1",)]
        connection.execute(f"copy (select '1' as \"Id\", 'x' as \"Name\") to '{path}'")
    assert rows_of(find(folder)) == [("1", "x")]
    path.write_bytes(path.read_bytes()[:-20])
    assert "no whole Parquet file" in find(folder).problem


def test_a_parquet_file_that_was_whole_is_not_vetted_by_the_next_build(folder: Path) -> None:
    """Its name, size and time of change are remembered; of another time, the damage in its middle is found."""
    path, scratch = folder / "opportunity_history.parquet", folder / "scratch"

    def problem() -> str:
        """Return what a new process finds."""
        parquet_columns.cache_clear()
        found_whole.cache_clear()
        return find_raw_files(str(folder), "opportunity_history", scratch=str(scratch)).problem

    with duckdb.connect() as connection:
        connection.execute(f"copy (select md5(i::varchar) as \"Id\" from range(9999) as r (i)) to '{path}'")
    before = path.stat()
    assert problem() == ""
    whole = path.read_bytes()
    path.write_bytes(whole[:1000] + b"damaged!" * 1000 + whole[9000:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert problem() == ""
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000))
    assert "no whole Parquet file" in problem()
    # What was damaged is not remembered as whole.
    assert "no whole Parquet file" in problem()


def test_patterns_replace_the_places(folder: Path) -> None:
    write_csv(folder / "opportunity_history.csv", [HEADER, ROWS[0]])
    write_csv(folder / "2026/[june] it's/deals*.csv", [HEADER, ROWS[2]])
    found = find(folder, patterns=["2026/**/*.csv"])
    assert rows_of(found) == EXPECTED[2:]
    assert rows_of(find(folder, patterns=[str(folder / "*.csv")])) == EXPECTED[:1]
    assert "no kind that can be read" in (
        (folder / "a.txt").write_text("x") and find(folder, patterns=["*.txt"]).problem
    )


def test_line_ends_and_marks(folder: Path) -> None:
    path = folder / "opportunity_history.csv"
    path.write_bytes(b'\xef\xbb\xbfId,Name\r\n1,Ann\r\n2,"a\r\nb"\r\n\r\n')
    assert rows_of(find(folder)) == [("1", "Ann"), ("2", "a\r\nb")]
    path.write_bytes(b"Id,Name\r\n1,Ann\r\n2,Bo\n3,Cy\n")
    assert rows_of(find(folder)) == [("1", "Ann"), ("2", "Bo"), ("3", "Cy")]
    path.write_bytes(b"Id,Name\n")
    assert rows_of(find(folder)) == []


def test_another_delimiter(folder: Path) -> None:
    write_csv(folder / "opportunity_history.csv", [HEADER, *ROWS], delimiter=";")
    assert "a semicolon, not by a comma. Set var raw_csv_delimiter" in find(folder).problem
    assert rows_of(find(folder, delimiter=";")) == EXPECTED


def test_nested_values_are_json(folder: Path) -> None:
    (folder / "opportunity_history.json").write_text(
        '[{"Id": 12345678901234567890123, "Who": {"a": [1, 2]}, "Is": true}]'
    )
    assert rows_of(find(folder)) == [("12345678901234567890123", '{"a":[1,2]}', "true")]
    (folder / "opportunity_history.json").unlink()
    path = folder / "opportunity_history.parquet"
    duckdb.execute(f"copy (select 1 as Id, {{'a': [1, 2]}} as Who, [date '2026-03-01'] as Days) to '{path}'")
    assert rows_of(find(folder)) == [("1", '{"a":[1,2]}', '["2026-03-01"]')]


def test_parquet_files_of_other_types_are_united(folder: Path) -> None:
    (folder / "opportunity_history").mkdir()
    duckdb.execute(
        f"copy (select 1 as Id, timestamp '2026-03-01 10:00:00' as At) to '{folder}/opportunity_history/a.parquet'"
    )
    duckdb.execute(f"copy (select 'x' as Id, 'never' as At) to '{folder}/opportunity_history/b.parquet'")
    assert rows_of(find(folder)) == [("1", "2026-03-01 10:00:00"), ("x", "never")]


# ---- workbooks ------------------------------------------------------------------


def test_a_sheet_is_an_object(folder: Path) -> None:
    rows = [
        [None, None, None, None, None],
        ["Id", "Held on", "Minutes", None, "Done"],
        ["00123", date(2026, 3, 1), 30, None, True],
        ["x", datetime(2026, 3, 1, 9, 30), 7.5, None, None],
        [None, None, None, None, None],
    ]
    write_workbook(folder / "coaching 2026.xlsx", {"Notes": [["nothing"]], "Opportunity History": rows})
    write_workbook(folder / "other.xlsx", {"Notes": [["nothing"]]})
    found = find(folder)
    assert [Path(file).name for file in found.files] == ["coaching 2026.xlsx"]
    assert found.columns == ["Id", "Held on", "Minutes", "Done"]
    assert rows_of(found) == [("00123", "2026-03-01", "30", "true"), ("x", "2026-03-01T09:30:00", "7.5", None)]


def test_a_folder_of_workbooks(folder: Path) -> None:
    for name, key in (("ann", 1), ("bo", 2)):
        write_workbook(folder / f"opportunity_history/{name}.xlsx", {"Sheet1": [["Id", "Name"], [key, name]]})
    write_csv(folder / "opportunity_history/cy.csv", [["Name", "Id"], ["cy", "3"]])
    assert rows_of(find(folder)) == [("1", "ann"), ("2", "bo"), ("3", "cy")]
    write_workbook(folder / "opportunity_history/ann.xlsx", {"Sheet1": [["Id", "Name"], [1, "Anna"]]})
    assert rows_of(find(folder))[0] == ("1", "Anna")


def test_workbooks_that_are_refused(folder: Path) -> None:
    path = folder / "opportunity_history.xlsx"
    write_workbook(path, {"One": [["Id"]], "Two": [["Id"]]})
    assert "has the sheets One, Two. Name the one with the data opportunity_history" in find(folder).problem
    write_workbook(path, {"One": [["Id"], [12345678901234567890]]})
    assert "sheet One, row 2 holds the number 12345678901234567168" in find(folder).problem
    write_workbook(path, {"One": [[None], [None]]})
    assert "sheet One is empty" in find(folder).problem
    path.write_bytes(b"PK\x03\x04")
    assert "cannot be opened as a workbook" in find(folder).problem


# ---- what cannot be read ----------------------------------------------------------


def test_lines_that_cannot_be_read_are_listed(folder: Path) -> None:
    path = folder / "opportunity_history.csv"
    path.write_text('Id,Name\n1,Ann\n2\n3,Cy,more\n"4"x,Di\n5,Ed\n')
    found = find(folder)
    assert rows_of(found) == [("1", "Ann"), ("5", "Ed")]
    assert [(line["line"], line["text"]) for line in found.unreadable] == [(3, "2"), (4, "3,Cy,more"), (5, '"4"x,Di')]
    assert all(line["file"] == str(path) and line["why"] for line in found.unreadable)

    path.write_text("Id,Name\n" + "1,Ann\n" * 50 + "2\n" * (MAX_UNREADABLE + 1))
    assert f"{MAX_UNREADABLE + 1} lines of {path} cannot be read, the first is line 52" in find(folder).problem


def test_json_lines_that_cannot_be_read_are_listed(folder: Path) -> None:
    (folder / "opportunity_history.ndjson").write_text('{"Id": "1"}\n{"Id": \n\n[1]\n{"Id": "2"}\n')
    found = find(folder)
    assert [line["text"] for line in found.unreadable] == ['{"Id": ', "[1]"]
    assert [row for row in rows_of(found) if row[0]] == [("1",), ("2",)]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("csv", b"", "is empty"),
        ("csv", b"\xef\xbb\xbf", "is empty"),
        ("csv", "Id,Name\n1,Ann\n".encode("utf-16"), "is UTF-16"),
        ("csv", "Id,Name\n1,é\n".encode("latin-1"), "is not UTF-8, first in line 2"),
        ("csv", b"Id,Name\n1,A\x00nn\n", "NUL bytes, near line 2"),
        ("csv", b"\n<html><body>Sign in</body></html>", "is a web page"),
        ("csv", b"PK\x03\x04", "is a workbook or a zip archive"),
        ("csv", b"PAR1", "is a Parquet file"),
        ("csv", b"Id\tName\n1\tAnn\n", "a tab, not by a comma"),
        ("csv", b"Id|Name\n1|Ann\n", "a bar (|), not by a comma"),
        ("csv", b"Id,,Name\n1,2,3\n", "no name for column 2"),
        ("csv", b"Id,Name,ID\n1,2,3\n", "two columns named ID"),
        ("csv", b'Id,"Name\n1,Ann\n2,Bo\n', "first line"),
        ("csv", b'Id,Name\n1,Ann\n2,"Bo\n3,Cy\n', "opens a quote in line 3"),
        ("csv.gz", gzip.compress(b"Id,Name\n" + b"1,Ann\n" * 9000)[:-9], "is cut off or damaged"),
        ("csv.gz", b"Id,Name\n1,Ann\n", "is cut off or damaged"),
        ("json", b'[{"Id": "1"}, {"Id": ', "is no whole JSON array"),
        ("json", b"[1, 2]", "no objects"),
        ("json", b"", "is empty"),
        ("parquet", b"PAR1 something PAR", "is no whole Parquet file"),
        ("parquet", b"", "is no whole Parquet file"),
    ],
)
def test_files_that_are_refused(folder: Path, name: str, content: bytes, words: str) -> None:
    path = folder / f"opportunity_history.{name}"
    path.write_bytes(content)
    found = find(folder)
    assert words in found.problem
    assert str(path) in found.problem
    assert found.relation == ""
    assert found.problem.endswith(".")


def test_places_that_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "opportunity_history.csv").mkdir()
    assert "opportunity_history.csv is a folder" in find(folder).problem
    (folder / "opportunity_history.csv").rmdir()
    write_csv(folder / "opportunity_history.csv", [HEADER])
    (folder / "opportunity_history.json").write_text("[]")
    assert "files of several kinds" in find(folder).problem
    assert "is a file. Make it a folder" in find(folder / "opportunity_history.csv").problem

    def denied(self: Path) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "iterdir", denied)
    assert find(folder).problem == f"{folder} cannot be read (Permission denied). Check the name and the permissions."


def test_the_function_of_the_database_never_raises(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("out of luck")

    monkeypatch.setattr(duckdb_plugin, "find_raw_files", broken)
    said = json.loads(duckdb_plugin.raw_files(str(folder), "user", '{"patterns": [], "delimiter": ","}'))
    assert "cannot be read (RuntimeError: out of luck)" in said["problem"]
    assert json.loads(duckdb_plugin.raw_files(str(folder), "user", "{"))["problem"]


def test_every_connection_of_dbt_is_in_utc() -> None:
    with duckdb.connect() as connection:
        connection.execute("set global TimeZone = 'Asia/Tokyo'")
        plugin = duckdb_plugin.Plugin("rampline", {})
        plugin.configure_connection(connection)
        said = "select current_setting('TimeZone'), cast(timestamptz '2026-06-30 12:00:00+00' as varchar)"
        assert connection.cursor().execute(said).fetchall() == [("UTC", "2026-06-30 12:00:00+00")]


# ---- properties -------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=12)
NAMES = st.lists(
    st.text(st.characters(exclude_characters="\0\r\n", exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
        lambda name: name.strip() and name.strip("\ufeff") == name
    ),
    min_size=2,
    max_size=5,
    unique_by=lambda name: name.lower(),
)
FAST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FAST
@given(names=NAMES, data=st.data())
def test_any_table_of_text_is_read_as_it_was_written(folder: Path, names: list[str], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.lists(TEXTS, min_size=len(names), max_size=len(names)), max_size=6))
    write_csv(folder / "opportunity_history.csv", [names, *rows], quoting=csv.QUOTE_ALL)
    found = find(folder)
    assert found.columns == names
    with duckdb.connect() as connection:
        read = connection.execute(f"select * from {found.relation} as raw_rows").fetchall()
    assert sorted(tuple(value or "" for value in row) for row in read) == sorted(map(tuple, rows))


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


@FAST
@given(
    rows=st.lists(
        st.fixed_dictionaries({"id": st.text("abc", min_size=1, max_size=3), "value": JSON_VALUES}),
        min_size=1,
        max_size=5,
    )
)
def test_any_json_is_read_as_it_was_written(folder: Path, rows: list[dict]) -> None:
    """Texts come as they are, everything else as its JSON text."""
    (folder / "opportunity_history.json").write_text(json.dumps(rows), encoding="utf-8")
    found = find(folder)
    assert found.problem == ""
    with duckdb.connect() as connection:
        read = connection.execute(f'select "value" from {found.relation} as raw_rows').fetchall()
    for row, (text,) in zip(rows, read, strict=True):
        value = row["value"]
        if value is None or isinstance(value, str):
            assert text == value
        else:
            assert json.loads(text) == value


@FAST
@given(content=st.binary(max_size=200), ending=st.sampled_from(["csv", "csv.gz", "json", "ndjson", "parquet", "xlsx"]))
def test_no_file_raises(folder: Path, content: bytes, ending: str) -> None:
    path = folder / f"opportunity_history.{ending}"
    path.write_bytes(content)
    try:
        found = find(folder)
        assert found.problem or found.relation
        if not found.problem:
            with duckdb.connect() as connection:
                connection.execute(f"select * from {found.relation} as raw_rows").fetchall()
    finally:
        path.unlink()


def test_large_blocks_are_read_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A character that lies across two blocks is no fault, and the line of a bad byte is counted over blocks."""
    monkeypatch.setattr(raw_files, "BLOCK", 7)
    path = write_csv(folder / "opportunity_history.csv", [HEADER, ["1", "éééééééé", "5"]])
    assert rows_of(find(folder)) == [("1", "éééééééé", "5")]
    path.write_bytes(b"Id,Name\n1,Ann\n2,Bo\n3,\xe9\n")
    assert "first in line 4" in find(folder).problem
