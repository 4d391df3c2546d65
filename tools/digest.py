"""What changed between two published files, as a short Markdown text for a chat or a mail.

``python -m tools.publish`` writes it beside the published file on every publish. By hand:
``python -m tools.digest old.duckdb new.duckdb`` prints it. It carries names of people, as the marts do.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

# Lines of a section; the rest is counted.
MOST_LINES = 12

# Each: heading, and a query on old and new whose single column is a line of text, most important first.
SECTIONS = {
    "Milestones reached": """
        select reps.full_name || ': ' || now.label || ' on ' || now.reached_on || ', day ' || now.days_to
        from new.rep_timeline.rep_milestones as now
        inner join new.core.dim_reps as reps using (rep_id)
        left join old.rep_timeline.rep_milestones as before using (ramp_id, milestone)
        where now.is_reached and not coalesce(before.is_reached, false) and before.ramp_id is not null
        order by now.reached_on desc, reps.full_name, now.sequence
    """,
    "Newly at risk or late": """
        select
            reps.full_name || ': ' || now.milestone || ' is ' || replace(now.status, '_', ' ') || ', day '
            || now.elapsed_days || ', half of the reference by day ' || now.reference_median_days
        from new.rep_timeline.rep_ramp_forecast as now
        inner join new.core.dim_reps as reps using (rep_id)
        left join old.rep_timeline.rep_ramp_forecast as before using (ramp_id, milestone)
        where
            now.status in ('at_risk', 'late')
            and now.status is distinct from before.status
            and coalesce(before.status, '') <> 'late'
        order by now.status desc, now.elapsed_days - now.reference_median_days desc, reps.full_name, now.sequence
    """,
    "Moved beyond their interval": """
        select
            'Median days to ' || now.milestone || ', ' || replace(now.cohort_type, '_', ' ') || ' '
            || now.cohort_label || ': ' || before.median_days || ' (' || before.median_ci_low_days || ' to '
            || coalesce(cast(before.median_ci_high_days as varchar), 'open') || ') -> ' || now.median_days
        from new.rep_timeline.cohort_ramp_summary as now
        inner join old.rep_timeline.cohort_ramp_summary as before using (cohort_type, cohort, milestone)
        where now.median_days < before.median_ci_low_days or now.median_days > before.median_ci_high_days
        union all
        select
            'Effect of ' || now.program_id || ' on ' || replace(now.outcome, '_', ' ') || ': '
            || round(before.effect, 3) || ' (' || round(before.ci_low, 3) || ' to ' || round(before.ci_high, 3)
            || ') -> ' || round(now.effect, 3)
        from new.impact.program_performance_effect as now
        inner join old.impact.program_performance_effect as before using (program_id, outcome)
        where now.effect not between before.ci_low and before.ci_high
        union all
        select
            'Days that ' || now.program_id || ' saves to ' || now.milestone || ': '
            || round(-before.restricted_mean_difference_days) || ' -> ' || round(-now.restricted_mean_difference_days)
        from new.impact.program_ramp_effect as now
        inner join old.impact.program_ramp_effect as before
            using (program_id, comparison, milestone, landmark_days)
        where now.restricted_mean_difference_days not between before.ci_low and before.ci_high
        order by 1
    """,
    "Data quality": """
        select
            now.system || '.' || now.object || ': ' || now.rejected_count || ' rows rejected, '
            || coalesce(before.rejected_count, 0) || ' before'
        from new.quality.source_reconciliation as now
        left join old.quality.source_reconciliation as before using (system, object)
        where now.rejected_count > coalesce(before.rejected_count, 0)
        union all
        select
            now.system || '.' || now.object || ': ' || now.raw_count || ' raw rows, ' || before.raw_count
            || ' before: is the export whole?'
        from new.quality.source_reconciliation as now
        inner join old.quality.source_reconciliation as before using (system, object)
        where now.raw_count < 0.8 * before.raw_count
        union all
        select
            now.system || ': ' || now.row_count || ' rows of people who match nobody, '
            || coalesce(before.row_count, 0) || ' before'
        from (select system, sum(row_count) as row_count from new.quality.identity_gaps group by system) as now
        left join (select system, sum(row_count) as row_count from old.quality.identity_gaps group by system) as before
            using (system)
        where now.row_count > coalesce(before.row_count, 0)
        order by 1
    """,
}


def digest(old_file: Path | None, new_file: Path) -> str:
    """Return what is new in a published file, in Markdown; without an old file, that it is the first one.

    An old file of another version of Rampline, with other columns, is said to be one: nothing is compared with it.
    Raises duckdb.Error when the new file cannot be read.
    """
    with duckdb.connect() as connection:
        attach(connection, new_file, "new")
        as_of_date, passed, warned = connection.execute(
            "select as_of_date, passed_test_count, warned_test_count from new.meta.build_info"
        ).fetchone()
        lines = [f"# Rampline as of {as_of_date}", "", f"{passed} tests passed, {warned} warned.", ""]
        if old_file is None:
            return "\n".join([*lines, "The first publication: nothing to compare with.", ""])
        try:
            attach(connection, old_file, "old")
            before = connection.execute("select as_of_date from old.meta.build_info").fetchone()[0]
            sections = {
                heading: [line for (line,) in connection.execute(query).fetchall()]
                for heading, query in SECTIONS.items()
            }
        except duckdb.Error:
            return "\n".join([*lines, "The file before is of another version: nothing was compared.", ""])
    lines += [f"What changed since {before}:", ""]
    for heading, found in sections.items():
        lines += [f"## {heading}", ""]
        lines += [f"- {line}" for line in found[:MOST_LINES]] or ["Nothing."]
        if len(found) > MOST_LINES:
            lines.append(f"- and {len(found) - MOST_LINES} more")
        lines.append("")
    return "\n".join(lines)


def attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach a published file to read."""
    escaped = str(path).replace("'", "''")
    connection.execute(f"attach '{escaped}' as {name} (read_only)")


if __name__ == "__main__":
    print(digest(Path(sys.argv[1]), Path(sys.argv[2])))
