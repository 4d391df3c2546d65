"""The charts of the pages, as Altair charts compiled to Vega. Each function takes rows of a query of ``queries/``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import altair as alt
import vl_convert

Rows = Sequence[dict[str, Any]]

# Told apart by people who see no red or no green, and 3 to 1 or more against white; dashes say the same again.
COLOURS = ["#0072b2", "#c44e00", "#00785a", "#a03c78", "#5c4a00", "#222222", "#6a51a3", "#7f7f7f"]
DASHES = [[1, 0], [6, 3], [2, 2], [10, 3, 2, 3], [12, 4], [4, 2, 1, 2], [8, 8], [1, 3]]
INK, QUIET, RULE = "#1b1f24", "#57606a", "#d0d7de"
# Room for the labels beside a plot whose width the page sets, where Vega cannot measure it: charts of several parts.
SIDE_ROOM = 150
DEALS_N = "'n = ' + format(datum.deal_count, ',')"
LANES = ["milestone", "deal", "coaching", "learning", "activity", "hr"]

CONFIG = {
    "font": "system-ui, sans-serif",
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": QUIET,
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "gridColor": RULE,
        "domainColor": RULE,
        "tickColor": RULE,
        "labelLimit": 220,
    },
    "legend": {"labelFontSize": 12, "titleFontSize": 12, "orient": "top", "symbolStrokeWidth": 3, "columns": 1},
    "text": {"color": INK, "fontSize": 12},
}


def inline(rows: Rows) -> alt.InlineData:
    """Return rows as data of a chart.

    As JSON text: Altair copies and checks rows value by value, once for each layer that they are in, which takes longer
    than all else that it does.
    """
    text = json.dumps([{key: plain(value) for key, value in row.items()} for row in rows])
    return alt.InlineData(values=text, format=alt.JsonDataFormat(type="json"))


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: dates as text, decimals as numbers."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else float(value)


def compiled(chart: alt.TopLevelMixin) -> dict:
    """Return a chart as Vega specification; parts above each other take the width of the page."""
    specification = chart.configure(**CONFIG).to_dict()
    vega = vl_convert.vegalite_to_vega(specification)
    if "layout" in vega and isinstance(vega.pop("width", None), int | float):
        size = f"max(160, (isFinite(containerSize()[0]) ? containerSize()[0] : 600) - {SIDE_ROOM})"
        vega.setdefault("signals", []).insert(
            0, {"name": "width", "init": size, "on": [{"events": "window:resize", "update": size}]}
        )
    return vega


def picture(chart: alt.TopLevelMixin) -> str:
    """Return a chart as SVG text, for pages without a script."""
    return vl_convert.vegalite_to_svg(chart.configure(**CONFIG).to_dict())


def days_against_last_year(rows: Rows) -> alt.TopLevelMixin:
    """Median days to each milestone with its interval, a row of marks a milestone and year of hire; no rows without."""
    order = list(dict.fromkeys(row["label"] for row in rows))
    cohorts = ["last 12 months", "12 to 24 months ago"]
    base = alt.Chart(inline(rows)).encode(
        y=alt.Y("label:N", sort=order, title=None),
        yOffset=alt.YOffset("cohort:N", sort=cohorts),
        color=alt.Color(
            "cohort:N", title="Ramps started", scale=alt.Scale(domain=cohorts, range=[COLOURS[0], COLOURS[1]])
        ),
    )
    tips = [
        alt.Tooltip("label:N", title="Milestone"),
        alt.Tooltip("cohort:N", title="Ramps started"),
        alt.Tooltip("median_days:Q", title="Median days"),
        alt.Tooltip("ramp_count:Q", title="Ramps"),
        alt.Tooltip("reached_count:Q", title="Reached it"),
    ]
    points = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=alt.X("median_days:Q", title="Median days (95 % interval)", axis=alt.Axis(tickCount=8)),
        shape=alt.Shape(
            "cohort:N", title="Ramps started", scale=alt.Scale(domain=cohorts, range=["circle", "diamond"])
        ),
        tooltip=tips,
    )
    with_interval = "isValid(datum.median_ci_low_days) && isValid(datum.median_ci_high_days)"
    intervals = (
        base.mark_rule(strokeWidth=2)
        .transform_filter(with_interval)
        .encode(x=alt.X("median_ci_low_days:Q"), x2="median_ci_high_days:Q")
    )
    return (intervals + points).properties(width="container", height=alt.Step(18))


def measured_roi(rows: Rows) -> alt.TopLevelMixin:
    """Net value of each measured program, low to high, with the central figure."""
    named = [row | {"program": f"{row['program']} (n = {row['people_count']})"} for row in rows]
    base = alt.Chart(inline(named)).encode(y=alt.Y("program:N", sort=None, title=None))
    ranges = base.mark_rule(strokeWidth=6, opacity=0.45, color=COLOURS[0]).encode(
        x=alt.X("net_value_low_amount:Q", title="Net value", axis=alt.Axis(format="~s", tickCount=6)),
        x2="net_value_high_amount:Q",
    )
    points = base.mark_point(filled=True, size=90, color=COLOURS[0], opacity=1).encode(
        x="net_value_central_amount:Q",
        tooltip=[
            alt.Tooltip("program:N", title="Program"),
            alt.Tooltip("net_value_low_amount:Q", title="Low", format=",.0f"),
            alt.Tooltip("net_value_central_amount:Q", title="Central", format=",.0f"),
            alt.Tooltip("net_value_high_amount:Q", title="High", format=",.0f"),
            alt.Tooltip("people_count:Q", title="People"),
        ],
    )
    return (zero_line() + ranges + points).properties(width="container", height=alt.Step(36))


def zero_line() -> alt.Chart:
    """Return a rule at nothing."""
    return alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(color=INK, strokeDash=[3, 3]).encode(x="zero:Q")


def ramp_curves(curves: Rows, medians: Rows, at_risk: Rows) -> alt.TopLevelMixin:
    """Share of each cohort that has reached a milestone by day, with its band, its median and the numbers at risk.

    Signals: cohort_type, milestone, days (how far the axis goes) and shown (the names of the cohorts that are drawn).
    """
    chosen = (
        "datum.cohort_type == cohort_type && datum.milestone == milestone && indexof(shown, datum.cohort_name) >= 0"
    )
    x = alt.X(
        "day:Q",
        title="Day of the ramp",
        scale=alt.Scale(domain=[0, alt.ExprRef("days")], nice=False),
        axis=alt.Axis(grid=False, labelFlush=True),
    )
    scale = alt.Scale(range=COLOURS)
    # Only the steps have the channel colour, so that its legend and that of the dashes are one.
    colour = alt.Color("cohort_name:N", title=None, scale=scale)
    fill = alt.Fill("cohort_name:N", legend=None, scale=scale)
    dash = alt.StrokeDash("cohort_name:N", title=None, scale=alt.Scale(range=DASHES))
    lines = alt.Chart(inline(curves)).transform_filter(chosen)
    percent = alt.Axis(format="%", tickCount=5)
    bands = lines.mark_area(interpolate="step-after", opacity=0.13, clip=True).encode(
        x=x,
        y=alt.Y("reached_low:Q", title="Have reached it", scale=alt.Scale(domain=[0, 1]), axis=percent),
        y2="reached_high:Q",
        fill=fill,
    )
    steps = lines.mark_line(interpolate="step-after", strokeWidth=2.5, clip=True).encode(
        x=x,
        y=alt.Y("reached_rate:Q", title="Have reached it"),
        color=colour,
        strokeDash=dash,
        tooltip=[
            alt.Tooltip("cohort_name:N", title="Cohort"),
            alt.Tooltip("day:Q", title="Day"),
            alt.Tooltip("reached_rate:Q", title="Have reached it", format=".0%"),
        ],
    )
    half = (
        alt.Chart(alt.InlineData(values=[{"half": 0.5}])).mark_rule(color=QUIET, strokeDash=[2, 4]).encode(y="half:Q")
    )
    marks = (
        alt.Chart(inline(medians))
        .transform_filter(chosen)
        .transform_filter("datum.median_days <= days")
        .transform_calculate(half="0.5")
        .mark_point(filled=True, size=90, opacity=1, stroke="white", strokeWidth=1)
        .encode(
            x=alt.X("median_days:Q"),
            y="half:Q",
            fill=fill,
            tooltip=[
                alt.Tooltip("cohort_name:N", title="Cohort"),
                alt.Tooltip("median_days:Q", title="Median days"),
            ],
        )
    )
    numbers = (
        alt.Chart(inline(at_risk))
        .transform_filter(chosen)
        .transform_filter("datum.day <= days && datum.day % (days > 400 ? 120 : days > 200 ? 60 : 30) == 0")
        .mark_text(fontSize=11)
        .encode(
            x=alt.X("day:Q", axis=None, scale=alt.Scale(domain=[0, alt.ExprRef("days")], nice=False)),
            y=alt.Y(
                "cohort_name:N", title=None, axis=alt.Axis(domain=False, ticks=False, labelPadding=14, labelLimit=100)
            ),
            text="at_risk_count:Q",
            fill=fill,
        )
        .properties(
            width=400,
            height=alt.Step(17),
            title=alt.Title(
                "At risk (without it and followed on)", fontSize=12, fontWeight="normal", anchor="start", frame="group"
            ),
        )
    )
    return (
        alt.vconcat((bands + half + steps + marks).properties(width=400, height=320), numbers, spacing=8)
        .resolve_scale(x="shared", fill="shared")
        .add_params(
            alt.param(name="cohort_type", value=""),
            alt.param(name="milestone", value=""),
            alt.param(name="days", value=365),
            alt.param(name="shown", value=[]),
        )
    )


def rep_story(events: Rows, ramps: Sequence[Any]) -> alt.TopLevelMixin:
    """One rep's time: learning, coaching, activities, deals and milestones in lanes; a line where a ramp began."""
    lane = alt.Y("category:N", scale=alt.Scale(domain=LANES), title=None, axis=alt.Axis(grid=True, tickBand="extent"))
    days = [*(event["happened_on"] for event in events), *ramps]
    is_short = (max(days) - min(days)).days < 400
    day = alt.X(
        "happened_on:T",
        title=None,
        axis=alt.Axis(format="%-d %b %Y" if is_short else "%b %Y", labelOverlap=True, tickCount=6, grid=False),
    )
    colour = alt.Color("category:N", scale=alt.Scale(domain=LANES, range=COLOURS), legend=None)
    shape = alt.Shape(
        "mark:N", scale=alt.Scale(domain=["won", "lost", "other"], range=["diamond", "cross", "circle"]), legend=None
    )
    marks = (
        alt.Chart(inline(events))
        .mark_point(filled=True, size=34, opacity=0.55)
        .encode(x=day, y=lane, color=colour, shape=shape)
    )
    begun = (
        alt.Chart(inline([{"happened_on": ramp} for ramp in ramps]))
        .mark_rule(color=INK, strokeDash=[3, 3])
        .encode(x=day)
    )
    return (begun + marks).properties(width=760, height=190, padding={"left": 15, "right": 15, "top": 5, "bottom": 5})


