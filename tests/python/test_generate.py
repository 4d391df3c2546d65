"""The generator for size: the same rows for a seed, and every piece of planted mess found again by the real build."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from conftest import Build

from tools.generate.company import AS_OF, SIZES, Plan, generate, plan_of_size

SMALL = Plan(reps=8, years=1, activities_per_rep=50)


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.parquet"))
    }


def raw(folder: Path, name: str, parts: str = "*") -> str:
    return f"read_parquet('{folder}/{name.replace('.', '/')}/{parts}.parquet')"


@pytest.fixture(scope="module")
def planted(generated: Build) -> dict[str, dict]:
    return json.loads((generated.folder / "raw" / "planted.json").read_text(encoding="utf-8"))["objects"]


def planted_counts(planted: dict[str, dict], fate: str, by: str) -> Counter:
    """Return the rows that were planted for a fate, by object and reason or kind."""
    counts: Counter = Counter()
    for name, entry in planted.items():
        for mess in entry["mess"]:
            if mess["fate"] == fate:
                counts[(name, mess[by])] += mess["rows"]
    return counts


def test_same_seed_same_bytes_other_seed_other_rows(tmp_path: Path) -> None:
    for folder in ("first", "second"):
        generate(SMALL, tmp_path / folder, say=lambda _: None)
    generate(Plan(8, 1, 50, seed=2), tmp_path / "other", say=lambda _: None)
    first = digests(tmp_path / "first")
    assert len(first) > 60
    assert digests(tmp_path / "second") == first
    other = digests(tmp_path / "other")
    for name in ("task", "opportunity", "user"):
        key = f"salesforce/{name}/part_000.parquet"
        assert other[key] != first[key]


def test_number_of_activities_is_what_was_asked_for(tmp_path: Path) -> None:
    generate(SMALL, tmp_path / "raw", say=lambda _: None)
    good = [raw(tmp_path / "raw", f"salesforce.{name}", "part_*") for name in ("task", "event")]
    with duckdb.connect() as connection:
        counts = [connection.execute(f'select count(*), count(distinct "Id") from {rows}').fetchone() for rows in good]
    assert sum(count for count, _ in counts) == SMALL.activities == 400
    assert all(count == distinct for count, distinct in counts)
    assert counts[0][0] > 2 * counts[1][0] > 0


def test_sizes_have_ten_thousand_activities_a_rep() -> None:
    assert {size: plan_of_size(size).activities for size in SIZES} == SIZES
    assert [plan_of_size(size).reps for size in SIZES] == [100, 1000, 5000, 10000]


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(SystemExit, match="holds other files"):
        generate(SMALL, tmp_path, say=lambda _: None)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_rejected_rows_are_the_planted_ones(generated: Build, planted: dict[str, dict]) -> None:
    found = generated.rows("select system || '.' || object, reason, count(*) from quality.rejected_rows group by all")
    expected = planted_counts(planted, "rejected", "reason")
    assert len(expected) >= 35
    assert len({reason for _, reason in expected}) >= 14
    assert {(name, reason): count for name, reason, count in found} == dict(expected)


def test_every_raw_row_ends_where_it_was_planted(generated: Build, planted: dict[str, dict]) -> None:
    found = generated.rows(
        "select system || '.' || object, raw_count, accepted_count, rejected_count, superseded_count, deleted_count"
        " from quality.source_reconciliation"
    )
    assert {row[0] for row in found} == set(planted)
    totals = {fate: Counter() for fate in ("rejected", "superseded", "deleted")}
    for fate, total in totals.items():
        for (name, _), count in planted_counts(planted, fate, "kind").items():
            total[name] += count
    for name, raw_count, accepted, *others in found:
        deleted = totals["deleted"][name] + planted[name]["deleted"]
        expected = [totals["rejected"][name], totals["superseded"][name], deleted]
        assert (name, raw_count, others) == (name, planted[name]["rows"], expected)
        assert accepted == raw_count - sum(expected)
    assert totals["superseded"]["salesforce.opportunity"] > 0
    assert planted["salesforce.task"]["deleted"] > 0


def test_unmatched_people_are_the_planted_ones(generated: Build, planted: dict[str, dict]) -> None:
    found = generated.rows("select system, sum(row_count) from quality.identity_gaps group by system")
    expected: Counter = Counter()
    for (name, _), count in planted_counts(planted, "unmatched", "kind").items():
        expected[name.split(".")[0]] += count
    assert set(expected) == {"salesforce", "lms", "gong", "coaching_log"}
    assert dict(found) == dict(expected)


def test_activities_happened_or_not_as_raw_says(generated: Build) -> None:
    """Counted from the good raw rows in plain words: deleted rows and invitees' copies are no activities."""
    folder = generated.folder / "raw"
    as_of = AS_OF.isoformat()
    with duckdb.connect() as connection:
        task, event = (raw(folder, f"salesforce.{name}", "part_*") for name in ("task", "event"))
        expected = connection.execute(f"""
            select
                (select count(*) from {task} where "IsDeleted" = 'false' and "Status" = 'Deferred'),
                (select count(*) from {task} where "IsDeleted" = 'false' and "Status" = 'Not Started'),
                (
                    select count(*) from {event}
                    where "IsDeleted" = 'false' and "IsChild" = 'false' and "Subject" like 'Canceled:%'
                )
        """).fetchone()
        spellings = connection.execute(f"""
            select count(distinct regexp_replace("CompletedDateTime", '[0-9]', '9', 'g')) from {task}
        """).fetchone()[0]
    found = generated.rows("""
        select
            count(*) filter (source_object = 'task' and activity_status = 'cancelled'),
            count(*) filter (source_object = 'task' and activity_status = 'planned'),
            count(*) filter (source_object = 'event' and activity_status = 'cancelled')
        from conformed.cnf_activities
        where source_key not like '%X0%'
    """)
    assert found == [expected]
    assert min(expected) > 0
    assert spellings == 6
    assert generated.rows(f"select count(*) from core.fct_activities where happened_on > date '{as_of}'") == [(0,)]


