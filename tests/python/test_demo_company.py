"""The demo company: the same bytes each time, the story that was planted, and every piece of mess."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds" / "demo"
AS_OF = date(2026, 6, 30)


def read(name: str) -> list[dict[str, str]]:
    system, table = name.split(".")
    with (SEEDS / system / f"demo_{system}__{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def truth() -> dict:
    return json.loads((SEEDS / "planted_truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def deals() -> dict[str, dict[str, str]]:
    """Return the newest sound copy of each deal."""
    found: dict[str, dict[str, str]] = {}
    for row in sorted(read("salesforce.opportunity"), key=lambda r: r["LastModifiedDate"]):
        if row["Id"] and row["Name"][5:].isdigit():
            found[row["Id"]] = row
    return found


@pytest.fixture(scope="module")
def bookings(truth: dict, deals: dict) -> list[tuple[str, date, float]]:
    """Return (user, day, US dollars), worked out without the generator's code."""
    rates = read("salesforce.dated_conversion_rate")
    owner = {e["opportunity_id"]: e["owner_at_close"] for e in truth["mess"]["owner_change_after_close"]}
    sound = {e["opportunity_id"] for e in truth["mess"]["split"]}
    splits = defaultdict(list)
    for row in read("salesforce.opportunity_split"):
        if row["OpportunityId"] in sound:
            splits[row["OpportunityId"]].append((row["SplitOwnerId"], float(row["SplitPercentage"]) / 100))
    found = []
    for row in deals.values():
        if row["IsWon"] != "true" or row["IsDeleted"] == "true":
            continue
        day = row["CloseDate"]
        rate = next(
            float(r["ConversionRate"])
            for r in rates
            if r["IsoCode"] == row["CurrencyIsoCode"]
            and r["StartDate"] <= day
            and (not r["NextStartDate"] or day < r["NextStartDate"])
        )
        for user, share in splits[row["Id"]] or [(owner.get(row["Id"], row["OwnerId"]), 1.0)]:
            found.append((user, date.fromisoformat(day), share * float(row["Amount"]) / rate))
    return found


def test_same_bytes_on_each_run(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.demo_company", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603
    made = sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file())
    assert len(made) == 27 + 5 + 1
    for path in made:
        assert (tmp_path / path).read_bytes() == (SEEDS / path).read_bytes(), path


def test_size_and_form() -> None:
    files = list(SEEDS.rglob("*.csv"))
    assert 1_500_000 < sum(f.stat().st_size for f in files) <= 3_000_000
    assert not [f for f in files if b"\r" in f.read_bytes()]


def test_every_column_is_described_and_text() -> None:
    for file in SEEDS.rglob("*.csv"):
        yml = (file.parent / f"_{file.parent.name}__seeds.yml").read_text(encoding="utf-8")
        own = yml.split(f"  - name: {file.stem}\n")[1].split("\n  - name: ")[0]
        for column in file.read_text(encoding="utf-8").splitlines()[0].split(","):
            assert f"        {column}: varchar" in own
            assert f'      - name: {column}\n        description: "' in own


def test_two_hires_a_month(truth: dict) -> None:
    hires = truth["planted"]["hires"]
    months = Counter(h["spells"][0]["hired_on"][:7] for h in hires)
    assert len(hires) == 48
    assert len(months) == 24
    assert set(months.values()) == {2}
    assert (min(months), max(months)) == ("2024-07", "2026-06")
    roster = {(r["rep_email"], r["hire_date"]) for r in read("roster.roster")}
    missing = {e["rep_email"] for e in truth["mess"]["missing_roster_row"]}
    users = {r["Id"]: r for r in read("salesforce.user")}
    for hire in hires:
        if hire["rep_email"] in missing:
            assert users[hire["user_id"]]["Hire_Date__c"] == hire["spells"][-1]["hired_on"]
            assert hire["rep_email"] not in {email for email, _ in roster}
        else:
            assert (hire["rep_email"], hire["spells"][0]["hired_on"]) in roster


