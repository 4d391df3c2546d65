"""Program effects on simulated companies, through the models' own SQL: how often intervals cover.

A company is one program with reps (or ramps) of its own, so that one run of the models estimates thousands of them. The
seed is a date, not a choice: docs/methods has the figures of this seed and of others.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import numpy as np
import pytest
from rendered import model_sql

SEED = 20260601
# Small companies are withheld; of the rest, a share near 5 % has a Monte Carlo error of 0.35 points.
COMPANIES = 5000
EFFECT = 8.0


def with_models(connection: duckdb.DuckDBPyConnection, *names: str, **project_vars: object) -> None:
    """Run models as tables, one after the other."""
    for name in names:
        connection.execute(f"create or replace table {name} as {model_sql(name, **project_vars)}")


# ---- performance ------------------------------------------------------------


def window_means(rng: np.random.Generator, levels: np.ndarray, spread: np.ndarray | float) -> np.ndarray:
    """Mean of three months: skewed amounts around a rep's level, in one month of five nothing at all."""
    shape = (len(levels), 3)
    deals = rng.gamma(2.0, 0.5, shape) * (rng.random(shape) > 0.2) / 0.8
    return levels * (1 + np.reshape(spread, (-1, 1)) * (deals - 1)).mean(axis=1)


def simulated_reps(rng: np.random.Generator, companies: int, effect: float, selection: str = "none") -> dict:
    """Make int_program_rep_deltas of small companies, each rep with a level of its own that lasts.

    Families and tenure bands differ in level, in trend and in who takes the program. Treated reps vary more afterwards,
    in their months and in what the program does for them. selection says who takes it within a stratum: anybody, the
    strong (by their lasting level), or the weak (by the months before).
    """
    company = np.repeat(np.arange(companies), rng.integers(10, 61, companies))
    size = len(company)
    family, band = rng.choice(2, size, p=[0.7, 0.3]), rng.choice(3, size, p=[0.2, 0.4, 0.4])
    level = (10 + 4 * family + 3 * band) * rng.lognormal(-0.08, 0.4, size)
    earlier, before = window_means(rng, level, 1.0), window_means(rng, level, 1.0)
    odds = np.choose(band, [0.35, 0.5, 0.65])
    ease = {"none": 0.0, "strong": np.log(level / (10 + 4 * family + 3 * band)), "weak": 1 - before / level}[selection]
    is_treated = rng.random(size) < np.clip(odds + 0.4 * ease, 0.05, 0.95)
    after = window_means(rng, level, np.where(is_treated, 1.4, 1.0)) + (1 + family - band)
    after += is_treated * effect * rng.gamma(4.0, 0.25, size)
    return {
        "program_id": company.astype(str),
        "outcome": np.full(size, "bookings_per_month"),
        "rep_id": np.arange(size).astype(str),
        "is_treated": is_treated,
        "role_family": np.array(["AE", "SDR"])[family],
        "tenure_band": np.array(["under 12 months", "12 to 36 months", "over 36 months"])[band],
        "earlier_mean": earlier,
        "before_mean": before,
        "after_mean": after,
        "delta": after - before,
        "earlier_delta": before - earlier,
    }


def performance_effects(reps: dict) -> dict[str, np.ndarray]:
    """Estimate the companies' effects by the models; those that are withheld are left out."""
    with duckdb.connect() as connection:
        connection.register("reps", reps)
        connection.execute("create table int_program_rep_deltas as select * from reps")
        connection.execute(
            "create table dim_programs as select distinct program_id, 'ongoing' as program_kind from reps"
        )
        connection.execute(
            "create table int_program_windows as select program_id, date '2026-01-01' as before_started_on,"
            " date '2026-03-01' as after_started_on, date '2026-05-31' as after_ended_on from dim_programs"
        )
        with_models(
            connection,
            "int_program_performance_estimates",
            "int_program_performance_p_values",
            "program_performance_effect",
        )
        return connection.execute(
            "select * from program_performance_effect where reason_withheld is null and cuped_effect is not null"
        ).fetchnumpy()


def summary(found: dict[str, np.ndarray], effect: float, prefix: str = "") -> dict[str, float]:
    """Return how often the interval covers the truth and p is under 0.05, the bias, and the errors."""
    estimate = found[f"{prefix}effect"]
    return {
        "companies": len(estimate),
        "coverage": np.mean((found[f"{prefix}ci_low"] <= effect) & (effect <= found[f"{prefix}ci_high"])),
        "significant": np.mean(found[f"{prefix}p_value"] < 0.05),
        "bias": np.mean(estimate) - effect,
        "bias_error": np.std(estimate) / np.sqrt(len(estimate)),
        "spread": np.std(estimate),
        "mean_error": np.sqrt(np.mean(found[f"{prefix}standard_error"] ** 2)),
    }


