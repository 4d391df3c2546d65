"""The metric catalogue: MetricFlow's own validation, its answers against SQL on the marts, and the generated page."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result
from conftest import ROOT, Build
from dbt_metricflow.cli import main as mf
from dbt_metricflow.cli.cli_configuration import CLIConfiguration

from tools import metric_catalogue
from tools.build import release_build_file

# Metrics, what they are grouped by, and the same in SQL, written without looking at what MetricFlow sends.
QUERIES = [
    ("bookings", [], "select sum(credited_amount) from core.fct_bookings"),
    (
        "bookings",
        ["rep__region"],
        "select region, sum(credited_amount) from core.fct_bookings left join core.dim_reps using (rep_id) group by 1",
    ),
    (
        "bookings",
        ["metric_time__fiscal_period"],
        """select fiscal_period_started_on, sum(credited_amount) from core.fct_bookings
        join core.dim_dates on booked_on = date_day group by 1""",
    ),
    (
        "bookings",
        ["rep__hired_on__quarter"],
        """select date_trunc('quarter', hired_on), sum(credited_amount)
        from core.fct_bookings left join core.dim_reps using (rep_id) group by 1""",
    ),
    (
        "deals_won",
        ["rep__manager"],
        """select manager_rep_id, count(*) from core.fct_opportunities
        left join core.dim_reps on owner_rep_id = rep_id where status = 'won' group by 1""",
    ),
    (
        "win_rate",
        ["metric_time__fiscal_period"],
        """select fiscal_period_started_on, avg(case when status = 'won' then 1.0 else 0 end)
        from core.fct_opportunities join core.dim_dates on closed_on = date_day
        where status in ('won', 'lost') group by 1""",
    ),
    (
        "win_rate_by_value",
        [],
        """select sum(amount_corporate) filter (where status = 'won') / sum(amount_corporate)
        from core.fct_opportunities where status in ('won', 'lost')""",
    ),
    (
        "sales_cycle_days_median",
        ["opportunity__opportunity_type"],
        "select opportunity_type, median(sales_cycle_days) from core.fct_opportunities where status = 'won' group by 1",
    ),
    (
        "deals_created",
        ["metric_time__year"],
        "select date_trunc('year', created_on), count(*) from core.fct_opportunities group by 1",
    ),
    (
        "pipeline_created",
        ["rep__role_family"],
        """select role_family, sum(amount_corporate) from core.fct_opportunities
        left join core.dim_reps on owner_rep_id = rep_id group by 1""",
    ),
    (
        "open_pipeline",
        ["metric_time__month"],
        """select date_trunc('month', month_ended_on), sum(open_pipeline_amount)
        from core.fct_pipeline_snapshots group by 1""",
    ),
    (
        "open_pipeline",
        ["metric_time__quarter"],
        """select date_trunc('quarter', month_ended_on), sum(open_pipeline_amount) from core.fct_pipeline_snapshots
        where month_ended_on in (
            select max(month_ended_on) from core.fct_pipeline_snapshots group by date_trunc('quarter', month_ended_on)
        ) group by 1""",
    ),
    (
        "pipeline_coverage",
        [],
        """select sum(open_pipeline_amount) / sum(remaining_quota_amount) from core.fct_pipeline_snapshots
        where remaining_quota_amount > 0
            and month_ended_on = (select max(month_ended_on) from core.fct_pipeline_snapshots)""",
    ),
    (
        "attainment",
        ["rep__manager"],
        """select manager_rep_id, sum(bookings_amount) / sum(quota_amount) from core.fct_attainment
        left join core.dim_reps using (rep_id) where quota_amount > 0 group by 1""",
    ),
    (
        "attainment",
        ["metric_time__fiscal_period"],
        """select fiscal_period_started_on, sum(bookings_amount) / sum(quota_amount) from core.fct_attainment
        join core.dim_dates on period_started_on = date_day where quota_amount > 0 group by 1""",
    ),
    (
        "quota",
        ["rep__region"],
        """select region, sum(quota_amount) from core.fct_attainment
        left join core.dim_reps using (rep_id) where quota_amount > 0 group by 1""",
    ),
    (
        "calls",
        ["metric_time__month"],
        """select date_trunc('month', happened_on), count(*) from core.fct_activities
        where activity_type = 'call' group by 1""",
    ),
    (
        "demos",
        ["rep__role_family"],
        """select role_family, count(*) from core.fct_activities left join core.dim_reps using (rep_id)
        where activity_type = 'demo' group by 1""",
    ),
    (
        "coaching_sessions",
        ["rep__region"],
        """select region, count(*) from core.fct_coaching_events left join core.dim_reps using (rep_id)
        where event_type in ('one_on_one', 'call_review', 'role_play', 'ride_along', 'other') group by 1""",
    ),
    (
        "coaching_minutes",
        ["metric_time__fiscal_period"],
        """select fiscal_period_started_on, sum(duration_minutes) from core.fct_coaching_events
        join core.dim_dates on happened_on = date_day
        where event_type in ('one_on_one', 'call_review', 'role_play', 'ride_along', 'other') group by 1""",
    ),
    (
        "scorecard_mean_score",
        ["rep__manager"],
        """select manager_rep_id, avg(score_rate) from core.fct_coaching_events left join core.dim_reps using (rep_id)
        where event_type = 'scorecard' group by 1""",
    ),
    (
        "content_views",
        ["program__program_name"],
        """select program_name, count(*) from core.fct_learning_events left join core.dim_programs using (program_id)
        where event_type = 'content_viewed' group by 1""",
    ),
    (
        "distinct_viewers",
        ["program__program_kind"],
        """select program_kind, count(distinct person_key) from core.fct_learning_events
        left join core.dim_programs using (program_id) where event_type = 'content_viewed' group by 1""",
    ),
    # The same people as in the Kirkpatrick mart, by program.
    (
        "completion_rate",
        ["program"],
        """select program_id, value from kirkpatrick.kirkpatrick_metrics
        where metric = 'completion_rate' and cohort_type = 'all'""",
    ),
    (
        "programs_completed",
        ["program"],
        """select program_id, numerator from kirkpatrick.kirkpatrick_metrics
        where metric = 'programs_completed' and cohort_type = 'all'""",
    ),
    (
        "programs_started",
        ["program"],
        """select program_id, numerator from kirkpatrick.kirkpatrick_metrics
        where metric = 'programs_started' and cohort_type = 'all'""",
    ),
    (
        "program_cost",
        ["program__program_kind"],
        "select program_kind, sum(cost_amount) from core.dim_programs group by 1",
    ),
    *(
        (
            metric,
            ["program__program_kind"],
            f"""select program_kind, sum(numerator) / sum(denominator) from kirkpatrick.kirkpatrick_metrics
            join core.dim_programs using (program_id)
            where metric = '{metric}' and cohort_type = 'all' and breakdown_type = 'all' group by 1""",
        )
        for metric in (
            "on_time_rate",
            "response_rate",
            "nps",
            "first_attempt_pass_rate",
            "eventual_pass_rate",
            "score_gain",
            "normalised_gain",
            "retention_score",
            "scorecard_score_change",
            "adoption_rate",
        )
    ),
    *(
        (
            metric,
            ["kirkpatrick_metric__breakdown", "program"],
            f"""select breakdown, program_id, value from kirkpatrick.kirkpatrick_metrics
            where metric = '{metric}' and cohort_type = 'all' and breakdown_type = '{broken_down_by}'""",
        )
        for metric, broken_down_by in (("mean_score", "dimension"), ("milestone_reached_rate", "milestone"))
    ),
    (
        "certifications",
        ["program"],
        """select program_id, value from kirkpatrick.kirkpatrick_metrics
        where metric = 'certifications' and cohort_type = 'all'""",
    ),
    ("hires", ["metric_time__year"], "select date_trunc('year', hired_on), count(*) from core.dim_reps group by 1"),
    (
        "ramps_started",
        ["ramp__hire_quarter"],
        "select hire_quarter, count(*) from core.dim_ramps group by 1",
    ),
    (
        "milestones_reached",
        ["rep_milestone__milestone", "ramp__onboarding_version"],
        """select milestone, onboarding_version, count(*) from rep_timeline.rep_milestones
        left join core.dim_ramps using (ramp_id) where is_reached group by 1, 2""",
    ),
    (
        "influenced_bookings_time_decay",
        ["program__program_name"],
        """select program_name, sum(influenced_amount) from impact.deal_influence
        left join core.dim_programs using (program_id)
        where weighting = 'time_decay' and outcome = 'won' and is_influenced group by 1""",
    ),
    (
        "influenced_share",
        ["metric_time__fiscal_period"],
        """select fiscal_period_started_on,
            sum(influenced_amount) filter (where is_influenced) / sum(influenced_amount) from impact.deal_influence
        join core.dim_dates on outcome_on = date_day where weighting = 'equal' and outcome = 'won' group by 1""",
    ),
    (
        "forecast_brier_score",
        ["forecast_score__horizon_days"],
        """select horizon_days, sum(brier_score * forecast_count) / sum(forecast_count)
        from rep_timeline.ramp_forecast_backtest where base_rate_brier_score is not null group by 1""",
    ),
    (
        "unmatched_rows",
        ["identity_gap__identity_system"],
        "select system, sum(row_count) from quality.identity_gaps group by 1",
    ),
]


@pytest.fixture(scope="module")
def run_mf(demo: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Result]]:
    """Run mf's commands on a copy of the demo company, in this process: they open the file to write."""
    project = tmp_path_factory.mktemp("mf")
    shutil.copy(demo.file, project / demo.file.name)
    for name in ("dbt_project.yml", "profiles.yml", "tools"):
        (project / name).symlink_to(ROOT / name)
    (project / "target").symlink_to(demo.target)
    os.environ["RAMPLINE_BUILD_FILE"] = str(project / demo.file.name)
    configuration = CLIConfiguration()
    configuration.setup(project, project, configure_file_logging=False)
    yield lambda command, *arguments: CliRunner().invoke(command, list(arguments), obj=configuration)
    release_build_file()


