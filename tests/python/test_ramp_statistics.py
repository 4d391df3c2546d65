"""Ramp statistics of the built marts and their macros, held against lifelines, statsmodels and scipy."""

import math
import random
from collections import defaultdict

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter, datasets
from lifelines.exceptions import StatError
from lifelines.statistics import multivariate_logrank_test
from lifelines.utils import qth_survival_time, restricted_mean_survival_time
from rendered import statistics_macros
from scipy import stats
from sksurv.compare import compare_survival
from sksurv.nonparametric import cumulative_incidence_competing_risks, kaplan_meier_estimator
from sksurv.util import Surv
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight, survdiff
from statsmodels.stats.multitest import multipletests

COHORT_COLUMNS = {
    "hire_quarter": "ramps.hire_quarter",
    # The demo's as-of date is 30 June 2026.
    "hire_recency": """case
        when ramps.ramp_started_on >= date '2025-07-01' then 'last 12 months'
        when ramps.ramp_started_on >= date '2024-07-01' then '12 to 24 months ago'
        else 'over 24 months ago'
    end""",
    "role_family": "ramps.role_family",
    "region": "ramps.region",
    "manager": "ramps.manager_rep_id",
    "onboarding_version": "ramps.onboarding_version",
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


def test_chi_square_tail_of_more_degrees_of_freedom(macros):
    found = column(f"""
        select x, df, {macros.chi_square_tail_df("x", "df")} as p
        from (select exp(cast(i as double) / 20 - 20) as x from range(0, 550) as t (i) union all select 0)
        cross join range(1, 24) as u (df)
    """)
    np.testing.assert_allclose(found["p"], stats.chi2.sf(found["x"], found["df"]), rtol=1e-10, atol=1e-230)
    assert len(found["p"]) == 551 * 23


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
        macros.chi_square_tail_df("z", "3"),
        macros.chi_square_tail_df("1.0", "24"),
        macros.chi_square_tail_df("1.0", "0"),
        macros.two_sided_t_p("z", "4"),
        macros.two_sided_t_p("1.0", "z"),
        macros.student_t_quantile_975("z"),
        macros.two_sided_t_p("1.0", "0.5"),
    ]
    with duckdb.connect() as connection:
        row = connection.execute(f"select {', '.join(expressions)} from (select cast(null as double) as z)").fetchone()
    assert row == (None,) * len(expressions)


def curve_of(macros, rows):
    """Push (entry, day, cause) rows through the macro of curves."""
    values = ", ".join(f"('g', {entry}, {day}, {cause == 1}, {cause == 2})" for entry, day, cause in rows)
    return column(f"""
        with ramps as (
            select * from (values {values}) as listed (grp, entry_days, duration_days, is_reached, is_left)
        ),
        {macros.kaplan_meier_ctes("ramps", ["grp"])}
        select * from km_curves order by day
    """)


def ramps_of(causes, longest, latest):
    """Generate (entry, day, cause) rows: causes are 1 reached, 2 left, 0 censored; latest 0 = all from the start."""
    row = st.tuples(st.integers(0, latest), st.integers(0, longest), st.sampled_from(causes))
    return st.lists(row.map(lambda drawn: (drawn[0], drawn[0] + drawn[1], drawn[2])), min_size=1, max_size=40)


@pytest.mark.parametrize("latest", [0, 5, 200], ids=["from the start", "close entries", "late entries"])
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_curves_of_random_ramps(macros, latest, data):
    causes = data.draw(st.sampled_from([(0, 1, 2), (0, 1), (1,), (0,), (1, 2), (2,)]))
    longest = data.draw(st.sampled_from([0, 3, 400]))
    rows = data.draw(ramps_of(causes, longest, latest))
    check_curve(curve_of(macros, rows), rows)