def test_credits_follow_splits_and_owners_at_close(generated: Build) -> None:
    """Who is credited, against the raw files: complete splits by share, all else to the owner at the close."""
    folder = generated.folder / "raw"
    deals, splits, changes = (
        raw(folder, f"salesforce.opportunity{kind}", "part_*") for kind in ("", "_split", "_field_history")
    )
    with duckdb.connect() as connection:
        expected = connection.execute(f"""
            with won as (
                from {deals} where "IsWon" = 'true' and "IsDeleted" = 'false'
            ),
            totals as (
                select "OpportunityId" as id, sum(cast("SplitPercentage" as decimal(9, 2))) as total
                from {splits} group by all
            ),
            handed_over as (
                select changes."OpportunityId" as id
                from {changes} as changes
                inner join won on won."Id" = changes."OpportunityId"
                where cast(changes."CreatedDate"[:10] as date) > cast(won."CloseDate" as date)
                and not exists (select 1 from totals where totals.id = won."Id" and total = 100)
            )
            select
                (select count(*) from won inner join totals on won."Id" = totals.id and total = 100),
                (select count(*) from won inner join totals on won."Id" = totals.id and total <> 100),
                (select count(*) from won where not exists (select 1 from totals where totals.id = won."Id")),
                (select count(*) from handed_over)
        """).fetchone()
    found = generated.rows("""
        select
            count(distinct credits.opportunity_id) filter (credit_method = 'split'),
            count(*) filter (credit_method = 'owner_split_mismatch'),
            count(*) filter (credit_method = 'owner_at_close'),
            count(*) filter (credits.source_identity <> deals.owner_source_identity and credit_method <> 'split')
        from conformed.cnf_opportunity_credits as credits
        inner join conformed.cnf_opportunities as deals on credits.opportunity_id = deals.opportunity_id
        where credits.opportunity_id not like '006X%'
    """)
    assert found == [expected]
    assert min(expected) > 0


def test_people_have_their_stories(generated: Build) -> None:
    """Every kind of person of the demo is there: moved, back again, on leave, gone, without a quota."""
    found = generated.rows("""
        select
            (select count(*) from core.dim_ramps where ended_reason = 'moved'),
            (select count(*) from conformed.cnf_employments where employment_number = 2),
            (select count(*) from conformed.cnf_leaves),
            (select count(*) from core.dim_ramps where ended_reason = 'left'),
            (select count(*) from rep_timeline.rep_milestones where not is_evaluable),
            (select count(*) from conformed.cnf_persons where not is_timezone_known and system = 'salesforce'),
            (select count(*) from core.fct_quotas where assigned_quota = 0)
    """)[0]
    assert min(found) > 0, found
    identified = generated.rows("select system, match_method, count(*) from conformed.cnf_identities group by all")
    methods = {(system, method) for system, method, _ in identified}
    assert {("lms", "employee_number"), ("lms", "email"), ("gong", "email"), ("coaching_log", "email")} <= methods


def test_new_reps_ramp(generated: Build) -> None:
    """Calls come before meetings and these before demos, and most who stay reach half of their quota, none at once."""
    medians = dict(
        generated.rows("""
            select milestone, median(days_to) from rep_timeline.rep_milestones
            where is_reached and is_observed_from_start group by milestone
        """)
    )
    assert 2 <= medians["first_call"] < medians["first_meeting"] < medians["first_demo"] < 120
    reached, all_ramps, soonest = generated.rows("""
        select count(*) filter (is_reached), count(*), min(days_to) from rep_timeline.rep_milestones
        where
            milestone = 'quota_50' and role_family = 'AE' and observed_days > 365
            and is_observed_from_start and is_evaluable
    """)[0]
    assert all_ramps > 5
    assert reached > all_ramps / 2
    assert soonest > 20