def test_configs_are_valid(run_mf: Callable[..., Result]) -> None:
    result = run_mf(mf.validate_configs, "--show-all")
    assert result.exit_code == 0, result.output


def test_broken_configs_are_not(run_mf: Callable[..., Result], demo: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    """A measure over a column that the mart does not have is told."""
    manifest = json.loads((demo.target / "semantic_manifest.json").read_text(encoding="utf-8"))
    model = next(model for model in manifest["semantic_models"] if model["name"] == "bookings")
    model["measures"][0]["expr"] = "credited_amonut"
    broken = mf.dbtArtifacts.build_semantic_manifest_from_dbt_project_root.__globals__[
        "parse_manifest_from_dbt_generated_manifest"
    ](manifest_json_string=json.dumps(manifest))
    monkeypatch.setattr(
        mf.dbtArtifacts, "build_semantic_manifest_from_dbt_project_root", staticmethod(lambda **_: broken)
    )
    result = run_mf(mf.validate_configs)
    assert result.exit_code == 1
    assert "credited_amount" in result.output


def value(text: object) -> object:
    """Return numbers as numbers with nine digits, days as days, and nothing as nothing."""
    if text is None or text == "":
        return None
    try:
        return f"{float(text):.9g}" if not hasattr(text, "year") else str(text)[:10]
    except ValueError:
        return str(text)[:10] if str(text)[10:] in ("T00:00:00", " 00:00:00") else str(text)


@pytest.mark.parametrize(
    ("metric", "dimensions", "sql"), QUERIES, ids=[" ".join([metric, *names]) for metric, names, _ in QUERIES]
)
def test_query_equals_sql(
    run_mf: Callable[..., Result],
    demo_build: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    metric: str,
    dimensions: list[str],
    sql: str,
) -> None:
    group_by = ["--group-by", ",".join(dimensions)] if dimensions else []
    result = run_mf(mf.query, "--metrics", metric, *group_by, "--csv", str(tmp_path / "found.csv"), "--quiet")
    assert result.exit_code == 0, result.output
    with (tmp_path / "found.csv").open(newline="", encoding="utf-8") as file:
        # MetricFlow puts entities first, whatever the order in which they were asked for.
        found = [tuple(value(row[name]) for name in (*dimensions, metric)) for row in csv.DictReader(file)]
    expected = [tuple(map(value, row)) for row in demo_build.execute(sql).fetchall()]
    # Groups that have nothing: rows of NULL or 0 on one side only.
    found, expected = (
        sorted((row for row in rows if row[-1] not in (None, "0")), key=repr) for rows in (found, expected)
    )
    assert expected
    assert found == expected


def test_every_metric_is_asked_or_in_one_that_is(demo: Build) -> None:
    """The parts of a ratio are asked through it; all other metrics have a query of their own, or say so here."""
    manifest = json.loads((demo.target / "semantic_manifest.json").read_text(encoding="utf-8"))
    parts = {
        part["name"]
        for metric in manifest["metrics"]
        for part in (metric["type_params"].get("numerator"), metric["type_params"].get("denominator"))
        if part
    }
    asked = {metric for metric, _, _ in QUERIES}
    # The same measures as metrics that are asked, with another filter.
    alike = {
        "activities", "meetings", "practice_recordings", "recorded_calls", "live_attendance",
        "certifications_awarded", "influenced_bookings_last", "base_rate_brier_score",
    }  # fmt: skip
    names = {metric["name"] for metric in manifest["metrics"]}
    assert names - parts - asked == alike
    assert len(QUERIES) >= 25


def test_page_is_what_the_tool_writes(demo: Build) -> None:
    page = metric_catalogue.page(metric_catalogue.load(demo.target))
    assert (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8") == page, "run make catalogue"


def test_page_has_every_metric(demo: Build) -> None:
    entries = metric_catalogue.load(demo.target)
    manifest = json.loads((demo.target / "semantic_manifest.json").read_text(encoding="utf-8"))
    parts = {"kirkpatrick_numerators", "kirkpatrick_denominators"}
    assert {metric["name"] for metric in manifest["metrics"]} - parts <= {entry.name for entry in entries}
    for entry in entries:
        for part in ("label", "level", "definition", "formula", "owner", "grain", "stands_in"):
            assert getattr(entry, part), f"{entry.name} has no {part}"
    assert len({entry.name for entry in entries}) == len(entries)
    assert Decimal(sum(entry.is_queried for entry in entries)) / len(entries) > Decimal("0.5")
