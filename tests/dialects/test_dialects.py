"""Every node compiles for the warehouses that cannot run here, and is SQL of theirs as far as a reader can tell.

dbt compiles with each warehouse's own adapter, in an environment that uv makes for it, without a connection. What it
compiled is read by sqlglot, which is lenient: so the functions that are called must be those that the vendor documents,
and reserved words, types and constructs that the vendor does not have are looked for. BigQuery's is analysed by
GoogleSQL too, names and types and all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import sqlglot
from sqlglot import ErrorLevel, exp
from sqlglot.tokens import TokenType

# The tail of Student's t is one deep expression.
sys.setrecursionlimit(50_000)

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
TARGETS = ROOT / "target" / "dialects"
DBT_CORE = "dbt-core==1.11.16"
ADAPTERS = {
    "snowflake": "dbt-snowflake==1.12.4",
    "bigquery": "dbt-bigquery==1.12.1",
    "databricks": "dbt-databricks==1.12.7",
    "trino": "dbt-trino==1.11.0",
}
GOOGLESQL = "zetasql==0.1.5"

# What large tables are told of how to lie on disk (macro table_layout).
LARGE_TABLES = ("cnf_activities", "cnf_learning_events", "fct_activities", "fct_learning_events", "rep_timeline")
LAYOUTS = {
    "snowflake": {"cluster_by": ["happened_on", "rep_id"]},
    "bigquery": {
        "partition_by": {"field": "happened_on", "data_type": "date", "granularity": "month"},
        "cluster_by": ["rep_id"],
    },
    "databricks": {"liquid_clustered_by": ["happened_on", "rep_id"]},
    "trino": {"properties": {"partitioning": "array['month(happened_on)']", "sorted_by": "array['rep_id']"}},
}

# The functions that the models may call: a name that is not here is a fault.
EVERYWHERE = """
    abs avg cast coalesce count dense_rank exp extract floor greatest lag lead least ln lower max min mod nullif power
    regexp_replace replace row_number sqrt sum trim upper
"""
FUNCTIONS = {
    "snowflake": """
        as_array convert_timezone date_trunc dateadd datediff flatten get last_day length md5 parse_json regexp_like
        regexp_substr split_part substr to_json to_timestamp_ntz to_variant try_cast try_parse_json try_to_date
        try_to_timestamp_tz typeof
    """,
    "bigquery": """
        date date_trunc datetime datetime_add datetime_diff json_query json_query_array json_type json_value length md5
        parse_json regexp_contains regexp_extract safe_cast split substr timestamp_micros timestamp_trunc to_hex
        to_json_string unnest
    """,
    "databricks": """
        aggregate array array_sort collect_list date_trunc explode filter from_json from_utc_timestamp get
        get_json_object last_day length map map_values md5 named_struct posexplode regexp_extract split split_part
        struct substr timestamp_micros timestampadd timestampdiff to_json try_cast concat
    """,
    "trino": """
        at_timezone date_add date_diff date_trunc day from_unixtime_nanos hour json_format json_parse json_query
        json_value last_day_of_month length md5 minute month quarter regexp_extract regexp_like second split_part
        substr to_hex to_milliseconds to_utf8 try try_cast unnest with_timezone year
    """,
}
# Words before a parenthesis that call nothing.
NO_FUNCTIONS = """
    all and any array as between bignumeric by case decimal distinct else except exists filter from having in interval
    is join lateral like materialized not nothing on or over partition select table then timestamp union using values
    varchar view when where with
