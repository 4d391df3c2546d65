"""Models and statistics macros as SQL without dbt, so that a test can run them on rows of its own making in DuckDB."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import jinja2
import yaml
from conftest import ROOT

VARS = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
SOURCES = [*sorted((ROOT / "macros/statistics").glob("*.sql")), ROOT / "macros/project/surrogate_key.sql"]
MACROS = "".join(path.read_text(encoding="utf-8") for path in SOURCES)


def template(source: str, project_vars: dict[str, Any] | None = None) -> jinja2.Template:
    """Return the statistics macros and a source after them, with what dbt would put in on DuckDB."""
    known = VARS | (project_vars or {})
    environment = jinja2.Environment(autoescape=False, extensions=["jinja2.ext.do"])  # noqa: S701, it makes SQL
    environment.globals |= {
        "type_double": lambda: "double",
        "type_rounding": lambda: "decimal(28, 12)",
        "materialized_cte": lambda: "materialized",
        "ordered_sum": lambda expression: f"list_sum(list_sort(list({expression})))",
        "as_of_date": lambda: f"cast('{known['as_of_date'] or known['demo_as_of_date']}' as date)",
        "config": lambda **_: "",
        "return": str,
        "ref": lambda name: name,
        "var": known.__getitem__,
        "dbt": SimpleNamespace(
            datediff=lambda first, second, part: f"date_diff('{part}', {first}, {second})",
            type_string=lambda: "varchar",
            hash=lambda text: f"md5({text})",
            generate_series=lambda upper: f"select unnest(generate_series(1, {upper})) as generated_number",
        ),
    }
    return environment.from_string(MACROS + source)


def statistics_macros() -> Any:
    """Return the statistics macros as a module of functions that give SQL."""
    return template("").make_module()


def model_sql(name: str, **project_vars: Any) -> str:
    """Return the SQL of a model; what it refers to are tables of the same names."""
    (path,) = (ROOT / "models").rglob(f"{name}.sql")
    return template(path.read_text(encoding="utf-8"), project_vars).render()