@pytest.mark.parametrize(
    "rows",
    [
        [(0, 7, 1)],
        [(0, 7, 0)],
        [(3, 7, 2)],
        [(0, 0, 1)] * 4,
        [(0, 9, 0), (0, 12, 0), (0, 40, 0)],
        [(0, 4, 1), (0, 4, 1), (0, 4, 0), (0, 4, 2)],
        [(0, 3, 1), (5, 9, 1), (6, 9, 0)],
        [(0, 5, 1), (5, 9, 1)],
    ],
    ids=[
        "one reached",
        "one censored",
        "one late entry who left",
        "everybody on day 0",
        "nobody reached",
        "all at once",
        "emptied before the late entries",
        "an entry on the day of an event is at risk on it",
    ],
)
def test_curves_of_corner_cases(macros, rows):
    check_curve(curve_of(macros, rows), rows)


# Data of others, with ties and groups. rossi: 74 % censored. aids: late entries, in years of three decimals.
LIBRARY = {
    "waltons": (datasets.load_waltons, "T", "E", "group"),
    "rossi": (datasets.load_rossi, "week", "arrest", "race"),
    "leukemia": (datasets.load_leukemia, "t", "status", "Rx"),
    "lymphoma": (datasets.load_lymphoma, "Time", "Censor", "Stage_group"),
    "gbsg2": (datasets.load_gbsg2, "time", "cens", "tgrade"),
    "aids": (datasets.load_multicenter_aids_cohort_study, "T", "D", "AIDSY"),
}


@pytest.fixture(params=sorted(LIBRARY), name="library")
def library_data(request):
    """Return (entry, day, cause) rows of one of lifelines' data sets, by group."""
    load, time, event, group = LIBRARY[request.param]
    data = load()
    days, entries, names = data[time], data[time] * 0, data[group]
    if request.param == "aids":
        days, entries, names = data["T"] * 1000, data["W"] * 1000, data["AIDSY"] >= 1991
    rows = zip(names, entries.round().astype(int), days.round().astype(int), data[event].astype(int), strict=True)
    groups = defaultdict(list)
    for name, *row in rows:
        groups[name].append(tuple(row))
    return dict(groups)


def test_curves_of_library_data(macros, library):
    assert len(library) > 1
    for rows in library.values():
        check_curve(curve_of(macros, rows), rows)


def log_rank_of(macros, arms):
    """Push the (entry, day, cause) rows of several arms through the macro of the log-rank test of k arms."""
    values = ", ".join(
        f"('g', {arm}, {entry}, {day}, {cause == 1})"
        for arm, rows in enumerate(arms, start=1)
        for entry, day, cause in rows
    )
    return column(f"""
        with ramps as (select * from (values {values}) as listed (grp, arm, entry_days, duration_days, is_reached)),
        {macros.log_rank_groups_ctes("ramps", ["grp"], 24)},
        tested as (select * from log_rank_groups)
        select chi_square, degrees_of_freedom, {macros.chi_square_tail_df("chi_square", "degrees_of_freedom")} as p
        from tested
    """)


def two_arms_of(macros, arms):
    """Push the rows of two arms through the macro of the log-rank test of two."""
    values = ", ".join(
        f"('g', {arm == 0}, {entry}, {day}, {cause == 1})"
        for arm, rows in enumerate(arms)
        for entry, day, cause in rows
    )
    found = column(f"""
        with ramps as (
            select * from (values {values}) as listed (grp, is_compared, entry_days, duration_days, is_reached)
        ),
        {macros.log_rank_ctes("ramps", ["grp"])}
        select * from log_rank
    """)
    return (found["observed_count"][0] - found["expected_count"][0]) ** 2 / found["variance"][0]


def libraries_log_rank(arms):
    """Return chi-square and p of the libraries: lifelines and scikit-survival have no late entries, statsmodels has."""
    names = np.concatenate([[name] * len(rows) for name, rows in enumerate(arms)])
    entries, days, causes = split([row for rows in arms for row in rows])
    answers = [survdiff(days, (causes == 1).astype(int), names, entry=entries - 0.5)]
    if not entries.any():
        test = multivariate_logrank_test(days, names, causes == 1)
        answers.append((test.test_statistic, test.p_value))
        answers.append(compare_survival(Surv.from_arrays(causes == 1, days), names))
    return answers


