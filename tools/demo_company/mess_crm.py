"""Realistic trouble in the CRM: owners, splits, copies, deletions and bad rows."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from .activities import activity, event
from .calendar import AS_OF, at_local, office_time, salesforce_time, workday
from .company import Company, Person, rng_for
from .deals import Deal, money, write_deals
from .people import LEFT_LATER

INHERITORS = [21, 35, 43]
UNKNOWN_USER = "0055g0000ZZZZZZAAA"


def plant_deal_mess(company: Company) -> None:
    """Plant everything about deals."""
    rng = rng_for("mess:deals")
    rows = {row["Id"]: row for row in company.rows("salesforce", "opportunity")}
    tenured = [d for d in company.deals if not d.owner.is_new and d.status == "won"]
    tenured = [d for d in tenured if date(2024, 6, 1) <= d.closed <= date(2026, 5, 15)]
    rng.shuffle(tenured)
    company.tables[("salesforce", "opportunity_field_history")] = []
    company.tables[("salesforce", "opportunity_split")] = []
    _owner_after_close(company, rng, [tenured.pop() for _ in range(8)], rows)
    _leavers_deals(company, rows)
    _owner_before_close(company, rng, [tenured.pop() for _ in range(8)], rows)
    _splits(company, rng, [tenured.pop() for _ in range(24)], rows)
    _reopened(company, [d for d in tenured if (d.closed - d.created).days > 45][:4])
    used = {entry["opportunity_id"] for entry in company.mess["reopened_deal"]}
    tenured = [d for d in tenured if d.id not in used]
    _deleted(company, [tenured.pop() for _ in range(2)], rows)
    _copies(company, [tenured.pop() for _ in range(7)], rows)
    _inherited(company, rng)
    _bad_deals(company, rows, tenured[-1])
    company.rows("salesforce", "opportunity_field_history").sort(key=lambda r: (r["CreatedDate"], r["Id"]))


def _owner_row(company: Company, deal_id: str, old: str, new: str, moment: str) -> None:
    company.add(
        "salesforce",
        "opportunity_field_history",
        {
            "Id": company.new_id("017"),
            "OpportunityId": deal_id,
            "Field": "Owner",
            "OldValue": old,
            "NewValue": new,
            "CreatedDate": moment,
        },
    )


def _colleague(company: Company, rng: Random, person: Person, day: date) -> Person:
    others = [p for p in company.sellers("AE") if not p.is_new and p is not person and p.works(day)]
    return rng.choice(others)


def _owner_after_close(company: Company, rng: Random, deals: list[Deal], rows: dict) -> None:
    for deal in deals:
        new = _colleague(company, rng, deal.owner, deal.closed)
        _change_owner(company, deal, rows[deal.id], new, deal.closed + timedelta(days=rng.randint(12, 40)))


def _change_owner(company: Company, deal: Deal, row: dict[str, str], new: Person, day: date) -> None:
    moment = salesforce_time(at_local(workday(day), deal.owner.timezone, 14))
    row["OwnerId"] = new.user_id
    row["LastModifiedDate"] = max(moment, row["LastModifiedDate"])
    _owner_row(company, deal.id, deal.owner.user_id, new.user_id, moment)
    entry = {"opportunity_id": deal.id, "owner_at_close": deal.owner.user_id, "owner_now": new.user_id}
    company.note("owner_change_after_close", entry)


def _leavers_deals(company: Company, rows: dict) -> None:
    for deal in company.deals:
        person = deal.owner
        if person.hire_index in LEFT_LATER and deal.status == "won" and person.hire_index != 5:
            _change_owner(company, deal, rows[deal.id], person.manager, person.ended + timedelta(days=3))


def _owner_before_close(company: Company, rng: Random, deals: list[Deal], rows: dict) -> None:
    for deal in deals:
        old = _colleague(company, rng, deal.owner, deal.created)
        span = max(0, (deal.closed - deal.created).days - 1)
        day = deal.created + timedelta(days=rng.randint(0, span))
        moment = salesforce_time(at_local(day, "UTC", 1) if day > deal.created else at_local(day, "UTC", 23))
        _owner_row(company, deal.id, old.user_id, deal.owner.user_id, moment)
        rows[deal.id]["CreatedById"] = old.user_id
        entry = {"opportunity_id": deal.id, "owner_before": old.user_id, "owner_at_close": deal.owner.user_id}
        company.note("owner_change_before_close", entry)


def _splits(company: Company, rng: Random, deals: list[Deal], rows: dict) -> None:
    shapes = [(60, 40), (50, 50), (50, 30, 20), (75, 25), (33.34, 33.33, 33.33)]
    for place, deal in enumerate(deals):
        shares = [(60, 30), (70, 40), (50,)][place] if place < 3 else shapes[place % len(shapes)]
        owners = [deal.owner]
        while len(owners) < len(shares):
            other = _colleague(company, rng, deal.owner, deal.closed)
            if other not in owners:
                owners.append(other)
        for owner, share in zip(owners, shares, strict=True):
            company.add(
                "salesforce",
                "opportunity_split",
                {
                    "Id": company.new_id("1Oe"),
                    "OpportunityId": deal.id,
                    "SplitOwnerId": owner.user_id,
                    "SplitPercentage": share,
                    "SplitAmount": money(float(rows[deal.id]["Amount"]) * share / 100),
                    "IsDeleted": False,
                },
            )
        kind = "split_not_adding_to_100" if place < 3 else "split"
        company.note(kind, {"opportunity_id": deal.id, "percentages": list(shares)})


def _reopened(company: Company, deals: list[Deal]) -> None:
    for place, deal in enumerate(deals):
        stage = "Closed Won" if place == 0 else "Closed Lost"
        for name, days in ((stage, 12), ("Negotiation", 7)):
            company.add(
                "salesforce",
                "opportunity_history",
                {
                    "Id": company.new_id("008"),
                    "OpportunityId": deal.id,
                    "StageName": name,
                    "Amount": money(deal.amount),
                    "CloseDate": deal.closed - timedelta(days=12),
                    "CreatedDate": salesforce_time(at_local(deal.closed - timedelta(days=days), "UTC", 12)),
                },
            )
        company.note("reopened_deal", {"opportunity_id": deal.id, "was": stage})


def _deleted(company: Company, won: list[Deal], rows: dict) -> None:
    lost = [d for d in company.deals if d.status == "lost" and not d.owner.is_new][:60:20]
    for deal in won + lost:
        rows[deal.id]["IsDeleted"] = "true"
        company.note("deleted_deal", {"opportunity_id": deal.id})


def _copies(company: Company, deals: list[Deal], rows: dict) -> None:
    table = company.rows("salesforce", "opportunity")
    for deal in deals[:3]:
        table.append(dict(rows[deal.id]))
        company.note("exact_copy", {"object": "salesforce.opportunity", "key": deal.id})
    for deal in deals[3:]:
        older = dict(rows[deal.id], StageName="Proposal", IsClosed="false", IsWon="false")
        older["Amount"] = money(round(deal.amount * 1.3, 2))
        older["LastModifiedDate"] = salesforce_time(at_local(deal.created, "UTC", 23))
        table.insert(table.index(rows[deal.id]), older)
        company.note("older_copy", {"object": "salesforce.opportunity", "key": deal.id})


def _inherited(company: Company, rng: Random) -> None:
    deals, givers = [], []
    for index in INHERITORS:
        heir = company.by_key[f"hire_{index + 1:02d}"]
        start = heir.spells[0].start
        created = workday(start - timedelta(days=45))
        giver = _colleague(company, rng, heir, created)
        deals.append(Deal(heir, rng.randint(700, 1100) * 10, created, start + timedelta(days=1), "won"))
        givers.append(giver)
    planned = company.deals
    write_deals(company, deals)
    company.deals = planned + deals
    by_id = {row["Id"]: row for row in company.rows("salesforce", "opportunity")}
    for deal, giver in zip(deals, givers, strict=True):
        by_id[deal.id]["CreatedById"] = giver.user_id
        moment = salesforce_time(at_local(deal.owner.spells[0].start, deal.owner.timezone, 8, 30))
        _owner_row(company, deal.id, giver.user_id, deal.owner.user_id, moment)
        entry = {"opportunity_id": deal.id, "heir": deal.owner.user_id, "giver": giver.user_id}
        company.note("inherited_deal", entry)


def _bad_deals(company: Company, rows: dict, model: Deal) -> None:
    changes = {
        "unparsable_number": [{"Amount": "abc"}],
        "not_finite_number": [{"Amount": "1e309"}],
        "negative_amount": [{"Amount": "-5000"}],
        "unparsable_date": [{"CloseDate": "2026-13-45"}],
        "date_out_of_range": [{"CloseDate": "2199-12-31"}],
        "end_before_start": [{"CreatedDate": "2026-03-20T09:00:00.000+0000", "CloseDate": "2026-03-02"}],
        "missing_key": [{"Id": ""}],
        "unknown_currency": [{"CurrencyIsoCode": "XTS"}],
        "machine_owner": [{"OwnerId": company.robot_id}],
        "unknown_owner": [{"OwnerId": UNKNOWN_USER}],
    }
    for kind, variants in changes.items():
        for change in variants:
            row = dict(rows[model.id], Id=company.new_id("006"), Name=f"Deal {kind}")
            row.update({"CloseDate": "2026-03-12", "CreatedDate": "2026-02-02T09:00:00.000+0000"})
            row.update({"LastModifiedDate": "2026-03-12T15:00:00.000+0000"} | change)
            company.rows("salesforce", "opportunity").append(row)
            note = {"object": "salesforce.opportunity", "key": row["Id"], "change": change}
            company.note("bad_row" if kind not in ("machine_owner", "unknown_owner") else kind, note | {"kind": kind})


def plant_activity_mess(company: Company) -> None:
    """Plant everything about tasks and events."""
    rng = rng_for("mess:activities")
    held = [r for r in company.rows("salesforce", "event") if r["StartDateTime"] < "2026-06"]
    held = [r for r in held if company_owner(company, r["OwnerId"]).key.startswith("tenured")]
    rng.shuffle(held)
    for row in held[:10]:
        row["Subject"] = "Canceled: " + row["Subject"]
        company.note("cancelled_event", {"event_id": row["Id"]})
    for row in held[10:14]:
        row["IsDeleted"] = "true"
        company.note("deleted_event", {"event_id": row["Id"]})
    _children(company, rng, held[14:22])
    tasks = [r for r in company.rows("salesforce", "task") if r["Status"] == "Completed"]
    tasks = [r for r in tasks if company_owner(company, r["OwnerId"]).key.startswith("tenured")]
    rng.shuffle(tasks)
    for row in tasks[:4]:
        row["IsDeleted"] = "true"
        company.note("deleted_task", {"task_id": row["Id"]})
    for row in tasks[4:8]:
        row.update({"Status": "Deferred", "IsClosed": "true", "CompletedDateTime": ""})
        company.note("deferred_task", {"task_id": row["Id"]})
    for row in tasks[8:14]:
        row["ActivityDate"] = (date.fromisoformat(row["CompletedDateTime"][:10]) - timedelta(days=12)).isoformat()
        company.note("due_date_differs", {"task_id": row["Id"]})
    for row in tasks[14:16]:
        company.rows("salesforce", "task").append(dict(row))
        company.note("exact_copy", {"object": "salesforce.task", "key": row["Id"]})
    _midnight(company)
    _before_start(company)
    _bad_activities(company, tasks[20], held[30])


def company_owner(company: Company, user_id: str) -> Person:
    """Return the person of a user id."""
    return next(p for p in company.people if p.user_id == user_id)


def _children(company: Company, rng: Random, rows: list[dict[str, str]]) -> None:
    for row in rows:
        day = date.fromisoformat(row["StartDateTime"][:10])
        fresh = [p for p in company.people if p.is_new and p.works(day)] or [company.by_key["tenured_01"]]
        copy = dict(row, Id=company.new_id("00U"), OwnerId=rng.choice(fresh).user_id, IsChild="true")
        company.rows("salesforce", "event").append(copy)
        company.note("child_event", {"event_id": copy["Id"], "copy_of": row["Id"]})


def _midnight(company: Company) -> None:
    for zone, hour, minute in (
        ("America/Los_Angeles", 23, 30),
        ("America/New_York", 22, 45),
        ("Asia/Singapore", 0, 20),
        ("Australia/Sydney", 1, 10),
    ):
        person = next(p for p in company.people if p.family == "AE" and p.timezone == zone and p.works(AS_OF))
        row = event(company, person, "Meeting", "Meeting", at_local(date(2026, 4, 14), zone, hour, minute))
        entry = {"event_id": row["Id"], "local_date": "2026-04-14", "utc_start": row["StartDateTime"]}
        company.note("near_midnight", entry)
        if zone == "America/Los_Angeles":
            late = event(company, person, "Meeting", "Meeting", at_local(AS_OF, zone, 23, 30))
            entry = {"event_id": late["Id"], "local_date": "2026-06-30", "utc_start": late["StartDateTime"]}
            company.note("near_midnight", entry)


def _before_start(company: Company) -> None:
    person = company.by_key["hire_26"]
    day = workday(person.spells[0].start - timedelta(days=4), forward=False)
    row = activity(company, rng_for("early"), person, "call", office_time(rng_for("early"), day, person.timezone))
    company.note("activity_before_start", {"task_id": row["Id"], "user_id": person.user_id})


def _bad_activities(company: Company, task: dict[str, str], meeting: dict[str, str]) -> None:
    bad = [
        ("task", task, {"Id": company.new_id("00T"), "CompletedDateTime": "yesterday"}, "unparsable_date"),
        ("task", task, {"Id": company.new_id("00T"), "CallDurationInSeconds": "5 min"}, "unparsable_number"),
        (
            "event",
            meeting,
            {"Id": company.new_id("00U"), "EndDateTime": "2024-01-01T00:00:00.000+0000"},
            "end_before_start",
        ),
        (
            "event",
            meeting,
            {"Id": company.new_id("00U"), "StartDateTime": "1899-12-30T00:00:00.000+0000"},
            "date_out_of_range",
        ),
    ]
    for table, model, change, kind in bad:
        row = dict(model) | change
        company.rows("salesforce", table).append(row)
        company.note("bad_row", {"object": f"salesforce.{table}", "key": row["Id"], "kind": kind, "change": change})
    history = dict(company.rows("salesforce", "opportunity_history")[100])
    history |= {"Id": company.new_id("008"), "OpportunityId": "0065g0000ZZZZZZAAA"}
    company.rows("salesforce", "opportunity_history").append(history)
    entry = {"object": "salesforce.opportunity_history", "key": history["Id"], "kind": "orphan"}
    company.note("bad_row", entry)
    quota = dict(company.rows("salesforce", "forecasting_quota")[10])
    quota |= {"Id": company.new_id("0J9"), "QuotaAmount": "n/a"}
    company.rows("salesforce", "forecasting_quota").append(quota)
    entry = {"object": "salesforce.forecasting_quota", "key": quota["Id"], "kind": "unparsable_number"}
    company.note("bad_row", entry)
