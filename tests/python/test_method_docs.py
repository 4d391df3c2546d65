"""The pages of docs/methods tell the truth: their shape, the names they use, every figure of their cases by hand."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
import yaml
from conftest import ROOT
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test, multivariate_logrank_test
from lifelines.utils import median_survival_times, qth_survival_time, restricted_mean_survival_time
from scipy import stats
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight
from statsmodels.stats.multitest import multipletests

METHODS = ROOT / "docs" / "methods"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(METHODS.glob("*.md")) if path.stem != "README"}
HEADINGS = [
    "The question",
    "The formula",
    "What it assumes",
    "When not to trust it",
    "How it was checked",
    "References",
    "Where it stands",
]
# Marts that hold records and no statistic.
RECORDS = {"rep_timeline"}
STATISTICS = ("rep_timeline", "kirkpatrick", "impact")

every_page = pytest.mark.parametrize("page", PAGES)


def section(page: str, heading: str) -> str:
    """Return the text of a page under one heading."""
    return re.split(r"^## ", PAGES[page].split(f"\n## {heading}\n")[1], flags=re.MULTILINE)[0]


def quoted(text: str) -> list[str]:
    """Return what stands in single backticks; code blocks are not among them."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def bullets(text: str) -> list[str]:
    """Return the items of the lists in a text, each with its further lines."""
    return re.findall(r"^- .*(?:\n  .*)*", text, flags=re.MULTILINE)


# ---- the shape ---------------------------------------------------------------------------------


def test_there_is_a_page_per_method() -> None:
    assert len(PAGES) >= 16


@every_page
def test_page_has_the_headings_in_order(page: str) -> None:
    assert re.findall(r"^## (.*)$", PAGES[page], flags=re.MULTILINE) == HEADINGS
    for heading in HEADINGS:
        assert section(page, heading).strip(), heading


@every_page
def test_page_is_short(page: str) -> None:
    """A screen and a half, and wrapped; tables cannot be."""
    lines = PAGES[page].splitlines()
    assert len(lines) <= 100
    assert [line for line in lines if len(line) > 150 and not line.startswith("|")] == []


@every_page
def test_page_is_in_the_index_once(page: str) -> None:
    index = (METHODS / "README.md").read_text(encoding="utf-8")
    assert len(re.findall(rf"^\| \[[^]]+\]\({page}\.md\) \|", index, flags=re.MULTILINE)) == 1


@pytest.mark.parametrize("path", sorted(METHODS.glob("*.md")), ids=lambda path: path.stem)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
        assert (METHODS / target).exists(), target


# ---- the names ---------------------------------------------------------------------------------


def yaml_entries(kind: str, pattern: str) -> list[dict]:
    """Return the entries of one kind (models, unit_tests, ..) in the YAML files that match."""
    return [
        entry
        for path in ROOT.glob(pattern)
        for entry in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).get(kind, [])
    ]


@pytest.fixture(scope="module")
def columns() -> dict[str, set[str]]:
    """The columns of each model, as its YAML describes them (contracts hold it against the SQL)."""
    return {
        entry["name"]: {column["name"] for column in entry.get("columns", [])}
        for entry in yaml_entries("models", "models/**/*.yml")
    }


@pytest.fixture(scope="module")
def words() -> set[str]:
    """Every word of the models, macros, settings and Python tests, save this one."""
    places = ("models/**/*.sql", "models/**/*.yml", "macros/**/*.sql", "seeds/settings/*", "tests/python/*.py")
    files = [path for place in places for path in ROOT.glob(place) if path != Path(__file__)]
    files.append(ROOT / "dbt_project.yml")
    return {word for path in files for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}


@every_page
def test_paths_exist(page: str) -> None:
    paths = [name for name in quoted(PAGES[page]) if "/" in name or name.endswith((".md", ".yml", ".sql", ".py"))]
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


@every_page
def test_words_stand_in_the_code(page: str, words: set[str]) -> None:
    """A setting, value, column or macro in backticks is one that the project knows."""
    names = [name for name in quoted(PAGES[page]) if re.fullmatch(r"[A-Za-z]\w*", name)]
    assert [name for name in names if name not in words] == []


@every_page
def test_columns_belong_to_their_mart(page: str, columns: dict[str, set[str]]) -> None:
    """`mart`: `column`, `column`, .. under Where it stands."""
    for bullet in bullets(section(page, "Where it stands")):
        named = re.match(r"- `(\w+)`: ", bullet)
        if named:
            mart = named[1]
            assert mart in columns
            missing = [name for name in quoted(bullet)[1:] if name not in columns[mart]]
            assert missing == [], mart