def performance_effects(rows: Rows, label: str, number_format: str) -> alt.TopLevelMixin:
    """Draw what a program changed in one outcome: estimate and 95 % interval, difference in differences and CUPED."""
    long = []
    for row in rows:
        for method, prefix in (("difference in differences", ""), ("CUPED", "cuped_")):
            estimate = row["effect"] if not prefix else row["cuped_effect"]
            if estimate is not None:
                long.append(
                    {
                        "method": method,
                        "estimate": estimate,
                        "low": row[f"{prefix}ci_low"],
                        "high": row[f"{prefix}ci_high"],
                    }
                )
    return intervals(long, "method", label, number_format)


def ramp_effects(rows: Rows) -> alt.TopLevelMixin:
    """Days of ramp that a program changed, milestone by milestone: restricted-mean difference and 95 % interval."""
    long = [
        {
            "method": row["comparison_label"],
            "estimate": row["restricted_mean_difference_days"],
            "low": row["ci_low"],
            "high": row["ci_high"],
        }
        for row in rows
    ]
    return intervals(long, "method", "Days of ramp against the comparison group (fewer is faster)", ",.0f")


def intervals(rows: Rows, by: str, label: str, number_format: str) -> alt.TopLevelMixin:
    """Estimates with their 95 % intervals, a row each, and a line at nothing."""
    base = alt.Chart(inline(rows)).encode(y=alt.Y(f"{by}:N", sort=None, title=None))
    axis = alt.Axis(format=number_format, tickCount=6)
    bars = base.mark_rule(strokeWidth=2.5, color=COLOURS[0]).encode(
        x=alt.X("low:Q", title=label, axis=axis), x2="high:Q"
    )
    points = base.mark_point(filled=True, size=80, opacity=1, color=COLOURS[0]).encode(
        x="estimate:Q",
        tooltip=[
            alt.Tooltip(f"{by}:N", title="Estimate"),
            alt.Tooltip("estimate:Q", title="Effect", format=number_format),
            alt.Tooltip("low:Q", title="Low", format=number_format),
            alt.Tooltip("high:Q", title="High", format=number_format),
        ],
    )
    return (zero_line() + bars + points).properties(width="container", height=alt.Step(30))


