"""Write what Apache Superset imports to have every mart of a published file as a dataset, each with its descriptions.

Run as ``python -m tools.superset_datasets [published file] [bundle.zip]``, then in Superset's environment
``superset import-datasources --path bundle.zip --username admin``. Superset reads the descriptions of columns by itself
when a dataset is added by hand, but not those of marts. A bundle of the next file, imported again, changes the same
datasets.
"""

from __future__ import annotations

import argparse
import sys
import uuid
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import yaml

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "Rampline"
# So that the same mart has the same key in every bundle.
NAMESPACE = uuid.UUID("8f6d2f0e-6a52-4c1c-9d0c-5f3b1e7a2c41")


def key_of(name: str) -> str:
    """Return the key that a database or dataset has in every bundle."""
    return str(uuid.uuid5(NAMESPACE, name))


def files_of(published_file: Path) -> dict[str, dict]:
    """Return the files of the bundle, by path: a database, and a dataset for each table of the published file.

    Raises duckdb.Error when the file cannot be read.
    """
    with duckdb.connect(str(published_file), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name, comment from duckdb_tables() order by schema_name, table_name"
        ).fetchall()
        columns = connection.execute(
            "select schema_name, table_name, column_name, data_type, comment from duckdb_columns()"
            " where not internal order by column_index"
        ).fetchall()
    files: dict[str, dict] = {
        "metadata.yaml": {"version": "1.0.0", "type": "SqlaTable", "timestamp": datetime.now(UTC).isoformat()},
        f"databases/{DATABASE}.yaml": {
            "database_name": DATABASE,
            "sqlalchemy_uri": f"duckdb:///{published_file.resolve()}?access_mode=read_only",
            "expose_in_sqllab": True,
            "extra": {},
            "uuid": key_of(DATABASE),
            "version": "1.0.0",
        },
    }
    for schema, table, description in tables:
        files[f"datasets/{DATABASE}/{schema}.{table}.yaml"] = {
            "table_name": table,
            "schema": schema,
            "description": description,
            "uuid": key_of(f"{schema}.{table}"),
            "database_uuid": key_of(DATABASE),
            "version": "1.0.0",
            "metrics": [{"metric_name": "count", "metric_type": "count", "expression": "COUNT(*)"}],
            "columns": [
                {
                    "column_name": name,
                    "type": data_type,
                    "description": comment,
                    "is_dttm": data_type in ("DATE", "TIMESTAMP"),
                    "groupby": True,
                    "filterable": True,
                }
                for in_schema, in_table, name, data_type, comment in columns
                if (in_schema, in_table) == (schema, table)
            ],
        }
    return files


def write_bundle(published_file: Path, bundle: Path) -> int:
    """Write the bundle, a zip file, and return the number of datasets.

    Raises duckdb.Error when the published file cannot be read, OSError when the bundle cannot be written.
    """
    files = files_of(published_file)
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(f"{bundle.stem}/{path}", yaml.safe_dump(content, sort_keys=False, allow_unicode=True))
    return sum(path.startswith("datasets/") for path in files)


def main(argv: list[str] | None = None) -> int:
    """Write the bundle and say so; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.superset_datasets", description=__doc__.splitlines()[0])
    parser.add_argument("published_file", type=Path, nargs="?", default=ROOT / "warehouse" / "rampline.duckdb")
    parser.add_argument("bundle", type=Path, nargs="?", default=Path("superset.zip"))
    options = parser.parse_args(argv)
    try:
        count = write_bundle(options.published_file, options.bundle)
    except (duckdb.Error, OSError) as error:
        print(f"No bundle was written. {str(error).splitlines()[0]}", file=sys.stderr)
        return 1
    print(f"{options.bundle}: {count} datasets of {options.published_file}.")
    print(f"In Superset's environment: superset import-datasources --path {options.bundle} --username admin")
    return 0


if __name__ == "__main__":
    sys.exit(main())
