"""The project's rules, checked on dbt's manifest: layers, names, contracts, tests, documentation, portable SQL."""

from __future__ import annotations

import csv
import json
import re

import pytest
import yaml
from conftest import READ_WHILE_RUNNING, ROOT, Build, messages, parse_with
from dbt.cli.main import dbtRunnerResult

LAYERS = {"staging": 1, "conformed": 2, "core": 3, "rep_timeline": 4, "kirkpatrick": 5, "impact": 5, "quality": 6}
# A key of the model is proven by one of these.
KEY_TESTS = {"unique", "unique_key"}
# Marts that may rightly be empty (nothing rejected, nobody new), and statistics whose floor is a singular test.
MAY_BE_EMPTY = {
    "rejected_rows",
    "identity_gaps",
    "milestone_anomalies",
    "cohort_ramp_curves",
    "cohort_ramp_summary",
    "cohort_ramp_comparison",
    "cohort_ramp_group_comparison",
    "rep_ramp_forecast",
    "rep_next_steps",
    "ramp_forecast_backtest",
}
# Words that are not portable, or that hide a clock, by the rules that the project has set itself.
ENGINE_WORDS = [
    r"::",
    r"\btry_cast\b",
    r"\bqualify\b",
    r"\bdistinct on\b",
    r"\bgroup by all\b",
    r"\bmedian\(",
    r"\bquantile_cont\b",
    r"\barg_max\b|\bmax_by\b",
    r"\bstring_agg\b|\blistagg\b",
    r"\basof join\b",
    r"\bunnest\b|\bexplode\b",
    r"\bexclude\b",
    r"\bpivot\b",
    r"\bjson_extract",
    r"\bat time zone\b",
    r"\bstrftime\b|\bto_char\b",
    r"\bread_csv\b|\bread_parquet\b",
    r"\brecursive\b",
    r"\binterval\s+['0-9]",
    r"\bignore nulls\b",
    r"\bconcat\(",
    r"(?<!dbt\.)\bgenerate_series\(",
]
CLOCKS = r"\bcurrent_timestamp\b|\bcurrent_date\b|\bnow\(|\bgetdate\(|\btoday\("


@pytest.fixture(scope="module")
def manifest(demo: Build) -> dict:
    return json.loads((demo.target / "manifest.json").read_text())


@pytest.fixture(scope="module")
def models(manifest: dict) -> dict[str, dict]:
    return {
        key: node
        for key, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["package_name"] == "rampline"
    }


@pytest.fixture(scope="module")
def marts(models: dict[str, dict]) -> dict[str, dict]:
    return {key: node for key, node in models.items() if node["fqn"][1] == "marts" and not is_intermediate(node)}


def is_intermediate(node: dict) -> bool:
    return node["name"].startswith("int_")


def layer_of(node: dict) -> str:
    return node["fqn"][2] if node["fqn"][1] == "marts" else node["fqn"][1]


def data_tests_on(manifest: dict, key: str) -> list[dict]:
    return [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and node.get("attached_node") == key
    ]


def without_comments(sql: str) -> str:
    sql = re.sub(r"{#.*?#}", " ", sql, flags=re.DOTALL)
    return re.sub(r"--[^\n]*", " ", sql).lower()


def test_rows_move_to_the_right(manifest: dict, models: dict[str, dict]) -> None:
    """Only staging reads raw, only its maps join; marts read no staging, save quality; nobody reads a later layer."""
    wrong = []
    for node in models.values():
        layer = layer_of(node)
        for parent_key in node["depends_on"]["nodes"]:
            parent = manifest["nodes"][parent_key]
            if parent["resource_type"] == "seed":
                is_raw = parent["fqn"][1] == "demo"
                if is_raw != (layer == "staging"):
                    wrong.append(f"{node['name']} reads seed {parent['name']}")
            elif layer == "staging":
                is_own = parent["fqn"][2] == node["fqn"][2] and parent["name"].startswith("stg_")
                # What changed in a raw object is found beside the model that reads it, and by its files.
                is_change_of_it = parent["name"].replace("__changed_", "__") == node["name"]
                is_its_files = parent["name"].endswith("__raw_files") and "__changed_" in node["name"]
                if not (is_own and (node["name"].startswith("map_") or is_change_of_it or is_its_files)):
                    wrong.append(f"{node['name']} joins {parent['name']}: staging reads one raw object")
            elif LAYERS[layer_of(parent)] > LAYERS[layer]:
                wrong.append(f"{node['name']} reads {parent['name']} of a later layer")
            elif layer_of(parent) == "staging" and layer not in ("conformed", "quality"):
                wrong.append(f"{node['name']} reads staging past the conformed layer")
    assert wrong == []


