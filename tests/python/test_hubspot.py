"""HubSpot beside Salesforce: the demo company has taken over another one, whose reps keep their CRM.

The raw rows are in seeds/demo/hubspot, a few dozen, written by hand; every number here is worked out from them by hand.
Owner 71001 is Owen Mueller, a Salesforce user in Los Angeles; 71002 (Marit) and 71003 (Jonah) are known to HubSpot
alone; 71099 owns a deal and a call and is no owner at all. Deal 5003 changed hands after it was won, 5004 before.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from conftest import ROOT, Build, messages

SEEDS = ROOT / "seeds/demo/hubspot"
# Every object of these few rows has a bad one, for show: more than the 5 % that a build tolerates.
SETTINGS = {
    "systems": ["salesforce", "hubspot", "lms", "gong", "coaching_log", "roster"],
    "max_rejected_rate": 0.3,
}
PEOPLE = {
    "owen": "owen.mueller@northbeam.example",
    "marit": "marit.solberg@harborline.example",
    "jonah": "jonah.pike@harborline.example",
}
NAMES = {hashlib.md5(e_mail.encode()).hexdigest(): name for name, e_mail in PEOPLE.items()}  # noqa: S324
MAPS = ["users", "opportunities", "opportunity_histories", "opportunity_field_histories", "tasks", "events"]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The demo company with its two CRMs, built and tested."""
    build = Build(tmp_path_factory.mktemp("both_crms"))
    result = build.dbt("build", "--exclude-resource-type", "unit_test", **SETTINGS)
    assert result.success, messages(result)
    return build


def told(rows: list[tuple]) -> list[str]:
    """Return rows as lines of text: - for NULL, and the names of the people whose hashed e-mails stand there."""
    return [" | ".join("-" if cell is None else NAMES.get(cell, str(cell)) for cell in row) for row in rows]


def lines(text: str) -> list[str]:
    """Return the lines of an expected table."""
    return [line.strip() for line in text.strip().splitlines()]


def test_unit_tests_of_hubspot(both: Build) -> None:
    """They are switched off in the demo's own build, which has no HubSpot."""
    result = both.dbt("test", "--select", "test_type:unit,path:models/staging/hubspot", **SETTINGS)
    assert result.success, messages(result)
    names = [item.node.name for item in result.result.results if item.node.resource_type == "unit_test"]
    assert sum(name.startswith("hubspot_") for name in names) == 19


# ---- people ------------------------------------------------------------------


def test_a_rep_in_both_crms_is_one_rep(both: Build, demo: Build) -> None:
    """Owen has one row, with the time zone and employee number of Salesforce, and what he did in both systems."""
    people = """
        select system, match_method, count(distinct rep_id) from conformed.cnf_persons where email = '{}'
        group by all order by all
    """
    assert told(both.rows(people.format(PEOPLE["owen"]))) == lines("""
        hubspot | email | 1
        roster | employee_number | 1
        salesforce | self | 1
    """)
    rep = f"select employee_number, timezone from conformed.cnf_reps where email = '{PEOPLE['owen']}'"
    assert told(both.rows(rep)) == ["E1010 | America/Los_Angeles"]

    counts = """
        select
            (select count(*) from core.fct_opportunities where owner_rep_id = reps.rep_id and system = '{0}'),
            (select count(*) from core.fct_bookings inner join core.fct_opportunities using (opportunity_id)
             where rep_id = reps.rep_id and system = '{0}'),
            (select count(*) from core.fct_activities where rep_id = reps.rep_id and system = '{0}')
        from core.dim_reps as reps where email_hash = md5('{1}')
    """
    # Deals 5001, 5006 and 5007; 5001 and 5003 were won; calls 9001 and 9002 and meeting 9101.
    assert both.rows(counts.format("hubspot", PEOPLE["owen"])) == [(3, 2, 3)]
    in_salesforce = both.rows(counts.format("salesforce", PEOPLE["owen"]))
    assert in_salesforce == demo.rows(counts.format("salesforce", PEOPLE["owen"]))
    assert min(in_salesforce[0]) > 0