@every_page
def test_macros_stand_in_the_file_named(page: str) -> None:
    """`macro` in `macros/..`: the macro is defined there."""
    for macros, place in re.findall(r"((?:`\w+`(?:, | and )?)+) in `(macros/[\w./]+)`", PAGES[page]):
        path = ROOT / place
        sources = [path] if path.is_file() else list(path.glob("*.sql"))
        defined = {
            name for source in sources for name in re.findall(r"macro (\w+)\(", source.read_text(encoding="utf-8"))
        }
        assert set(quoted(macros)) <= defined


@every_page
def test_checks_exist(page: str) -> None:
    """Python tests stand in a file named with them, unit tests in the YAML, singular tests are paths."""
    units = {entry["name"] for entry in yaml_entries("unit_tests", "models/**/*.yml")}
    named = 0
    for bullet in bullets(section(page, "How it was checked")):
        names = quoted(bullet)
        source = "".join((ROOT / name).read_text(encoding="utf-8") for name in names if name.endswith(".py"))
        functions = [name for name in names if name.startswith("test_")]
        assert [name for name in functions if f"def {name}(" not in source] == []
        if bullet.startswith("- Unit test"):
            assert names
            assert [name for name in names if name not in units] == []
        named += sum("/" in name for name in names) + len(functions)
    assert named


def test_every_mart_with_a_statistic_has_a_page() -> None:
    text = re.sub(r"`[^`\n]*/[^`\n]*`", "", "".join(PAGES.values()))
    marts = [
        path.stem
        for folder in STATISTICS
        for path in sorted((ROOT / "models" / "marts" / folder).glob("*.sql"))
        if not path.stem.startswith("int_") and path.stem not in RECORDS
    ]
    assert len(marts) > 10
    assert [mart for mart in marts if not re.search(rf"\b{mart}\b", text)] == []


# ---- the cases by hand, computed again -----------------------------------------------------------

Figures = dict[str, float | None]
# Five ramps: reached on days 30, 60 and 90 (1), left on day 75 (2), open on day 120 (0).
DAYS = np.array([30, 60, 75, 90, 120])
CAUSES = np.array([1, 1, 2, 1, 0])


def ramp_curves() -> Figures:
    fitted = KaplanMeierFitter().fit(DAYS, CAUSES == 1)
    late = KaplanMeierFitter().fit(DAYS, CAUSES == 1, entry=[0, 0, 40, 0, 0])
    low, high = fitted.confidence_interval_.loc[60]
    greenwood = SurvfuncRight(DAYS, (CAUSES == 1).astype(int))
    return {
        "S(30)": fitted.predict(30),
        "S(60)": fitted.predict(60),
        "S(90)": fitted.predict(90),
        "error at day 60": greenwood.surv_prob_se[list(greenwood.surv_times).index(60)],
        "low end at day 60": low,
        "high end at day 60": high,
        "S(90) where C comes into view on day 40": late.predict(90),
    }


def leavers() -> Figures:
    incidence = CumIncidenceRight(DAYS, CAUSES)
    reached, left = (dict(zip(incidence.times, cause, strict=True)) for cause in incidence.cinc)
    return {
        "incidence by day 30": reached[30],
        "incidence by day 60": reached[60],
        "incidence by day 90": reached[90],
        "left by day 120": max(left.values()),
        "1 - survival at day 90, leavers censored": 1 - KaplanMeierFitter().fit(DAYS, CAUSES == 1).predict(90),
    }


def medians_and_quartiles() -> Figures:
    fitted = KaplanMeierFitter().fit(DAYS, CAUSES == 1)
    low, high = (fitted.confidence_interval_.iloc[:, [end]] for end in (0, 1))
    return {
        "first quartile": qth_survival_time(0.75, fitted.survival_function_),
        "low end of the first quartile": qth_survival_time(0.75, low),
        "high end of the first quartile": qth_survival_time(0.75, high),
        "median": fitted.median_survival_time_,
        "low end of the median": median_survival_times(low),
        "high end of the median": median_survival_times(high),
        "third quartile": qth_survival_time(0.25, fitted.survival_function_),
        "reached by day 60": 1 - fitted.predict(60),
    }