@pytest.mark.parametrize("effect", [0.0, EFFECT])
def test_intervals_of_performance_effects_cover(effect: float, record_property: Callable) -> None:
    """With an effect and without, plain and adjusted: 92-98 % cover, and without one 3-7 % are significant."""
    found = performance_effects(simulated_reps(np.random.default_rng(SEED), COMPANIES, effect))
    for prefix in ("", "cuped_"):
        figures = summary(found, effect, prefix)
        record_property(f"{prefix}effect of {effect}", {name: float(figure) for name, figure in figures.items()})
        assert figures["companies"] > 3500
        assert 0.92 <= figures["coverage"] <= 0.98
        assert abs(figures["bias"]) < 4 * figures["bias_error"]
        # The standard error says how far estimates spread.
        assert figures["mean_error"] == pytest.approx(figures["spread"], rel=0.05)
        if effect == 0:
            assert 0.03 <= figures["significant"] <= 0.07
            assert 0.03 <= np.mean(found["has_pre_trend"]) <= 0.07
        else:
            assert figures["significant"] > 0.2
    assert np.median(found["cuped_variance_reduction"]) > 0.2


def test_the_two_estimates_stand_on_different_ground() -> None:
    """Strong reps in the program mislead the adjusted estimate alone, reps with a few bad months the plain one most."""
    rng = np.random.default_rng(SEED)
    strong = performance_effects(simulated_reps(rng, COMPANIES, EFFECT, "strong"))
    weak = performance_effects(simulated_reps(rng, COMPANIES, EFFECT, "weak"))
    plain, adjusted = (summary(strong, EFFECT, prefix) for prefix in ("", "cuped_"))
    assert abs(plain["bias"]) < 4 * plain["bias_error"]
    assert adjusted["bias"] > 4 * adjusted["bias_error"]
    plain, adjusted = (summary(weak, EFFECT, prefix) for prefix in ("", "cuped_"))
    assert plain["bias"] > 3 * adjusted["bias"]
    assert plain["coverage"] < 0.9
    # And the pre-trend says so, oftener than by chance.
    assert np.mean(weak["has_pre_trend"]) > 0.15


# ---- ramps ------------------------------------------------------------------

RAMP_COMPANIES = 2000
LANDMARK = 60
DAYS_TO_MILESTONE = 150.0
DAYS_TO_COMPLETE = 90.0


def simulated_times(rng: np.random.Generator, size: int, speed: float) -> tuple[np.ndarray, np.ndarray]:
    """Days to the milestone and to completing the program, which makes the milestone come at speed times the rate."""
    completed = rng.exponential(DAYS_TO_COMPLETE, size)
    without = rng.exponential(DAYS_TO_MILESTONE, size)
    reached = np.where(without <= completed, without, completed + (without - completed) / speed)
    return np.ceil(reached).astype(int), np.ceil(completed).astype(int)


def simulated_ramps(rng: np.random.Generator, companies: int, speed: float) -> dict:
    """Make ramps of small companies with the day of the milestone and of completion; some are young, some leave."""
    company = np.repeat(np.arange(companies), rng.integers(40, 161, companies))
    size = len(company)
    days_to, completed_day = simulated_times(rng, size, speed)
    leaves_on = np.ceil(rng.exponential(900.0, size)).astype(int)
    watched_days = rng.integers(60, 601, size)
    observed_days = np.minimum(leaves_on, watched_days)
    return {
        "program_id": company.astype(str),
        "ramp_id": np.arange(size).astype(str),
        "role_family": rng.choice(["AE", "SDR"], size),
        "days_to": days_to,
        "completed_day": completed_day,
        "observed_days": observed_days,
        "is_reached": days_to <= observed_days,
        "ended_reason": np.where(leaves_on <= watched_days, "left", "active"),
    }


def landmark_arms(connection: duckdb.DuckDBPyConnection, ramps: dict) -> None:
    """Form the arms of the landmark comparison by the models."""
    connection.register("ramps", ramps)
    connection.execute("create table ramp_milestones as select 'first_deal' as milestone, 'deal_won' as kind")
    connection.execute(
        "create table dim_programs as select distinct program_id, 'onboarding' as program_kind,"
        " date '2024-01-01' as starts_on from ramps"
    )
    connection.execute(
        "create table dim_ramps as select ramp_id, ramp_id as rep_id, program_id as onboarding_program_id,"
        " date '2025-01-01' as ramp_started_on, date '2025-01-01' + observed_days::int as observed_until from ramps"
    )
    connection.execute(
        "create table rep_milestones as select ramp_id, role_family, 'first_deal' as milestone, is_reached,"
        " case when is_reached then days_to end as days_to, observed_days, ended_reason,"
        " true as is_observed_from_start, true as is_evaluable from ramps"
    )
    connection.execute(
        "create table fct_learning_events as select ramp_id as rep_id, program_id, 'completed' as event_type,"
        " date '2025-01-01' + completed_day::int as happened_on from ramps"
    )
    with_models(connection, "int_program_ramp_landmarks", "int_program_ramp_arms", landmark_days=[LANDMARK])
    connection.execute("delete from int_program_ramp_arms where comparison = 'version'")