def test_names_follow_the_layers(models: dict[str, dict]) -> None:
    wrong = []
    for node in models.values():
        layer, name = layer_of(node), node["name"]
        folder = node["fqn"][2] if layer == "staging" else None
        pattern = {
            "staging": rf"(stg|map)_{folder}__[a-z_]+s",
            "conformed": r"cnf_[a-z_]+",
            "core": r"(dim|fct)_[a-z_]+",
        }.get(layer, r"[a-z_]+")
        if not re.fullmatch(pattern, name):
            wrong.append(name)
        expected_schema = "conformed" if is_intermediate(node) else layer
        if node["schema"] != expected_schema:
            wrong.append(f"{name} stands in schema {node['schema']}")
    assert wrong == []


def test_column_names_say_what_they_are(models: dict[str, dict]) -> None:
    """Dates end in _on, timestamps in _at, booleans begin with is_ or has_."""
    rules = {
        "date": r".*_on|date_day|as_of_date|observed_until|.*_month",
        "timestamp": r".*_at",
        "boolean": r"(is|has)_.*",
    }
    wrong = [
        f"{node['name']}.{column['name']} is a {column['data_type']}"
        for node in models.values()
        for column in node["columns"].values()
        if column.get("data_type") in rules and not re.fullmatch(rules[column["data_type"]], column["name"])
    ]
    assert wrong == []


def test_marts_are_public_and_contracted(manifest: dict, marts: dict[str, dict]) -> None:
    assert len(marts) >= 35
    wrong = []
    for key, node in marts.items():
        tests = data_tests_on(manifest, key)
        names = {test["test_metadata"]["name"] for test in tests if test.get("test_metadata")}
        if node["config"]["access"] != "public":
            wrong.append(f"{node['name']} is not public")
        if not node["config"]["contract"]["enforced"]:
            wrong.append(f"{node['name']} has no contract")
        if node["config"]["group"] != layer_of(node):
            wrong.append(f"{node['name']} has no group")
        if not any(
            constraint["type"] == "not_null"
            for column in node["columns"].values()
            for constraint in column["constraints"]
        ):
            wrong.append(f"{node['name']} has no not-null column")
        if not names & KEY_TESTS and node["name"] != "rejected_rows":
            wrong.append(f"{node['name']} has no key test")
        if "not_vacuous" not in names and node["name"] not in MAY_BE_EMPTY:
            wrong.append(f"{node['name']} may be empty and nobody notices")
    assert wrong == []


def test_conformed_models_are_contracted(models: dict[str, dict]) -> None:
    wrong = [
        node["name"]
        for node in models.values()
        if layer_of(node) == "conformed" and not node["config"]["contract"]["enforced"]
    ]
    assert wrong == []


def test_what_is_declared_not_null_is_tested(manifest: dict, models: dict[str, dict]) -> None:
    """Not every engine enforces the constraint, and none does where a contract is off."""
    declaring = {
        key
        for key, node in models.items()
        if any(
            constraint["type"] == "not_null"
            for column in node["columns"].values()
            for constraint in column["constraints"]
        )
    }
    tested = {
        key
        for key in models
        for test in data_tests_on(manifest, key)
        if (test.get("test_metadata") or {}).get("name") == "not_null_where_declared"
    }
    assert len(declaring) > 60
    assert tested == declaring


def test_everything_is_described(manifest: dict, demo: Build) -> None:
    """Every model, seed, column that exists in the database, macro and doc block of the project."""
    built = {
        (schema, table, column)
        for schema, table, column in demo.rows(
            "select table_schema, table_name, column_name from information_schema.columns"
            " where table_schema not in ('meta', 'information_schema')"
        )
    }
    described = {
        (node["schema"], node["name"], column["name"])
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed")
        for column in node["columns"].values()
        if column["description"].strip()
    }
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] in ("model", "seed", "analysis")]
    macros = [macro for macro in manifest["macros"].values() if macro["package_name"] == "rampline"]
    dispatched = re.compile(r"^(default|duckdb|postgres|spark|snowflake|bigquery|databricks|trino)__|^test_")
    assert sorted(built - described) == []
    assert [node["name"] for node in nodes if not node["description"].strip()] == []
    assert [
        macro["name"] for macro in macros if not macro["description"].strip() and not dispatched.match(macro["name"])
    ] == []