def test_people() -> None:
    users = read("salesforce.user")
    assert Counter(u["UserType"] for u in users) == {"Standard": 81, "AutomatedProcess": 1}
    titles = Counter(u["Title"] for u in users)
    assert (titles["Sales Manager"], titles["VP Sales"], titles["Marketing"]) == (6, 1, 2)
    assert all(len(u["Id"]) == 18 for u in users)
    assert len({u["Email"] for u in users}) == len(users)


def test_tenured_attainment(truth: dict, bookings: list) -> None:
    new = {h["user_id"] for h in truth["planted"]["hires"]}
    quotas = {
        r["Id"]: r
        for r in read("salesforce.forecasting_quota")
        if r["ForecastingTypeId"] == truth["planted"]["revenue_forecasting_type_id"]
        and r["QuotaOwnerId"] not in new
        and "2025-07-01" <= r["StartDate"] <= "2026-06-30"
        and r["QuotaAmount"] != "n/a"
    }
    quota = sum(float(r["QuotaAmount"]) for r in quotas.values())
    tenured = {r["QuotaOwnerId"] for r in quotas.values()}
    assert quota == 19 * 600_000
    won = sum(u for user, day, u in bookings if user in tenured and date(2025, 7, 1) <= day <= AS_OF)
    assert 0.50 <= won / quota <= 0.54
    assert won / quota == pytest.approx(truth["realised"]["tenured_attainment"]["attainment"], abs=1e-4)


def test_second_onboarding_is_two_months_faster(truth: dict, bookings: list) -> None:
    days = defaultdict(list)
    for hire in truth["planted"]["hires"]:
        spell = hire["spells"][0]
        if spell["role"] != "Account Executive":
            continue
        start = date.fromisoformat(spell["started_on"])
        end = date.fromisoformat(spell["ended_on"]) if spell["ended_on"] else AS_OF
        months: dict[str, float] = defaultdict(float)
        for _, day, usd in sorted(b for b in bookings if b[0] == hire["user_id"] and start <= b[1] <= end):
            months[f"{day:%Y-%m}"] += usd
            if months[f"{day:%Y-%m}"] >= 25_000:
                days[spell["onboarding"]].append((day - start).days)
                break
    assert len(days["v1"]) >= 15
    assert len(days["v2"]) >= 10
    assert 50 <= median(days["v1"]) - median(days["v2"]) <= 75
    assert 50 <= truth["realised"]["median_days_to_50_percent_of_quota"]["difference"] <= 70


def test_program_effects(truth: dict, bookings: list) -> None:
    months: dict[tuple[str, str], float] = defaultdict(float)
    for user, day, usd in bookings:
        months[(user, f"{day:%Y-%m}")] += usd

    def change(users: list[str], before: list[str], after: list[str]) -> float:
        total = sum(months[(u, m)] for u in users for m in after) - sum(months[(u, m)] for u in users for m in before)
        return total / 4 / len(users) / 50_000

    windows = {
        "prog_product_news": (
            ["2025-02", "2025-03", "2025-04", "2025-05"],
            ["2025-07", "2025-08", "2025-09", "2025-10"],
        ),
        "prog_discovery_skills": (
            ["2025-06", "2025-07", "2025-08", "2025-09"],
            ["2025-11", "2025-12", "2026-01", "2026-02"],
        ),
    }
    for program, (before, after) in windows.items():
        groups = truth["planted"]["program_groups"][program]
        treated, control = groups["treated_user_ids"], groups["control_user_ids"]
        assert min(len(treated), len(control)) >= 12
        effect = change(treated, before, after) - change(control, before, after)
        assert effect == pytest.approx(
            truth["realised"]["program_effects"][program]["attainment_difference_in_differences"], abs=1e-3
        )
        planted = truth["planted"]["program_effects_points_of_quota"][program]
        error = truth["realised"]["program_effects"][program]["standard_error"]
        assert abs(effect - planted) < 2 * error
    assert truth["realised"]["program_effects"]["prog_discovery_skills"]["standard_error"] < 0.05


