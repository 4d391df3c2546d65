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
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW
from test_ramp_statistics import restricted_mean_error

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


def hc2_effect(rows: list[dict], results: list[float], covariates: list[list[float]]) -> tuple[float, float, float]:
    """Regress results on a constant per arm of a stratum and on covariates, by statsmodels with HC2.

    The effect is the difference of the constants of a stratum's arms, strata weighted by their treated. Returned are
    the effect, its standard error, and Satterthwaite's degrees of freedom from the arms' parts of the variance.
    """
    arms = [(row["role_family"], row["tenure_band"], row["is_treated"]) for row in rows]
    names = sorted(set(arms))
    design = np.column_stack([np.array([[arm == name for name in names] for arm in arms], dtype=float), *covariates])
    fit = OLS(np.array(results), design).fit(cov_type="HC2")
    treated = sum(arm[-1] for arm in arms)
    shares = {name[:-1]: arms.count((*name[:-1], True)) / treated for name in names}
    contrast = np.array([shares[name[:-1]] * (1 if name[-1] else -1) for name in names] + [0.0] * len(covariates))
    tested = fit.t_test(contrast)

    influence = contrast @ np.linalg.pinv(design)
    leverage = np.einsum("ij,ji->i", design, np.linalg.pinv(design))
    parts = (influence * fit.resid) ** 2 / (1 - leverage)
    by_arm = [(sum(parts[i] for i, arm in enumerate(arms) if arm == name), arms.count(name) - 1) for name in names]
    residual = len(rows) - len(names)
    freedom = parts.sum() ** 2 / sum(part**2 / degrees for part, degrees in by_arm)
    return tested.effect.item(), tested.sd.item(), freedom * (residual - len(covariates)) / residual


def test_effects_equal_regressions_with_hc2(
    demo_build: duckdb.DuckDBPyConnection, performance: dict[tuple[str, str], dict]
) -> None:
    """Welch's error over strata is HC2 of a saturated regression; CUPED is that regression with the level before."""
    groups = defaultdict(lambda: defaultdict(list))
    for row in records(demo_build, "select * from conformed.int_program_rep_deltas"):
        groups[row["program_id"], row["outcome"]][row["role_family"], row["tenure_band"]].append(row)
    for key, row in performance.items():
        rows = [
            rep
            for reps in groups[key].values()
            if 2 <= sum(rep["is_treated"] for rep in reps) <= len(reps) - 2
            for rep in reps
        ]
        # In units of the outcome's size, so that the regression's columns are of one size.
        scale = max(abs(rep["after_mean"]) for rep in rows)
        columns = {
            name: np.array([rep[name] for rep in rows]) / scale
            for name in ("earlier_mean", "before_mean", "after_mean", "delta", "earlier_delta")
        }
        level = (columns["earlier_mean"] + columns["before_mean"]) / 2
        for prefix, results, covariates in (
            ("", columns["delta"], []),
            ("cuped_", columns["after_mean"], [level]),
        ):
            effect, error, freedom = hc2_effect(rows, results, covariates)
            quantile = stats.t.ppf(0.975, freedom)
            assert row[f"{prefix}effect"] / scale == pytest.approx(effect, abs=1e-9)
            assert row[f"{prefix}standard_error"] / scale == pytest.approx(error, abs=1e-9)
            assert row[f"{prefix}degrees_of_freedom"] == pytest.approx(freedom, abs=1e-7)
            assert row[f"{prefix}ci_low"] / scale == pytest.approx(effect - quantile * error, abs=1e-8)
            assert row[f"{prefix}ci_high"] / scale == pytest.approx(effect + quantile * error, abs=1e-8)
            assert row[f"{prefix}p_value"] == pytest.approx(2 * stats.t.sf(abs(effect / error), freedom), abs=1e-7)
        pre_trend, error, freedom = hc2_effect(rows, columns["earlier_delta"], [])
        assert row["pre_trend"] / scale == pytest.approx(pre_trend, abs=1e-9)
        assert row["pre_trend_standard_error"] / scale == pytest.approx(error, abs=1e-9)
        assert row["has_pre_trend"] == (2 * stats.t.sf(abs(pre_trend / error), freedom) < 0.05)
        reduction = 1 - (row["cuped_standard_error"] / row["standard_error"]) ** 2
        assert row["cuped_variance_reduction"] == pytest.approx(reduction, abs=1e-9)
        detectable = (stats.t.ppf(0.975, row["degrees_of_freedom"]) + stats.norm.ppf(0.8)) * row["standard_error"]
        assert row["minimum_detectable_effect"] == pytest.approx(detectable, rel=1e-8)


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
        # The variances of the arms' means, with Kaplan and Meier's correction for the number of events.
        events = [
            sum(reached for day, reached in zip(*arm, strict=True) if day <= row["horizon_days"])
            for arm in arms.values()
        ]
        variances = [
            restricted_mean_error([(0, *ramp) for ramp in zip(*arm, strict=True)], row["horizon_days"]) ** 2
            * count
            / (count - 1)
            for arm, count in zip(arms.values(), events, strict=True)
        ]
        parts = zip(variances, events, strict=True)
        freedom = sum(variances) ** 2 / sum(variance**2 / (count - 1) for variance, count in parts)
        reach = stats.t.ppf(0.975, freedom) * sum(variances) ** 0.5
        assert row["restricted_mean_difference_se"] == pytest.approx(sum(variances) ** 0.5, abs=1e-8)
        assert row["ci_low"] == pytest.approx(means[True] - means[False] - reach, abs=1e-7)
        assert row["ci_high"] == pytest.approx(means[True] - means[False] + reach, abs=1e-7)
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
    assert row["ci_low"] <= -61 <= row["ci_high"] < 0
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
