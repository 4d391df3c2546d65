"""What the pages show: the queries of ``queries/`` on the published file, and the names of people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

# Where there is nothing to say.
DASH = "\u2013"
QUERIES = Path(__file__).parent / "queries"


class PagesError(Exception):
    """Why no pages were made, in one sentence for people."""


class Marts:
    """The published file, read by the queries of the pages; a context manager."""

    def __init__(self, published_file: Path) -> None:
        """Open the file; raise PagesError when it is not there or no published file."""
        if not published_file.exists():
            raise PagesError(f"{published_file} is not there: run make build first.")
        try:
            self.connection = duckdb.connect(str(published_file), read_only=True)
        except duckdb.Error as error:
            raise PagesError(f"{published_file} cannot be opened, {str(error).splitlines()[0]}") from None

    def __enter__(self) -> Marts:
        """Return the marts."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.connection.close()

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Return the rows of a query of the folder; raise PagesError when the file lacks what it asks for."""
        try:
            answer = self.connection.execute((QUERIES / f"{query}.sql").read_text(encoding="utf-8"))
        except duckdb.Error as error:
            raise PagesError(
                f"The published file does not answer {query}.sql, {str(error).splitlines()[0]}: run make build again."
            ) from None
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


class People:
    """How people are called on the pages: by name, or (anonymous) by a number that says nothing of them."""

    def __init__(self, rows: list[dict[str, Any]], anonymous: bool) -> None:
        """Take the rows of ``people.sql``, which come in an order that has nothing to do with the people."""
        self.anonymous = anonymous
        self._numbers = {row["rep_id"]: number for number, row in enumerate(rows, start=1)}
        self._names = {row["rep_id"]: row["full_name"] for row in rows}

    def name(self, rep_id: str | None) -> str:
        """Return what somebody is called; a dash for nobody."""
        if rep_id is None:
            return DASH
        if self.anonymous:
            return f"Person {self._numbers[rep_id]:04}" if rep_id in self._numbers else "Person unknown"
        return self._names.get(rep_id) or "unknown"

    def page(self, rep_id: str) -> str:
        """Return the file name of a rep's page; in anonymous pages it has no part of the id, which can be guessed."""
        return f"{self._numbers[rep_id]:04}.html" if self.anonymous else f"{rep_id}.html"

    def cohort(self, cohort_type: str, cohort: str, label: str) -> str:
        """Return what a cohort is called: the cohort of a manager is called like the manager."""
        if cohort_type == "manager" and cohort != "none":
            return self.name(cohort)
        return label