def restricted_mean() -> Figures:
    fitted = KaplanMeierFitter().fit(DAYS, CAUSES == 1)
    mean = restricted_mean_survival_time(fitted, t=120)
    areas = [mean - restricted_mean_survival_time(fitted, t=day) for day in (30, 60, 90)]
    variance = sum(area**2 / (n * (n - 1)) for area, n in zip(areas, (5, 4, 2), strict=True))
    return {
        "mean": mean,
        "area after day 30": areas[0],
        "area after day 60": areas[1],
        "area after day 90": areas[2],
        "variance": variance,
        "standard error": math.sqrt(variance),
    }


def log_rank() -> Figures:
    pair = logrank_test([30, 60], [60, 90, 100], [1, 1], [1, 1, 0])
    arms = multivariate_logrank_test([30, 60, 50, 80, 100], ["a", "a", "b", "b", "c"], [1, 1, 1, 1, 0])
    adjusted = multipletests([0.01, 0.03, 0.04], method="holm")[1]
    at_risk = [(2, 5, 1), (1, 4, 2), (0, 2, 1)]
    expected = sum(n1 * d / n for n1, n, d in at_risk)
    variance = sum(n1 * (n - n1) * d * (n - d) / (n**2 * (n - 1)) for n1, n, d in at_risk)
    assert pair.test_statistic == pytest.approx((2 - expected) ** 2 / variance)
    return {
        "observed of v2": 2,
        "expected of v2": expected,
        "variance": variance,
        "chi-square": pair.test_statistic,
        "p": pair.p_value,
        "chi-square of three cohorts: 30 and 60; 50 and 80; open on 100": arms.test_statistic,
        "its p, two degrees of freedom": arms.p_value,
        "Holm of 0.01, 0.03, 0.04: the smallest, x 3": adjusted[0],
        "the second, x 2": adjusted[1],
        "the third, x 1, not below the second": adjusted[2],
    }


def withheld_people(*cohorts: int) -> int:
    """Return how many people the cohorts have that rules 1 and 2 withhold."""
    small = sorted(size for size in cohorts if size < 5)
    large = sorted(size for size in cohorts if size >= 5)
    takes_one_along = small and (len(small) == 1 or sum(small) < 5)
    return sum(small) + (large[0] if takes_one_along and large else 0)


def small_groups() -> Figures:
    total = 9 * 0.9 + 6 * 0.75 + 3 * 0.6
    assert total / 18 == pytest.approx(0.8)
    return {
        "the managers' mean, were only they withheld": (18 * 0.8 - 9 * 0.9 - 6 * 0.75) / 3,
        "people in withheld cohorts by rule 2: managers and SDR": withheld_people(9, 6, 3),
        "people withheld of cohorts 9, 3 and 2: five together are enough": withheld_people(9, 3, 2),
        "people withheld of cohorts 9, 6, 2 and 1: three together are too few": withheld_people(9, 6, 2, 1),
    }


def ramp_forecast() -> Figures:
    fitted = KaplanMeierFitter().fit(DAYS, CAUSES == 1)
    now = fitted.predict(45)
    outcomes = np.array([0, 1, 0])

    def within(days: int) -> float | None:
        return 1 - fitted.predict(45 + days) / now if 45 + days <= DAYS.max() else None

    return {
        "within 30 days": within(30),
        "within 60 days": within(60),
        "within 90 days: day 135 is not followed": within(90),
        "expected day: S at most 0.4": min(day for day in DAYS if fitted.predict(day) <= now / 2 + 1e-12),
        "Brier score of forecasts 0.2, 0.6, 0.7 with outcomes 0, 1, 0": np.mean(
            (np.array([0.2, 0.6, 0.7]) - outcomes) ** 2
        ),
        "the same of the base rate 0.5": np.mean((0.5 - outcomes) ** 2),
    }