def naive_arms(connection: duckdb.DuckDBPyConnection, ramps: dict) -> None:
    """Form the arms that a plain comparison has: who completed the program before the milestone, from day 0."""
    connection.register("ramps", ramps)
    connection.execute("""
        create table int_program_ramp_arms as
        select
            'naive' as comparison, program_id, 'first_deal' as milestone, 0 as landmark_days, ramp_id, role_family,
            completed_day <= least(days_to, observed_days) as is_treated,
            least(days_to, observed_days) as duration_days,
            is_reached, not is_reached and ended_reason = 'left' as is_left
        from ramps
    """)
    connection.execute(
        "create table int_program_ramp_landmarks as select program_id, milestone, landmark_days"
        " from int_program_ramp_arms limit 0"
    )


def ramp_effects(ramps: dict, arms: Callable) -> dict[str, np.ndarray]:
    """Estimate the companies' ramp effects by the models, from arms formed in one way or the other."""
    with duckdb.connect() as connection:
        arms(connection, ramps)
        with_models(connection, "program_ramp_effect", landmark_days=[LANDMARK])
        return connection.execute("select * from program_ramp_effect where reason_withheld is null").fetchnumpy()


def true_differences(speed: float) -> np.ndarray:
    """Return the difference of restricted means at the landmark by horizon, from two million ramps seen to the end."""
    days_to, completed_day = simulated_times(np.random.default_rng(SEED), 2_000_000, speed)
    at_risk = days_to > LANDMARK
    is_treated, days = completed_day[at_risk] <= LANDMARK, days_to[at_risk] - LANDMARK
    horizon = 366 - LANDMARK
    means = []
    for arm in (days[is_treated], days[~is_treated]):
        waiting = 1 - np.cumsum(np.bincount(np.minimum(arm, horizon), minlength=horizon + 1)) / len(arm)
        means.append(np.concatenate([[0.0], np.cumsum(waiting[:-1])]))
    return means[0] - means[1]


def ramp_summary(found: dict[str, np.ndarray], truth: np.ndarray | float) -> dict[str, float]:
    """Return how often the interval covers the truth and the log-rank p is under 0.05, and the bias."""
    difference = found["restricted_mean_difference_days"]
    return {
        "companies": len(difference),
        "coverage": np.mean((found["ci_low"] <= truth) & (truth <= found["ci_high"])),
        "significant": np.mean(found["p_value"] < 0.05),
        "bias": np.mean(difference - truth),
        "bias_error": np.std(difference - truth) / np.sqrt(len(difference)),
    }


def test_plain_comparison_of_completers_is_biased(record_property: Callable) -> None:
    """A program without effect seems to make ramps months longer: only who is slow has the time to complete it."""
    ramps = simulated_ramps(np.random.default_rng(SEED), RAMP_COMPANIES, speed=1.0)
    figures = ramp_summary(ramp_effects(ramps, naive_arms), 0.0)
    record_property("plain comparison without effect", {name: float(figure) for name, figure in figures.items()})
    assert figures["significant"] > 0.9
    assert figures["coverage"] < 0.1
    assert figures["bias"] > 60


def test_landmark_comparison_is_not_biased(record_property: Callable) -> None:
    """The same ramps compared at the landmark: 3-7 % significant, and 92-98 % of the intervals cover nothing."""
    ramps = simulated_ramps(np.random.default_rng(SEED), RAMP_COMPANIES, speed=1.0)
    figures = ramp_summary(ramp_effects(ramps, landmark_arms), 0.0)
    record_property("landmark without effect", {name: float(figure) for name, figure in figures.items()})
    assert figures["companies"] > 0.95 * RAMP_COMPANIES
    assert 0.03 <= figures["significant"] <= 0.07
    assert 0.92 <= figures["coverage"] <= 0.98
    assert abs(figures["bias"]) < 4 * figures["bias_error"]


def test_landmark_comparison_finds_a_planted_effect(record_property: Callable) -> None:
    """A program that doubles the rate from its completion on: the interval covers what it saves at the landmark."""
    ramps = simulated_ramps(np.random.default_rng(SEED), RAMP_COMPANIES, speed=2.0)
    found = ramp_effects(ramps, landmark_arms)
    truth = true_differences(speed=2.0)[found["horizon_days"]]
    figures = ramp_summary(found, truth)
    record_property("landmark with effect", {name: float(figure) for name, figure in figures.items()})
    assert np.mean(truth) < -20
    assert 0.92 <= figures["coverage"] <= 0.98
    assert abs(figures["bias"]) < 4 * figures["bias_error"]
    assert figures["significant"] > 0.15
    # The plain comparison has even the sign wrong.
    assert ramp_summary(ramp_effects(ramps, naive_arms), 0.0)["bias"] > 30