def payback() -> alt.TopLevelMixin:
    """Net value by the end of each month; the page puts the rows in (dataset months: month, net_value)."""
    base = alt.Chart(alt.NamedData(name="months")).encode(
        x=alt.X(
            "month:Q",
            title="Month",
            axis=alt.Axis(grid=False, tickMinStep=1, tickCount=12),
            scale=alt.Scale(nice=False),
        )
    )
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(color=INK, strokeDash=[3, 3]).encode(y="zero:Q")
    bars = base.mark_bar(size=6).encode(
        y=alt.Y("net_value:Q", title="Net value so far", axis=alt.Axis(format="~s")),
        color=alt.condition("datum.net_value >= 0", alt.value(COLOURS[0]), alt.value(COLOURS[1])),
        tooltip=[
            alt.Tooltip("month:Q", title="Month"),
            alt.Tooltip("net_value:Q", title="Net value so far", format=",.0f"),
        ],
    )
    return (bars + zero).properties(width="container", height=240)


def deal_comparison(rows: Rows, measures: dict[str, str]) -> alt.TopLevelMixin:
    """Mean of each measure for won, lost and open deals, a small plot each. Signal: role_family."""
    statuses = ["won", "lost", "open"]
    parts = []
    for measure, label in measures.items():
        base = (
            alt.Chart(inline([row for row in rows if row["measure"] == measure]))
            .transform_filter("datum.role_family == role_family")
            .transform_calculate(n=DEALS_N)
            .encode(y=alt.Y("status:N", sort=statuses, title=None))
        )
        bars = base.mark_bar(height=14).encode(
            x=alt.X(
                "mean:Q",
                title=None,
                axis=alt.Axis(format="~s" if measure == "amount_corporate" else ",.2~f", tickCount=4),
            ),
            color=alt.Color("status:N", legend=None, scale=alt.Scale(domain=statuses, range=COLOURS[:3])),
            tooltip=[
                alt.Tooltip("status:N", title="Deals"),
                alt.Tooltip("mean:Q", title="Mean", format=",.1f"),
                alt.Tooltip("median:Q", title="Median", format=",.1f"),
                alt.Tooltip("deal_count:Q", title="n", format=","),
            ],
        )
        counts = base.mark_text(align="left", dx=4, fontSize=11).encode(x="mean:Q", text="n:N")
        parts.append(
            (bars + counts).properties(
                width=400, height=alt.Step(20), title=alt.Title(label, fontSize=12, fontWeight="normal", anchor="start")
            )
        )
    return alt.vconcat(*parts, spacing=10).add_params(alt.param(name="role_family", value="all"))


