"""Ramp statistics of the built marts and their macros, held against lifelines, statsmodels and scipy."""

import math
import random
from collections import defaultdict

import duckdb
import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test
from lifelines.utils import restricted_mean_survival_time
from rendered import statistics_macros
from scipy import stats
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight, survdiff

COHORT_COLUMNS = {
    "hire_quarter": "hire_quarter",
    "role_family": "role_family",
    "region": "region",
    "manager": "manager_rep_id",
    "onboarding_version": "onboarding_version",
}
CLOSE = {"rtol": 0, "atol": 1e-9}


# ---- the macros by themselves -----------------------------------------------


@pytest.fixture(scope="module")
def macros():
    return statistics_macros()


def column(sql):
    with duckdb.connect() as connection:
        return connection.execute(sql).fetchnumpy()


def test_normal_tails(macros):
    found = column(f"""
        select
            z,
            {macros.two_sided_normal_p("z")} as two_sided,
            {macros.normal_tail("z")} as tail,
            {macros.normal_cdf("z")} as cdf
        from (select cast(i as double) / 100 as z from range(-3700, 3701) as t (i))
    """)
    z = found["z"]
    np.testing.assert_allclose(found["two_sided"], 2 * stats.norm.sf(abs(z)), rtol=1e-12, atol=1e-290)
    np.testing.assert_allclose(found["tail"], stats.norm.sf(z), rtol=1e-12, atol=1e-290)
    np.testing.assert_allclose(found["cdf"], stats.norm.cdf(z), rtol=1e-12, atol=1e-290)
    assert float(macros.normal_quantile_975()) == pytest.approx(stats.norm.ppf(0.975), abs=1e-15)


def test_chi_square_tail(macros):
    found = column(f"""
        select x, {macros.chi_square_tail("x")} as p
        from (select exp(cast(i as double) / 100 - 20) as x from range(0, 2700) as t (i) union all select 0)
    """)
    np.testing.assert_allclose(found["p"], stats.chi2.sf(found["x"], 1), rtol=1e-7, atol=1e-290)


def test_student_t(macros):
    found = column(f"""
        select
            df,
            t,
            {macros.two_sided_t_p("t", "df")} as p,
            {macros.student_t_quantile_975("df")} as quantile
        from (select exp(cast(i as double) / 12) as df from range(0, 160) as a (i))
        cross join (select cast(j as double) / 10 - 5 as t from range(0, 500) as b (j))
    """)
    np.testing.assert_allclose(found["p"], 2 * stats.t.sf(abs(found["t"]), found["df"]), **CLOSE)
    np.testing.assert_allclose(found["quantile"], stats.t.ppf(0.975, found["df"]), **CLOSE)


def test_tails_of_nothing_are_null(macros):
    expressions = [
        macros.two_sided_normal_p("z"),
        macros.normal_tail("z"),
        macros.normal_cdf("z"),
        macros.chi_square_tail("z"),
        macros.two_sided_t_p("z", "4"),
        macros.two_sided_t_p("1.0", "z"),
        macros.student_t_quantile_975("z"),
        macros.two_sided_t_p("1.0", "0.5"),
    ]
    with duckdb.connect() as connection:
        row = connection.execute(f"select {', '.join(expressions)} from (select cast(null as double) as z)").fetchone()
    assert row == (None,) * len(expressions)


def random_ramps(seed):
    """Make durations with ties, day 0, censoring and leavers; some seeds all, none, or one subject."""
    rng = random.Random(seed)  # noqa: S311
    size = rng.choice([1, 2, 3, 8, 40, 200])
    longest = rng.choice([0, 3, 30, 400])
    shares = rng.choice([(1, 0), (0, 0), (0.5, 0.3), (0.2, 0.1), (0.8, 0.2)])
    rows = []
    for _ in range(size):
        draw = rng.random()
        cause = 1 if draw < shares[0] else 2 if draw < sum(shares) else 0
        rows.append((rng.randint(0, longest), cause))
    return rows


@pytest.mark.parametrize("seed", range(40))
def test_curves_of_random_ramps(macros, seed):
    rows = random_ramps(seed)
    values = ", ".join(f"('g', {day}, {cause == 1}, {cause == 2})" for day, cause in rows)
    found = column(f"""
        with ramps as (select * from (values {values}) as listed (grp, duration_days, is_reached, is_left)),
        {macros.kaplan_meier_ctes("ramps", ["grp"])}
        select * from km_curves order by day
    """)
    check_curve(found, rows)


# ---- the marts of the demo --------------------------------------------------


