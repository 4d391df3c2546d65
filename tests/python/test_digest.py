"""The digest of a publish: what changed between two published files, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from tools.digest import MOST_LINES, SECTIONS, digest


def before(published: Path, folder: Path, *changes: str) -> Path:
    """Return a copy of the published file with changes: what was published before."""
    old = folder / "old.duckdb"
    shutil.copy(published, old)
    old.chmod(0o644)
    with duckdb.connect(str(old)) as connection:
        for change in changes:
            connection.execute(change)
            assert connection.fetchone()[0] > 0, f"{change} changed nothing"
    return old


def section(text: str, heading: str) -> list[str]:
    """Return the lines of a section."""
    lines = text.split(f"## {heading}\n\n", 1)[1].split("\n\n", 1)[0].splitlines()
    return [] if lines == ["Nothing."] else lines


def row_of(published: Path, query: str) -> tuple:
    with duckdb.connect(str(published), read_only=True) as connection:
        return connection.execute(query).fetchone()


def test_first_publication(published: Path) -> None:
    text = published.with_suffix(".digest.md").read_text(encoding="utf-8")
    assert text.startswith("# Rampline as of 2026-06-30")
    assert "first publication" in text


def test_nothing_changed(published: Path, tmp_path: Path) -> None:
    text = digest(before(published, tmp_path), published)
    assert "What changed since 2026-06-30" in text
    assert all(section(text, heading) == [] for heading in SECTIONS)


def test_a_milestone_is_reached(published: Path, tmp_path: Path) -> None:
    ramp, milestone, name, label, reached_on, days = row_of(
        published,
        """
        select ramp_id, milestone, full_name, label, reached_on, days_to
        from rep_timeline.rep_milestones join core.dim_reps using (rep_id)
        where milestone = 'first_deal' and is_reached order by reached_on desc, ramp_id limit 1
        """,
    )
    change = (
        "update rep_timeline.rep_milestones set is_reached = false, reached_on = null, days_to = null"
        f" where ramp_id = '{ramp}' and milestone = '{milestone}'"
    )
    text = digest(before(published, tmp_path, change), published)
    assert section(text, "Milestones reached") == [f"- {name}: {label} on {reached_on}, day {days}"]
    assert section(text, "Newly at risk or late") == []


def test_a_rep_is_newly_late(published: Path, tmp_path: Path) -> None:
    """Was on track and is late; one who was late and is at risk now is no news."""
    key, name, milestone, elapsed, median = row_of(
        published,
        """
        select rep_milestone_id, full_name, milestone, elapsed_days, reference_median_days
        from rep_timeline.rep_ramp_forecast join core.dim_reps using (rep_id) where status = 'late'
        order by rep_milestone_id limit 1
        """,
    )
    better = row_of(
        published, "select min(rep_milestone_id) from rep_timeline.rep_ramp_forecast where status = 'at_risk'"
    )[0]
    old = before(
        published,
        tmp_path,
        f"update rep_timeline.rep_ramp_forecast set status = 'on_track' where rep_milestone_id = '{key}'",
        f"update rep_timeline.rep_ramp_forecast set status = 'late' where rep_milestone_id = '{better}'",
    )
    assert section(digest(old, published), "Newly at risk or late") == [
        f"- {name}: {milestone} is late, day {elapsed}, half of the reference by day {median}"
    ]


def test_metrics_beyond_their_interval(published: Path, tmp_path: Path) -> None:
    """A median of 91 days was 60 (50 to 90): beyond. One of 158 was 150 (140 to 160): within."""
    change = """
        update rep_timeline.cohort_ramp_summary
        set median_days = {0}, median_ci_low_days = {1}, median_ci_high_days = {2}
        where cohort_type = 'onboarding_version' and cohort = '{3}' and milestone = 'quota_50'
    """
    old = before(
        published,
        tmp_path,
        change.format(60, 50, 90, "v2"),
        change.format(150, 140, 160, "v1"),
        "update impact.program_performance_effect set effect = 0.3, ci_low = 0.2, ci_high = 0.4"
        " where program_id = 'prog_discovery_skills' and outcome = 'attainment'",
    )
    assert section(digest(old, published), "Moved beyond their interval") == [
        "- Effect of prog_discovery_skills on attainment: 0.3 (0.2 to 0.4) -> 0.148",
        "- Median days to quota_50, onboarding version v2: 60 (50 to 90) -> 91",
    ]


def test_data_quality(published: Path, tmp_path: Path) -> None:
    """Fewer rejected rows before; and one and a half times the raw rows: half an export."""
    rejected, raw = row_of(
        published,
        """
        select rejected_count, raw_count from quality.source_reconciliation
        where system = 'salesforce' and object = 'opportunity'
        """,
    )
    old = before(
        published,
        tmp_path,
        "update quality.source_reconciliation set rejected_count = 0, raw_count = raw_count * 2"
        " where system = 'salesforce' and object = 'opportunity'",
    )
    assert section(digest(old, published), "Data quality") == [
        f"- salesforce.opportunity: {raw} raw rows, {raw * 2} before: is the export whole?",
        f"- salesforce.opportunity: {rejected} rows rejected, 0 before",
    ]


def test_long_lists_are_cut_and_counted(published: Path, tmp_path: Path) -> None:
    total = row_of(published, "select count(*) from rep_timeline.rep_milestones where is_reached")[0]
    old = before(published, tmp_path, "update rep_timeline.rep_milestones set is_reached = false where is_reached")
    lines = section(digest(old, published), "Milestones reached")
    assert len(lines) == MOST_LINES + 1
    assert lines[-1] == f"- and {total - MOST_LINES} more"


def test_a_file_of_another_version_is_said_to_be_one(published: Path, tmp_path: Path) -> None:
    old = before(published, tmp_path)
    with duckdb.connect(str(old)) as connection:
        connection.execute("alter table rep_timeline.cohort_ramp_summary drop column median_ci_low_days")
    assert "another version" in digest(old, published)