def deal_influence(rows: Rows) -> alt.TopLevelMixin:
    """Won bookings by what touched the deal. Signal: weighting."""
    base = (
        alt.Chart(inline(rows))
        .transform_filter("datum.weighting == weighting")
        .transform_calculate(n=DEALS_N)
        .encode(
            y=alt.Y("touched_by:N", sort=alt.EncodingSortField("influenced_amount", order="descending"), title=None),
            x=alt.X(
                "influenced_amount:Q", title="Bookings won, by their touches", axis=alt.Axis(format="~s", tickCount=5)
            ),
        )
    )
    bars = base.mark_bar(color=COLOURS[0], height=16).encode(
        tooltip=[
            alt.Tooltip("touched_by:N", title="Touched by"),
            alt.Tooltip("influenced_amount:Q", title="Bookings", format=",.0f"),
            alt.Tooltip("deal_count:Q", title="Deals", format=","),
        ],
    )
    counts = base.mark_text(align="left", dx=4, fontSize=11).encode(text="n:N")
    return (
        (bars + counts)
        # Room for the count behind the longest bar.
        .properties(width="container", height=alt.Step(22), padding={"left": 5, "right": 50, "top": 5, "bottom": 5})
        .add_params(alt.param(name="weighting", value="equal"))
    )


def reconciliation(rows: Rows) -> alt.TopLevelMixin:
    """Rows that landed, by what became of them, as a share of each object."""
    fates = ["accepted", "superseded", "deleted", "rejected"]
    long = [
        {
            "object": f"{row['system']} {row['object']} ({row['raw_count']:,})",
            "fate": fate,
            "row_count": row[f"{fate}_count"],
            "order": order,
        }
        for row in rows
        for order, fate in enumerate(fates)
    ]
    return (
        alt.Chart(inline(long))
        .mark_bar(height=12)
        .encode(
            y=alt.Y("object:N", title=None, sort=None, axis=alt.Axis(labelLimit=280)),
            x=alt.X(
                "row_count:Q",
                stack="normalize",
                title="Share of the rows that landed",
                axis=alt.Axis(format="%", tickCount=5),
            ),
            color=alt.Color(
                "fate:N",
                title=None,
                scale=alt.Scale(domain=fates, range=["#9dc3de", COLOURS[4], COLOURS[5], COLOURS[1]]),
            ),
            order="order:Q",
            tooltip=[
                alt.Tooltip("object:N", title="Object"),
                alt.Tooltip("fate:N", title="What became of them"),
                alt.Tooltip("row_count:Q", title="Rows", format=","),
            ],
        )
        .properties(width="container", height=alt.Step(18))
    )