@pytest.fixture(scope="module")
def ramps(demo_build):
    """Days and causes (1 reached, 2 left, 0 censored) of each cohort and milestone, from the milestones."""
    columns = ", ".join(f"ramps.{name}" for name in COHORT_COLUMNS.values())
    rows = demo_build.execute(f"""
        select milestones.milestone, coalesce(milestones.days_to, milestones.observed_days),
            case when milestones.is_reached then 1 when milestones.ended_reason = 'left' then 2 else 0 end,
            {columns}
        from rep_timeline.rep_milestones as milestones
        inner join core.dim_ramps as ramps using (ramp_id)
        where milestones.is_observed_from_start and milestones.is_evaluable
    """).fetchall()
    groups = defaultdict(list)
    for milestone, days, cause, *cohorts in rows:
        groups["all", "all", milestone].append((days, cause))
        for cohort_type, cohort in zip(COHORT_COLUMNS, cohorts, strict=True):
            groups[cohort_type, cohort or "none", milestone].append((days, cause))
    assert groups
    return groups


def split(rows):
    days = np.array([day for day, _ in rows], dtype=float)
    causes = np.array([cause for _, cause in rows])
    return days, causes


def aalen_johansen(rows, at):
    """Cumulative incidence of cause 1, straight from the definition."""
    staying, incidence = 1.0, 0.0
    for day in sorted({day for day, _ in rows if day <= at}):
        at_risk = sum(1 for other, _ in rows if other >= day)
        reached = sum(1 for other, cause in rows if other == day and cause == 1)
        left = sum(1 for other, cause in rows if other == day and cause == 2)
        incidence += staying * reached / at_risk
        staying *= 1 - (reached + left) / at_risk
    return incidence


def check_curve(found, rows):
    days, causes = split(rows)
    day = found["day"].astype(float)
    assert list(day) == sorted({0.0, *days})
    np.testing.assert_array_equal(found["at_risk_count"], [(days >= d).sum() for d in day])
    for name, cause in (("reached_count", 1), ("left_count", 2), ("censored_count", 0)):
        np.testing.assert_array_equal(found[name], [((days == d) & (causes == cause)).sum() for d in day])

    fitted = KaplanMeierFitter().fit(days, causes == 1)
    np.testing.assert_allclose(found["survival"], fitted.survival_function_at_times(day).to_numpy(), **CLOSE)
    interval = fitted.confidence_interval_.reindex(day, method="ffill")
    np.testing.assert_allclose(found["ci_low"], interval.iloc[:, 0].to_numpy(), **CLOSE)
    np.testing.assert_allclose(found["ci_high"], interval.iloc[:, 1].to_numpy(), **CLOSE)

    incidence = found["cumulative_incidence"]
    np.testing.assert_allclose(incidence, [aalen_johansen(rows, d) for d in day], **CLOSE)
    errors = np.ma.filled(np.ma.masked_array(found["survival_se"], dtype=float), np.nan)
    if (causes == 1).any():
        greenwood = SurvfuncRight(days, (causes == 1).astype(int))
        expected = dict(zip(greenwood.surv_times, greenwood.surv_prob_se, strict=True))
        for d, error, survival in zip(day, errors, found["survival"], strict=True):
            if survival > 0 and d in expected:
                assert error == pytest.approx(expected[d], abs=1e-9)
            if survival <= 0:
                assert math.isnan(error)
    if (causes > 0).any():
        library = CumIncidenceRight(days, causes)
        expected = dict(zip(library.times, library.cinc[0], strict=True))
        for d, value in zip(day, incidence, strict=True):
            if d in expected:
                assert value == pytest.approx(expected[d], abs=1e-9)


def test_curves_of_the_demo(demo_build, ramps):
    keys = demo_build.execute(
        "select distinct cohort_type, cohort, milestone from rep_timeline.cohort_ramp_curves"
    ).fetchall()
    assert set(keys) == set(ramps)
    for key in keys:
        found = demo_build.execute(
            """
            select * from rep_timeline.cohort_ramp_curves
            where cohort_type = ? and cohort = ? and milestone = ? order by day
            """,
            key,
        ).fetchnumpy()
        check_curve(found, ramps[key])


def restricted_mean_error(rows, horizon):
    """Compute the standard error of the restricted mean from the plain formula."""
    days = sorted({day for day, cause in rows if cause == 1})
    curve, survival = [(0, 1.0)], 1.0
    counts = {}
    for day in days:
        at_risk = sum(1 for other, _ in rows if other >= day)
        reached = sum(1 for other, cause in rows if other == day and cause == 1)
        survival *= 1 - reached / at_risk
        counts[day] = (at_risk, reached)
        curve.append((day, survival))
    ends = [day for day, _ in curve[1:]] + [horizon]
    variance = 0.0
    for start, (at_risk, reached) in counts.items():
        area = sum(
            level * (min(end, horizon) - day)
            for (day, level), end in zip(curve, ends, strict=True)
            if day >= start and day < horizon
        )
        if start <= horizon and at_risk > reached:
            variance += area**2 * reached / (at_risk * (at_risk - reached))
    return math.sqrt(variance)