"""
# Reserved in the vendor's grammar: no name of a column or table may be one without quotes.
RESERVED = {
    "snowflake": """
        all alter and any as between by case cast check column connect constraint create cross current delete distinct
        drop else exists false following for from full grant group having ilike in increment inner insert intersect
        into is join lateral left like minus natural not null of on or order qualify regexp revoke right rlike row rows
        sample select set some start table tablesample then to trigger true try_cast union unique update using values
        when whenever where with
    """,
    "bigquery": """
        all and any array as asc assert_rows_modified at between by case cast collate contains create cross cube current
        default define desc distinct else end enum escape except exclude exists extract false fetch following for from
        full group grouping groups hash having if ignore in inner intersect interval into is join lateral left like
        limit lookup merge natural new no not null nulls of on or order outer over partition preceding proto qualify
        range recursive respect right rollup rows select set some struct tablesample then to treat true unbounded union
        unnest using when where window with within
    """,
    "databricks": "anti cross except full inner intersect join lateral left minus natural on right semi union using",
    "trino": """
        alter and as between by case cast constraint create cross cube current_date current_time current_timestamp
        deallocate delete describe distinct drop else end escape except execute exists extract false for from full group
        grouping having in inner insert intersect into is join left like listagg localtime localtimestamp natural
        normalize not null on or order outer prepare recursive right rollup select skip table then trim true uescape
        union unnest using values when where with
    """,
}
# Types that the vendor has no such name for, where a cast names one.
NO_TYPES = {
    "snowflake": "",
    "bigquery": "double text varchar",
    "databricks": "double_precision text varchar",
    "trino": "numeric string text",
}
NO_CONSTRUCTS = {
    "snowflake": (exp.Filter,),
    "bigquery": (exp.Filter, exp.WithinGroup),
    "databricks": (),
    "trino": (exp.WithinGroup, exp.Qualify),
}


def faults(sql: str, dialect: str) -> list[str]:
    """Return what a query has that the warehouse has not."""
    try:
        statements = sqlglot.parse(sql, dialect=dialect, error_level=ErrorLevel.RAISE)
    except sqlglot.errors.SqlglotError as problem:
        return [f"does not parse: {problem}"]
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        return ["is not one query"]
    found = []
    known = set((EVERYWHERE + FUNCTIONS[dialect] + NO_FUNCTIONS).split())
    tokens = sqlglot.tokenize(sql, dialect=dialect)
    quoted = {TokenType.STRING, TokenType.RAW_STRING, TokenType.IDENTIFIER, TokenType.NUMBER}
    words = [" " if token.token_type in quoted else token.text.lower() for token in tokens]
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        if after == "(" and word.isidentifier() and word not in known and before not in {"as", ","}:
            found.append(f"function {word}")
        if before == "as" and after in "()" and after and word.replace(" ", "_") in NO_TYPES[dialect].split():
            found.append(f"type {word}")
    for construct in NO_CONSTRUCTS[dialect]:
        if statements[0].find(construct):
            found.append(f"construct {construct.__name__}")
    reserved = set(RESERVED[dialect].split())
    for identifier in statements[0].find_all(exp.Identifier):
        if not identifier.quoted and identifier.name.lower() in reserved:
            found.append(f"reserved word {identifier.name}")
    return sorted(set(found))


def run_apart(requirements: list[str], *command: str) -> str:
    """Return what Python prints in an environment of its own."""
    # Not in the project's folder: its constraints are not for these.
    uv = [str(Path(sys.executable).with_name("uv")), "run", "--quiet", "--isolated", "--no-project"]
    uv += ["--python", sys.executable]
    for requirement in requirements:
        uv += ["--with", requirement]
    done = subprocess.run([*uv, "python", *command], cwd=TARGETS, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module", params=ADAPTERS)
def compiled(request: pytest.FixtureRequest) -> tuple[str, Path]:
    """A warehouse and the manifest of the project as compiled for it."""
    dialect = request.param
    TARGETS.mkdir(parents=True, exist_ok=True)
    folder = TARGETS / dialect
    run_apart([ADAPTERS[dialect], DBT_CORE], str(HERE / "offline_dbt.py"), dialect, str(folder))
    return dialect, folder / "manifest.json"


def test_every_node_is_sql_of_the_warehouse(compiled: tuple[str, Path]) -> None:
    dialect, manifest = compiled
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    kinds = {"model": 0, "analysis": 0, "test": 0}
    found = {}
    for node in nodes:
        if node["resource_type"] not in kinds:
            continue
        kinds[node["resource_type"]] += 1
        problems = faults(node["compiled_code"], dialect)
        if problems:
            found[node["name"]] = problems
    assert found == {}
    assert kinds["model"] > 100
    assert kinds["analysis"] > 10
    assert kinds["test"] > 500
    for name in LARGE_TABLES:
        (node,) = (node for node in nodes if node["name"] == name)
        assert {key: node["config"].get(key) for key in LAYOUTS[dialect]} == LAYOUTS[dialect]
    if dialect == "bigquery":
        answer = json.loads(run_apart([GOOGLESQL], str(HERE / "googlesql.py"), str(manifest)))
        assert {name: problem for name, problem in answer.items() if problem} == {}
        assert len(answer) > 150


@pytest.mark.parametrize(
    ("dialect", "sql", "fault"),
    [
        ("snowflake", "select sum(a) filter (where b) as total from t", "construct Filter"),
        ("snowflake", "select json_extract_string(a, '$.b') as text from t", "function json_extract_string"),
        ("snowflake", "select a as row from t", "reserved word row"),
        ("bigquery", "select max(a) filter (where b) as total from t", "construct Filter"),
        ("bigquery", "select percentile_cont(0.5) within group (order by a) as m from t", "construct WithinGroup"),
        ("bigquery", "select bool_and(a) as b from t", "function bool_and"),
        ("bigquery", "select cast(a as varchar) as b from t", "type varchar"),
        ("databricks", "select json_valid(a) as b from t", "function json_valid"),
        ("databricks", "select cast(a as text) as b from t", "type text"),
        ("trino", "select cast(a as numeric(18, 2)) as b from t", "type numeric"),
        ("trino", "select percentile_cont(0.5) within group (order by a) as m from t", "construct WithinGroup"),
        ("trino", "select make_date(2026, 1, 1) as day from t", "function make_date"),
        ("trino", "select a as skip from t", "reserved word skip"),
    ],
)
def test_what_a_warehouse_has_not_is_found(dialect: str, sql: str, fault: str) -> None:
    assert fault in faults(sql, dialect)


@pytest.mark.parametrize("dialect", ADAPTERS)
def test_broken_sql_is_found(dialect: str) -> None:
    assert faults("select sum(a) as total from t group by b", dialect) == []
    assert faults("select sum(a as total from t", dialect)[0].startswith("does not parse")
    assert faults("select 1 as a; select 2 as b", dialect) == ["is not one query"]
    assert faults("drop table t", dialect) == ["is not one query"]


def test_googlesql_finds_what_bigquery_refuses(tmp_path: Path) -> None:
    """Among it what no parser sees: a day compared with an instant, a column that is not there, a broken contract."""
    queries = {
        "good": "select cast('2026-06-30' as date) as day, cast(1 as integer) as n",
        "contract": "select cast('2026-06-30' as timestamp) as day, cast(1 as integer) as n",
        "type": "select day > current_timestamp() as is_late from `p`.`s`.`good`",
        "column": "select night from `p`.`s`.`good`",
        "function": "select bool_and(n > 0) as is_all from `p`.`s`.`good`",
        "no_from": "select 1 as n where 1 = 0",
        "union": "select 1 as n union select 2 as n",
        "quotes": "select 'it''s' as text",
        "modulo": "select n % 2 as rest from `p`.`s`.`good`",
    }
    columns = {"day": {"data_type": "date"}, "n": {"data_type": "integer"}}
    nodes = {
        f"model.{name}": {
            "unique_id": f"model.{name}",
            "resource_type": "model",
            "relation_name": f"`p`.`s`.`{name}`",
            "compiled_code": sql,
            "columns": columns,
            "contract": {"enforced": name in {"good", "contract"}},
            "depends_on": {"nodes": ["model.good"] if "good" in sql else []},
        }
        for name, sql in queries.items()
    }
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    TARGETS.mkdir(parents=True, exist_ok=True)
    answer = json.loads(run_apart([GOOGLESQL], str(HERE / "googlesql.py"), str(manifest)))
    assert [name for name, problem in answer.items() if problem is None] == ["model.good"]
    assert answer["model.contract"] == "not as the contract says: day"
    assert set(answer) == set(nodes)