def test_behaviour_follows_the_real_program(truth: dict) -> None:
    score, demos = truth["realised"]["discovery_score"], truth["realised"]["demos_per_month"]
    assert score["treated_after"]["mean"] - score["treated_before"]["mean"] > 0.6
    assert abs(score["control_after"]["mean"] - score["control_before"]["mean"]) < 0.4
    assert demos["treated_after"] - demos["treated_before"] > 0.5
    assert abs(demos["control_after"] - demos["control_before"]) < 0.3


def test_learning(truth: dict) -> None:
    kinds = Counter(r["kind"] for r in read("lms.assessment_attempt"))
    assert {"pre", "post", "retention", "quiz"} < set(kinds)
    answers = read("lms.survey_response")
    assert {(r["scale_min"], r["scale_max"]) for r in answers} == {("1", "5"), ("1", "7"), ("0", "10")}
    small = {r["response_id"] for r in answers if r["program_id"] == truth["planted"]["small_program_id"]}
    assert 0 < len(small) < 5
    expiries = [r["expires_at"][:10] for r in read("lms.certification_award")]
    assert any(e <= "2026-06-30" for e in expiries)
    assert any(e > "2026-06-30" for e in expiries)
    assert any(not r["completed_at"] for r in read("lms.enrollment"))
    assert len({r["kind"] for r in read("coaching_log.session")}) == 6


def test_deal_mess(truth: dict, deals: dict) -> None:
    mess = truth["mess"]
    history = read("salesforce.opportunity_field_history")
    changes = {(r["OpportunityId"], r["OldValue"], r["NewValue"]): r for r in history}
    for entry in mess["owner_change_after_close"]:
        row = deals[entry["opportunity_id"]]
        change = changes[(row["Id"], entry["owner_at_close"], entry["owner_now"])]
        assert row["OwnerId"] == entry["owner_now"] != entry["owner_at_close"]
        assert change["CreatedDate"][:10] > row["CloseDate"]
    for entry in mess["owner_change_before_close"]:
        change = changes[(entry["opportunity_id"], entry["owner_before"], entry["owner_at_close"])]
        row = deals[entry["opportunity_id"]]
        assert row["CreatedDate"] <= change["CreatedDate"]
        assert change["CreatedDate"][:10] <= row["CloseDate"]
    shares: dict[str, float] = defaultdict(float)
    for row in read("salesforce.opportunity_split"):
        shares[row["OpportunityId"]] += float(row["SplitPercentage"])
    assert all(abs(shares[e["opportunity_id"]] - 100) < 0.001 for e in mess["split"])
    assert all(abs(shares[e["opportunity_id"]] - 100) > 5 for e in mess["split_not_adding_to_100"])
    assert all(deals[e["opportunity_id"]]["IsDeleted"] == "true" for e in mess["deleted_deal"])
    for entry in mess["reopened_deal"]:
        stages = sorted(
            (r["CreatedDate"], r["StageName"])
            for r in read("salesforce.opportunity_history")
            if r["OpportunityId"] == entry["opportunity_id"]
        )
        assert sum(s.startswith("Closed") for _, s in stages) == 2
        assert stages[-1][1] == "Closed Won"


def test_inherited_deals_come_before_any_activity(truth: dict, deals: dict) -> None:
    done = [(r["OwnerId"], r["CompletedDateTime"]) for r in read("salesforce.task") if r["CompletedDateTime"]]
    done += [(r["OwnerId"], r["StartDateTime"]) for r in read("salesforce.event") if r["IsChild"] == "false"]
    starts = {h["user_id"]: h["spells"][0]["started_on"] for h in truth["planted"]["hires"]}
    assert len(truth["mess"]["inherited_deal"]) >= 3
    for entry in truth["mess"]["inherited_deal"]:
        closed = deals[entry["opportunity_id"]]["CloseDate"]
        assert closed >= starts[entry["heir"]]
        assert min(m[:10] for user, m in done if user == entry["heir"]) > closed


