"""ROI scenarios: the reference figures exactly, and a grid of scenarios against the formula in plain Python."""

from __future__ import annotations

import itertools
from decimal import Decimal

import duckdb
import jinja2
import pytest
from conftest import ROOT


def productive_months(months: float, ramp: float, shape: str) -> float:
    """Months at full productivity that a rep has within the first ``months`` of a ramp of ``ramp`` months."""
    if shape == "step":
        return max(0.0, months - ramp)
    return months - ramp / 2 if months >= ramp else months**2 / (2 * ramp)


def rep_months_gained(hires: float, hiring_months: int, window: int, shape: str, before: float, after: float) -> float:
    """Rep-months gained by the end of the window, hires at the start of each month."""
    return sum(
        hires * (productive_months(window - month, after, shape) - productive_months(window - month, before, shape))
        for month in range(min(hiring_months, window))
    )


def test_reference_figures_are_exact(demo_build: duckdb.DuckDBPyConnection) -> None:
    """82 rep-months x 26,000 and 48 x 600,000 x 4 points: what the article names."""
    rows = dict(demo_build.execute("select scenario, extra_bookings_amount from impact.roi_scenarios").fetchall())
    assert rows["onboarding_reference"] == Decimal("2132000.00")
    assert rows["ongoing_reference"] == Decimal("1152000.00")
    gained = demo_build.execute(
        "select rep_months_gained from impact.roi_scenarios where scenario = 'onboarding_reference'"
    ).fetchone()[0]
    assert gained == 82


def test_grid_of_scenarios_equals_the_formula() -> None:
    grid = list(itertools.product((1, 2.5), (1, 6, 24), (1, 3, 24, 36), ("step", "linear"), (1.5, 5), (0.5, 3, 5)))
    with duckdb.connect() as connection:
        connection.execute(
            "create table roi_assumptions as select * from (values "
            + ", ".join(
                f"('s{number}', 'onboarding', {hires}, {hiring}, {window}, '{shape}', {before}, {after}, null::int,"
                " 600000, 0.52, null::double, 0.75, null::double)"
                for number, (hires, hiring, window, shape, before, after) in enumerate(grid)
            )
            + ") as t (scenario, kind, hires_per_month, hiring_months, window_months, ramp_shape, ramp_months_before,"
            " ramp_months_after, rep_count, annual_quota_amount, attainment_before_rate, attainment_after_rate,"
            " gross_margin_rate, program_cost_amount)"
        )
        environment = jinja2.Environment(autoescape=False)  # noqa: S701, it makes SQL

        class Dbt:
            """The one dbt macro that the model uses."""

            @staticmethod
            def generate_series(upper_bound: int) -> str:
                return f"select generated_number from range(1, {upper_bound} + 1) as t (generated_number)"

        sql = environment.from_string((ROOT / "models/marts/impact/int_roi_months.sql").read_text()).render(
            ref=lambda name: name, config=lambda **_: "", type_double=lambda: "double", dbt=Dbt
        )
        found = dict(
            connection.execute(
                f"select scenario, rep_months_gained from ({sql}) as months join roi_assumptions using (scenario)"
                " where month_number = window_months"
            ).fetchall()
        )
    assert len(found) == len(grid)
    for number, (hires, hiring, window, shape, before, after) in enumerate(grid):
        expected = rep_months_gained(hires, hiring, window, shape, before, after)
        assert found[f"s{number}"] == pytest.approx(expected, abs=1e-9), grid[number]
