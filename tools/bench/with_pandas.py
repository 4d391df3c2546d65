"""The same marts with pandas, on its Arrow strings: ``python -m tools.bench.with_pandas <raw> <out>``."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from .marts import QUOTA_MILESTONES, Facts, write_marts
from .people import AS_OF, FULL_MONTHLY_QUOTA, People, read_people

EARLIEST, LATEST = pd.Timestamp("1990-01-01"), pd.Timestamp("2031-06-30")
LAST_DAY = pd.Timestamp(AS_OF)


def read(raw: Path, name: str, columns: list[str]) -> pd.DataFrame:
    """Read columns of an object, every text trimmed and empty text missing."""
    frame = pd.read_parquet(raw / name, columns=columns, dtype_backend="pyarrow")
    for column in columns:
        text = frame[column].str.strip()
        frame[column] = text.where(text != "")
    return frame


def parse_time(text: pd.Series) -> pd.Series:
    """Return the UTC instant of texts: ISO with an offset, Z or none, or milliseconds since 1970."""
    is_number = text.str.fullmatch(r"\d{12,13}").fillna(False).astype(bool)
    iso = pd.to_datetime(text.where(~is_number).astype(object), format="ISO8601", errors="coerce", utc=True)
    # Numbers alone: with gaps among them pandas 2.3 once ended in an overflow, and not with the same data again.
    numbers = pd.to_datetime(pd.to_numeric(text[is_number]).astype("int64"), unit="ms", utc=True)
    return iso.fillna(numbers.reindex(text.index)).dt.tz_localize(None).astype("datetime64[us]")


def parse_day(text: pd.Series) -> pd.Series:
    """Return the day of texts."""
    days = pd.to_datetime(text.str.slice(0, 10).astype(object), format="%Y-%m-%d", errors="coerce")
    return days.astype("datetime64[us]")


def local_day(instant: pd.Series, zone: pd.Series) -> pd.Series:
    """Return the day of instants in the time zones beside them."""
    days = pd.Series(pd.NaT, index=instant.index, dtype="datetime64[us]")
    utc = instant.dt.tz_localize("UTC")
    for name, index in zone.groupby(zone).groups.items():
        days.loc[index] = utc.loc[index].dt.tz_convert(name).dt.tz_localize(None).dt.normalize()
    return days


def is_far(moments: pd.Series) -> pd.Series:
    """Whether days or instants are out of range; missing ones are not."""
    return (moments < EARLIEST) | (moments > LATEST)


def cents(amount: pd.Series) -> pd.Series:
    """Return money as whole cents, rounded at six decimals and then at two."""
    return ((np.round(amount * 1e6) + 5000) // 10000).astype("int64")


def main(raw: Path, out: Path) -> None:
    """Read, compute, write."""
    people = read_people(raw)
    owners = pd.DataFrame(
        [(user, rep, people.zones[rep]) for user, rep in people.reps.items()], columns=["owner", "rep_id", "zone"]
    )
    ramps = pd.DataFrame(
        [(ramp.ramp_id, ramp.rep_id, ramp.start, ramp.until) for ramp in people.ramps],
        columns=["ramp_id", "rep_id", "ramp_start", "until"],
    ).astype({"ramp_start": "datetime64[us]", "until": "datetime64[us]"})
    activities = pd.concat([read_tasks(raw), read_events(raw)]).merge(owners, on="owner").reset_index(drop=True)
    activities["happened_on"] = local_day(activities["happened_at"], activities["zone"]).fillna(activities["due_on"])
    activities["happened_at"] = activities["happened_at"].fillna(activities["due_on"])
    deals = read_deals(raw, owners)
    bookings = read_bookings(raw, deals, owners)
    quotas = read_quotas(raw, owners, people)
    facts = Facts(attainment=pa.Table.from_pandas(attainment(quotas, bookings), preserve_index=False))
    closed = deals.loc[deals["status"] != "open", "closed_on"].min()
    facts.history_from = min(closed, activities["happened_on"].min()).date()
    first_events(facts, ramps, activities, deals, bookings)
    quota_crossings(facts, ramps, quotas, bookings)
    write_marts(people, facts, out)


def read_tasks(raw: Path) -> pd.DataFrame:
    """Return the tasks that were done."""
    columns = ["Id", "OwnerId", "Subject", "TaskSubtype", "Status", "IsClosed", "ActivityDate", "CompletedDateTime"]
    tasks = read(raw, "salesforce/task", [*columns, "CreatedDate", "CallDurationInSeconds", "IsDeleted"])
    tasks["completed_at"] = parse_time(tasks["CompletedDateTime"])
    tasks["due_on"] = parse_day(tasks["ActivityDate"])
    created = parse_time(tasks["CreatedDate"])
    seconds = pd.to_numeric(tasks["CallDurationInSeconds"].astype(object), errors="coerce")
    tasks["status"] = tasks["Status"].str.lower()
    tasks = tasks[
        tasks["Id"].notna()
        & tasks["OwnerId"].notna()
        & created.notna()
        & (tasks["CompletedDateTime"].isna() | tasks["completed_at"].notna())
        & (tasks["ActivityDate"].isna() | tasks["due_on"].notna())
        & (tasks["CallDurationInSeconds"].isna() | (seconds >= 0))
        & tasks["IsClosed"].isin(["true", "false"])
        & ~is_far(tasks["completed_at"])
        & ~is_far(tasks["due_on"])
        & ~is_far(created)
    ]
    repeated = tasks[tasks["Id"].duplicated(keep=False)].drop_duplicates(["Id", "Subject", "status"])
    conflicts = repeated.loc[repeated["Id"].duplicated(keep=False), "Id"].unique()
    done = tasks[
        ~tasks["Id"].isin(conflicts)
        & (tasks["IsDeleted"] != "true")
        & (tasks["status"] != "deferred")
        & ((tasks["IsClosed"] == "true") | (tasks["status"] == "completed"))
    ]
    return pd.DataFrame(
        {
            "source_key": "salesforce:task:" + done["Id"],
            "owner": done["OwnerId"],
            "kind": np.where(done["TaskSubtype"].str.lower() == "call", "call", "other"),
            "happened_at": done["completed_at"],
            "due_on": done["due_on"],
        }
    )


def read_events(raw: Path) -> pd.DataFrame:
    """Return the events that were held."""
    columns = ["Id", "OwnerId", "Subject", "Type", "StartDateTime", "EndDateTime", "DurationInMinutes", "IsChild"]
    events = read(raw, "salesforce/event", [*columns, "IsDeleted"])
    events["started_at"], ended = parse_time(events["StartDateTime"]), parse_time(events["EndDateTime"])
    subject, kind = events["Subject"].str.lower(), events["Type"].str.lower()
    is_held = (
        events["Id"].notna()
        & events["OwnerId"].notna()
        & events["started_at"].notna()
        & (events["EndDateTime"].isna() | (ended >= events["started_at"]))
        & ~is_far(events["started_at"])
        & ~is_far(ended)
        & (pd.to_numeric(events["DurationInMinutes"].astype(object), errors="coerce") >= 0)
        & (events["IsDeleted"] != "true")
        & (events["IsChild"] != "true")
        & ~subject.str.startswith(("canceled:", "cancelled:", "declined:"))
    )
    is_demo = kind.str.startswith("demo") | subject.str.contains("demo", regex=False)
    is_meeting = kind.str.startswith("meeting") | subject.str.contains("meeting", regex=False)
    kinds = np.select([is_demo.to_numpy(bool), is_meeting.to_numpy(bool)], ["demo", "meeting"], "other")
    return pd.DataFrame(
        {
            "source_key": "salesforce:event:" + events["Id"],
            "owner": events["OwnerId"],
            "kind": kinds,
            "happened_at": events["started_at"],
            "due_on": pd.Series(pd.NaT, index=events.index, dtype="datetime64[us]"),
        }
    )[is_held.to_numpy(bool)]


def read_deals(raw: Path, owners: pd.DataFrame) -> pd.DataFrame:
    """Return the newest sound copy of each deal, with its amount in cents of the corporate currency."""
    rates = read(raw, "salesforce/dated_conversion_rate", ["IsoCode", "StartDate", "ConversionRate"])
    rates = pd.DataFrame(
        {
            "currency": rates["IsoCode"].astype(object),
            "started_on": parse_day(rates["StartDate"]),
            "rate": rates["ConversionRate"].astype("float64"),
        }
    )
    usd = pd.DataFrame({"currency": ["USD"], "started_on": [pd.Timestamp("1900-01-01")], "rate": [1.0]})
    usd["started_on"] = usd["started_on"].astype("datetime64[us]")
    rates = pd.concat([rates[rates["currency"] != "USD"], usd]).sort_values("started_on")
    columns = ["Id", "OwnerId", "CurrencyIsoCode", "Amount", "IsClosed", "IsWon", "IsDeleted", "CloseDate"]
    raw_deals = read(raw, "salesforce/opportunity", [*columns, "CreatedDate", "LastModifiedDate"])
    deals = pd.DataFrame(
        {
            "id": raw_deals["Id"],
            "owner": raw_deals["OwnerId"],
            "currency": raw_deals["CurrencyIsoCode"].astype(object),
            "amount": pd.to_numeric(raw_deals["Amount"].astype(object), errors="coerce"),
            "is_closed": (raw_deals["IsClosed"] == "true").to_numpy(bool),
            "is_won": (raw_deals["IsWon"] == "true").to_numpy(bool),
            "is_deleted": (raw_deals["IsDeleted"] == "true").to_numpy(bool),
            "closed_on": parse_day(raw_deals["CloseDate"]),
            "created_at": parse_time(raw_deals["CreatedDate"]),
            "created_day": parse_day(raw_deals["CreatedDate"]),
            "modified_at": parse_time(raw_deals["LastModifiedDate"]),
        }
    )
    is_sound = (
        deals["id"].notna()
        & deals["owner"].notna()
        & deals[["closed_on", "created_at", "modified_at"]].notna().all(axis=1)
        & (raw_deals["Amount"].isna() | ((deals["amount"] >= 0) & (deals["amount"] < 1e22)))
        & ~is_far(deals["closed_on"])
        & ~is_far(deals["created_at"])
        & ~is_far(deals["modified_at"])
        & ~(deals["is_closed"] & (deals["closed_on"] < deals["created_day"] - pd.Timedelta(days=1)))
        & deals["currency"].isin(rates["currency"])
    )
    deals = (
        deals[is_sound.to_numpy(bool)].sort_values("modified_at", ascending=False, kind="stable").drop_duplicates("id")
    )
    deals = deals[~deals["is_deleted"]].merge(owners, on="owner", how="left")
    deals["zone"] = deals["zone"].fillna("UTC")
    deals["rated_on"] = deals["closed_on"].where(deals["closed_on"] < LAST_DAY, LAST_DAY)
    deals = pd.merge_asof(
        deals.sort_values("rated_on"), rates, left_on="rated_on", right_on="started_on", by="currency"
    )
    deals["created_on"] = local_day(deals["created_at"], deals["zone"])
    deals["cents"] = cents(deals["amount"] / deals["rate"])
    is_open = ~deals["is_closed"] | (deals["closed_on"] > LAST_DAY)
    deals["status"] = np.select([is_open, deals["is_won"]], ["open", "won"], "lost")
    return deals[["id", "owner", "rep_id", "zone", "closed_on", "created_on", "status", "cents"]]


def read_bookings(raw: Path, deals: pd.DataFrame, owners: pd.DataFrame) -> pd.DataFrame:
    """Return who is credited with how many cents of each won deal."""
    won = deals.loc[deals["status"] == "won", ["id", "owner", "zone", "closed_on", "cents"]]
    history = read(
        raw, "salesforce/opportunity_field_history", ["OpportunityId", "Field", "OldValue", "NewValue", "CreatedDate"]
    )
    history = history[history["Field"] == "Owner"].rename(columns={"OpportunityId": "id"})
    history["changed_at"] = parse_time(history["CreatedDate"])
    history = history.merge(won, on="id").sort_values("changed_at", kind="stable").reset_index(drop=True)
    is_by_close = local_day(history["changed_at"], history["zone"]) <= history["closed_on"]
    before = history[is_by_close].groupby("id")["NewValue"].last()
    after = history[~is_by_close].groupby("id")["OldValue"].first()
    splits = read(
        raw, "salesforce/opportunity_split", ["OpportunityId", "SplitOwnerId", "SplitPercentage", "IsDeleted"]
    )
    splits = splits[splits["IsDeleted"] == "false"].rename(columns={"OpportunityId": "id", "SplitOwnerId": "owner"})
    splits["share"] = splits["SplitPercentage"].astype("float64")
    total = splits.groupby("id")["share"].transform("sum")
    splits["share"] = splits["share"] / total
    splits = splits.loc[total.between(99.994999999, 100.005000001), ["id", "owner", "share"]]
    alone = won.loc[~won["id"].isin(splits["id"]), ["id", "owner"]].copy()
    alone["owner"] = alone["id"].map(before).fillna(alone["id"].map(after)).fillna(alone["owner"])
    alone["share"] = 1.0
    credited = (
        pd.concat([splits, alone])
        .merge(won[["id", "closed_on", "cents"]], on="id")
        .merge(owners, on="owner", how="left")
    )
    credited["key"] = credited["rep_id"].fillna("nobody:" + credited["owner"].astype(object))
    credited = (
        credited.groupby(["id", "key", "closed_on", "cents"], as_index=False)
        .agg(share=("share", "sum"), rep_id=("rep_id", "first"))
        .sort_values(["id", "share", "key"], ascending=[True, False, True])
    )
    part = cents(credited["cents"] / 100.0 * credited["share"])
    rest = credited["cents"] - part.groupby(credited["id"]).transform("sum")
    credited["cents"] = part + rest.where(~credited["id"].duplicated(), 0)
    credited = credited.rename(columns={"closed_on": "booked_on"})
    return credited.loc[credited["rep_id"].notna(), ["id", "rep_id", "booked_on", "cents"]]


def read_quotas(raw: Path, owners: pd.DataFrame, people: People) -> pd.DataFrame:
    """Return the quota of each rep and month, as assigned and for milestones, in cents."""
    columns = ["QuotaOwnerId", "StartDate", "QuotaAmount", "IsAmount", "ForecastingTypeId"]
    quotas = read(raw, "salesforce/forecasting_quota", columns)
    quotas = quotas[(quotas["IsAmount"] == "true") & (quotas["ForecastingTypeId"] == "0Db5g0000000TIuCAM")]
    amount = pd.to_numeric(quotas["QuotaAmount"].astype(object), errors="coerce")
    quotas = pd.DataFrame(
        {"owner": quotas["QuotaOwnerId"], "started_on": parse_day(quotas["StartDate"]), "quota": amount}
    )
    quotas = quotas[quotas["quota"].notna() & (quotas["started_on"] <= LAST_DAY)].merge(owners, on="owner")
    quotas["quota"] = cents(quotas["quota"])
    quotas = quotas.groupby(["rep_id", "started_on"], as_index=False)["quota"].sum()
    quotas["ended_on"] = (quotas["started_on"] + pd.offsets.MonthEnd(1)).astype("datetime64[us]")
    spells = pd.DataFrame(people.spells, columns=["rep_id", "family", "spell_from", "spell_to"])
    spells = spells.astype({"spell_from": "datetime64[us]", "spell_to": "datetime64[us]"})
    roles = quotas.merge(spells, on="rep_id")
    is_held = (roles["ended_on"] >= roles["spell_from"]) & ~(roles["started_on"] > roles["spell_to"])
    roles = roles[is_held].sort_values("spell_from").drop_duplicates(["rep_id", "started_on"])
    roles["full"] = roles["family"].map(FULL_MONTHLY_QUOTA) * 100
    quotas = quotas.merge(roles[["rep_id", "started_on", "full"]], on=["rep_id", "started_on"], how="left")
    quotas["milestone_quota"] = quotas["full"].fillna(quotas["quota"])
    return quotas


def attainment(quotas: pd.DataFrame, bookings: pd.DataFrame) -> pd.DataFrame:
    """Return the mart fct_attainment: quota months, and months with bookings alone."""
    months = bookings.assign(started_on=month_start(bookings["booked_on"]))
    months = months.groupby(["rep_id", "started_on"], as_index=False).agg(
        cents=("cents", "sum"), deals=("id", "nunique")
    )
    both = quotas.merge(months, on=["rep_id", "started_on"], how="outer")
    booked = both["cents"].fillna(0)
    return pd.DataFrame(
        {
            "rep_id": both["rep_id"].astype(object),
            "period_started_on": both["started_on"].dt.date,
            "quota_amount": both["quota"] / 100,
            "bookings_amount": booked / 100,
            "attainment_rate": (booked / both["quota"].where(both["quota"] > 0)),
            "deals_won_count": both["deals"].fillna(0).astype("int64"),
        }
    )


def month_start(days: pd.Series) -> pd.Series:
    """Return the first days of months."""
    return days.dt.to_period("M").dt.to_timestamp().astype("datetime64[us]")


def first_events(
    facts: Facts, ramps: pd.DataFrame, activities: pd.DataFrame, deals: pd.DataFrame, bookings: pd.DataFrame
) -> None:
    """Add the first event of each ramp and milestone to the facts."""
    own = activities.loc[activities["kind"] != "other", ["rep_id", "kind", "happened_on", "happened_at", "source_key"]]
    created = deals[deals["rep_id"].notna() & (deals["created_on"] <= LAST_DAY)]
    shapes = [
        own.assign(milestone="first_" + own["kind"]),
        own.assign(milestone="first_activity"),
        of_deals(created, "created_on", "first_opportunity"),
        of_deals(bookings, "booked_on", "first_deal"),
    ]
    for shape in shapes:
        joined = shape.merge(ramps, on="rep_id")
        joined = joined[joined["happened_on"].between(joined["ramp_start"], joined["until"])]
        first = joined.sort_values(["happened_on", "happened_at", "source_key"]).drop_duplicates(
            ["ramp_id", "milestone"]
        )
        for row in first.itertuples():
            facts.events[(row.ramp_id, row.milestone)] = (row.happened_on.date(), row.source_key)


def of_deals(deals: pd.DataFrame, day: str, milestone: str) -> pd.DataFrame:
    """Return deals as events: they have a day and no time."""
    return pd.DataFrame(
        {
            "rep_id": deals["rep_id"],
            "happened_on": deals[day],
            "happened_at": deals[day],
            "source_key": "salesforce:opportunity:" + deals["id"],
            "milestone": milestone,
        }
    )


def quota_crossings(facts: Facts, ramps: pd.DataFrame, quotas: pd.DataFrame, bookings: pd.DataFrame) -> None:
    """Add to the facts when each ramp could first reach a quota, and when it did."""
    periods = ramps.merge(quotas, on="rep_id")
    periods = periods[
        (periods["until"] >= periods["started_on"])
        & (periods["ramp_start"] <= periods["ended_on"])
        & (periods["milestone_quota"] > 0)
    ]
    starts = periods[["started_on", "ramp_start"]].max(axis=1).groupby(periods["ramp_id"]).min()
    facts.evaluable = {ramp: day.date() for ramp, day in starts.items()}
    progress = periods.merge(
        bookings.assign(started_on=month_start(bookings["booked_on"])), on=["rep_id", "started_on"]
    )
    progress = progress[progress["booked_on"].between(progress["ramp_start"], progress["until"])]
    progress = progress.sort_values(["ramp_id", "booked_on", "id"])
    total = progress.groupby(["ramp_id", "started_on"])["cents"].cumsum()
    for milestone, level in QUOTA_MILESTONES.items():
        crossed = progress[total * 100 >= level * progress["milestone_quota"]].drop_duplicates("ramp_id")
        for row in crossed.itertuples():
            facts.crossings[(row.ramp_id, milestone)] = (row.booked_on.date(), f"salesforce:opportunity:{row.id}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
