"""The same marts with polars, lazily where it can: ``python -m tools.bench.with_polars <raw> <out>``."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import polars as pl

from .marts import EVENT_MILESTONES, QUOTA_MILESTONES, Facts, write_marts
from .people import AS_OF, FULL_MONTHLY_QUOTA, People, read_people

EARLIEST, LATEST = date(1990, 1, 1), date(2031, 6, 30)


def scan(raw: Path, name: str) -> pl.LazyFrame:
    """Read an object, every text trimmed and empty text null."""
    frame = pl.scan_parquet(f"{raw}/{name}/*.parquet")
    texts = pl.all().str.strip_chars()
    return frame.with_columns(pl.when(texts != "").then(texts).name.keep())


def parse_time(column: str) -> pl.Expr:
    """Return the UTC instant of a text: ISO with an offset, Z or none, or milliseconds since 1970."""
    text = pl.col(column)
    iso = text.str.replace("Z$", "+0000").str.replace(" ", "T")
    zoned = iso.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%z", strict=False, time_unit="us").dt.replace_time_zone(None)
    plain = iso.str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False, time_unit="us")
    numbers = pl.when(text.str.contains(r"^\d{12,13}$")).then(text.cast(pl.Int64, strict=False))
    return pl.coalesce(zoned, plain, pl.from_epoch(numbers, "ms").cast(pl.Datetime("us")))


def parse_day(column: str) -> pl.Expr:
    """Return the day of a text."""
    return pl.col(column).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)


def local_day(instant: pl.Expr, zones: list[str]) -> pl.Expr:
    """Return the day of an instant in the time zone of column zone."""
    utc = instant.dt.replace_time_zone("UTC")
    days = pl.lit(None, dtype=pl.Date)
    for zone in zones:
        days = pl.when(pl.col("zone") == zone).then(utc.dt.convert_time_zone(zone).dt.date()).otherwise(days)
    return days


def is_far(column: str) -> pl.Expr:
    """Whether a day or an instant is out of range; null is not."""
    return ((pl.col(column) < EARLIEST) | (pl.col(column) > LATEST)).fill_null(False)


def cents(amount: pl.Expr) -> pl.Expr:
    """Return money as whole cents, rounded at six decimals and then at two."""
    return ((amount * 1e6).round() + 5000).floordiv(10000).cast(pl.Int64)


def main(raw: Path, out: Path) -> None:
    """Read, compute, write."""
    people = read_people(raw)
    owners = pl.DataFrame(
        [(user, rep, people.zones[rep]) for user, rep in people.reps.items()], ["owner", "rep_id", "zone"], orient="row"
    )
    ramps = pl.DataFrame(
        [(ramp.ramp_id, ramp.rep_id, ramp.start, ramp.until) for ramp in people.ramps],
        ["ramp_id", "rep_id", "ramp_start", "until"],
        orient="row",
    )
    zones = sorted({*people.zones.values(), "UTC"})
    activities = read_activities(raw, owners, zones)
    deals = read_deals(raw, owners, zones)
    bookings = read_bookings(raw, deals, owners, zones)
    quotas = read_quotas(raw, owners, people)
    facts = Facts(attainment=attainment(quotas, bookings).to_arrow())
    closed = deals.filter(pl.col("status") != "open")["closed_on"].min()
    facts.history_from = min(closed, activities["happened_on"].min())
    first_events(facts, ramps, activities, deals, bookings)
    quota_crossings(facts, ramps, quotas, bookings)
    write_marts(people, facts, out)


def read_activities(raw: Path, owners: pl.DataFrame, zones: list[str]) -> pl.DataFrame:
    """Return the calls, meetings and demos that happened, and all else that did, with their day."""
    tasks = (
        scan(raw, "salesforce/task")
        .with_columns(
            completed_at=parse_time("CompletedDateTime"),
            due_on=parse_day("ActivityDate"),
            created_at=parse_time("CreatedDate"),
            seconds=pl.col("CallDurationInSeconds").cast(pl.Float64, strict=False),
            status=pl.col("Status").str.to_lowercase(),
        )
        .filter(
            pl.col("Id").is_not_null() & pl.col("OwnerId").is_not_null() & pl.col("created_at").is_not_null(),
            pl.col("CompletedDateTime").is_null() | pl.col("completed_at").is_not_null(),
            pl.col("ActivityDate").is_null() | pl.col("due_on").is_not_null(),
            pl.col("CallDurationInSeconds").is_null() | (pl.col("seconds") >= 0),
            pl.col("IsClosed").is_in(["true", "false"]),
            ~is_far("completed_at") & ~is_far("due_on") & ~is_far("created_at"),
        )
        .select("Id", "OwnerId", "Subject", "TaskSubtype", "IsClosed", "status", "completed_at", "due_on", "IsDeleted")
        .collect()
    )
    repeated = tasks.filter(pl.col("Id").is_duplicated())
    conflicts = (
        repeated.group_by("Id").agg(pl.struct("Subject", "status").n_unique().alias("n")).filter(pl.col("n") > 1)
    )
    done = (
        tasks.join(conflicts, on="Id", how="anti")
        .filter(
            pl.col("IsDeleted") != "true",
            pl.col("status") != "deferred",
            (pl.col("IsClosed") == "true") | (pl.col("status") == "completed"),
        )
        .select(
            source_key="salesforce:task:" + pl.col("Id"),
            owner="OwnerId",
            kind=pl.when(pl.col("TaskSubtype").str.to_lowercase() == "call")
            .then(pl.lit("call"))
            .otherwise(pl.lit("other")),
            happened_at="completed_at",
            due_on="due_on",
        )
    )
    subject, kind = pl.col("Subject").str.to_lowercase(), pl.col("Type").str.to_lowercase()
    held = (
        scan(raw, "salesforce/event")
        .with_columns(started_at=parse_time("StartDateTime"), ended_at=parse_time("EndDateTime"))
        .filter(
            pl.col("Id").is_not_null() & pl.col("OwnerId").is_not_null() & pl.col("started_at").is_not_null(),
            pl.col("EndDateTime").is_null() | (pl.col("ended_at") >= pl.col("started_at")),
            ~is_far("started_at") & ~is_far("ended_at"),
            pl.col("DurationInMinutes").cast(pl.Float64, strict=False) >= 0,
            (pl.col("IsDeleted") != "true") & (pl.col("IsChild") != "true"),
            ~subject.str.contains("^(canceled|cancelled|declined):"),
        )
        .select(
            source_key="salesforce:event:" + pl.col("Id"),
            owner="OwnerId",
            kind=pl.when(kind.str.starts_with("demo") | subject.str.contains("demo", literal=True))
            .then(pl.lit("demo"))
            .when(kind.str.starts_with("meeting") | subject.str.contains("meeting", literal=True))
            .then(pl.lit("meeting"))
            .otherwise(pl.lit("other")),
            happened_at="started_at",
            due_on=pl.lit(None, dtype=pl.Date),
        )
        .collect()
    )
    return (
        pl.concat([done, held])
        .join(owners, on="owner")
        .with_columns(happened_on=pl.coalesce(local_day(pl.col("happened_at"), zones), "due_on"))
        .with_columns(happened_at=pl.coalesce("happened_at", pl.col("due_on").cast(pl.Datetime("us"))))
        .select("rep_id", "kind", "source_key", "happened_on", "happened_at")
    )


def read_deals(raw: Path, owners: pl.DataFrame, zones: list[str]) -> pl.DataFrame:
    """Return the newest sound copy of each deal, with its amount in cents of the corporate currency."""
    rates = (
        scan(raw, "salesforce/dated_conversion_rate")
        .select(currency="IsoCode", started_on=parse_day("StartDate"), rate=pl.col("ConversionRate").cast(pl.Float64))
        .filter(pl.col("currency") != "USD")
        .collect()
    )
    usd = pl.DataFrame({"currency": ["USD"], "started_on": [date(1900, 1, 1)], "rate": [1.0]})
    rates = pl.concat([rates, usd]).sort("currency", "started_on")
    return (
        scan(raw, "salesforce/opportunity")
        .select(
            id="Id",
            owner="OwnerId",
            currency="CurrencyIsoCode",
            raw_amount="Amount",
            amount=pl.col("Amount").cast(pl.Float64, strict=False),
            is_closed=pl.col("IsClosed") == "true",
            is_won=pl.col("IsWon") == "true",
            is_deleted=pl.col("IsDeleted") == "true",
            closed_on=parse_day("CloseDate"),
            created_at=parse_time("CreatedDate"),
            created_day=parse_day("CreatedDate"),
            modified_at=parse_time("LastModifiedDate"),
        )
        .filter(
            pl.col("id").is_not_null() & pl.col("closed_on").is_not_null() & pl.col("created_at").is_not_null(),
            pl.col("modified_at").is_not_null() & pl.col("owner").is_not_null(),
            pl.col("raw_amount").is_null() | ((pl.col("amount") >= 0) & (pl.col("amount") < 1e22)),
            ~is_far("closed_on") & ~is_far("created_at") & ~is_far("modified_at"),
            ~(pl.col("is_closed") & (pl.col("closed_on") < pl.col("created_day").dt.offset_by("-1d"))),
            pl.col("currency").is_in(rates["currency"].unique().to_list()),
        )
        .collect()
        .sort("modified_at", descending=True)
        .unique("id", keep="first", maintain_order=True)
        .filter(~pl.col("is_deleted"))
        .join(owners, on="owner", how="left")
        .with_columns(zone=pl.col("zone").fill_null("UTC"), rated_on=pl.min_horizontal("closed_on", pl.lit(AS_OF)))
        .sort("rated_on")
        .join_asof(
            rates.sort("started_on"), left_on="rated_on", right_on="started_on", by="currency", check_sortedness=False
        )
        .with_columns(
            created_on=local_day(pl.col("created_at"), zones),
            cents=cents(pl.col("amount") / pl.col("rate")),
            status=pl.when(~pl.col("is_closed") | (pl.col("closed_on") > AS_OF))
            .then(pl.lit("open"))
            .when("is_won")
            .then(pl.lit("won"))
            .otherwise(pl.lit("lost")),
        )
        .select("id", "owner", "rep_id", "zone", "closed_on", "created_on", "status", "cents")
    )


def read_bookings(raw: Path, deals: pl.DataFrame, owners: pl.DataFrame, zones: list[str]) -> pl.DataFrame:
    """Return who is credited with how many cents of each won deal."""
    won = deals.filter(pl.col("status") == "won").select("id", "owner", "zone", "closed_on", "cents")
    changes = (
        scan(raw, "salesforce/opportunity_field_history")
        .filter(pl.col("Field") == "Owner")
        .select(id="OpportunityId", old="OldValue", new="NewValue", changed_at=parse_time("CreatedDate"))
        .collect()
        .join(won, on="id")
        .with_columns(is_by_close=local_day(pl.col("changed_at"), zones) <= pl.col("closed_on"))
        .sort("changed_at")
    )
    before = changes.filter("is_by_close").group_by("id").agg(before=pl.col("new").last())
    after = changes.filter(~pl.col("is_by_close")).group_by("id").agg(after=pl.col("old").first())
    splits = (
        scan(raw, "salesforce/opportunity_split")
        .filter(pl.col("IsDeleted") == "false")
        .select(id="OpportunityId", owner="SplitOwnerId", percentage=pl.col("SplitPercentage").cast(pl.Float64))
        .collect()
        .with_columns(total=pl.col("percentage").sum().over("id"))
        .filter(pl.col("total").is_between(99.994999999, 100.005000001))
        .select("id", "owner", share=pl.col("percentage") / pl.col("total"))
    )
    alone = (
        won.join(splits, on="id", how="anti")
        .join(before, on="id", how="left")
        .join(after, on="id", how="left")
        .select("id", owner=pl.coalesce("before", "after", "owner"), share=pl.lit(1.0))
    )
    return (
        pl.concat([splits, alone])
        .join(won.select("id", "closed_on", "cents"), on="id")
        .join(owners, on="owner", how="left")
        .with_columns(key=pl.coalesce("rep_id", "nobody:" + pl.col("owner")))
        .group_by("id", "rep_id", "key", "closed_on", "cents")
        .agg(pl.col("share").sum())
        .with_columns(part=cents(pl.col("cents") / 100.0 * pl.col("share")))
        .sort(["id", "share", "key"], descending=[False, True, False])
        .with_columns(rest=pl.col("cents") - pl.col("part").sum().over("id"), place=pl.int_range(pl.len()).over("id"))
        .select(
            "id",
            "rep_id",
            booked_on="closed_on",
            cents=pl.col("part") + pl.when(pl.col("place") == 0).then("rest").otherwise(0),
        )
        .filter(pl.col("rep_id").is_not_null())
    )


def read_quotas(raw: Path, owners: pl.DataFrame, people: People) -> pl.DataFrame:
    """Return the quota of each rep and month, as assigned and for milestones, in cents."""
    assigned = (
        scan(raw, "salesforce/forecasting_quota")
        .filter((pl.col("IsAmount") == "true") & (pl.col("ForecastingTypeId") == "0Db5g0000000TIuCAM"))
        .select(
            owner="QuotaOwnerId",
            started_on=parse_day("StartDate"),
            quota=cents(pl.col("QuotaAmount").cast(pl.Float64, strict=False)),
        )
        .filter(pl.col("quota").is_not_null() & (pl.col("started_on") <= AS_OF))
        .collect()
        .join(owners, on="owner")
        .group_by("rep_id", "started_on")
        .agg(pl.col("quota").sum())
        .with_columns(ended_on=pl.col("started_on").dt.month_end())
    )
    spells = pl.DataFrame(people.spells, ["rep_id", "family", "spell_from", "spell_to"], orient="row")
    roles = (
        assigned.join(spells, on="rep_id")
        .filter(
            (pl.col("ended_on") >= pl.col("spell_from"))
            & (pl.col("spell_to").is_null() | (pl.col("started_on") <= pl.col("spell_to")))
        )
        .sort("spell_from")
        .unique(["rep_id", "started_on"], keep="first")
        .select("rep_id", "started_on", full=pl.col("family").replace_strict(FULL_MONTHLY_QUOTA, default=None) * 100)
    )
    return assigned.join(roles, on=["rep_id", "started_on"], how="left").with_columns(
        milestone_quota=pl.coalesce("full", "quota")
    )


def attainment(quotas: pl.DataFrame, bookings: pl.DataFrame) -> pl.DataFrame:
    """Return the mart fct_attainment: quota months, and months with bookings alone."""
    monthly = (
        bookings.with_columns(started_on=pl.col("booked_on").dt.month_start())
        .group_by("rep_id", "started_on")
        .agg(bookings=pl.col("cents").sum(), deals=pl.col("id").n_unique())
    )
    return quotas.join(monthly, on=["rep_id", "started_on"], how="full", coalesce=True).select(
        "rep_id",
        period_started_on="started_on",
        quota_amount=pl.col("quota") / 100,
        bookings_amount=pl.col("bookings").fill_null(0) / 100,
        attainment_rate=pl.when(pl.col("quota") > 0).then(pl.col("bookings").fill_null(0) / pl.col("quota")),
        deals_won_count=pl.col("deals").fill_null(0),
    )


def first_events(
    facts: Facts, ramps: pl.DataFrame, activities: pl.DataFrame, deals: pl.DataFrame, bookings: pl.DataFrame
) -> None:
    """Add the first event of each ramp and milestone to the facts."""
    key = "salesforce:opportunity:" + pl.col("id")
    created = deals.filter(pl.col("rep_id").is_not_null() & (pl.col("created_on") <= AS_OF))
    own = activities.filter(pl.col("kind") != "other")
    no_time = pl.lit(None, dtype=pl.Datetime("us"))
    shapes = [
        own.select("rep_id", "happened_on", "happened_at", "source_key", milestone="first_" + pl.col("kind")),
        own.select("rep_id", "happened_on", "happened_at", "source_key", milestone=pl.lit("first_activity")),
        created.select(
            "rep_id",
            happened_on="created_on",
            happened_at=no_time,
            source_key=key,
            milestone=pl.lit("first_opportunity"),
        ),
        bookings.select(
            "rep_id", happened_on="booked_on", happened_at=no_time, source_key=key, milestone=pl.lit("first_deal")
        ),
    ]
    for shape in shapes:
        found = (
            shape.join(ramps, on="rep_id")
            .filter(pl.col("happened_on").is_between("ramp_start", "until"))
            .group_by("ramp_id", "milestone")
            .agg(
                pl.struct("happened_on", "happened_at", "source_key")
                .sort_by("happened_on", "happened_at", "source_key")
                .first()
                .alias("first")
            )
            .unnest("first")
        )
        for ramp, milestone, on, _, source in found.iter_rows():
            facts.events[(ramp, milestone)] = (on, source)
    assert {milestone for _, milestone in facts.events} <= set(EVENT_MILESTONES)  # noqa: S101


def quota_crossings(facts: Facts, ramps: pl.DataFrame, quotas: pl.DataFrame, bookings: pl.DataFrame) -> None:
    """Add to the facts when each ramp could first reach a quota, and when it did."""
    periods = ramps.join(quotas, on="rep_id").filter(
        (pl.col("until") >= pl.col("started_on"))
        & (pl.col("ramp_start") <= pl.col("ended_on"))
        & (pl.col("milestone_quota") > 0)
    )
    evaluable = periods.group_by("ramp_id").agg(pl.max_horizontal("started_on", "ramp_start").min())
    facts.evaluable = dict(evaluable.iter_rows())
    progress = (
        periods.select("ramp_id", "rep_id", "ramp_start", "until", "started_on", "milestone_quota")
        .join(bookings.with_columns(started_on=pl.col("booked_on").dt.month_start()), on=["rep_id", "started_on"])
        .filter(pl.col("booked_on").is_between("ramp_start", "until"))
        .sort("ramp_id", "booked_on", "id")
        .with_columns(total=pl.col("cents").cum_sum().over("ramp_id", "started_on"))
    )
    for milestone, level in QUOTA_MILESTONES.items():
        crossed = progress.filter(pl.col("total") * 100 >= level * pl.col("milestone_quota")).unique(
            "ramp_id", keep="first", maintain_order=True
        )
        for ramp, on, deal in crossed.select("ramp_id", "booked_on", "id").iter_rows():
            facts.crossings[(ramp, milestone)] = (on, f"salesforce:opportunity:{deal}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
