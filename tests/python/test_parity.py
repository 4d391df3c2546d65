"""PostgreSQL builds the same marts as DuckDB, row for row; and what differs is found and named."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from conftest import Build

from tools import parity
from tools.parity import Difference, compare, same

COLUMNS = ["day", "name", "share"]
ROW = (date(2026, 6, 30), "a", 0.5)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A PostgreSQL server with the demo built on it, unit tests and all."""
    folder = tmp_path_factory.mktemp("postgres")
    with parity.postgres(folder / "server") as server:
        parity.build("postgres", folder, server)
        yield server


@pytest.fixture(scope="module")
def manifest(demo: Build) -> dict:
    return json.loads((demo.target / "manifest.json").read_text(encoding="utf-8"))


def differences(demo: Build, manifest: dict, server: dict[str, str]) -> list[Difference]:
    return list(parity.differences(manifest, parity.duckdb_reader(demo.file), parity.postgres_reader(server)))


def test_every_mart_is_the_same_on_postgresql(demo: Build, manifest: dict, server: dict[str, str]) -> None:
    assert [str(difference) for difference in differences(demo, manifest, server)] == []
    read = parity.postgres_reader(server)
    marts = parity.marts_of(manifest).values()
    counts = {mart["name"]: len(read(mart["schema"], mart["alias"], list(mart["columns"]))) for mart in marts}
    assert len(counts) > 40
    assert sum(counts.values()) > 90_000
    assert min(counts.values()) > 0


def test_what_differs_is_named(demo: Build, manifest: dict, server: dict[str, str]) -> None:
    changes = """
        update postgres_impact.roi_scenarios set net_value_amount = net_value_amount + 0.01
            where scenario = 'ongoing_reference';
        update postgres_core.dim_programs set program_name = 'Product  news' where program_id = 'prog_product_news';
        delete from postgres_core.dim_dates where date_day = '2026-06-30';
        update postgres_quality.rejected_rows set reason = 'another'
            where ctid = (select min(ctid) from postgres_quality.rejected_rows)
    """
    with contextlib.closing(parity.connect(server)) as connection:
        connection.cursor().execute(changes)
        connection.commit()
    found = differences(demo, manifest, server)
    assert [(each.mart, each.key, each.column) for each in found if each.mart != "rejected_rows"] == [
        ("dim_dates", (date(2026, 6, 30),), None),
        ("dim_programs", ("prog_product_news",), "program_name"),
        ("roi_scenarios", ("ongoing_reference",), "net_value_amount"),
    ]
    assert len([each for each in found if each.mart == "rejected_rows"]) == 2
    assert "roi_scenarios (ongoing_reference) net_value_amount: Decimal('684000.00') and Decimal('684000.01')" in {
        str(each) for each in found
    }


@pytest.mark.parametrize(
    ("left", "right", "is_same"),
    [
        (1.0, 1.0 + 9e-10, True),
        (1.0, 1.0 + 2e-9, False),
        (1e6, 1e6 + 9e-4, True),
        (1e6, 1e6 + 2e-3, False),
        (Decimal("2.50"), 2.5, True),
        (3, Decimal("3.00"), True),
        (None, None, True),
        (None, 0.0, False),
        ("a", "a", True),
        ("a", "a ", False),
        (True, 1, False),
        (date(2026, 6, 30), date(2026, 7, 1), False),
    ],
)
def test_values_are_compared(left: object, right: object, is_same: bool) -> None:
    assert same(left, right) is is_same


def test_rows_are_matched_by_key() -> None:
    changed = (ROW[0], "a", 0.25)
    assert list(compare("mart", COLUMNS, ["day", "name"], [ROW], [ROW])) == []
    assert list(compare("mart", COLUMNS, ["day", "name"], [ROW], [changed])) == [
        Difference("mart", ROW[:2], "share", 0.5, 0.25)
    ]
    assert list(compare("mart", COLUMNS, ["name"], [ROW], [])) == [Difference("mart", ("a",), None, 1, 0)]
    assert list(compare("mart", COLUMNS, ["name"], [], [ROW])) == [Difference("mart", ("a",), None, 0, 1)]


def test_rows_without_a_key_are_counted() -> None:
    assert list(compare("mart", COLUMNS, [], [ROW, ROW], [ROW, ROW])) == []
    assert list(compare("mart", COLUMNS, [], [ROW, ROW], [ROW])) == [Difference("mart", ROW, None, 2, 1)]


def test_a_failed_build_says_why(tmp_path: object) -> None:
    with pytest.raises(SystemExit, match="The build on postgres failed"):
        parity.build("postgres", tmp_path, {"PGHOST": "127.0.0.1", "PGPORT": "1", "PGDATABASE": "none"})