def check_log_rank(macros, arms):
    found = log_rank_of(macros, arms)
    assert list(found["degrees_of_freedom"]) == [len(arms) - 1]
    for chi_square, p_value in libraries_log_rank(arms):
        assert found["chi_square"][0] == pytest.approx(chi_square, rel=1e-9, abs=1e-9)
        assert found["p"][0] == pytest.approx(p_value, abs=1e-7)
    if len(arms) == 2:
        assert two_arms_of(macros, arms) == pytest.approx(chi_square, rel=1e-9, abs=1e-9)


def test_log_ranks_of_library_data(macros, library):
    check_log_rank(macros, list(library.values()))


@pytest.mark.parametrize("latest", [0, 30])
@pytest.mark.parametrize("arms", [2, 3, 5, 12, 24])
def test_log_ranks_of_random_arms(macros, arms, latest):
    rng = random.Random(arms)  # noqa: S311
    rows = [
        [
            (entry := rng.randint(0, latest), entry + rng.randint(0, 40 + arm), int(rng.random() < 0.7))
            for _ in range(rng.randint(5, 30))
        ]
        for arm in range(arms)
    ]
    check_log_rank(macros, rows)


def test_arms_that_never_meet(macros):
    """Arm 1 ends on day 2, before the first event of the others, on day 5: it is no comparison, two arms are left."""
    others = [[(0, 5, 1), (0, 9, 1)], [(0, 7, 1), (0, 8, 0)]]
    found = log_rank_of(macros, [[(0, 2, 0), (0, 1, 0)], *others])
    assert list(found["degrees_of_freedom"]) == [1]
    assert found["chi_square"][0] == pytest.approx(libraries_log_rank(others)[1][0], abs=1e-9)
    alone = log_rank_of(macros, [[(0, 3, 1)], [(0, 2, 0)]])
    assert list(alone["degrees_of_freedom"]) == [0]


@pytest.mark.parametrize("seed", range(10))
def test_holm(macros, seed):
    rng = random.Random(seed)  # noqa: S311
    families = {name: [rng.choice([rng.random(), rng.random() / 100, 0.04]) for _ in range(seed + 1)] for name in "ab"}
    values = ", ".join(f"('{name}', {p})" for name, group in families.items() for p in group)
    found = column(f"""
        with tested as (select * from (values {values}, ('a', null), ('c', null)) as listed (family, p_value)),
        {macros.holm_ctes("tested", ["family"])}
        select family, p_value, p_value_holm from holm order by family, p_value nulls last
    """)
    adjusted = found["p_value_holm"].filled(np.nan)
    for name, group in families.items():
        seen = adjusted[(found["family"] == name)]
        np.testing.assert_allclose(seen[: len(group)], multipletests(sorted(group), method="holm")[1], **CLOSE)
    assert np.isnan(adjusted).sum() == 2


# ---- the marts of the demo --------------------------------------------------


@pytest.fixture(scope="module")
def ramps(demo_build):
    """First day on record, last day and its cause (1 reached, 2 left, 0 censored) of each cohort and milestone."""
    columns = ", ".join(COHORT_COLUMNS.values())
    rows = demo_build.execute(f"""
        select milestones.milestone, milestones.entry_days, coalesce(milestones.days_to, milestones.observed_days),
            case when milestones.is_reached then 1 when milestones.ended_reason = 'left' then 2 else 0 end,
            {columns}
        from rep_timeline.rep_milestones as milestones
        inner join core.dim_ramps as ramps using (ramp_id)
        where milestones.entry_days is not null and milestones.is_evaluable
    """).fetchall()
    groups = defaultdict(list)
    for milestone, entry, days, cause, *cohorts in rows:
        groups["all", "all", milestone].append((entry, days, cause))
        for cohort_type, cohort in zip(COHORT_COLUMNS, cohorts, strict=True):
            groups[cohort_type, cohort or "none", milestone].append((entry, days, cause))
    assert any(entry > 0 for group in groups.values() for entry, _, _ in group)
    return groups


def split(rows):
    entries, days, causes = (np.array(values) for values in zip(*rows, strict=True))
    return entries.astype(float), days.astype(float), causes


