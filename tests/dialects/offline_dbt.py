"""Compile the project for a warehouse without a connection: ``python offline_dbt.py target target_path``.

Runs in an environment with the warehouse's adapter. Nothing is asked of a warehouse: no introspection, no cache, and
credentials that are none.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from dbt.cli.main import dbtRunner

PROJECT = Path(__file__).parents[2]
SETTINGS = {
    "SNOWFLAKE_ACCOUNT": "none",
    "SNOWFLAKE_USER": "none",
    "DATABRICKS_HOST": "none.cloud.databricks.com",
    "DATABRICKS_HTTP_PATH": "/sql/1.0/warehouses/none",
    "DATABRICKS_TOKEN": "none",
}
GOOGLE_CREDENTIALS = {"type": "authorized_user", "client_id": "none", "client_secret": "none", "refresh_token": "none"}


def compile_for(target: str, folder: Path) -> bool:
    """Compile every node for a target into a folder and say whether that went well."""
    folder.mkdir(parents=True, exist_ok=True)
    credentials = folder / "credentials.json"
    credentials.write_text(json.dumps(GOOGLE_CREDENTIALS), encoding="utf-8")
    os.environ |= SETTINGS | {"GOOGLE_APPLICATION_CREDENTIALS": str(credentials), "DO_NOT_TRACK": "1"}
    if target == "databricks":
        # It asks its open connection what the warehouse can do, but for parsing: then it answers for a SQL warehouse.
        from dbt.adapters.databricks import DatabricksAdapter  # noqa: PLC0415, only this target has it

        DatabricksAdapter.has_dbr_capability = DatabricksAdapter._has_dbr_capability_parse
    arguments = ["--quiet", "--log-level-file", "none", "--log-path", str(folder)]
    arguments += ["compile", "--no-introspect", "--no-populate-cache", "--target", target]
    arguments += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", str(folder)]
    return dbtRunner().invoke(arguments).success


if __name__ == "__main__":
    sys.exit(not compile_for(sys.argv[1], Path(sys.argv[2])))