def ramp_effect() -> Figures:
    completed = {"A": 10, "B": 25, "C": 40, "D": math.inf, "E": math.inf}
    reached = {"A": 50, "B": 90, "C": 70, "D": 110, "E": 20}
    completers = [reached[name] for name in reached if completed[name] < math.inf]
    others = [reached[name] for name in reached if completed[name] == math.inf]
    at_risk = [name for name in reached if reached[name] > 30]
    treated = [reached[name] - 30 for name in at_risk if completed[name] <= 30]
    control = [reached[name] - 30 for name in at_risk if completed[name] > 30]
    horizon = 365 - 30
    treated_mean, control_mean = (
        restricted_mean_survival_time(KaplanMeierFitter().fit(arm), t=horizon) for arm in (treated, control)
    )
    # Two of an arm: the first leaves half the curve from its day to the second's; the second leaves nothing.
    variances = [2 / (2 - 1) * (0.5 * (max(arm) - min(arm))) ** 2 / 2 for arm in (treated, control)]
    error = math.sqrt(sum(variances))
    degrees = sum(variances) ** 2 / sum(variance**2 / (2 - 1) for variance in variances)
    test = logrank_test(treated, control)
    effect = treated_mean - control_mean
    return {
        "plain comparison, days: (50 + 90 + 70) / 3 - (110 + 20) / 2": np.mean(completers) - np.mean(others),
        "restricted mean of treated": treated_mean,
        "of control": control_mean,
        "landmark effect in days": effect,
        "its error": error,
        "degrees of freedom": degrees,
        "low end": effect - stats.t.ppf(0.975, degrees) * error,
        "high end": effect + stats.t.ppf(0.975, degrees) * error,
        "log-rank chi-square": test.test_statistic,
        "p": test.p_value,
    }


def performance_effect() -> Figures:
    treated, control = [6, 2, 4], [1, 3]
    test = stats.ttest_ind(treated, control, equal_var=False)
    interval = test.confidence_interval(0.95)
    effect = np.mean(treated) - np.mean(control)
    # Welch's error is HC2's.
    design = sm.add_constant([1, 1, 1, 0, 0])
    error = sm.OLS(treated + control, design).fit(cov_type="HC2").bse[1]
    assert test.statistic == pytest.approx(effect / error)
    return {
        "effect": effect,
        "error": error,
        "degrees of freedom": test.df,
        "t(0.975)": stats.t.ppf(0.975, test.df),
        "low end": interval.low,
        "high end": interval.high,
        "p": test.pvalue,
        "pre-trend": np.mean([1, 0, 2]) - np.mean([1, 0]),
        "minimum detectable effect": (stats.t.ppf(0.975, test.df) + stats.norm.ppf(0.8)) * error,
    }


def deal_influence() -> Figures:
    decays = [2 ** (-days / 30) for days in (0, 30, 60)]
    return {
        "equal, each": 9000 / 2,
        "last, the latest touch": 9000,
        "time decay, the latest: 1 / (3/2)": 9000 * decays[0] / sum(decays[:2]),
        "time decay, the earlier: 1/3": 9000 * decays[1] / sum(decays[:2]),
        "time decay, a touch 60 days before among 0, 30 and 60: (1/4) / (7/4)": decays[2] / sum(decays),
    }


def deal_comparison() -> Figures:
    won, lost = [4, 2], [1, 1, 0]
    return {
        "mean of won": np.mean(won),
        "median of won": np.median(won),
        "mean of lost": np.mean(lost),
        "median of lost": np.median(lost),
    }


def rep_months(hires: float, hiring_months: int, month: int, shape: str, ramps: tuple[float, float], late: float = 0):
    """Return rep-months gained by the end of a month; late is the part of the first month that a hire misses."""

    def productive(behind: float, ramp: float) -> float:
        if shape == "step":
            return max(0, behind - ramp)
        return behind - ramp / 2 if behind >= ramp else behind**2 / (2 * ramp)

    before, after = ramps
    return sum(
        hires * (productive(month - hire + 1 - late, after) - productive(month - hire + 1 - late, before))
        for hire in range(1, min(hiring_months, month) + 1)
    )


def roi_onboarding() -> Figures:
    by_month = {month: rep_months(1, 3, month, "step", (4, 2)) for month in range(1, 7)}
    value = 120_000 / 12 * 0.5
    reference = rep_months(2, 24, 24, "step", (5, 3))
    return {
        "step: (4 - 2) + (3 - 1) + (2 - 0) rep-months": by_month[6],
        "linear: 3 x (4/2 - 2/2) rep-months": rep_months(1, 3, 6, "linear", (4, 2)),
        "step, hires in the middle of the month": rep_months(1, 3, 6, "step", (4, 2), late=0.5),
        "step, hires at its end": rep_months(1, 3, 6, "step", (4, 2), late=1),
        "extra bookings, step": by_month[6] * value,
        "payback month, step (3,750 by month 3; 11,250 by month 4)": min(
            month for month, gained in by_month.items() if gained * value * 0.75 >= 10_000
        ),
        "the reference: 2 hires a month for 24 months, 24 months, 5 -> 3 months, step, rep-months": reference,
        "its extra bookings, x 600,000 / 12 x 0.52": reference * 600_000 / 12 * 0.52,
    }


