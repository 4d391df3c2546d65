"""The README answers its questions truly: each SQL block is run and compared with the table below it."""

from __future__ import annotations

import re

import duckdb
import pytest
from conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"```sql\n(.*?)```\n\n((?:\|[^\n]*\n)+)", README, flags=re.DOTALL)


def as_table(cursor: duckdb.DuckDBPyConnection) -> str:
    """Return a result as the README writes it: a Markdown table, fractions to three places."""
    rows = [[column[0] for column in cursor.description], ["---"] * len(cursor.description)]
    for row in cursor.fetchall():
        rows.append(
            [f"{value:.3f}" if isinstance(value, float) else "" if value is None else str(value) for value in row]
        )
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def test_readme_asks_five_questions() -> None:
    assert len(QUESTIONS) >= 5


@pytest.mark.parametrize(("sql", "answer"), QUESTIONS, ids=range(1, len(QUESTIONS) + 1))
def test_answer_is_true(sql: str, answer: str, demo_build: duckdb.DuckDBPyConnection) -> None:
    assert as_table(demo_build.execute(sql)) == answer


def test_every_mart_is_listed(demo_build: duckdb.DuckDBPyConnection) -> None:
    marts = demo_build.execute(
        "select table_name from information_schema.tables"
        " where table_schema in ('core', 'rep_timeline', 'kirkpatrick', 'impact', 'quality')"
    ).fetchall()
    assert [name for (name,) in marts if f"`{name}`" not in README] == []
