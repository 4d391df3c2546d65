"""The macros that read text, without dbt, on each engine, on good and bad values; expectations by hand."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from tools import parity

FOLDER = Path(__file__).parents[2] / "macros" / "engine"
Values = dict[str | None, object]


def rendered(engine: str) -> jinja2.environment.TemplateModule:
    """Render the macros with stand-ins for dbt's return() and dispatch (the engine's version, else the default)."""

    def dispatch(name: str, _package: str):
        return getattr(module, f"{engine}__{name}", None) or getattr(module, f"default__{name}")

    environment = jinja2.Environment(autoescape=False, extensions=["jinja2.ext.do"])  # noqa: S701, it makes SQL
    adapter = SimpleNamespace(dispatch=dispatch, quote='"{}"'.format)
    environment.globals |= {"return": str.strip, "adapter": adapter}
    environment.globals |= {"var": {"default_timezone": "UTC"}.__getitem__}
    environment.globals |= {"dbt": SimpleNamespace(date_trunc=lambda part, day: f"date_trunc('{part}', {day})")}
    module = environment.from_string(
        "".join((FOLDER / name).read_text() for name in ("types.sql", "json.sql", "tables.sql", "fingerprint.sql"))
    ).make_module()
    return module


def returned(file: Path, name: str, **given: object) -> Callable[..., object]:
    """Return a macro of a file, the engine's or the default one, as a function that hands its object over."""

    class Returned(Exception):  # noqa: N818, it is no error
        pass

    def give(value: object) -> None:
        raise Returned(value)

    environment = jinja2.Environment(autoescape=False, extensions=["jinja2.ext.do"])  # noqa: S701, it makes SQL
    environment.globals |= given | {"return": give, "adapter": SimpleNamespace(quote="`{}`".format)}
    module = environment.from_string(file.read_text()).make_module()
    macro = getattr(module, name, None) or getattr(module, "default__" + name.split("__")[1])

    def call(*arguments: object) -> object:
        try:
            macro(*arguments)
        except Returned as returned:
            return returned.args[0]
        raise AssertionError("no return")

    return call


def reading() -> jinja2.environment.TemplateModule:
    """Render the macros that match columns; their return() gives objects, not text."""

    class Returned(Exception):  # noqa: N818, it is no error
        pass

    def give(value: object) -> None:
        raise Returned(value)

    def calling(macro):
        def call(*arguments: object) -> object:
            try:
                macro(*arguments)
            except Returned as returned:
                return returned.args[0]
            raise AssertionError("no return")

        return call

    environment = jinja2.Environment(autoescape=False, extensions=["jinja2.ext.do"])  # noqa: S701, it makes no page
    source = (FOLDER.parent / "raw/read_raw.sql").read_text()
    environment.globals |= {"return": give, "modules": SimpleNamespace(re=re)}
    module = environment.from_string(source).make_module()
    # match_columns calls column_key: both have to hand their values over.
    environment.globals["column_key"] = calling(module.column_key)
    only = source[source.index("{% macro match_columns") :]
    module = environment.from_string(only[: only.index("{%- endmacro %}") + len("{%- endmacro %}")]).make_module()
    return SimpleNamespace(match_columns=calling(module.match_columns))


MATCHING = reading()


class Engine:
    """A database with the macros as it knows them."""

    def __init__(self, name: str, connection: Any) -> None:
        """Take an open connection of Python's database interface."""
        self.name, self.connection, self.macros = name, connection, rendered(name)

    def rows(self, sql: str, values: list[object] | None = None) -> list[tuple]:
        """Return the rows of a query with ? for each value; none for a statement that has none."""
        cursor = self.connection.cursor()
        if values and self.name == "postgres":
            cursor.execute(sql.replace("%", "%%").replace("?", "%s"), values)
        else:
            cursor.execute(sql, values or ())
        return cursor.fetchall() if cursor.description else []

    def table(self, name: str, columns: str, rows: list[tuple]) -> None:
        """Make a table of rows."""
        self.rows(f"drop table if exists {name}")
        self.rows(f"create temp table {name} ({columns})")
        for row in rows:
            self.rows(f"insert into {name} values ({', '.join('?' * len(row))})", list(row))

    def table_names(self, database: str, schema: str) -> list[str]:
        """Return what macro table_names gives; it asks the database itself."""
        return returned(FOLDER / "tables.sql", f"{self.name}__table_names", run_query=self.rows)(database, schema)

    def found(self, expression: str, texts: list[str | None]) -> list[object]:
        """Return the expression on each text, in order."""
        self.table("texts", "position integer, value varchar", list(enumerate(texts)))
        return [row[0] for row in self.rows(f"select {expression} from texts order by position")]