def test_activity_mess(truth: dict) -> None:
    mess = truth["mess"]
    events = {r["Id"]: r for r in read("salesforce.event")}
    tasks = {r["Id"]: r for r in read("salesforce.task")}
    zones = {r["Id"]: r["TimeZoneSidKey"] for r in read("salesforce.user")}
    assert all(events[e["event_id"]]["Subject"].startswith("Canceled: ") for e in mess["cancelled_event"])
    assert all(events[e["event_id"]]["IsChild"] == "true" for e in mess["child_event"])
    assert all(events[e["event_id"]]["IsDeleted"] == "true" for e in mess["deleted_event"])
    assert all(tasks[e["task_id"]]["IsDeleted"] == "true" for e in mess["deleted_task"])
    assert all(tasks[e["task_id"]]["Status"] == "Deferred" for e in mess["deferred_task"])
    assert all(events[e["event_id"]]["StartDateTime"][:10] > "2026-06-30" for e in mess["planned_event"])
    for entry in mess["due_date_differs"]:
        row = tasks[entry["task_id"]]
        assert row["ActivityDate"] != row["CompletedDateTime"][:10]
    for entry in mess["near_midnight"]:
        row = events[entry["event_id"]]
        moment = datetime.strptime(row["StartDateTime"], "%Y-%m-%dT%H:%M:%S.%f%z")
        assert moment.astimezone(ZoneInfo(zones[row["OwnerId"]])).date().isoformat() == entry["local_date"]
        assert row["StartDateTime"][:10] != entry["local_date"]
    assert all(not zones[e["user_id"]] for e in mess["empty_time_zone"])
    for entry in mess["invalid_time_zone"]:
        with pytest.raises((KeyError, ValueError)):
            ZoneInfo(zones[entry["user_id"]])


def test_people_mess(truth: dict, bookings: list) -> None:
    mess = truth["mess"]
    rows = defaultdict(list)
    for row in read("roster.roster"):
        rows[row["rep_email"]].append(row)
    for kind, column in (("rehire", "hire_date"), ("role_move", "role_started_on")):
        for entry in mess[kind]:
            own = rows[entry["rep_email"]]
            assert len({r["employee_number"] for r in own}) == 1
            assert len({r[column] for r in own}) == 2
    assert len({e["rep_email"] for e in mess["leave"]}) == 2
    assert all(any(r["leave_started_on"] == e["from"] for r in rows[e["rep_email"]]) for e in mess["leave"])
    sold = {user for user, _, _ in bookings}
    leavers = mess["left_before_first_deal"]
    assert len(leavers) >= 3
    assert not sold & {e["user_id"] for e in leavers}
    users = {r["Id"]: r for r in read("salesforce.user")}
    assert all(users[e["user_id"]]["IsActive"] == "false" for e in leavers + mess["left_later"])
    quotas = read("salesforce.forecasting_quota")
    assert not {r["QuotaOwnerId"] for r in quotas} & {e["user_id"] for e in mess["no_quota"]}
    zeros = {(r["QuotaOwnerId"], r["StartDate"]) for r in quotas if r["QuotaAmount"] == "0"}
    assert {(e["user_id"], e["month"]) for e in mess["zero_quota"]} == zeros
    second = truth["planted"]["forecasting_type_ids"]["renewal"]
    assert sum(r["ForecastingTypeId"] == second for r in quotas) == len(mess["second_quota_type"])
    assert any(r["IsQuantity"] == "true" and r["QuotaQuantity"] and not r["QuotaAmount"] for r in quotas)