def test_people_of_the_second_crm_stand_for_themselves(both: Build, demo: Build) -> None:
    """Marit and Jonah are reps from the day on which HubSpot knew them; the others are those of the demo."""
    new = """
        select email_hash, hired_on, timezone, is_ramping_role from conformed.cnf_reps
        where email like '%harborline.example' order by email desc
    """
    assert told(both.rows(new)) == ["marit | 2021-03-01 | UTC | False", "jonah | 2022-09-05 | UTC | False"]
    count = "select count(*) from core.dim_reps"
    assert both.rows(count)[0][0] == demo.rows(count)[0][0] + 2


def test_nobody_is_lost(both: Build) -> None:
    """71099 is named by deal 5013, its booking and call 9006, and listed with those three rows."""
    gaps = """
        select identity_hash = md5('71099'), match_method, row_count, first_seen_on, last_seen_on
        from quality.identity_gaps where system = 'hubspot'
    """
    assert told(both.rows(gaps)) == ["True | none | 3 | 2025-08-04 | 2026-04-15"]


# ---- the first CRM stays as it was -------------------------------------------


@pytest.mark.parametrize(
    ("table", "others"),
    [
        ("core.fct_opportunities", "system = 'salesforce'"),
        ("core.fct_opportunity_stages", "opportunity_id not like 'hubspot:%'"),
        ("core.fct_bookings", "opportunity_id not like 'hubspot:%'"),
        ("core.fct_activities", "system = 'salesforce'"),
        ("core.fct_quotas", "true"),
        ("core.fct_learning_events", "true"),
        ("core.fct_coaching_events", "true"),
        ("core.dim_ramps", "true"),
        # Marit and Jonah were hired and began their role, which is HR's to say.
        ("rep_timeline.rep_timeline", "system <> 'hubspot' and rep_id in (select rep_id from one.core.dim_reps)"),
        ("quality.source_reconciliation", "system <> 'hubspot'"),
        ("quality.rejected_rows", "system <> 'hubspot'"),
        ("quality.identity_gaps", "system <> 'hubspot'"),
    ],
)
def test_what_is_not_of_hubspot_is_unchanged(both: Build, demo: Build, table: str, others: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{demo.file}' as one (read_only)")
        connection.execute(f"attach '{both.file}' as two (read_only)")
        # The events of a rep are numbered in order, over both systems.
        columns = "* exclude (event_sequence)" if table == "rep_timeline.rep_timeline" else "*"
        connection.execute(f"create view old_rows as select {columns} from one.{table}")
        connection.execute(f"create view new_rows as select {columns} from two.{table} where {others}")
        counts = connection.execute("select (select count(*) from old_rows), (select count(*) from new_rows)")
        old_count, new_count = counts.fetchone()
        moved = "(from old_rows except all from new_rows) union all (from new_rows except all from old_rows)"
        assert connection.execute(moved).fetchall() == []
    assert old_count == new_count > 0


# ---- deals -------------------------------------------------------------------


def test_deals(both: Build) -> None:
    """Deals in the right quarter, currency, stage and hands.

    One EUR is 1 / 0.86 USD since July 2025: 8600 are 10000.00, 4300 are 5000.00, 3000 are 3488.37, 6020 are 7000.00.
    5001 closed at 01:30 UTC on 1 April: for its owner in Los Angeles that is 31 March, the quarter before. 5011 and
    5012 close at midnight: a day, not an instant. 5009 has no close date. 5012 names no currency.
    """
    deals = """
        select email_hash, opportunity_id, status, stage_name, amount_corporate,
            created_on, closed_on, expected_close_on
        from core.fct_opportunities left join core.dim_reps on owner_rep_id = rep_id
        where system = 'hubspot' order by opportunity_id
    """
    assert told(both.rows(deals)) == lines("""
        owen | hubspot:5001 | won | Closed Won | 12000.00 | 2026-01-12 | 2026-03-31 | 2026-03-31
        marit | hubspot:5002 | won | Closed Won | 10000.00 | 2025-07-01 | 2025-09-15 | 2025-09-15
        marit | hubspot:5003 | won | Closed Won | 20000.00 | 2026-03-02 | 2026-05-04 | 2026-05-04
        marit | hubspot:5004 | won | Closed Won | 5000.00 | 2025-12-01 | 2026-02-20 | 2026-02-20
        marit | hubspot:5005 | lost | Closed Lost | 7000.00 | 2025-10-06 | 2025-12-10 | 2025-12-10
        owen | hubspot:5006 | lost | Closed Lost | 3488.37 | 2025-11-11 | 2026-01-20 | 2026-01-20
        owen | hubspot:5007 | open | Contract Sent | 15000.00 | 2026-04-02 | - | 2026-07-31
        marit | hubspot:5008 | open | Appointment Scheduled | 7000.00 | 2026-06-11 | - | 2026-08-15
        jonah | hubspot:5009 | open | Presentation Scheduled | 9000.00 | 2026-03-10 | - | -
        marit | hubspot:5010 | won | Renewed | 2500.00 | 2026-06-01 | 2026-06-30 | 2026-06-30
        jonah | hubspot:5011 | lost | Churned | 1000.00 | 2026-01-15 | 2026-03-02 | 2026-03-02
        marit | hubspot:5012 | open | Renewal Due | 3000.00 | 2026-06-02 | - | 2026-09-30
        - | hubspot:5013 | won | Closed Won | 4000.00 | 2025-08-04 | 2025-11-03 | 2025-11-03
        jonah | hubspot:5014 | open | Legal Review | 2000.00 | 2026-03-16 | - | 2026-07-15
    """)
    rest = """
        select account_id, opportunity_type, amount, currency_code, source_key
        from core.fct_opportunities where opportunity_id = 'hubspot:5002'
    """
    assert told(both.rows(rest)) == ["hubspot:3002 | newbusiness | 8600.00 | EUR | hubspot:deal:5002"]


def test_bookings_go_to_the_owner_at_close(both: Build) -> None:
    """5003 was Owen's until 16 days after it was won; 5004 was Jonah's until ten days before."""
    bookings = """
        select email_hash, opportunity_id, credited_amount, booked_on, credit_method
        from core.fct_bookings left join core.dim_reps using (rep_id)
        where opportunity_id like 'hubspot:%' order by opportunity_id
    """
    assert told(both.rows(bookings)) == lines("""
        owen | hubspot:5001 | 12000.00 | 2026-03-31 | owner_at_close
        marit | hubspot:5002 | 10000.00 | 2025-09-15 | owner_at_close
        owen | hubspot:5003 | 20000.00 | 2026-05-04 | owner_at_close
        marit | hubspot:5004 | 5000.00 | 2026-02-20 | owner_at_close
        marit | hubspot:5010 | 2500.00 | 2026-06-30 | owner_at_close
        - | hubspot:5013 | 4000.00 | 2025-11-03 | owner_at_close
    """)


def test_stage_spells(both: Build) -> None:
    """Stages with the amounts of their time, by the owner's clock.

    5001 and 5007 have amounts in the property history; the stages of 5006 stand there alone. The one stage of 5008 is a
    bad row, so its own dates stand in, as for 5004, which has none. 5007 got its contract at 05:30 UTC on 24 June, the
    evening of the 23rd in Los Angeles.
    """
    spells = """
        select opportunity_id[9:], stage_name, entered_on, left_on, amount_corporate, is_closed_stage, is_won_stage
        from core.fct_opportunity_stages
        where opportunity_id[9:] in ('5001', '5004', '5006', '5007', '5008', '5010') and opportunity_id like 'hubspot:%'
        order by opportunity_id, stage_number
    """
    assert told(both.rows(spells)) == lines("""
        5001 | Appointment Scheduled | 2026-01-12 | 2026-02-03 | 9000.00 | False | False
        5001 | Presentation Scheduled | 2026-02-03 | 2026-03-10 | 9000.00 | False | False
        5001 | Contract Sent | 2026-03-10 | 2026-03-31 | 12000.00 | False | False
        5001 | Closed Won | 2026-03-31 | - | 12000.00 | True | True
        5004 | (open, stage not recorded) | 2025-12-01 | 2026-02-20 | 5000.00 | False | False
        5004 | Closed Won | 2026-02-20 | - | 5000.00 | True | True
        5006 | Appointment Scheduled | 2025-11-11 | 2026-01-20 | 3488.37 | False | False
        5006 | Closed Lost | 2026-01-20 | - | 3488.37 | True | False
        5007 | Appointment Scheduled | 2026-04-02 | 2026-05-06 | 10000.00 | False | False
        5007 | Presentation Scheduled | 2026-05-06 | 2026-06-23 | 15000.00 | False | False
        5007 | Contract Sent | 2026-06-23 | - | 15000.00 | False | False
        5008 | Appointment Scheduled | 2026-06-11 | - | 7000.00 | False | False
        5010 | Renewal Due | 2026-06-01 | 2026-06-30 | 2500.00 | False | False
        5010 | Renewed | 2026-06-30 | - | 2500.00 | True | True
    """)


# ---- calls and meetings ------------------------------------------------------


def test_activities(both: Build) -> None:
    """What happened, to whom it belongs and how long it took.

    Answered or not, a call that was dialled happened; 9002 at 06:30 UTC is the evening before in Los Angeles. 9003
    stands in its newer version, 300 seconds; 9005 has its owner and time from its engagement; 9006 is nobody's. Meeting
    9102 is scheduled and past, so it happened, and is a demo by its title, 9106 by its kind; 9110 has its owner and
    start from its engagement, and no end.
    """
    activities = """
        select email_hash, source_key[9:], activity_type, happened_on, round(duration_minutes, 3)
        from core.fct_activities left join core.dim_reps using (rep_id)
        where system = 'hubspot' order by source_key
    """
    assert told(both.rows(activities)) == lines("""
        owen | engagement_call:9001 | call | 2026-05-05 | 12.567
        owen | engagement_call:9002 | call | 2026-05-05 | 0.0
        marit | engagement_call:9003 | call | 2026-05-07 | 5.0
        jonah | engagement_call:9005 | call | 2026-03-25 | 2.0
        - | engagement_call:9006 | call | 2026-04-15 | 1.0
        owen | engagement_meeting:9101 | meeting | 2026-05-12 | 30.0
        marit | engagement_meeting:9102 | demo | 2026-05-13 | 60.0
        marit | engagement_meeting:9106 | demo | 2026-06-03 | 45.0
        marit | engagement_meeting:9110 | meeting | 2026-06-10 | -
    """)


def test_what_did_not_happen(both: Build) -> None:
    """A queued call and a meeting in July are plans; cancelled, no-show and moved did not happen; deleted is gone."""
    rest = """
        select activity_status, string_agg(split_part(source_key, ':', 3), ' ' order by source_key)
        from conformed.cnf_activities
        where system = 'hubspot' and activity_status <> 'happened'
        group by all order by all
    """
    assert told(both.rows(rest)) == ["cancelled | 9004 9103 9104 9107", "planned | 9007 9105"]


def test_the_timeline_names_its_sources(both: Build) -> None:
    """Each deal row of the timeline has the source key of a deal, so that it can be looked up in the CRM."""
    events = """
        select event, count(*), count(deals.source_key) from rep_timeline.rep_timeline as timeline
        left join core.fct_opportunities as deals using (source_key)
        where timeline.category = 'deal' and timeline.system = 'hubspot' and event <> 'stage_reached'
        group by all order by all
    """
    # Owen's and Marit's deals: those of Jonah count too, that of nobody (5013, won) does not.
    assert told(both.rows(events)) == ["deal_lost | 3 | 3", "deal_won | 5 | 5", "opportunity_created | 13 | 13"]


# ---- nothing lost ------------------------------------------------------------


def test_every_raw_row_is_accounted_for(both: Build) -> None:
    """Raw rows of each object: accepted, rejected, superseded and deleted."""
    counts = """
        select object, raw_count, accepted_count, rejected_count, superseded_count, deleted_count
        from quality.source_reconciliation where system = 'hubspot' order by object
    """
    found = both.rows(counts)
    assert told(found) == lines("""
        deal | 18 | 14 | 2 | 1 | 1
        deal_pipeline_stage | 10 | 8 | 1 | 0 | 1
        deal_property_history | 16 | 14 | 2 | 0 | 0
        deal_stage | 20 | 18 | 2 | 0 | 0
        engagement | 23 | 21 | 1 | 0 | 1
        engagement_call | 12 | 8 | 2 | 1 | 1
        engagement_meeting | 10 | 8 | 1 | 0 | 1
        owner | 6 | 3 | 1 | 1 | 1
    """)
    raw = raw_rows()
    assert all(raw_count == len(raw[name]) == sum(fates) for name, raw_count, *fates in found)


def test_rejected_rows_say_why(both: Build) -> None:
    rejected = "select object, row_key, reason from quality.rejected_rows where system = 'hubspot' order by all"
    assert told(both.rows(rejected)) == lines("""
        deal | 5015 | unparsable_number
        deal | 5017 | unknown_currency
        deal_pipeline_stage | 94119 | unparsable_boolean
        deal_property_history | 5008|hubspot_owner_id|2026-06-31T10:00:00Z | unparsable_date
        deal_property_history | 5999|hubspot_owner_id|2026-01-09T09:00:00Z | orphan
        deal_stage | 5008|appointmentscheduled|June 11 | unparsable_date
        deal_stage | 5999|closedwon|2026-01-09T09:00:00Z | orphan
        engagement | - | missing_key
        engagement_call | 9008 | orphan
        engagement_call | 9009 | unparsable_number
        engagement_meeting | 9108 | end_before_start
        owner | 71004 | missing_value
    """)


# ---- HubSpot alone -----------------------------------------------------------


def test_hubspot_alone(new_build: Build) -> None:
    """Core builds from HubSpot and the roster; Owen is the rep of the roster who has his e-mail.

    Rates of exchange are an object of Salesforce: without it, deals in EUR cannot be counted in dollars and are set
    apart with that reason, beside the one in CHF. The deal without a currency is in the company's.
    """
    result = new_build.dbt(
        "build",
        *("--exclude-resource-type", "unit_test", "--select", "+models/marts/core", "--indirect-selection", "cautious"),
        systems=["hubspot", "roster"],
        forecasting_type="",
    )
    assert result.success, messages(result)
    unknown = (
        "select string_agg(row_key, ' ' order by row_key) from conformed.cnf_orphan_rows where reason like 'unknown%'"
    )
    assert new_build.rows(unknown) == [("5002 5004 5006 5008 5017",)]
    bookings = """
        select email_hash, sum(credited_amount) from core.fct_bookings left join core.dim_reps using (rep_id)
        group by all order by 2
    """
    assert told(new_build.rows(bookings)) == ["marit | 2500.00", "- | 4000.00", "owen | 32000.00"]
    owen = f"select system, match_method from conformed.cnf_persons where email = '{PEOPLE['owen']}' order by all"
    assert told(new_build.rows(owen)) == ["hubspot | self", "roster | email"]
    assert new_build.rows("select count(*) from core.fct_activities") == [(9,)]


# ---- other shapes ------------------------------------------------------------

Rows = dict[str, list[dict[str, str]]]


def raw_rows() -> Rows:
    """Return the demo's raw rows by object."""
    found = {}
    for path in sorted(SEEDS.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem.removeprefix("demo_hubspot__")] = list(csv.DictReader(file))
    return found


def renamed(rows: list[dict[str, str]], **names: str) -> list[dict[str, str]]:
    """Return rows with other column names (new=old); a column that is not named is left out."""
    return [{new: row[old] for new, old in names.items()} for row in rows]


def nested(rows: list[dict[str, str]]) -> dict[str, str]:
    """Return the names of the properties as a loader writes that flattens them: properties_amount=property_amount."""
    return {old.replace("property_", "properties_"): old for old in rows[0] if old.startswith("property_")}


def older_fivetran(rows: Rows) -> Rows:
    """The connector on the first API of HubSpot: calls and meetings leave owner, time and kind to their engagement."""
    kinds = {row["engagement_id"]: row["property_hs_activity_type"] for row in rows["engagement_meeting"]}
    calls = renamed(
        rows["engagement_call"],
        engagement_id="engagement_id",
        title="property_hs_call_title",
        status="property_hs_call_status",
        disposition="property_hs_call_disposition",
        duration_milliseconds="property_hs_call_duration",
        _fivetran_synced="property_hs_lastmodifieddate",
        _fivetran_deleted="_fivetran_deleted",
    )
    meetings = renamed(
        rows["engagement_meeting"],
        engagement_id="engagement_id",
        title="property_hs_meeting_title",
        start_time="property_hs_meeting_start_time",
        end_time="property_hs_meeting_end_time",
        meeting_outcome="property_hs_meeting_outcome",
        _fivetran_deleted="_fivetran_deleted",
    )
    engagements = [row | {"activity_type": kinds.get(row["id"], "")} for row in rows["engagement"]]
    return rows | {"engagement": engagements, "engagement_call": calls, "engagement_meeting": meetings}


def airbyte(rows: Rows) -> Rows:
    """Nested properties and camel case; stages stand in the property history alone, and there are no engagements."""
    owners = renamed(
        rows["owner"],
        id="owner_id",
        email="email",
        firstName="first_name",
        lastName="last_name",
        type="type",
        createdAt="created_at",
        updatedAt="updated_at",
    )
    for owner, row in zip(owners, rows["owner"], strict=True):
        owner["_ab_cdc_deleted_at"] = row["updated_at"] if row["_fivetran_deleted"] == "true" else ""
    deals = renamed(
        rows["deal"],
        id="deal_id",
        archived="is_deleted",
        properties_pipeline="deal_pipeline_id",
        properties_dealstage="deal_pipeline_stage_id",
        properties_hubspot_owner_id="owner_id",
        **nested(rows["deal"]),
    )
    stages = renamed(
        rows["deal_pipeline_stage"],
        id="stage_id",
        label="label",
        metadata_probability="probability",
        _ab_cdc_deleted_at="_fivetran_deleted",
    )
    for stage in stages:
        stage["_ab_cdc_deleted_at"] = "2026-01-01T00:00:00Z" if stage["_ab_cdc_deleted_at"] == "true" else ""
    entered = [
        {"deal_id": row["deal_id"], "name": "dealstage", "value": row["value"], "timestamp": row["date_entered"]}
        for row in rows["deal_stage"]
    ]
    history = renamed(
        entered + rows["deal_property_history"],
        dealId="deal_id",
        property="name",
        value="value",
        timestamp="timestamp",
    )
    owned = {row["id"]: row for row in rows["engagement"] if row["active"] == "true"}
    found = {"owner": owners, "deal": deals, "deal_pipeline_stage": stages, "deal_property_history": history}
    for name in ("engagement_call", "engagement_meeting"):
        known = [row for row in rows[name] if row["engagement_id"] in owned]
        found[name] = renamed(known, id="engagement_id", archived="_fivetran_deleted", **nested(known))
        for row in found[name]:
            row["properties_hubspot_owner_id"] = owned[row["id"]]["owner_id"]
            row["properties_hs_timestamp"] = owned[row["id"]]["timestamp"]
    return found


def read_shape(build: Build, folder: Path, rows: Rows) -> None:
    """Write the rows as files and run the staging models on them."""
    for name, shaped in rows.items():
        path = folder / "hubspot" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(shaped[0]))
            writer.writeheader()
            writer.writerows(shaped)
    settings = {"raw_from": "files", "raw_folder": str(folder), "systems": ["hubspot"], "as_of_date": "2026-06-30"}
    result = build.dbt("run", "--select", "models/staging/hubspot", **settings)
    assert result.success, messages(result)