class SparkEngine(Engine):
    """The same in a Spark session."""

    def __init__(self, session: SparkSession) -> None:
        """Take a session of Spark."""
        super().__init__("spark", session)

    def rows(self, sql: str, values: list[object] | None = None) -> list[tuple]:
        """Return the rows of a query with ? for each value."""
        return [tuple(row) for row in self.connection.sql(sql.replace("as varchar)", "as string)"), values).collect()]

    def table(self, name: str, columns: str, rows: list[tuple]) -> None:
        """Make a view of rows."""
        frame = self.connection.createDataFrame(rows, columns.replace("varchar", "string").replace(" precision", ""))
        frame.createOrReplaceTempView(name)


@pytest.fixture(scope="module", params=["duckdb", "postgres", "spark"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if request.param == "duckdb":
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'")
            # One connection: a cursor of DuckDB is another one, which sees no temporary table of the first.
            yield Engine("duckdb", SimpleNamespace(cursor=lambda: connection))
    elif request.param == "spark":
        with parity.spark_session(tmp_path_factory.mktemp("spark")) as session:
            yield SparkEngine(session)
    else:
        folder = tmp_path_factory.mktemp("postgres")
        with parity.postgres(folder) as server, contextlib.closing(parity.connect(server)) as connection:
            connection.autocommit = True
            yield Engine("postgres", connection)


def assert_reads(engine: Engine, macro: str, expected: Values) -> None:
    results = engine.found(getattr(engine.macros, macro)("value"), list(expected))
    assert dict(zip(expected, results, strict=True)) == expected


# ---- text to values -----------------------------------------------------------


def test_filled_text(engine: Engine) -> None:
    assert_reads(
        engine,
        "filled_text",
        {
            "a": "a",
            "  a  b ": "a  b",
            " a": "a",
            "a ": "a",
            "": None,
            " ": None,
            "    ": None,
            None: None,
            "%": "%",
            " _": "_",
        },
    )


def test_is_in_other_file() -> None:
    is_in_other_file = returned(FOLDER.parent / "raw" / "changed_rows.sql", "is_in_other_file")
    with duckdb.connect() as connection:

        def read(files: list[str]) -> list[tuple]:
            rows = "values ('a.csv'), ('o''brien.csv'), ('b.csv'), (null)"
            condition = is_in_other_file("file", files)
            return connection.execute(f"from ({rows}) as raw_rows (file) where {condition} order by 1").fetchall()

        assert read(["a.csv", "o'brien.csv"]) == [("b.csv",), (None,)]
        assert read(["b.csv"]) == [("a.csv",), ("o'brien.csv",), (None,)]
        assert len(read([])) == 4


def test_row_fingerprint(engine: Engine) -> None:
    """A value that is another, gone, empty or in another column makes another row; others than DuckDB have none."""
    rows = [("a", "b"), ("a", "b"), ("b", "a"), ("a", None), (None, "a"), ("a", ""), ("ab", ""), ("", "ab")]
    engine.table("raw_rows", "x varchar, y varchar", rows)
    found = [row[0] for row in engine.rows(f"select {engine.macros.row_fingerprint(['x', 'y'])} from raw_rows")]
    if engine.name == "duckdb":
        assert found[0] == found[1]
        assert len(set(found)) == len(rows) - 1
        assert None not in found
    else:
        assert found == [None] * len(rows)
    assert engine.rows(f"select {engine.macros.row_fingerprint([])} from raw_rows limit 1") == [(None,)]


def test_parse_number(engine: Engine) -> None:
    good = {"0": 0, "-0.01": "-0.01", "+5": 5, ".5": "0.5", "5.": 5, "1e3": 1000, "1E-2": "0.01", " 7 ": 7, "007": 7}
    good |= {"1.0000005": "1.000001", "9999999999999999999999": "9999999999999999999999"}
    # At the edge of what fits into 64 bits, and beyond.
    good |= {"999999999999.9999994": "999999999999.999999", "999999999999.9999996": 1000000000000}
    good |= {"23571380885.666210154e+1": "235713808856.662102", "-9999999999999.25": "-9999999999999.25"}
    bad = [
        "abc",
        "",
        " ",
        "-",
        "1e",
        "1e309",
        "NaN",
        "nan",
        "inf",
        "-Infinity",
        "1,000",
        "1.000,5",
        "$5",
        "5 %",
        "0x10",
        "1_000",
    ]
    bad += ["99999999999999999999999", "true", "2026-01-01", None]
    assert_reads(engine, "parse_number", {text: Decimal(value) for text, value in good.items()} | dict.fromkeys(bad))


def test_parse_integer(engine: Engine) -> None:
    good = {"0": 0, "-3": -3, "7.0": 7, "1e3": 1000, "2147483647": 2147483647}
    bad = ["7.5", "-0.1", "2147483648", "abc", "", "NaN", "inf", None]
    assert_reads(engine, "parse_integer", good | dict.fromkeys(bad))


def test_parse_boolean(engine: Engine) -> None:
    good = dict.fromkeys(["true", "TRUE", "True", "t", "1", "yes", "Y"], True)
    good |= dict.fromkeys(["false", "FALSE", "f", "0", "No", "n"], False)
    assert_reads(engine, "parse_boolean", good | dict.fromkeys(["2", "-1", "on", "ja", "", "null", "1.0", None]))


def test_parse_timestamp(engine: Engine) -> None:
    day = datetime(2026, 3, 2)
    good = {
        "2026-03-02": day,
        "2026-03-02T04:30:00": datetime(2026, 3, 2, 4, 30),
        "2026-03-02 04:30:00": datetime(2026, 3, 2, 4, 30),
        "2026-03-02T04:30:00Z": datetime(2026, 3, 2, 4, 30),
        "2026-03-02T04:30:00.000+0000": datetime(2026, 3, 2, 4, 30),
        "2026-03-01T23:30:00.000-0500": datetime(2026, 3, 2, 4, 30),
        "2026-03-01T23:30:00-05:00": datetime(2026, 3, 2, 4, 30),
        "2026-03-02 10:00:00+05:30": datetime(2026, 3, 2, 4, 30),
        "2026-03-02T04:30:00.123456Z": datetime(2026, 3, 2, 4, 30, 0, 123456),
        "2026-03-02T10:00+05:30": datetime(2026, 3, 2, 4, 30),
        "2026-03-02T04:30Z": datetime(2026, 3, 2, 4, 30),
        "2024-02-29": datetime(2024, 2, 29),
        # 20,514 days and 4.5 hours after 1 January 1970: 20,514 * 86,400 + 16,200 = 1,772,425,800 seconds.
        "1772425800": datetime(2026, 3, 2, 4, 30),
        "1772425800.25": datetime(2026, 3, 2, 4, 30, 0, 250000),
        "1772425800123": datetime(2026, 3, 2, 4, 30, 0, 123000),
        "1772425800123456": datetime(2026, 3, 2, 4, 30, 0, 123456),
        # The first second with nine digits.
        "100000000": datetime(1973, 3, 3, 9, 46, 40),
        "100000000123": datetime(1973, 3, 3, 9, 46, 40, 123000),
    }
    bad = ["2026-02-29", "2026-13-01", "2026-03-02T25:00:00", "03/02/2026", "02.03.2026", "20260302", "46083"]
    bad += [
        "today",
        "yesterday",
        "abc",
        "",
        "2026",
        "2026-03",
        "2026-03-02x",
        "17724258",
        "17724258001",
        "-1772425800",
        None,
    ]
    assert_reads(engine, "parse_timestamp", good | dict.fromkeys(bad))


def test_parse_date_keeps_the_written_day(engine: Engine) -> None:
    day = date(2026, 3, 1)
    texts = [
        "2026-03-01",
        "2026-03-01T00:00:00",
        "2026-03-01 23:30:00",
        "2026-03-01T23:30:00.000-0500",
        "2026-03-01T00:30:00+05:30",
        # 20,513 days and 10 hours: 20,513 * 86,400 + 36,000 seconds.
        "1772359200",
        "1772359200000",
    ]
    bad = ["2026-02-29", "2026-03-01T25:00:00", "2026-03-01x", "3/1/2026", "20260301", "46082", "abc", "", None]
    assert_reads(engine, "parse_date", dict.fromkeys(texts, day) | dict.fromkeys(bad))


# ---- names of columns ---------------------------------------------------------


def matched(
    required: list[str], optional: list[str], given: list[str], aliases: dict[str, list[str]] | None = None
) -> dict:
    return MATCHING.match_columns(required, optional, given, "crm.deal", "deals.csv", aliases or {})


def test_columns_match_without_case_and_punctuation() -> None:
    given = [
        "OwnerId",
        "hire_date_c",
        "E-Mail Address",
        "properties__dealname__value",
        "property_amount",
        "metaData.id",
    ]
    wanted = ["owner_id", "Hire_Date__c", "email_address", "dealname", "amount", "id"]
    assert matched(wanted, ["type"], given) == {
        "sources": dict(zip(wanted, given, strict=True)),
        "missing": [],
        "problem": "",
    }


def test_a_name_of_its_own_wins_over_an_alias_and_a_nested_one() -> None:
    found = matched(["amount"], [], ["property_amount", "value", "Amount"], {"amount": ["value"]})
    assert (found["sources"], found["problem"]) == ({"amount": "Amount"}, "")
    assert matched(["amount"], [], ["property_amount", "value"], {"amount": ["value"]})["sources"] == {
        "amount": "value"
    }
    assert matched(["amount"], [], ["property_amount"])["sources"] == {"amount": "property_amount"}


def test_missing_and_doubled_columns_are_told() -> None:
    assert matched(["id", "name"], ["kind"], ["kind"])["missing"] == ["id", "name"]
    assert matched(["id", "name"], [], ["Name"])["problem"] == (
        "Column id of crm.deal is required and missing. Looked in deals.csv, which has: Name. "
        "Add the column, or rename the one that holds it."
    )
    assert matched(["owner_id"], [], ["OwnerId", "owner id"])["problem"] == (
        "Column owner_id of crm.deal stands 2 times in deals.csv: OwnerId, owner id. Keep one of them."
    )


@settings(max_examples=100, deadline=None)
@given(
    names=st.lists(
        st.from_regex("[a-z]{2,6}(_[a-z]{2,6}){0,2}", fullmatch=True),
        min_size=1,
        max_size=6,
        unique_by=lambda n: n.replace("_", ""),
    ),
    others=st.lists(st.text(max_size=8), max_size=5),
    data=st.data(),
)
def test_any_spelling_of_a_name_is_found(names: list[str], others: list[str], data: st.DataObject) -> None:
    """Case and punctuation never hide a column, and columns of other names never stand in for one."""
    keys = {name.replace("_", "") for name in names}
    given = [other for other in others if re.sub("[^a-z0-9]", "", other.lower()) not in keys]
    given = [other for other in given if not other.lower().startswith(("prop", "meta", "attr"))]
    spelt = {}
    for name in names:
        letters = [data.draw(st.sampled_from([letter, letter.upper()])) for letter in name.replace("_", "")]
        spelt[name] = data.draw(st.sampled_from(["", "_", " ", ".", "__", "-"])).join(letters)
    found = matched(names, [], data.draw(st.permutations(given + list(spelt.values()))))
    assert found == {"sources": spelt, "missing": [], "problem": ""}
    assert matched(names, [], given)["missing"] == names


def test_parse_duration_minutes(engine: Engine) -> None:
    """A day has 1,440 minutes, a week 10,080; 45.5 seconds are 45.5 / 60 minutes."""
    good = {"PT1H30M": 90.0, "P1DT2H": 1560.0, "PT45.5S": 45.5 / 60, "PT90S": 1.5, "P2W": 20160.0, "P1D": 1440.0}
    good |= {"PT0S": 0.0, "P0D": 0.0, "PT1.5H": 90.0, "PT1,5H": 90.0, "P1DT0.5M": 1440.5, "PT100M": 100.0}
    # Some authoring tools write all parts, years and months as nought.
    good |= {"P0Y0M0DT0H1M30S": 1.5, "P3DT4H5M6S": 3 * 1440 + 4 * 60 + 5 + 0.1}
    bad = [
        "",
        "P",
        "PT",
        "P1DT",
        "5",
        "PT5",
        "5M",
        "T5M",
        "-PT5M",
        "P-1D",
        "pt5m",
        " PT5M",
        "PT5M ",
        "PT1H 30M",
        "1:30",
        "ninety",
    ]
    # A month may have 28 to 31 days. Parts in the wrong order or on the wrong side of T, fractions that are not last.
    bad += [
        "P1M",
        "P1Y",
        "P1Y0M",
        "PT1M1H",
        "P1H",
        "PT1D",
        "PT1.5H30M",
        "PT1.5.5S",
        "PT.5S",
        "PT5.S",
        "PT1HM",
        "NaN",
        "Infinity",
    ]
    bad += ["PT" + "9" * 400 + "S", None]
    assert_reads(engine, "parse_duration_minutes", good | dict.fromkeys(bad))


def test_local_timestamp(engine: Engine) -> None:
    """New York is five hours behind UTC in winter and four in summer; Nepal is five hours and three quarters ahead."""
    cases = [
        ("2026-03-08 06:59:59", "America/New_York", datetime(2026, 3, 8, 1, 59, 59)),
        ("2026-03-08 07:00:00", "America/New_York", datetime(2026, 3, 8, 3, 0, 0)),
        ("2026-01-01 20:30:00", "Asia/Kathmandu", datetime(2026, 1, 2, 2, 15, 0)),
        ("2026-01-01 20:30:00", None, datetime(2026, 1, 1, 20, 30, 0)),
        (None, "Asia/Kathmandu", None),
    ]
    given_values = "select cast(? as timestamp) as utc, cast(? as varchar) as zone"
    sql = f"select {engine.macros.local_timestamp('utc', 'zone')} from ({given_values}) as given_values"
    for utc, zone, expected in cases:
        assert engine.rows(sql, [utc, zone]) == [(expected,)], (utc, zone)


def test_local_date(engine: Engine) -> None:
    """Half past four in the morning UTC is the evening before in New York, half an hour past midnight in summer."""
    cases = [
        ("2026-03-02 04:30:00", "America/New_York", date(2026, 3, 1)),
        ("2026-07-02 03:30:00", "America/New_York", date(2026, 7, 1)),
        ("2026-07-02 04:30:00", "America/New_York", date(2026, 7, 2)),
        ("2026-03-02 04:30:00", "Australia/Sydney", date(2026, 3, 2)),
        ("2026-03-02 14:30:00", "Australia/Sydney", date(2026, 3, 3)),
        ("2026-03-02 23:59:59", "UTC", date(2026, 3, 2)),
        ("2026-03-02 23:59:59", None, date(2026, 3, 2)),
        (None, "UTC", None),
    ]
    given_values = "select cast(? as timestamp) as utc, cast(? as varchar) as zone"
    sql = f"select {engine.macros.local_date('utc', 'zone')} from ({given_values}) as given_values"
    for utc, zone, expected in cases:
        assert engine.rows(sql, [utc, zone]) == [(expected,)], (utc, zone)


def test_timezone_names_are_understood(engine: Engine) -> None:
    names = {row[0] for row in engine.rows(engine.macros.timezone_names())}
    assert {"UTC", "America/New_York", "Asia/Kolkata"} <= names
    assert "Mars/Olympus" not in names


# ---- JSON -----------------------------------------------------------------------


def test_json_text(engine: Engine) -> None:
    expected = {'{"a": {"b": "x"}}': "x", '{"a": {"b": true}}': "true"}
    expected |= dict.fromkeys(['{"a": {"b": null}}', '{"a": {}}', '{"a": 1}', "[]", '{"a": {"b": ', "abc", "", None])
    assert (
        dict(zip(expected, engine.found(engine.macros.json_text("value", ["a", "b"]), list(expected)), strict=True))
        == expected
    )


def test_json_text_of_a_number_is_the_number(engine: Engine) -> None:
    """An engine may write 1.50 as it stands or as 1.5; what reads it next reads the same."""
    [text] = engine.found(engine.macros.json_text("value", ["a", "b"]), ['{"a": {"b": 1.50}}'])
    assert Decimal(text) == Decimal("1.5")


def test_json_text_of_elements(engine: Engine) -> None:
    """Numbers in a path are positions in an array, from 0. Objects and arrays come as JSON text."""
    expected = {
        '{"a": [{"b": "x"}, {"b": "y"}]}': "x",
    }
    expected |= dict.fromkeys(
        ['{"a": []}', '{"a": {"b": "x"}}', '{"a": {"0": {"b": "x"}}}', '{"a": [["b"]]}', "[1", "", None]
    )
    found_texts = engine.found(engine.macros.json_text("value", ["a", 0, "b"]), list(expected))
    assert dict(zip(expected, found_texts, strict=True)) == expected
    nested = {'{"a": [{"b": {"c": 1}}]}': {"c": 1}, '{"a": [{"b": [1, 2]}]}': [1, 2]}
    found_texts = engine.found(engine.macros.json_text("value", ["a", 0, "b"]), list(nested))
    assert [json.loads(text) for text in found_texts] == list(nested.values())
    expected = {'{"a": [1, 2]}': "2", '{"a": [1]}': None}
    found_texts = engine.found(engine.macros.json_text("value", ["a", 1]), list(expected))
    assert dict(zip(expected, found_texts, strict=True)) == expected
    # Names that hold points and slashes are one step.
    iri = "https://w3id.org/x.y"
    assert engine.found(engine.macros.json_text("value", ["a", iri]), [json.dumps({"a": {iri: "z"}})]) == ["z"]


def test_json_first_text(engine: Engine) -> None:
    """The first language that has a text, in the order in which they are written."""
    expected = {'{"name": {"de": "Preise", "fr": "Prix"}}': "Preise", '{"name": {"de": null, "fr": "Prix"}}': "Prix"}
    expected |= dict.fromkeys(
        ['{"name": {}}', '{"name": "Prices"}', '{"name": ["Prices"]}', '{"name": null}', "{}", "[]", "abc", "", None]
    )
    found_texts = engine.found(engine.macros.json_first_text("value", ["name"]), list(expected))
    assert dict(zip(expected, found_texts, strict=True)) == expected


def test_is_json_object(engine: Engine) -> None:
    expected = dict.fromkeys(["{}", ' {"a": [1]} '], True)
    expected |= dict.fromkeys(["[]", '[{"a": 1}]', '"{}"', "1", "null", '{"a": 1', "{'a': 1}", "abc", "", None], False)
    assert_reads(engine, "is_json_object", expected)


def test_is_json_array(engine: Engine) -> None:
    expected = dict.fromkeys(["[]", "[1]", ' [{"a": 1}] '], True)
    expected |= dict.fromkeys(["{}", '{"a": []}', '"[]"', "1", "null", "[1", "abc", "", None], False)
    assert_reads(engine, "is_json_array", expected)


def test_json_array_elements(engine: Engine) -> None:
    """One row an element, in order and from 1; none for an empty array, an object, text that is no JSON, and NULL."""
    answers = [
        ("a", '[{"q": 1}, "x", null, [2]]'),
        ("b", "[]"),
        ("c", '{"q": 1}'),
        ("d", "[1"),
        ("e", None),
        ("f", "[7]"),
    ]
    engine.table("cards", "id varchar, answers varchar", answers)
    elements = engine.macros.json_array_elements("cards", ["id"], "answers")
    rows = engine.rows(f"select id, element, element_index from ({elements}) as elements order by 1, 3")
    assert [(row[0], None if row[1] is None else json.loads(row[1]), row[2]) for row in rows] == [
        ("a", {"q": 1}, 1),
        ("a", "x", 2),
        ("a", None, 3),
        ("a", [2], 4),
        ("f", 7, 1),
    ]


def test_row_as_json(engine: Engine) -> None:
    """Every column in order, whatever stands in it, and NULL as null; a name may hold a quote."""
    engine.table("odd", "id varchar, note varchar, nothing varchar", [("00123", 'say "hi",\n it\'s é', None)])
    sql = engine.macros.row_as_json({"Id": "id", "it's": "note", "Nothing": "nothing"})
    [(text,)] = engine.rows(f"select {sql} from odd")
    assert list(json.loads(text).items()) == [("Id", "00123"), ("it's", 'say "hi",\n it\'s é'), ("Nothing", None)]


def test_a_row_is_written_later(engine: Engine) -> None:
    """As the text that row_as_json makes of its columns; what is text stays, and a row without text has none."""
    engine.table("later", "id varchar, note varchar, nothing varchar", [("00123", 'say "hi",\n it\'s é', None)])
    macros, columns = engine.macros, {"Id": "id", "it's": "note", 'a "b"': "nothing"}
    rows = [macros.row_to_write(columns), macros.row_to_write({}, "note"), macros.row_to_write({}, "nothing")]
    together = " union all ".join(
        f"select {number} as number, {row} as raw_row from later" for number, row in enumerate(rows)
    )
    found = engine.rows(
        f"select {macros.row_written('together.raw_row')}, {macros.row_as_json(columns)}, note"
        f" from ({together}) as together cross join later order by number"
    )
    _, at_once, note = found[0]
    assert list(json.loads(at_once).items()) == [("Id", "00123"), ("it's", note), ('a "b"', None)]
    assert [written for written, *_ in found] == [at_once, note, None]


def test_mask_personal(engine: Engine) -> None:
    """Names and free text are hidden, in any spelling and also in JSON within a column; what else is said stays."""
    expected = {
        r'{"Id":"7","Last Name":"Lee"}': r'{"Id":"7","Last Name":"Lee"}',
        r'{"Id":"7","LastName":"Lee \"Bo\"","Phone":5550100}': r'{"Id":"7","LastName":"<hidden>","Phone":"<hidden>"}',
        r'{"a":"ann@corp.com","comment":"she\\he","b":null}': r'{"a":"<e-mail>","comment":"<hidden>","b":null}',
        r'{"actor":"{\"name\": \"Ann \\\"Lee\\\" \",\"n\":1}"}': r'{"actor":"{\"name\": \"<hidden>\",\"n\":1}"}',
        r'{"secret_x":"y","z":"1"}': r'{"secret_x":"<hidden>","z":"1"}',
        None: None,
    }
    expression = engine.macros.mask_personal("value", ["secret_[a-z]+"])
    assert dict(zip(expected, engine.found(expression, list(expected)), strict=True)) == expected


def test_mask_emails(engine: Engine) -> None:
    expected = {
        "ann@corp.com": "<e-mail>",
        '{"a":"ann.lee+x@corp.co.uk","b":"5"}': '{"a":"<e-mail>","b":"5"}',
        "Boss <boss@corp.com>, ann@corp.com; bo@corp.com": "Boss <<e-mail>>, <e-mail>; <e-mail>",
        "mailto:ann@corp.com": "mailto:<e-mail>",
        # JSON in JSON stays JSON.
        r'{"actor":"{\"mbox\":\"mailto:ann@corp.com\"}"}': r'{"actor":"{\"mbox\":\"mailto:<e-mail>\"}"}',
        "at 5 @ noon": "at 5 @ noon",
        "nothing here": "nothing here",
        "": "",
        None: None,
    }
    assert_reads(engine, "mask_emails", expected)


# ---- sums, names of tables --------------------------------------------------------


def test_ordered_sum_and_mean_add_from_the_smallest_term(engine: Engine) -> None:
    """In doubles 1e16 - 1e16 + 1 is 1, and -1e16 + 1 + 1e16 is 0: the order shows. NULL does not count."""
    rows = [("a", 1e16), ("a", -1e16), ("a", None), ("a", 1.0), ("b", 0.5), ("b", 0.25), ("b", None)]
    engine.table("terms", "name varchar, term double precision", [*rows, ("c", None)])
    total, mean = engine.macros.ordered_sum("term"), engine.macros.ordered_mean("term")
    found = engine.rows(f"select name, {total}, {mean} from terms group by name order by name")
    assert found == [("a", 0.0, 0.0), ("b", 0.75, 0.375), ("c", None, None)]


def test_a_cte_is_named_as_usual(engine: Engine) -> None:
    assert engine.rows(f"with one as {engine.macros.materialized_cte()} (select 1 as n) select n from one") == [(1,)]


def test_type_double_has_64_bits(engine: Engine) -> None:
    [value] = engine.rows(f"select cast('0.1234567890123456' as {engine.macros.type_double()})")
    assert value == (0.1234567890123456,)


def test_type_rounding_has_12_decimals(engine: Engine) -> None:
    third = f"cast(2 as {engine.macros.type_double()}) / 3"
    [value] = engine.rows(f"select cast({third} as {engine.macros.type_rounding()})")
    assert value == (Decimal("0.666666666667"),)


def test_week_start_is_a_monday(engine: Engine) -> None:
    """29 June 2026 is a Monday."""
    expected = {
        "2026-06-28": date(2026, 6, 22),
        "2026-06-29": date(2026, 6, 29),
        "2026-06-30": date(2026, 6, 29),
        "2026-07-05": date(2026, 6, 29),
        None: None,
    }
    found = engine.found(engine.macros.week_start("cast(value as date)"), list(expected))
    assert dict(zip(expected, found, strict=True)) == expected


LAYOUTS = {
    "duckdb": {},
    "postgres": {},
    "spark": {},
    "bigquery": {
        "partition_by": {"field": "day", "data_type": "date", "granularity": "month"},
        "cluster_by": ["rep_id", "system"],
    },
    "snowflake": {"cluster_by": ["day", "rep_id", "system"]},
    "databricks": {"liquid_clustered_by": ["day", "rep_id", "system"]},
    "trino": {"properties": {"partitioning": "array['month(day)']", "sorted_by": "array['rep_id', 'system']"}},
}


@pytest.mark.parametrize(("name", "expected"), LAYOUTS.items())
def test_table_layout(name: str, expected: dict) -> None:
    assert returned(FOLDER / "layout.sql", f"{name}__table_layout")("day", ["rep_id", "system"]) == expected


def test_an_inlined_cte_is_named_as_usual(engine: Engine) -> None:
    assert engine.rows(f"with one as {engine.macros.inlined()} (select 1 as n) select n from one") == [(1,)]


def test_table_names(engine: Engine) -> None:
    """Tables of a schema by name; none of a schema that is not there."""
    engine.rows("create schema landed")
    engine.rows("create table landed.deals as select 1 as n")
    database = {"duckdb": "memory", "postgres": "postgres", "spark": ""}[engine.name]
    assert engine.table_names(database, "landed") == ["deals"]
    assert engine.table_names(database, "nowhere") == []


# ---- properties -------------------------------------------------------------------


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
NUMBERS = st.decimals(-(10**21), 10**21, allow_nan=False, places=6)
TIME_TEXTS = st.text("0123456789-T:Z+. infityepoch", max_size=30)
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1))
OFFSETS = st.integers(-14 * 4, 14 * 4)


