"""Each generic test passes on good rows and fails on bad ones, with the number of failing rows worked out by hand.

The tests run in a small dbt project of their own, with the repository's generic tests and macros and one seed per case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
import yaml
from conftest import ROOT, Build, messages

GENERIC_TESTS = {
    name
    for path in (ROOT / "tests/generic").glob("*.sql")
    for name in re.findall(r"{%-?\s*test\s+(\w+)", path.read_text(encoding="utf-8"))
}


@dataclass
class Case:
    """Rows, a generic test on them, and how many rows must fail (0 = good)."""

    name: str
    test: str
    csv: str
    # None: the test must not run at all.
    failures: int | None
    arguments: dict = field(default_factory=dict)
    column: str | None = None
    # Columns with the constraint not_null.
    declared: str = ""
    types: dict = field(default_factory=dict)


MILESTONES = "ramp_id,milestone,ramp_started_on,observed_until,reached_on\n"
STAGED = "row_key,row_status\n"
RECONCILED = "system,object,accepted_count\n"
RANGE = {"partition_by": ["rep_id"], "started_on": "started_on", "ended_on": "ended_on"}
RANGE_TYPES = {"started_on": "date", "ended_on": "date"}
RATE = {"numerator": "won_count", "denominator": "closed_count"}
ORDER = {"columns": ["a", "b", "c"]}
SEQUENCE = {"partition_by": ["ramp_id"], "order_by": "sequence", "value": "days"}

CASES = [
    Case("key_good", "unique_key", "a,b\n1,1\n1,2\n2,1\n", 0, {"columns": ["a", "b"]}),
    Case("key_twice", "unique_key", "a,b\n1,1\n1,1\n2,1\n", 1, {"columns": ["a", "b"]}),
    Case("key_with_null", "unique_key", "a,b\n1,1\n,2\n", 1, {"columns": ["a", "b"]}),
    Case("accepted_good", "rows_have_one_fate", STAGED + "k1,accepted\nk1,superseded\nk2,accepted\n", 0),
    Case("accepted_twice", "rows_have_one_fate", STAGED + "k1,accepted\nk1,accepted\n", 1),
    Case("accepted_without_key", "rows_have_one_fate", STAGED + ",accepted\nk2,accepted\n", 1),
    Case("fates_unknown", "rows_have_one_fate", STAGED + "k1,accepted\nk2,kept\nk3,\nk4,rejected\n,deleted\n", 2),
    Case("filled", "not_vacuous", "a\n1\n2\n", 0, {"at_least": 2}),
    Case("too_few", "not_vacuous", "a\n1\n", 1, {"at_least": 2}),
    Case("empty_but_fed", "not_vacuous", "a\n", 1, {"fed_by": ["gong.calls"]}, types={"a": "integer"}),
    Case("empty_unfed", "not_vacuous", "a\n", 0, {"fed_by": ["gong.users"]}, types={"a": "integer"}),
    Case("fed_by_misspelt", "not_vacuous", "a\n", None, {"fed_by": ["gong.call"]}, types={"a": "integer"}),
    Case("order_good", "dates_in_order", "a,b,c\n1,1,2\n1,,2\n,,\n", 0, ORDER, types=dict.fromkeys("abc", "integer")),
    Case("order_neighbours", "dates_in_order", "a,b,c\n2,1,3\n1,3,2\n", 2, ORDER),
    Case("order_over_a_gap", "dates_in_order", "a,b,c\n3,,2\n1,1,1\n", 1, ORDER),
    Case("sequence_good", "sequence_in_order", "ramp_id,sequence,days\nr,1,5\nr,2,\nr,3,5\ns,1,9\n", 0, SEQUENCE),
    Case("sequence_back", "sequence_in_order", "ramp_id,sequence,days\nr,1,5\nr,2,\nr,3,4\ns,1,1\n", 1, SEQUENCE),
    Case(
        "ranges_good",
        "no_overlap",
        "rep_id,started_on,ended_on\nr,2026-01-01,2026-01-31\nr,2026-02-01,\ns,2026-01-15,2026-03-01\n",
        0,
        RANGE,
        types=RANGE_TYPES,
    ),
    Case(
        "ranges_share_a_day",
        "no_overlap",
        "rep_id,started_on,ended_on\nr,2026-01-01,2026-02-01\nr,2026-02-01,2026-03-01\n",
        1,
        RANGE,
        types=RANGE_TYPES,
    ),
    Case(
        "ranges_inside_an_earlier_one",
        "no_overlap",
        "rep_id,started_on,ended_on\nr,2026-01-01,2026-12-31\nr,2026-02-01,2026-02-28\nr,2026-04-01,2026-04-30\n",
        2,
        RANGE,
        types=RANGE_TYPES,
    ),
    Case(
        "range_after_an_open_one",
        "no_overlap",
        "rep_id,started_on,ended_on\nr,2026-01-01,\nr,2026-05-01,2026-05-31\n",
        1,
        RANGE,
        types=RANGE_TYPES,
    ),
    Case(
        "range_without_a_start",
        "no_overlap",
        "rep_id,started_on,ended_on\nr,,2026-01-31\nr,2026-02-01,\ns,,\n",
        2,
        RANGE,
        types=RANGE_TYPES,
    ),
    Case("declared_good", "not_null_where_declared", "a,b,c\n1,2,\n3,4,5\n", 0, declared="ab"),
    Case("declared_with_nulls", "not_null_where_declared", "a,b,c\n,2,\n,4,5\n6,,7\n", 2, declared="ab"),
    Case("nothing_declared", "not_null_where_declared", "a,b\n1,2\n", None),
    Case("rate_without_numerator", "rate_has_terms", "rate,won_count,closed_count\n0.5,,2\n,,2\n", 1, RATE, "rate"),
    Case("rate_good", "rate_has_terms", "rate,won_count,closed_count\n0.25,1,4\n,0,0\n0,0,3\n", 0, RATE, "rate"),
    Case("rate_zero_on_nothing", "rate_has_terms", "rate,won_count,closed_count\n0.0,0,0\n0.5,1,2\n", 1, RATE, "rate"),
    Case("rate_missing", "rate_has_terms", "rate,won_count,closed_count\n,1,2\n0.5,1,2\n", 1, RATE, "rate"),
    Case("rate_off", "rate_has_terms", "rate,won_count,closed_count\n0.26,1,4\n", 1, RATE, "rate"),
    Case("between_good", "value_between", "v\n0\n1\n0.5\n", 0, {"min_value": 0, "max_value": 1}, "v"),
    Case("between_outside", "value_between", "v\n-0.1\n1.1\n0.5\n", 2, {"min_value": 0, "max_value": 1}, "v"),
    Case("between_not_a_number", "value_between", "v\nnan\n1\n", 1, {"min_value": 0}, "v", types={"v": "double"}),
    Case("between_without_upper", "value_between", "v\n-1\n99\n", 1, {"min_value": 0}, "v"),
    Case(
        "sums_good",
        "sums_equal",
        "deal,amount\nd1,60.10\nd1,39.90\nd2,5.00\n",
        0,
        {"to_model": "ref('won')", "to_column": "amount", "group_by": ["deal"]},
        "amount",
        types={"amount": "decimal(18, 2)"},
    ),
    Case(
        "sums_a_cent_off",
        "sums_equal",
        "deal,amount\nd1,60.10\nd1,39.89\nd2,5.00\n",
        1,
        {"to_model": "ref('won')", "to_column": "amount", "group_by": ["deal"]},
        "amount",
        types={"amount": "decimal(18, 2)"},
    ),
    Case(
        "sums_group_missing",
        "sums_equal",
        "deal,amount\nd1,100.00\nd3,5.00\n",
        2,
        {"to_model": "ref('won')", "to_column": "amount", "group_by": ["deal"]},
        "amount",
        types={"amount": "decimal(18, 2)"},
    ),
    Case(
        "sums_total_off",
        "sums_equal",
        "deal,amount\nd1,104.99\n",
        1,
        {"to_model": "ref('won')", "to_column": "amount"},
        "amount",
        types={"amount": "decimal(18, 2)"},
    ),
    Case(
        "hard_order_good",
        "milestones_in_hard_order",
        MILESTONES
        + "r,first_activity,2026-01-01,2026-06-30,2026-01-02\nr,first_call,2026-01-01,2026-06-30,2026-01-02\n"
        + "r,first_meeting,2026-01-01,2026-06-30,2026-01-09\nr,first_demo,2026-01-01,2026-06-30,\n"
        + "r,first_deal,2026-01-01,2026-06-30,2026-03-01\nr,quota_50,2026-01-01,2026-06-30,2026-03-01\n"
        + "r,quota_80,2026-01-01,2026-06-30,2026-03-01\nr,quota_100,2026-01-01,2026-06-30,\n",
        0,
    ),
    Case(
        "hard_order_outside_the_ramp",
        "milestones_in_hard_order",
        MILESTONES + "r,first_deal,2026-01-01,2026-06-30,2025-12-31\ns,first_deal,2026-01-01,2026-06-30,2026-07-01\n",
        2,
    ),
    Case(
        "hard_order_without_a_ramp",
        "milestones_in_hard_order",
        MILESTONES + "r,first_deal,,2026-06-30,2026-03-01\ns,first_deal,2026-01-01,,2026-03-01\nt,first_deal,,,\n",
        2,
    ),
    Case(
        "hard_order_activity_late",
        "milestones_in_hard_order",
        MILESTONES
        + "r,first_activity,2026-01-01,2026-06-30,2026-01-05\nr,first_call,2026-01-01,2026-06-30,2026-01-02\n",
        1,
    ),
    Case(
        "hard_order_activity_missing",
        "milestones_in_hard_order",
        MILESTONES + "r,first_activity,2026-01-01,2026-06-30,\nr,first_demo,2026-01-01,2026-06-30,2026-01-02\n",
        1,
    ),
    Case(
        "hard_order_quota_before_deal",
        "milestones_in_hard_order",
        MILESTONES + "r,first_deal,2026-01-01,2026-06-30,2026-03-02\nr,quota_50,2026-01-01,2026-06-30,2026-03-01\n",
        1,
    ),
    Case(
        "hard_order_quota_without_deal",
        "milestones_in_hard_order",
        MILESTONES + "r,first_deal,2026-01-01,2026-06-30,\nr,quota_50,2026-01-01,2026-06-30,2026-03-01\n",
        1,
    ),
    Case(
        "hard_order_quotas_swapped",
        "milestones_in_hard_order",
        MILESTONES
        + "r,first_deal,2026-01-01,2026-06-30,2026-02-01\nr,quota_50,2026-01-01,2026-06-30,2026-04-01\n"
        + "r,quota_80,2026-01-01,2026-06-30,2026-03-01\nr,quota_100,2026-01-01,2026-06-30,2026-05-01\n",
        1,
    ),
    Case(
        "soft_order_good",
        "milestones_in_soft_order",
        MILESTONES
        + "r,first_call,2026-01-01,2026-06-30,2026-01-02\nr,first_meeting,2026-01-01,2026-06-30,\n"
        + "r,first_demo,2026-01-01,2026-06-30,2026-01-09\nr,first_deal,2026-01-01,2026-06-30,2026-01-09\n",
        0,
    ),
    Case(
        "soft_order_deal_first",
        "milestones_in_soft_order",
        MILESTONES
        + "r,first_call,2026-01-01,2026-06-30,2026-01-02\nr,first_demo,2026-01-01,2026-06-30,2026-01-09\n"
        + "r,first_deal,2026-01-01,2026-06-30,2026-01-05\n",
        1,
    ),
]


def case_type(case: Case) -> dict:
    """Return the column types of a case's seed: dates for the milestone cases, else what it names."""
    if case.csv.startswith(MILESTONES):
        return dict.fromkeys(("ramp_started_on", "observed_until", "reached_on"), "date")
    return case.types


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, int]]:
    """Status and failing rows of every case, from one dbt build of a project with a seed per case."""
    project = tmp_path_factory.mktemp("generic")
    (project / "seeds").mkdir()
    for case in CASES:
        (project / "seeds" / f"{case.name}.csv").write_text(case.csv, encoding="utf-8")
    (project / "seeds/won.csv").write_text("deal,amount\nd1,100.00\nd2,5.00\n", encoding="utf-8")
    (project / "seeds/source_reconciliation.csv").write_text(
        RECONCILED + "gong,calls,3\ngong,users,0\n", encoding="utf-8"
    )
    seeds = [{"name": "won", "config": {"column_types": {"amount": "decimal(18, 2)"}}}]
    for case in CASES:
        test = {case.test: {"name": f"case_{case.name}", "arguments": case.arguments}}
        seed = {"name": case.name, "config": {"column_types": case_type(case)}}
        if case.declared:
            seed["columns"] = [{"name": column, "constraints": [{"type": "not_null"}]} for column in case.declared]
        if case.column:
            seed["columns"] = [{"name": case.column, "data_tests": [test]}]
        else:
            seed["data_tests"] = [test]
        seeds.append(seed)
    (project / "seeds/_seeds.yml").write_text(yaml.safe_dump({"seeds": seeds}), encoding="utf-8")
    (project / "dbt_project.yml").write_text(
        yaml.safe_dump(
            {
                "name": "rampline",
                "version": "0.0.1",
                "profile": "rampline",
                "macro-paths": [str(ROOT / "macros"), str(ROOT / "tests/generic")],
                "flags": {"require_generic_test_arguments_property": True},
                "vars": {"as_of_date": "2026-06-30", "raw_from": "seeds"},
            }
        ),
        encoding="utf-8",
    )
    build = Build(tmp_path_factory.mktemp("generic_build"))
    result = build.dbt("build", project=project)
    assert result.result is not None, messages(result)
    return {
        item.node.name.removeprefix("case_"): (str(item.status), item.failures)
        for item in result.result.results
        if item.node.resource_type == "test"
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.test}:{case.name}")
def test_case(case: Case, outcomes: dict[str, tuple[str, int]]) -> None:
    if case.failures is None:
        assert outcomes[case.name][0] == "error"
    else:
        assert outcomes[case.name] == ("fail" if case.failures else "pass", case.failures)


def test_every_generic_test_is_shown_to_pass_and_to_fail() -> None:
    assert {case.test for case in CASES if case.failures == 0} == GENERIC_TESTS
    assert {case.test for case in CASES if case.failures} == GENERIC_TESTS