def test_columns_of_the_demo_are_described_as_they_stand_in_the_files(manifest: dict) -> None:
    """Staging takes the columns of a seed from its description (macro find_raw)."""
    seeds = [node for node in manifest["nodes"].values() if node["name"].startswith("demo_")]
    headers = {}
    for seed in seeds:
        with (ROOT / seed["original_file_path"]).open(encoding="utf-8", newline="") as file:
            headers[seed["name"]] = next(csv.reader(file))
    assert len(headers) > 30
    assert {seed["name"]: list(seed["columns"]) for seed in seeds} == headers


def test_singular_tests_say_what_to_do(manifest: dict) -> None:
    wrong = [
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and not node.get("test_metadata")
        and not all(word in node["description"] for word in ("Tested:", "Matters:", "Resolve:"))
    ]
    assert wrong == []


def test_names_fit_into_postgresql(manifest: dict, models: dict[str, dict]) -> None:
    """PostgreSQL takes 63 characters; in a unit test dbt puts __dbt__cte__ before the name of a model."""
    names = [f"__dbt__cte__{node['name']}" for node in models.values()]
    names += [test["name"] for test in manifest["unit_tests"].values()]
    assert [name for name in names if len(name) > 63] == []


def test_models_ask_no_clock(models: dict[str, dict]) -> None:
    wrong = [node["name"] for node in models.values() if re.search(CLOCKS, without_comments(node["raw_code"]))]
    assert wrong == []


def test_engine_specific_sql_stands_in_one_folder() -> None:
    wrong = []
    for folder in ("models", "macros", "tests/generic", "tests/singular", "analyses"):
        for path in (ROOT / folder).rglob("*.sql"):
            if path.is_relative_to(ROOT / "macros/engine"):
                continue
            sql = without_comments(path.read_text(encoding="utf-8"))
            wrong += [f"{path.relative_to(ROOT)}: {word}" for word in ENGINE_WORDS if re.search(word, sql)]
    assert wrong == []


def test_there_are_unit_tests_for_the_rules(manifest: dict) -> None:
    assert len(manifest["unit_tests"]) >= 40
    without_rows = [test["name"] for test in manifest["unit_tests"].values() if test["expect"]["rows"] is None]
    assert without_rows == []


@pytest.fixture(scope="module")
def strict_parse(tmp_path_factory: pytest.TempPathFactory) -> tuple[dbtRunnerResult, dict]:
    """A parse for which warnings are errors, with other values of vars read while running: result and manifest."""
    others = {
        "as_of_date": "2025-01-31",
        "forecasting_type": "",
        "max_rejected_rate": 0.77,
        "max_unmatched_rate": 0.77,
        "quota_basis": "assigned",
        # With until_next a model calls a macro less.
        "quota_period": "quarter",
        "raw_folder": "elsewhere",
        "salesforce_enablement_onboarding_programs": ["Onboarding"],
        "xapi_onboarding_activities": ["https://learn.example/onboarding"],
    }
    assert others.keys() == READ_WHILE_RUNNING
    build = Build(tmp_path_factory.mktemp("strict_parse"))
    result = build.dbt("parse", "--no-partial-parse", "--warn-error", **others)
    return result, json.loads((build.target / "manifest.json").read_text(encoding="utf-8"))


def test_parsing_warns_of_nothing(strict_parse: tuple[dbtRunnerResult, dict]) -> None:
    result, _ = strict_parse
    assert result.success, messages(result)


def test_what_is_read_while_running_changes_no_parse(strict_parse: tuple[dbtRunnerResult, dict]) -> None:
    """Else builds that differ in it could not share a parse (conftest)."""
    _, other = strict_parse
    usual = json.loads((parse_with("{}").target / "manifest.json").read_text(encoding="utf-8"))
    assert len(usual["nodes"]) > 700
    for kind in ("nodes", "unit_tests", "macros", "parent_map", "disabled"):
        assert timeless(other[kind]) == timeless(usual[kind]), kind