def roi_ongoing() -> Figures:
    low, central, high = (10 * effect * 12 for effect in (-100, 500, 1100))
    cost = 40_000
    return {
        "the reference scenario: 48 x 600,000 x (0.56 - 0.52)": 48 * 600_000 * (0.56 - 0.52),
        "measured extra bookings": central,
        "low": low,
        "high": high,
        "gross profit": central * 0.75,
        "net value": central * 0.75 - cost,
        "net value, low": low * 0.75 - cost,
        "net value, high": high * 0.75 - cost,
        "ROI": (central * 0.75 - cost) / cost,
    }


def attainment_and_quota_milestones() -> Figures:
    started, quota = date(2026, 1, 1), 50_000
    deals = [(date(2026, 1, 15), 20_000), (date(2026, 2, 5), 10_000), (date(2026, 2, 20), 20_000)]

    def crossing(is_counted: Callable[[date, date], bool], periods: Callable[[date], int]) -> int:
        return min(
            (day - started).days
            for day, _ in deals
            if sum(amount for other, amount in deals if other <= day and is_counted(other, day))
            >= 0.5 * quota * periods(day)
        )

    return {
        "days to 50 %, first_period: 30,000 in February on the 20th": crossing(
            lambda other, day: other.month == day.month, lambda _: 1
        ),
        "days to 50 %, cumulative: 30,000 in all on 5 February": crossing(lambda _other, _day: True, lambda _: 1),
        "days to 50 %, rolling_n: 50,000 of 100,000 on 20 February": crossing(
            lambda other, day: day.month - other.month < 2, lambda day: min(day.month, 2)
        ),
        "attainment of both months": 50_000 / (25_000 + 50_000),
        "mean of the two monthly rates, which is not what stands here": np.mean([20_000 / 25_000, 30_000 / 50_000]),
    }


def kirkpatrick_rates() -> Figures:
    pre, post = np.array([0.5, 0.8, 1.0, 0.4, 0.6]), np.array([0.8, 0.9, 1.0, 0.4, 0.5])
    can_gain = pre < 1
    answers = np.array([10, 9, 8, 9, 4])
    return {
        "score gain": np.mean(post - pre),
        "normalised gain": np.mean((post - pre)[can_gain] / (1 - pre)[can_gain]),
        "Hake's, of averages": (post.mean() - pre.mean()) / (1 - pre.mean()),
        "NPS": ((answers >= 9).sum() - (answers <= 6).sum()) / len(answers),
    }


def tails() -> Figures:
    return {
        "normal, z": 2 * stats.norm.sf(1.96),
        "chi-square, x": stats.chi2.sf(6, 2),
        "t, t = 1, one degree of freedom": 2 * stats.t.sf(1, 1),
        "t, t = 2, two degrees of freedom": 2 * stats.t.sf(2, 2),
        "t quantile, one degree of freedom": stats.t.ppf(0.975, 1),
        "t quantile, four degrees of freedom": stats.t.ppf(0.975, 4),
    }


CASES = [
    ramp_curves,
    leavers,
    medians_and_quartiles,
    restricted_mean,
    log_rank,
    small_groups,
    ramp_forecast,
    ramp_effect,
    performance_effect,
    deal_influence,
    deal_comparison,
    roi_onboarding,
    roi_ongoing,
    attainment_and_quota_milestones,
    kirkpatrick_rates,
    tails,
]


def figures_of(page: str) -> list[tuple[str, str]]:
    """Return the rows of the table of figures on a page: what, and the value as it is written."""
    table = section(page, "The formula").split("| Figure | Value |\n| --- | --- |\n")[1]
    return re.findall(r"^\| (.+) \| (.+) \|$", table.split("\n\n")[0], flags=re.MULTILINE)


def test_every_page_has_a_case() -> None:
    assert {case.__name__ for case in CASES} == set(PAGES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_figures_by_hand_are_right(case: Callable[[], Figures]) -> None:
    """As many figures as on the page, in its order, each begun by the same words and right to its last digit."""
    written = figures_of(case.__name__)
    computed = case()
    assert len(written) == len(computed)
    for (what, text), (name, value) in zip(written, computed.items(), strict=True):
        assert what.startswith(name)
        if text == "NULL":
            assert value is None or math.isinf(value), what
        else:
            decimals = len(text.partition(".")[2])
            assert value == pytest.approx(float(text), abs=0.5 * 10**-decimals + 1e-9), what