def test_summaries_of_the_demo(demo_build, ramps):
    cursor = demo_build.execute("select * from rep_timeline.cohort_ramp_summary")
    names = [item[0] for item in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    assert {(row["cohort_type"], row["cohort"], row["milestone"]) for row in rows} == set(ramps)
    assert any(row["restricted_mean_days"] is not None for row in rows)
    for row in rows:
        group = ramps[row["cohort_type"], row["cohort"], row["milestone"]]
        assert row["ramp_count"] == len(group)
        assert row["reached_count"] == sum(1 for _, cause in group if cause == 1)
        if row["is_withheld"]:
            assert row["median_days"] is None
            assert row["restricted_mean_days"] is None
            assert row["reached_by_30_rate"] is None
            continue
        days, causes = split(group)
        fitted = KaplanMeierFitter().fit(days, causes == 1)
        for name, level in (("p25_days", 0.75), ("median_days", 0.5), ("p75_days", 0.25)):
            reached = [d for d in fitted.survival_function_.index if fitted.predict(d) <= level + 1e-12]
            assert row[name] == (min(reached) if reached else None)
        survival, follow_up = fitted.survival_function_.iloc[-1, 0], days.max()
        for day in (30, 60, 90, 180, 365):
            rate = row[f"reached_by_{day}_rate"]
            if follow_up >= day or survival < 1e-12:
                assert rate == pytest.approx(1 - fitted.predict(day), abs=1e-9)
            else:
                assert rate is None
        horizon = row["horizon_days"]
        if follow_up >= horizon or survival < 1e-12:
            mean = restricted_mean_survival_time(fitted, t=horizon) if horizon else 0.0
            assert row["restricted_mean_days"] == pytest.approx(mean, rel=1e-9, abs=1e-9)
            assert row["restricted_mean_se"] == pytest.approx(restricted_mean_error(group, horizon), rel=1e-9, abs=1e-9)
        else:
            assert row["restricted_mean_days"] is None


def test_log_ranks_of_the_demo(demo_build, ramps):
    rows = demo_build.execute("""
        select
            cohort_type, cohort, milestone, reference_cohort, chi_square, p_value, observed_count, is_withheld
        from rep_timeline.cohort_ramp_comparison
    """).fetchall()
    assert any(not row[-1] for row in rows)
    for cohort_type, cohort, milestone, reference, chi_square, p_value, observed, is_withheld in rows:
        if is_withheld:
            assert chi_square is None
            assert p_value is None
            continue
        days, causes = split(ramps[cohort_type, cohort, milestone])
        other_days, other_causes = split(ramps[cohort_type, reference, milestone])
        test = logrank_test(days, other_days, causes == 1, other_causes == 1)
        assert chi_square == pytest.approx(test.test_statistic, rel=1e-9, abs=1e-9)
        assert p_value == pytest.approx(test.p_value, abs=1e-7)
        assert observed == (causes == 1).sum()
        statistic, p = survdiff(
            np.concatenate([days, other_days]),
            np.concatenate([causes == 1, other_causes == 1]).astype(int),
            np.array([0] * len(days) + [1] * len(other_days)),
        )
        assert chi_square == pytest.approx(statistic, rel=1e-9, abs=1e-9)
        assert p_value == pytest.approx(p, abs=1e-7)


def test_forecasts_of_the_demo(demo_build, ramps):
    """Compare with lifelines where the reference is a whole role family or all ramps."""
    rows = demo_build.execute("""
        select
            milestone, reference_level, reference_cohort, elapsed_days,
            probability_30_days, probability_60_days, probability_90_days
        from rep_timeline.rep_ramp_forecast
        where reference_level in ('role_family', 'all')
    """).fetchall()
    for milestone, level, cohort, elapsed, *probabilities in rows:
        days, causes = split(ramps[level, cohort, milestone])
        fitted = KaplanMeierFitter().fit(days, causes == 1)
        now, last = fitted.predict(elapsed), fitted.survival_function_.iloc[-1, 0]
        for ahead, probability in zip((30, 60, 90), probabilities, strict=True):
            known = elapsed + ahead <= days.max() or last < 1e-12
            if known and now > 1e-12:
                assert probability == pytest.approx(1 - fitted.predict(elapsed + ahead) / now, abs=1e-9)
            else:
                assert probability is None