def fit(rows):
    """Fit lifelines' curve. It takes an entry as after the events of its day; here that whole day is on record."""
    entries, days, causes = split(rows)
    return KaplanMeierFitter().fit(days, causes == 1, entry=np.maximum(entries - 0.5, 0))


def aalen_johansen(rows, days):
    """Cumulative incidence of cause 1 on each day, straight from the definition."""
    staying, incidence, curve = 1.0, 0.0, []
    for day in days:
        at_risk = sum(1 for entry, other, _ in rows if entry <= day <= other)
        reached = sum(1 for _, other, cause in rows if other == day and cause == 1)
        left = sum(1 for _, other, cause in rows if other == day and cause == 2)
        if at_risk:
            incidence += staying * reached / at_risk
            staying *= 1 - (reached + left) / at_risk
        curve.append(incidence)
    return curve


def check_curve(found, rows):
    entries, days, causes = split(rows)
    day = found["day"].astype(float)
    assert list(day) == sorted({0.0, *days, *entries})
    np.testing.assert_array_equal(found["at_risk_count"], [((entries <= d) & (days >= d)).sum() for d in day])
    for name, cause in (("reached_count", 1), ("left_count", 2), ("censored_count", 0)):
        np.testing.assert_array_equal(found[name], [((days == d) & (causes == cause)).sum() for d in day])

    # lifelines refuses curves with nobody at risk between two entries, and has no value before the first one.
    try:
        fitted = fit(rows)
    except StatError:
        assert entries.any()
    else:
        for name, values in (("survival", fitted.survival_function_), ("ci_low", fitted.confidence_interval_)):
            expected = values.reindex(day, method="ffill").iloc[:, 0].fillna(1).to_numpy()
            np.testing.assert_allclose(found[name], expected, **CLOSE)
        expected = fitted.confidence_interval_.reindex(day, method="ffill").iloc[:, 1].fillna(1).to_numpy()
        np.testing.assert_allclose(found["ci_high"], expected, **CLOSE)

    incidence = found["cumulative_incidence"]
    np.testing.assert_allclose(incidence, aalen_johansen(rows, day), **CLOSE)
    errors = np.ma.filled(np.ma.masked_array(found["survival_se"], dtype=float), np.nan)
    if (causes == 1).any():
        greenwood = SurvfuncRight(days, (causes == 1).astype(int), entry=entries - 0.5)
        expected = dict(
            zip(greenwood.surv_times, zip(greenwood.surv_prob, greenwood.surv_prob_se, strict=True), strict=True)
        )
        for d, error, survival in zip(day, errors, found["survival"], strict=True):
            if d in expected:
                assert survival == pytest.approx(expected[d][0], abs=1e-9)
            if survival > 0 and d in expected:
                assert error == pytest.approx(expected[d][1], abs=1e-9)
            if survival <= 0:
                assert math.isnan(error)
    if (causes > 0).any() and not entries.any():
        library = CumIncidenceRight(days, causes)
        expected = dict(zip(library.times, library.cinc[0], strict=True))
        for d, value in zip(day, incidence, strict=True):
            if d in expected:
                assert value == pytest.approx(expected[d], abs=1e-9)
    check_curve_by_scikit_survival(found, entries, days, causes)