@pytest.mark.parametrize("shape", [older_fivetran, airbyte], ids=lambda shape: shape.__name__)
def test_other_loaders_give_the_same(
    both: Build, new_build: Build, tmp_path: Path, shape: Callable[[Rows], Rows]
) -> None:
    """What the maps make of accepted rows is the same, whichever loader landed them."""
    read_shape(new_build, tmp_path / "raw", shape(raw_rows()))
    # Rows as they landed differ, and the keys of stage history name the object that it was read from.
    left_out = {
        "opportunities": "exclude (raw_row)",
        "opportunity_histories": "exclude (object, opportunity_history_id, row_key)",
    }
    for name in MAPS:
        rows = f"select * {left_out.get(name, '')} from staging.map_hubspot__{name} where row_status = 'accepted'"
        expected = both.rows(f"{rows} order by all")
        assert len(expected) > 2
        assert new_build.rows(f"{rows} order by all") == expected, name


def test_export_of_hubspot_itself(new_build: Build, tmp_path: Path) -> None:
    """HubSpot's own export: labels instead of names and ids, times without seconds, and only deals and owners."""
    owners = """
        Id,Email,First Name,Last Name,Create Date
        71001,owen.mueller@northbeam.example,Owen,Mueller,2025-06-02 08:00
    """
    deals = """
        Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Create Date,Amount,Currency,Pipeline,Last Modified Date
        5001,Anchor Freight,Closed Won,2026-04-01 01:30,Owen Mueller,2026-01-12 17:00,12000,USD,Sales,2026-04-01 01:30
        5008,Halyard,Appointment Scheduled,2026-08-15,Owen Mueller,2026-06-11 10:00,6020,EUR,Sales,
    """
    rows = {"owner": list(csv.DictReader(lines(owners))), "deal": list(csv.DictReader(lines(deals)))}
    read_shape(new_build, tmp_path / "raw", rows)
    found = new_build.rows(
        """
        select opportunity_id, owner_user_id, stage_name, amount, currency_code, closed_on, closed_at, is_closed, is_won
        from staging.map_hubspot__opportunities order by opportunity_id
        """
    )
    closed_at = datetime(2026, 4, 1, 1, 30)
    assert found == [
        ("hubspot:5001", "Owen Mueller", "Closed Won", Decimal(12000), "USD", None, closed_at, True, True),
        (
            *("hubspot:5008", "Owen Mueller", "Appointment Scheduled", Decimal(6020), "EUR"),
            *(date(2026, 8, 15), None, False, False),
        ),
    ]


def test_deals_without_an_owner_column_are_refused(new_build: Build, tmp_path: Path) -> None:
    owners = [{"id": "1", "email": PEOPLE["owen"], "createdAt": "2025-06-02T08:00:00Z"}]
    deals = [{"deal_id": "1", "dealstage": "closedwon", "closedate": "2026-04-01", "createdate": "2026-01-01"}]
    with pytest.raises(AssertionError, match=r"Column owner_id of hubspot\.deal is required and missing"):
        read_shape(new_build, tmp_path / "raw", {"owner": owners, "deal": deals})