def test_identity_mess(truth: dict) -> None:
    mess = truth["mess"]
    crm = {r["Email"] for r in read("salesforce.user")}
    numbers = {r["EmployeeNumber"] for r in read("salesforce.user")}
    lms = {r["user_id"]: r for r in read("lms.user")}
    gong = {r["id"]: r["emailAddress"] for r in read("gong.users")}
    for entry in mess["matched_by_employee_number_only"]:
        row = lms[entry["source_identity"]]
        assert row["email"].strip().lower() not in crm
        assert row["employee_number"] in numbers
    for entry in mess["email_upper_case"]:
        if entry["system"] == "lms":
            email = lms[entry["source_identity"]]["email"]
            assert email != email.lower()
            assert email.lower() in crm
    assert any(r["email"] != r["email"].strip() for r in lms.values())
    known = {"lms": lms, "gong": gong}
    for entry in truth["planted"]["identity_overrides"]:
        assert entry["rep_email"] in crm
        assert entry["source_identity"].lower() not in crm
    odd = {e["system"]: e["source_identity"] for e in truth["planted"]["identity_overrides"]}
    assert gong[odd["gong"]].lower() not in crm
    assert odd["coaching_log"] in {r["rep_email"] for r in read("coaching_log.session")}
    for entry in mess["matches_nobody"]:
        if entry["system"] in known:
            assert entry["source_identity"] in known[entry["system"]]
    assert {e["system"] for e in mess["matches_nobody"]} == {"lms", "gong", "coaching_log", "lms_attendance"}


KEYS = {
    "salesforce.opportunity": "Id",
    "salesforce.opportunity_history": "Id",
    "salesforce.task": "Id",
    "salesforce.event": "Id",
    "salesforce.forecasting_quota": "Id",
    "lms.enrollment": "enrollment_id",
    "lms.content_view": "view_id",
    "lms.assessment_attempt": "attempt_id",
    "lms.certification_award": "award_id",
    "lms.survey_response": "response_id",
    "lms.attendance": "session_id",
    "gong.calls": "id",
    "gong.answered_scorecards": "answeredScorecardId",
    "coaching_log.session": "session_id",
    "roster.roster": "rep_email",
}


def test_copies_and_bad_rows_stand_in_the_files(truth: dict) -> None:
    def rows_of(entry: dict) -> list[dict[str, str]]:
        return [r for r in read(entry["object"]) if r[KEYS[entry["object"]]] == entry["key"]]

    mess = truth["mess"]
    for entry in mess["exact_copy"]:
        first, second = rows_of(entry)
        assert first == second
    for entry in mess["older_copy"]:
        first, second = rows_of(entry)
        assert first["LastModifiedDate"] != second["LastModifiedDate"]
    for entry in mess["conflicting_pair"]:
        first, second = rows_of(entry)
        assert first != second
    for entry in mess["bad_row"]:
        found = rows_of(entry)
        assert len(found) == 1, entry
        assert all(found[0][c] == v for c, v in entry.get("change", {}).items()), entry
    kinds = {e["kind"] for e in mess["bad_row"]}
    assert len(kinds) >= 13


def test_bad_rows_stay_under_the_limit(truth: dict) -> None:
    bad = Counter(e["object"] for e in truth["mess"]["bad_row"])
    for name, count in bad.items():
        assert count / len(read(name)) < 0.05, name


def test_nothing_happens_after_the_as_of_date(deals: dict) -> None:
    assert all(r["CloseDate"] <= AS_OF.isoformat() for r in deals.values() if r["IsClosed"] == "true")
    assert any(r["CloseDate"] > AS_OF.isoformat() for r in deals.values())
    limit = (AS_OF + timedelta(days=2)).isoformat()
    for name, column in (("gong.calls", "started"), ("coaching_log.session", "held_on")):
        assert all(r[column] < limit for r in read(name) if r[column][:1] == "2")