def check_curve_by_scikit_survival(found, entries, days, causes):
    """The same by a third library; its times must be above 0, so all are moved by a day."""
    day = found["day"].astype(float)
    if (causes == 1).any():
        times, survivals, interval = kaplan_meier_estimator(
            causes == 1, days + 1, time_enter=entries + 0.5, conf_type="log-log"
        )
        expected = {time - 1: values for time, *values in zip(times, survivals, *interval, strict=True)}
        for d, *values in zip(day, found["survival"], found["ci_low"], found["ci_high"], strict=True):
            if d in expected and 0 < values[0] < 1:
                assert values == pytest.approx(expected[d], abs=1e-9)
    if {1, 2} <= set(causes) and not entries.any():
        times, incidences = cumulative_incidence_competing_risks(causes, days + 1)
        expected = dict(zip(times - 1, incidences[1], strict=True))
        for d, value in zip(day, found["cumulative_incidence"], strict=True):
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
    days = sorted({day for _, day, cause in rows if cause == 1})
    curve, survival = [(0, 1.0)], 1.0
    counts = {}
    for day in days:
        at_risk = sum(1 for entry, other, _ in rows if entry <= day <= other)
        reached = sum(1 for _, other, cause in rows if other == day and cause == 1)
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
        assert row["reached_count"] == sum(1 for _, _, cause in group if cause == 1)
        if row["is_withheld"]:
            assert row["median_days"] is None
            assert row["restricted_mean_days"] is None
            assert row["reached_by_30_rate"] is None
            continue
        _, days, _ = split(group)
        fitted = fit(group)
        for name, level in (("p25_days", 0.75), ("median_days", 0.5), ("p75_days", 0.25)):
            reached = [d for d in fitted.survival_function_.index if fitted.predict(d) <= level + 1e-12]
            assert row[name] == (min(reached) if reached else None)
            for end in (0, 1):
                library_day = qth_survival_time(level, fitted.confidence_interval_.iloc[:, [end]])
                found = row[name.replace("_days", ("_ci_low_days", "_ci_high_days")[end])]
                assert found == (None if math.isinf(library_day) else library_day)
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
        arms = [ramps[cohort_type, cohort, milestone], ramps[cohort_type, reference, milestone]]
        for library_chi_square, library_p in libraries_log_rank(arms):
            assert chi_square == pytest.approx(library_chi_square, rel=1e-9, abs=1e-9)
            assert p_value == pytest.approx(library_p, abs=1e-7)
        assert observed == sum(1 for _, _, cause in arms[0] if cause == 1)


def test_p_values_of_the_demo_are_adjusted_by_family(demo_build):
    for mart in ("cohort_ramp_comparison", "cohort_ramp_group_comparison"):
        rows = demo_build.execute(
            f"select cohort_type, p_value, p_value_holm from rep_timeline.{mart} where not is_withheld"
        ).fetchall()
        families = defaultdict(list)
        for family, *ps in rows:
            families[family].append(ps)
        assert any(len(family) > 2 for family in families.values())
        for family in families.values():
            raw, adjusted = zip(*family, strict=True)
            np.testing.assert_allclose(adjusted, multipletests(raw, method="holm")[1], **CLOSE)


def test_group_comparisons_of_the_demo(demo_build, ramps):
    cursor = demo_build.execute("select * from rep_timeline.cohort_ramp_group_comparison")
    names = [item[0] for item in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    assert {(row["cohort_type"], row["milestone"]) for row in rows} == {
        (kind, milestone) for kind, _, milestone in ramps if kind != "all"
    }
    assert any(row["degrees_of_freedom"] > 1 for row in rows if not row["is_withheld"])
    for row in rows:
        groups = {
            cohort: group
            for (kind, cohort, milestone), group in ramps.items()
            if (kind, milestone) == (row["cohort_type"], row["milestone"])
        }
        compared = {cohort: group for cohort, group in groups.items() if len(group) >= 5 and cohort != "none"}
        assert row["cohort_count"] == len(compared)
        assert row["ramp_count"] == sum(map(len, compared.values()))
        assert row["left_out_count"] + row["ramp_count"] == sum(map(len, groups.values()))
        if row["is_withheld"]:
            assert row["chi_square"] is None
            assert row["p_value"] is None
            continue
        for chi_square, p_value in libraries_log_rank(list(compared.values())):
            assert row["chi_square"] == pytest.approx(chi_square, rel=1e-9, abs=1e-9)
            assert row["p_value"] == pytest.approx(p_value, abs=1e-7)


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
        _, days, _ = split(ramps[level, cohort, milestone])
        fitted = fit(ramps[level, cohort, milestone])
        now, last = fitted.predict(elapsed), fitted.survival_function_.iloc[-1, 0]
        for ahead, probability in zip((30, 60, 90), probabilities, strict=True):
            known = elapsed + ahead <= days.max() or last < 1e-12
            if known and now > 1e-12:
                assert probability == pytest.approx(1 - fitted.predict(elapsed + ahead) / now, abs=1e-9)
            else:
                assert probability is None