def timeless(found: object) -> object:
    """Return a part of a manifest without the times at which it was read."""
    if isinstance(found, dict):
        return {key: timeless(value) for key, value in found.items() if key != "created_at"}
    return [timeless(value) for value in found] if isinstance(found, list) else found


def test_docs_can_be_generated(demo_copy: Build) -> None:
    result = demo_copy.dbt("docs", "generate", "--static")
    assert result.success, messages(result)
    catalog = json.loads((demo_copy.target / "catalog.json").read_text())
    assert any(node["metadata"]["name"] == "rep_milestones" for node in catalog["nodes"].values())
    # One file that holds all of it, for whoever has no server.
    site = (demo_copy.target / "static_index.html").read_text(encoding="utf-8")
    assert all(name in site for name in ("model.rampline.rep_milestones", "exposure.rampline.pages_overview"))


def test_exposures_say_who_answers_for_them(manifest: dict) -> None:
    assert len(manifest["exposures"]) >= 11
    for exposure in manifest["exposures"].values():
        assert exposure["owner"]["name"], exposure["name"]
        assert exposure["owner"]["email"], exposure["name"]
        assert exposure["description"].endswith("."), exposure["name"]
        assert exposure["depends_on"]["nodes"], exposure["name"]


def test_bi_tools_depend_on_every_mart(manifest: dict, models: dict[str, dict]) -> None:
    """Whoever takes a mart away sees in the graph that people query it."""
    marts = {key for key, node in manifest["nodes"].items() if key in models and node["config"]["access"] == "public"}
    assert set(manifest["exposures"]["exposure.rampline.bi_tools"]["depends_on"]["nodes"]) == marts
    assert len(marts) > 35


def test_sql_lines_are_short() -> None:
    long_lines = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("models", "tests/singular", "analyses")
        for path in sorted((ROOT / folder).rglob("*.sql"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 120
    ]
    assert long_lines == []


def test_every_setting_is_known_to_the_check() -> None:
    """known_settings() lists the vars of dbt_project.yml: any other var on the command line is warned of."""
    settings = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    macro = (ROOT / "macros/project/check_settings.sql").read_text(encoding="utf-8").split("macro known_settings()")[1]
    assert re.findall(r"'(\w+)'", macro) == list(settings)


def test_what_is_built_by_increments_is_listed(models: dict[str, dict]) -> None:
    """made_again() says of each incremental model which rows are made again; each reads the model that says so."""
    macro = (ROOT / "macros/project/increments.sql").read_text(encoding="utf-8")
    listed = dict(re.findall(r"'(\w+)': \('\w+', '(\w+)'\)", macro)) | {"rep_timeline": "int_changed_rep_timelines"}
    incremental = {node["name"]: node for node in models.values() if node["config"]["materialized"] == "incremental"}
    assert set(listed) == set(incremental)
    for name, changes in listed.items():
        assert any(key.endswith(f".{changes}") for key in incremental[name]["depends_on"]["nodes"]), name
        assert incremental[name]["config"]["on_schema_change"] == "fail"
        assert [hook["sql"] for hook in incremental[name]["config"]["pre-hook"]] == ["{{ delete_changed() }}"]


def test_every_system_is_a_folder_an_entry_and_a_source() -> None:
    """The registry, the staging folders and their models agree: nothing is registered twice, or not at all."""
    registry = (ROOT / "macros/raw/raw_systems.sql").read_text(encoding="utf-8")
    systems = re.findall(r"^        '(\w+)': \{", registry, re.MULTILINE)
    folders = sorted(path.name for path in (ROOT / "models/staging").iterdir() if path.is_dir())
    assert sorted(systems) == folders
    models = [path.stem for path in (ROOT / "models/staging").rglob("stg_*.sql")]
    assert sorted(re.findall(r"'\w+': '(stg_\w+)'", registry)) == sorted(models)
    mapped = sorted(path.stem for path in (ROOT / "models/staging").rglob("map_*.sql"))
    assert sorted(set(re.findall(r"'(map_\w+)'", registry))) == mapped
    for system in folders:
        sources = yaml.safe_load((ROOT / f"models/staging/{system}/_{system}__sources.yml").read_text(encoding="utf-8"))
        listed = {table["name"] for table in sources["sources"][0]["tables"]}
        wanted = set(re.findall(rf"'(\w+)': 'stg_{system}__(?!changed_|raw_files)", registry))
        assert listed == wanted, system
