"""Program effects of the demo, recomputed with statsmodels and lifelines; the planted effects lie in the intervals."""

from __future__ import annotations

import json
from collections import defaultdict

import duckdb
import numpy as np
import pytest
from conftest import ROOT
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test
from lifelines.utils import restricted_mean_survival_time
from scipy import stats
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

TRUTH = json.loads((ROOT / "seeds/demo/planted_truth.json").read_text(encoding="utf-8"))


def records(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.fixture(scope="module")
def performance(demo_build: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], dict]:
    rows = records(demo_build, "select * from impact.program_performance_effect where reason_withheld is null")
    assert rows
    return {(row["program_id"], row["outcome"]): row for row in rows}


def test_differences_in_differences_equal_statsmodels(
    demo_build: duckdb.DuckDBPyConnection, performance: dict[tuple[str, str], dict]
) -> None:
    """Within each stratum Welch's test of statsmodels; strata weighted by the treated."""
    strata = defaultdict(lambda: ([], []))
    for row in records(demo_build, "select * from conformed.int_program_rep_deltas"):
        key = (row["program_id"], row["outcome"], row["role_family"], row["tenure_band"])
        strata[key][0 if row["is_treated"] else 1].append(row["delta"])
    for (program, outcome), row in performance.items():
        groups = [
            arms
            for key, arms in strata.items()
            if key[:2] == (program, outcome) and min(len(arms[0]), len(arms[1])) >= 2
        ]
        treated = sum(len(arms[0]) for arms in groups)
        effect = variance = degrees = 0.0
        for arms in groups:
            compared = CompareMeans(DescrStatsW(arms[0]), DescrStatsW(arms[1]))
            weight = len(arms[0]) / treated
            effect += weight * (compared.d1.mean - compared.d2.mean)
            variance += weight**2 * compared.std_meandiff_separatevar**2
            degrees += sum((weight**2 * np.var(arm, ddof=1) / len(arm)) ** 2 / (len(arm) - 1) for arm in arms)
        error = variance**0.5
        freedom = variance**2 / degrees
        assert row["effect"] == pytest.approx(effect, abs=1e-9)
        assert row["standard_error"] == pytest.approx(error, abs=1e-9)
        assert row["degrees_of_freedom"] == pytest.approx(freedom, abs=1e-7)
        assert row["ci_low"] == pytest.approx(effect - stats.t.ppf(0.975, freedom) * error, rel=1e-8, abs=1e-8)
        assert row["ci_high"] == pytest.approx(effect + stats.t.ppf(0.975, freedom) * error, rel=1e-8, abs=1e-8)
        assert row["p_value"] == pytest.approx(2 * stats.t.sf(abs(effect / error), freedom), abs=1e-7)


def test_ramp_effects_equal_lifelines(demo_build: duckdb.DuckDBPyConnection) -> None:
    rows = records(demo_build, "select * from impact.program_ramp_effect where reason_withheld is null")
    assert {row["comparison"] for row in rows} >= {"version"}
    for row in rows:
        arms = {True: ([], []), False: ([], [])}
        for duration, is_reached, is_treated in demo_build.execute(
            "select duration_days, is_reached, is_treated from conformed.int_program_ramp_arms"
            " where comparison = ? and program_id = ? and milestone = ? and landmark_days = ?",
            [row["comparison"], row["program_id"], row["milestone"], row["landmark_days"]],
        ).fetchall():
            arms[is_treated][0].append(duration)
            arms[is_treated][1].append(is_reached)
        means = {}
        for is_treated, name in ((True, "treated"), (False, "control")):
            fitter = KaplanMeierFitter().fit(*arms[is_treated])
            means[is_treated] = restricted_mean_survival_time(fitter, t=row["horizon_days"])
            median = fitter.median_survival_time_
            assert row[f"{name}_median_days"] == (None if np.isinf(median) else median)
        test = logrank_test(arms[True][0], arms[False][0], arms[True][1], arms[False][1])
        assert row["restricted_mean_difference_days"] == pytest.approx(means[True] - means[False], abs=1e-8)
        assert row["chi_square"] == pytest.approx(test.test_statistic, abs=1e-9)
        assert row["p_value"] == pytest.approx(test.p_value, abs=1e-7)


def test_planted_onboarding_effect_is_found(demo_build: duckdb.DuckDBPyConnection) -> None:
    """The second version was planted to shorten the ramp by about two months, 61 days."""
    row = records(
        demo_build,
        "select * from impact.program_ramp_effect"
        " where comparison = 'version' and milestone = 'quota_50' and program_id = 'prog_onboarding_v2'",
    )[0]
    assert -75 <= row["median_difference_days"] <= -45
    assert row["ci_high"] < 0
    assert row["p_value"] < 0.001


def test_real_program_is_found_and_the_other_is_not(performance: dict[tuple[str, str], dict]) -> None:
    real = performance["prog_discovery_skills", "attainment"]
    none = performance["prog_product_news", "attainment"]
    assert real["ci_low"] <= 0.12 <= real["ci_high"]
    assert real["p_value"] < 0.05
    assert none["ci_low"] <= 0 <= none["ci_high"]
    assert none["p_value"] > 0.05


def test_small_programs_are_withheld_with_a_reason(demo_build: duckdb.DuckDBPyConnection) -> None:
    rows = records(
        demo_build,
        "select * from impact.program_performance_effect where program_id = 'prog_executive_briefing'",
    )
    assert rows
    for row in rows:
        assert row["effect"] is None
        assert row["ci_low"] is None
        assert "fewer than 5" in row["reason_withheld"]
