"""What Rampline adds to dbt on DuckDB: a function that finds and vets raw files, UTC, and few looks for garbage."""

from __future__ import annotations

import json
import os
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from tools.garbage import collect_seldom
from tools.raw_files import RawFiles, find_raw_files


def raw_files(folder: str, raw_object: str, options: str) -> str:
    """Return the files of an object as JSON text (see RawFiles). options: JSON with patterns, delimiter and by_file."""
    try:
        return find_raw_files(folder, raw_object, scratch=scratch_folder(), **json.loads(options)).as_json()
    # A message is better than a stack trace in the middle of a build.
    except Exception as error:
        problem = f"The files in {folder} cannot be read ({type(error).__name__}: {error}). Please report this."
        return RawFiles(problem=problem).as_json()


def scratch_folder() -> str:
    """Return the folder for the sheets of workbooks: beside the build file, whose views go on reading them."""
    build_file = os.environ.get("RAMPLINE_BUILD_FILE", "warehouse/build.duckdb")
    return os.path.join(
        "target" if build_file == ":memory:" else os.path.dirname(os.path.abspath(build_file)), "sheets"
    )


class Plugin(BasePlugin):
    """Registers rampline_raw_files(folder, object, options) on each connection and sets its time zone."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:  # noqa: ARG002
        """Have Python look for garbage seldom: whoever calls dbt by itself gets that here. plugin_config: not used."""
        collect_seldom()

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Register the function and set UTC when dbt-duckdb has opened the database.

        Timestamps are UTC everywhere; local dates are derived per rep. The profile's settings would be set anew for
        every node, and its config_options before DuckDB has loaded what knows time zones.
        """
        conn.execute("set global TimeZone = 'UTC'")
        text: Any = "VARCHAR"
        # Files change between two calls: the result is never kept.
        conn.create_function("rampline_raw_files", raw_files, [text, text, text], text, side_effects=True)