def check_numbers(engine: Engine, texts: list[str], numbers: list[Decimal]) -> None:
    """Text never raises, and numbers are kept."""
    expression = engine.macros.parse_number("value")
    engine.found(expression, texts)
    assert engine.found(expression, [f"{number:f}" for number in numbers]) == numbers


def check_moments(engine: Engine, texts: list[str], moments: list[datetime], offset: int) -> None:
    """The date is the day that is written, whatever the offset; the timestamp is the moment less the offset."""
    engine.found(engine.macros.parse_date("value"), texts)
    sign, minutes = "-" if offset < 0 else "+", abs(offset) * 15
    written = [f"{moment.isoformat()}{sign}{minutes // 60:02}:{minutes % 60:02}" for moment in moments]
    assert engine.found(engine.macros.parse_date("value"), written) == [moment.date() for moment in moments]
    utc = [moment - timedelta(minutes=15 * offset) for moment in moments]
    assert engine.found(engine.macros.parse_timestamp("value"), written) == utc


def lists(values: st.SearchStrategy, size: int) -> st.SearchStrategy:
    """Return lists of up to so many values."""
    return st.lists(values, min_size=1, max_size=size)


@pytest.mark.parametrize("engine", ["duckdb", "postgres"], indirect=True)
@settings(max_examples=60, deadline=None)
@given(texts=lists(TEXTS, 30), numbers=lists(NUMBERS, 30))
def test_parse_number_never_raises_and_keeps_numbers(engine: Engine, texts, numbers) -> None:
    check_numbers(engine, texts, numbers)


@pytest.mark.parametrize("engine", ["duckdb", "postgres"], indirect=True)
@settings(max_examples=60, deadline=None)
@given(texts=lists(TIME_TEXTS, 30), moments=lists(MOMENTS, 10), offset=OFFSETS)
def test_parse_date_never_raises_and_keeps_days(engine: Engine, texts, moments, offset) -> None:
    check_moments(engine, texts, moments, offset)


# A query takes Spark a while, however many rows it has: few and long lists.


@pytest.mark.parametrize("engine", ["spark"], indirect=True)
@settings(max_examples=4, deadline=None)
@given(texts=lists(TEXTS, 100), numbers=lists(NUMBERS, 100))
def test_parse_number_on_spark_never_raises_and_keeps_numbers(engine: Engine, texts, numbers) -> None:
    check_numbers(engine, texts, numbers)


@pytest.mark.parametrize("engine", ["spark"], indirect=True)
@settings(max_examples=4, deadline=None)
@given(texts=lists(TIME_TEXTS, 100), moments=lists(MOMENTS, 40), offset=OFFSETS)
def test_parse_date_on_spark_never_raises_and_keeps_days(engine: Engine, texts, moments, offset) -> None:
    check_moments(engine, texts, moments, offset)
