"""ROI: the reference figures exactly, and a grid of scenarios, paybacks and sensitivities against plain Python."""

from __future__ import annotations

import itertools
from decimal import Decimal

import duckdb
import jinja2
import pytest
from conftest import ROOT

LATE = {"start": 0.0, "middle": 0.5, "end": 1.0}


def productive_months(months: float, ramp: float, shape: str) -> float:
    """Months at full productivity that a rep has within the first ``months`` of a ramp of ``ramp`` months."""
    if shape == "step":
        return max(0.0, months - ramp)
    return months - ramp / 2 if months >= ramp else months**2 / (2 * ramp)


def rep_months_gained(
    hires: float, hiring_months: int, timing: str, window: int, shape: str, before: float, after: float
) -> float:
    """Rep-months gained by the end of the window."""
    behind = [window - month - LATE[timing] for month in range(min(hiring_months, window))]
    return sum(
        hires * (productive_months(months, after, shape) - productive_months(months, before, shape))
        for months in behind
    )


def extra_bookings(row: dict, months: int) -> float:
    """Bookings gained by the end of a month, by the columns of roi_assumptions."""
    numbers = {name: float(value) if isinstance(value, Decimal) else value for name, value in row.items()}
    monthly_quota = numbers["annual_quota_amount"] / 12
    if row["kind"] == "ongoing":
        gained = numbers["attainment_after_rate"] - numbers["attainment_before_rate"]
        return numbers["rep_count"] * monthly_quota * months * gained
    ramps = numbers["ramp_months_before"], numbers["ramp_months_after"]
    hired = numbers["hires_per_month"], int(numbers["hiring_months"]), row["hire_timing"]
    rep_months = rep_months_gained(*hired, months, row["ramp_shape"], *ramps)
    return rep_months * monthly_quota * numbers["attainment_before_rate"]


def net_value(row: dict) -> float:
    """Gross profit of the whole window less the cost."""
    bookings = round(extra_bookings(row, int(row["window_months"])), 2)
    return bookings * float(row["gross_margin_rate"]) - float(row["program_cost_amount"])


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict]:
    """Return the rows of a query, by column name."""
    cursor = connection.execute(query)
    names = [item[0] for item in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.fixture(scope="module")
def scenarios(demo_build: duckdb.DuckDBPyConnection) -> dict[str, dict]:
    """The scenarios of the demo, with what is assumed and what comes out."""
    return {row["scenario"]: row for row in rows_of(demo_build, "select * from impact.roi_scenarios")}


def test_reference_figures_are_exact(scenarios: dict[str, dict]) -> None:
    """82 rep-months x 26,000 and 48 x 600,000 x 4 points: what the article names."""
    assert scenarios["onboarding_reference"]["extra_bookings_amount"] == Decimal("2132000.00")
    assert scenarios["ongoing_reference"]["extra_bookings_amount"] == Decimal("1152000.00")
    assert scenarios["onboarding_reference"]["rep_months_gained"] == 82


def test_payback_month_by_month(demo_build: duckdb.DuckDBPyConnection, scenarios: dict[str, dict]) -> None:
    months = rows_of(demo_build, "select * from impact.roi_payback order by scenario, month_number")
    assert {row["scenario"] for row in months} == set(scenarios)
    for name, scenario in scenarios.items():
        own = [row for row in months if row["scenario"] == name]
        assert [row["month_number"] for row in own] == list(range(1, scenario["window_months"] + 1))
        for row in own:
            expected = extra_bookings(scenario, row["month_number"])
            assert float(row["extra_bookings_amount"]) == pytest.approx(expected, abs=0.005)
            assert row["net_value_amount"] == row["gross_profit_amount"] - row["program_cost_amount"]
            assert row["is_paid_back"] == (row["net_value_amount"] >= 0)
        assert scenario["payback_months"] == min(row["month_number"] for row in own if row["is_paid_back"])
        assert own[-1]["net_value_amount"] == scenario["net_value_amount"]


def test_sensitivity_moves_one_input_at_a_time(
    demo_build: duckdb.DuckDBPyConnection, scenarios: dict[str, dict]
) -> None:
    rows = rows_of(demo_build, "select * from impact.roi_sensitivity order by scenario, swing_rank")
    assert {row["scenario"] for row in rows} == {"onboarding_reference", "ongoing_reference"}
    for row in rows:
        scenario = scenarios[row["scenario"]]
        assert row["base_value"] == scenario[row["input"]]
        assert row["net_value_base_amount"] == scenario["net_value_amount"]
        for end in ("low", "high"):
            moved = scenario | {row["input"]: row[f"{end}_value"]}
            assert float(row[f"net_value_{end}_amount"]) == pytest.approx(net_value(moved), abs=0.01)
        assert row["swing_amount"] == row["net_value_high_amount"] - row["net_value_low_amount"]
        assert row["swing_amount"] != 0
    for name in scenarios:
        swings = [abs(row["swing_amount"]) for row in rows if row["scenario"] == name]
        assert swings == sorted(swings, reverse=True)


def test_sensitivity_by_hand(demo_build: duckdb.DuckDBPyConnection) -> None:
    """82 rep-months x 50,000 x 42 %. A ramp of 4 months: one month for the hires of 20 months, 2 x 20 x 26,000."""
    found = {
        row["input"]: row
        for row in rows_of(demo_build, "select * from impact.roi_sensitivity where scenario = 'onboarding_reference'")
    }
    assert found["attainment_before_rate"]["extra_bookings_low_amount"] == Decimal("1722000.00")
    assert found["ramp_months_after"]["extra_bookings_high_amount"] == Decimal("1040000.00")


def test_grid_of_scenarios_equals_the_formula() -> None:
    grid = list(
        itertools.product(
            (1, 2.5), (1, 6, 24), ("start", "middle", "end"), (1, 3, 24, 36), ("step", "linear"), (1.5, 5), (0.5, 3, 5)
        )
    )
    with duckdb.connect() as connection:
        connection.execute(
            "create table int_roi_variants as select * from (values "
            + ", ".join(
                f"('s{number}', 'base', 'onboarding', {hires}, {hiring}, '{timing}', {window}, '{shape}', {before},"
                f" {after}, null::int, 600000, 0.52, null::double, 0.75, null::double)"
                for number, (hires, hiring, timing, window, shape, before, after) in enumerate(grid)
            )
            + ") as t (scenario, variant, kind, hires_per_month, hiring_months, hire_timing, window_months, ramp_shape,"
            " ramp_months_before, ramp_months_after, rep_count, annual_quota_amount, attainment_before_rate,"
            " attainment_after_rate, gross_margin_rate, program_cost_amount)"
        )
        environment = jinja2.Environment(autoescape=False)  # noqa: S701, it makes SQL

        class Dbt:
            """The one dbt macro that the model uses."""

            @staticmethod
            def generate_series(upper_bound: int) -> str:
                return f"select generated_number from range(1, {upper_bound} + 1) as t (generated_number)"

        sql = environment.from_string((ROOT / "models/marts/impact/int_roi_months.sql").read_text()).render(
            ref=lambda name: name,
            config=lambda **_: "",
            type_double=lambda: "double",
            dbt=Dbt,
            ordered_sum=lambda expression: f"sum({expression} order by {expression})",
        )
        found = dict(
            connection.execute(
                f"select scenario, rep_months_gained from ({sql}) as months join int_roi_variants using (scenario)"
                " where month_number = window_months"
            ).fetchall()
        )
    assert len(found) == len(grid)
    for number, scenario in enumerate(grid):
        assert found[f"s{number}"] == pytest.approx(rep_months_gained(*scenario), abs=1e-9), scenario
