"""The pages of the demo company, opened in Chromium: they show what the marts say, and every control does its work."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT, Build
from playwright.sync_api import Browser, Page, sync_playwright
from rendered import model_sql

from reports import __main__ as command
from reports import site
from reports.data import PagesError

KINDS = [*site.PAGES, "programs/prog_discovery_skills.html", "programs/prog_onboarding_v2.html", "a rep"]


@pytest.fixture(scope="module")
def pages(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "pages"
    site.make_site(published, folder, anonymous=False)
    return folder


@pytest.fixture(scope="module")
def anonymous_pages(pages: Path, published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages without names, written where those with names lay, and a page that a rep of before had."""
    folder = tmp_path_factory.mktemp("anonymous_site") / "pages"
    shutil.copytree(pages, folder)
    (folder / "reps" / "left_behind.html").write_text("old", encoding="utf-8")
    count = site.make_site(published, folder, anonymous=True)
    assert len(list(folder.rglob("*.html"))) == count
    return folder


@pytest.fixture(scope="module")
def marts(published: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(published), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    assert found, "Chromium is not there: make test installs it, or says how"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


class Window:
    """A page of the site in the browser, with everything it complained of and asked for."""

    def __init__(self, page: Page, folder: Path) -> None:
        """Listen to a page of a browser; what lies in the folder is no request off the machine."""
        self.page, self.folder = page, folder
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", lambda request: self.complaints.extend(self.outside(request.url)))

    def outside(self, url: str) -> list[str]:
        is_own = url.startswith("data:") or url.startswith(self.folder.as_uri()) or url == "about:blank"
        return [] if is_own else [f"request: {url}"]

    def open(self, name: str, filters: str = "") -> Page:
        if name == "a rep":
            name = f"reps/{min(path.name for path in (self.folder / 'reps').iterdir())}"
        self.page.goto("about:blank")
        self.page.goto(f"{(self.folder / name).as_uri()}{filters}")
        if self.page.locator("[data-chart], [data-filter]").count():
            self.page.wait_for_function("document.documentElement.dataset.ready === 'true'")
        return self.page

    def address(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.url).fragment).items()}


@pytest.fixture
def window(browser: Browser, pages: Path) -> Iterator[Window]:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    yield Window(page, pages)
    page.close()


def visible_rows(page: Page, table: str) -> list[str]:
    """Return the first cells of the rows of a table that show."""
    return page.locator(f"#{table} tbody tr:not([hidden]) th").all_inner_texts()


def drawn(page: Page, chart: str) -> list[dict]:
    """Return the rows behind the marks of a chart, from what Vega has drawn."""
    return page.evaluate(f"""(() => {{
        const found = [];
        const walk = (item) => {{
            if (item.datum && item.mark && item.mark.role === "mark") found.push({{ ...item.datum }});
            (item.items ?? []).forEach(walk);
        }};
        walk(charts.{chart}.view.scenegraph().root);
        return found;
    }})()""")


# ---- every page ---------------------------------------------------------------


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("width", [1200, 390])
def test_opens_without_complaint(window: Window, name: str, width: int) -> None:
    window.page.set_viewport_size({"width": width, "height": 900})
    page = window.open(name)
    assert page.locator("h1").count() == 1
    assert page.locator("[data-chart] svg").count() == page.locator("[data-chart]").count()
    # Nothing is cut: what is wider than the screen scrolls in its own box.
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert window.complaints == []


def test_complaints_are_heard(window: Window) -> None:
    """The test above can fail: an error, a warning and a request of a page are all noticed."""
    page = window.open("index.html")
    page.evaluate("console.warn('a warning'); setTimeout(() => { throw new Error('an error'); }, 0)")
    page.evaluate(f"fetch('{(ROOT / 'README.md').as_uri()}').catch(() => null)")
    page.wait_for_timeout(200)
    heard = " ".join(window.complaints)
    assert "a warning" in heard
    assert "an error" in heard
    assert "README.md" in heard


@pytest.mark.parametrize("name", KINDS)
def test_axe_finds_nothing_serious(window: Window, name: str) -> None:
    page = window.open(name)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    violations = Axe().run(page).response["violations"]
    assert [found["id"] for found in violations if found["impact"] in ("serious", "critical")] == []


def test_axe_can_find_something(window: Window) -> None:
    page = window.open("reps.html")
    page.evaluate("document.querySelector('select').closest('label').replaceWith(document.querySelector('select'))")
    found = {violation["id"] for violation in Axe().run(page).response["violations"]}
    assert "select-name" in found


def test_every_chart_says_what_it_counts(window: Window) -> None:
    for name in KINDS:
        page = window.open(name)
        for chart in page.locator("[data-chart], .picture").all():
            assert len(chart.get_attribute("aria-label")) > 20
            figure = chart.locator("xpath=ancestor::figure")
            assert len(figure.locator("figcaption").inner_text()) > 20


def test_on_paper_the_controls_are_gone_and_the_charts_stay(window: Window) -> None:
    page = window.open("ramp_curves.html")
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert not page.locator(".controls").first.is_visible()
    assert page.locator("[data-chart] svg").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_links_lead_somewhere(pages: Path, window: Window) -> None:
    for name in KINDS:
        page = window.open(name)
        for target in page.locator("a[href]").evaluate_all("links => links.map((link) => link.href)"):
            path = urlsplit(target)
            assert path.fragment == "main" or Path(path.path).is_relative_to(pages), target
            assert Path(path.path).exists(), target


def test_there_is_a_page_for_every_rep_and_program(pages: Path, marts: duckdb.DuckDBPyConnection) -> None:
    reps = {f"{rep_id}.html" for (rep_id,) in marts.execute("select rep_id from rep_timeline.rep_ramp").fetchall()}
    programs = {f"{key}.html" for (key,) in marts.execute("select program_id from core.dim_programs").fetchall()}
    assert {path.name for path in (pages / "reps").iterdir()} == reps
    assert {path.name for path in (pages / "programs").iterdir()} == programs
    assert len(reps) > 50
    assert len(programs) >= 5


# ---- the numbers --------------------------------------------------------------


def test_overview_equals_the_marts(window: Window, marts: duckdb.DuckDBPyConnection) -> None:
    page = window.open("index.html")
    cards = dict(
        zip(page.locator(".cards dt").all_inner_texts(), page.locator(".cards dd").all_inner_texts(), strict=True)
    )
    (ramping,) = marts.execute(
        "select count(*) from rep_timeline.rep_ramp where status not in ('ramped', 'left', 'moved')"
    ).fetchone()
    (behind,) = marts.execute(
        "select count(distinct f.rep_id) from rep_timeline.rep_ramp_forecast f join rep_timeline.rep_ramp r"
        " using (ramp_id) where f.status in ('late', 'at_risk') and r.status not in ('ramped', 'left', 'moved')"
    ).fetchone()
    medians = dict(
        marts.execute(
            "select cohort, median_days from rep_timeline.cohort_ramp_summary"
            " where cohort_type = 'hire_recency' and milestone = 'quota_50'"
        ).fetchall()
    )
    assert cards["Ramping now"].split("\n")[0] == str(ramping)
    assert cards["Behind on a milestone"].split("\n")[0] == str(behind)
    assert cards["Median days to 50 % of quota"].split("\n")[0] == str(medians["last 12 months"])
    assert f"{medians['12 to 24 months ago']} a year ago" in cards["Median days to 50 % of quota"]
    assert ramping > behind > 0


def test_numbers_at_risk_equal_a_count_of_ramps(marts: duckdb.DuckDBPyConnection) -> None:
    """Whoever entered before the day and was followed to it or longer, counted ramp by ramp."""
    sql = (ROOT / "reports/queries/numbers_at_risk.sql").read_text(encoding="utf-8")
    (wrong, compared) = marts.execute(f"""
        with shown as ({sql}),
        durations as (
            select r.region, m.milestone, m.entry_days,
                case when m.is_reached then m.days_to else m.observed_days end as duration_days
            from rep_timeline.rep_milestones m inner join core.dim_ramps r using (ramp_id)
            where m.entry_days is not null and m.is_evaluable
        ),
        counted as (
            select shown.milestone, shown.cohort, shown.mark, any_value(shown.at_risk_count) as shown_count,
                count(*) filter (
                    where d.duration_days >= shown.mark and (d.entry_days < shown.mark or d.entry_days = 0)
                ) as counted_count
            from shown inner join durations d
                on shown.cohort_type = 'region' and shown.milestone = d.milestone
                    and shown.cohort = coalesce(d.region, 'none')
            group by all
        )
        select count(*) filter (where shown_count <> counted_count), count(*) from counted
    """).fetchone()
    assert wrong == 0
    assert compared > 500


def test_curves_draw_the_cohorts_of_the_choice(window: Window, marts: duckdb.DuckDBPyConnection) -> None:
    page = window.open("ramp_curves.html", "#cohort_type=region&milestone=first_deal&days=180")
    boxes = page.locator("#cohorts label").all_inner_texts()
    expected = marts.execute(
        "select distinct cohort_label, ramp_count from rep_timeline.cohort_ramp_curves"
        " where cohort_type = 'region' and milestone = 'first_deal' and not is_small_cohort"
    ).fetchall()
    assert {box.removesuffix(", reference") for box in boxes} == {f"{label} (n = {n})" for label, n in expected}
    assert sum(box.endswith(", reference") for box in boxes) == 1
    shown = page.evaluate("charts.curves.view.signal('shown')")
    assert 1 < len(shown) <= 4
    # One line and one row of numbers at risk for each cohort that is drawn; the first number is its n.
    assert page.locator("[data-chart] svg .mark-line path").count() == len(shown)
    firsts = [
        [row["cohort_name"], row["at_risk_count"]]
        for row in drawn(page, "curves")
        if "at_risk_count" in row and row["day"] == 0
    ]
    assert sorted(firsts) == sorted([name, int(name.split("n = ")[1].rstrip(")"))] for name in shown)


def test_cohorts_are_chosen_by_box_and_kept_in_the_address(window: Window) -> None:
    page = window.open("ramp_curves.html")
    assert page.evaluate("charts.curves.view.signal('shown')") == ["v1 (n = 18)", "v2 (n = 20)"]
    page.get_by_label("v1 (n = 18), reference").uncheck()
    page.wait_for_function("charts.curves.view.signal('shown').length === 1")
    assert window.address() == {"cohorts": "v2 (n = 20)"}
    assert page.locator("[data-chart] svg .mark-line path").count() == 1
    again = page.url
    page.goto("about:blank")
    page.goto(again)
    page.wait_for_function("document.documentElement.dataset.ready === 'true'")
    assert page.evaluate("charts.curves.view.signal('shown')") == ["v2 (n = 20)"]
    # Another kind of cohort begins with its own cohorts.
    page.get_by_label("Cohorts by").select_option("role_family")
    page.wait_for_function("charts.curves.view.signal('cohort_type') === 'role_family'")
    assert "cohorts" not in window.address()
    assert page.evaluate("charts.curves.view.signal('shown').every((name) => /^(AE|SDR) /.test(name))")
    assert window.complaints == []


def test_medians_stand_where_the_mart_says(window: Window) -> None:
    page = window.open("ramp_curves.html")
    points = [[row["cohort_name"], row["median_days"]] for row in drawn(page, "curves") if "median_days" in row]
    # The README's own figures.
    assert sorted(points) == [["v1 (n = 18)", 158], ["v2 (n = 20)", 91]]


def test_a_milestone_that_no_cohort_is_large_enough_for(window: Window) -> None:
    page = window.open("ramp_curves.html", "#cohort_type=hire_quarter&milestone=quota_100")
    page.evaluate("groups.hire_quarter.quota_100 = []; drawnFor = ''; applyFilters()")
    page.wait_for_function("document.querySelectorAll('#cohorts label').length === 0")
    assert page.locator("#no-curve").is_visible()
    assert not page.locator("[data-chart]").is_visible()
    assert window.complaints == []


def test_deals_follow_the_role_and_the_shares(window: Window, marts: duckdb.DuckDBPyConnection) -> None:
    page = window.open("deals.html", "#role_family=AE&weighting=last")
    means = [[row["measure"], row["status"], row["mean"]] for row in drawn(page, "comparison") if "measure" in row]
    expected = marts.execute(
        "select measure, status, mean from impact.deal_comparison where role_family = 'AE'"
    ).fetchall()
    assert {(measure, status): mean for measure, status, mean in means} == {
        (measure, status): mean for measure, status, mean in expected
    }
    rows = page.locator("#influence tbody tr:not([hidden])")
    shown = sum(float(text.replace(",", "")) for text in rows.locator("td:nth-child(2)").all_text_contents())
    (total,) = marts.execute("select sum(credited_amount) from core.fct_bookings").fetchone()
    assert shown == pytest.approx(float(total), abs=rows.count())


def test_quality_equals_the_marts(window: Window, marts: duckdb.DuckDBPyConnection) -> None:
    page = window.open("quality.html")
    raw, rejected = marts.execute(
        "select sum(raw_count), sum(rejected_count) from quality.source_reconciliation"
    ).fetchone()
    (warned,) = marts.execute("select count(*) from meta.test_results where status = 'warn'").fetchone()
    cards = page.locator(".cards dd").all_inner_texts()
    assert cards[0].split("\n")[0] == f"{raw:,}"
    assert cards[1].split("\n")[0] == f"{rejected:,}"
    assert len(visible_rows(page, "tests")) == warned > 0
    page.get_by_label("Result").select_option("")
    (tests,) = marts.execute("select count(*) from meta.test_results").fetchone()
    assert len(visible_rows(page, "tests")) == tests > 700


def test_withheld_cells_show_no_number(window: Window, marts: duckdb.DuckDBPyConnection) -> None:
    page = window.open("kirkpatrick.html")
    withheld = marts.execute(
        "select count(*) from kirkpatrick.kirkpatrick_metrics where cohort_type = 'all' and breakdown_type = 'all'"
        " and is_withheld and metric in ('nps', 'response_rate')"
    ).fetchone()[0]
    assert page.locator(".withheld").count() == withheld > 0


def test_a_rep_page_tells_the_story_of_the_mart(window: Window, marts: duckdb.DuckDBPyConnection) -> None:
    rep_id, name, days = marts.execute(
        "select rep_id, full_name, days_to_quota_50 from rep_timeline.rep_ramp inner join core.dim_reps using (rep_id)"
        " where days_to_quota_50 is not null and is_observed_from_start order by ramp_started_on desc limit 1"
    ).fetchone()
    page = window.open(f"reps/{rep_id}.html")
    assert page.locator("h1").inner_text().startswith(name)
    (events,) = marts.execute(
        "select count(*) from rep_timeline.rep_timeline where rep_id = ? and event <> 'stage_reached'", [rep_id]
    ).fetchone()
    # Every event is a mark of the picture and a row of the list; the rule of the ramp's start is no symbol.
    assert page.locator(".picture .mark-symbol path").count() == events
    assert page.locator("details tbody tr").count() == events
    row = page.locator("tr", has=page.locator("th", has_text="TT50Q"))
    assert f"{days} (" in row.inner_text()


# ---- filters ------------------------------------------------------------------


def test_reps_are_filtered_and_the_address_keeps_it(window: Window, marts: duckdb.DuckDBPyConnection) -> None:
    page = window.open("reps.html")
    everybody = visible_rows(page, "reps")
    manager, expected = marts.execute(
        "select m.full_name, count(distinct r.rep_id) from rep_timeline.rep_ramp r"
        " inner join core.dim_reps m on r.manager_rep_id = m.rep_id group by 1 order by 2 desc, 1 limit 1"
    ).fetchone()
    page.get_by_label("Manager").select_option(manager)
    of_manager = visible_rows(page, "reps")
    assert len(of_manager) == expected < len(everybody)
    page.get_by_label("Search").fill(of_manager[0].split()[0].upper())
    found = visible_rows(page, "reps")
    assert of_manager[0] in found
    assert all(of_manager[0].split()[0].lower() in name.lower() for name in found)
    assert page.locator("[data-count-of]").inner_text() == f"{len(found)} of {len(everybody)}"
    assert window.address() == {"manager": manager, "search": of_manager[0].split()[0].upper()}
    page.reload()
    page.wait_for_function("document.documentElement.dataset.ready === 'true'")
    assert visible_rows(page, "reps") == found
    page.get_by_label("Search").fill("nobody of this name")
    assert visible_rows(page, "reps") == []
    assert page.locator("[data-nothing-in]").is_visible()
    page.get_by_label("Search").fill("")
    page.get_by_label("Manager").select_option("")
    assert visible_rows(page, "reps") == everybody
    assert window.address() == {}
    assert window.complaints == []


def test_a_value_that_is_no_choice_is_ignored(window: Window) -> None:
    page = window.open("reps.html", "#manager=Nobody&status=wrong")
    assert page.get_by_label("Manager").input_value() == ""
    assert len(visible_rows(page, "reps")) == page.locator("#reps tbody tr").count() > 0


def test_the_back_button_brings_a_filter_back(window: Window) -> None:
    page = window.open("reps.html", "#status=ramped")
    ramped = visible_rows(page, "reps")
    page.evaluate("location.hash = 'status=left'")
    page.wait_for_function(f"document.querySelectorAll('#reps tbody tr:not([hidden])').length !== {len(ramped)}")
    page.go_back()
    page.wait_for_function(f"document.querySelectorAll('#reps tbody tr:not([hidden])').length === {len(ramped)}")
    assert visible_rows(page, "reps") == ramped


def test_whoever_is_behind_stands_first(window: Window) -> None:
    page = window.open("reps.html")
    ranks = ["late", "at risk", "on track", "not evaluable", "ramped", "left", "moved"]
    shown = [ranks.index(text) for text in page.locator("#reps .status").all_inner_texts()]
    assert min(shown[:5]) == min(shown)
    assert [min(rank, 5) for rank in shown] == sorted(min(rank, 5) for rank in shown)


def test_keyboard_alone_suffices(window: Window) -> None:
    page = window.open("roi.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    before = page.locator("[data-result=net_value_amount]").inner_text()
    page.locator("#onboarding-hires_per_month").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-result=net_value_amount]").inner_text() != before
    assert page.locator("#onboarding-hires_per_month").get_attribute("aria-valuetext") == "2.5"


# ---- ROI ----------------------------------------------------------------------

ROI_RESULTS = ("extra_bookings_amount", "gross_profit_amount", "net_value_amount", "roi_rate", "payback_months")
# Kind, inputs that are moved away from the reference of the kind.
POSITIONS = [
    ("onboarding", {"hires_per_month": 3.5}),
    ("onboarding", {"hiring_months": 7, "window_months": 30}),
    ("onboarding", {"ramp_months_before": 6.5, "ramp_months_after": 2.5, "ramp_shape": "linear"}),
    ("onboarding", {"ramp_months_before": 3, "ramp_months_after": 4.5}),
    ("onboarding", {"hire_timing": "end", "attainment_before_rate": 0.61}),
    (
        "onboarding",
        {"hire_timing": "middle", "ramp_shape": "linear", "annual_quota_amount": 730000, "window_months": 9},
    ),
    ("onboarding", {"program_cost_amount": 0}),
    ("ongoing", {"rep_count": 31, "window_months": 18}),
    ("ongoing", {"attainment_before_rate": 0.47, "attainment_after_rate": 0.44}),
    ("ongoing", {"gross_margin_rate": 0.83, "program_cost_amount": 45000, "annual_quota_amount": 1150000}),
]


def sql_type(name: str) -> str:
    """Return the type of an input of a scenario, as macro roi_inputs has it."""
    if name in ("hiring_months", "window_months", "rep_count"):
        return "integer"
    if name.endswith("_amount"):
        return "decimal(18, 2)"
    return "decimal(9, 6)" if name.endswith("_rate") else "decimal(9, 2)"


def roi_by_sql(marts: duckdb.DuckDBPyConnection, kind: str, moved: dict[str, object]) -> dict[str, float | None]:
    """Return what the mart's own SQL says of the reference scenario of a kind with inputs moved."""
    cursor = marts.execute("select * from impact.roi_scenarios where scenario = ?", [f"{kind}_reference"])
    inputs = dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True)) | moved
    names = [*site.ROI_INPUTS["both"], *site.ROI_INPUTS["onboarding"], "rep_count", "attainment_after_rate"]
    numbers = ", ".join(
        f"{'null' if inputs[name] is None else inputs[name]}::{sql_type(name)} as {name}" for name in names
    )
    with duckdb.connect() as connection:
        connection.execute(
            f"create table int_roi_variants as select 's' as scenario, 'base' as variant, '{kind}' as kind,"
            f" '{inputs['hire_timing'] or ''}' as hire_timing, '{inputs['ramp_shape'] or ''}' as ramp_shape, {numbers}"
        )
        connection.execute(f"create table months as {model_sql('int_roi_months')}")
        bookings, profit, cost = connection.execute(
            "select extra_bookings_amount, gross_profit_amount, program_cost_amount from months"
            " order by month_number desc limit 1"
        ).fetchone()
        (payback,) = connection.execute(
            "select min(month_number) from months where gross_profit_amount >= program_cost_amount"
            " and program_cost_amount > 0"
        ).fetchone()
    net = profit - cost
    return {
        "extra_bookings_amount": float(bookings),
        "gross_profit_amount": float(profit),
        "net_value_amount": float(net),
        "roi_rate": float(net / cost) if cost else None,
        "payback_months": payback,
    }


def roi_shown(page: Page) -> dict[str, float | None]:
    found = {name: page.locator(f"[data-result={name}]").get_attribute("data-value") for name in ROI_RESULTS}
    return {name: None if value == "null" else float(value) for name, value in found.items()}


def test_presets_equal_the_mart(window: Window, marts: duckdb.DuckDBPyConnection) -> None:
    page = window.open("roi.html")
    scenarios = marts.execute(f"select scenario, {', '.join(ROI_RESULTS)} from impact.roi_scenarios").fetchall()
    assert len(scenarios) >= 4
    for scenario, *expected in scenarios:
        page.get_by_label("Start from").select_option(scenario)
        shown = roi_shown(page)
        for name, value in zip(ROI_RESULTS, expected, strict=True):
            assert shown[name] == (None if value is None else pytest.approx(float(value), abs=0.005, rel=1e-12)), name
    # The two reference figures that everybody can work out on paper.
    bookings = {scenario: float(amount) for scenario, amount, *_ in scenarios}
    assert bookings["onboarding_reference"] == 2132000
    assert bookings["ongoing_reference"] == 1152000


@pytest.mark.parametrize(("kind", "moved"), POSITIONS, ids=[" ".join(moved) for _, moved in POSITIONS])
def test_sliders_equal_the_mart(
    window: Window, marts: duckdb.DuckDBPyConnection, kind: str, moved: dict[str, object]
) -> None:
    page = window.open("roi.html", f"#scenario={kind}_reference")
    for name, value in moved.items():
        if isinstance(value, str):
            page.locator(f"[data-filter={name}]").select_option(value)
        else:
            slider = page.locator(f"[data-kind-of={kind}] [data-input={name}], [data-kind-of=both] [data-input={name}]")
            slider.evaluate(
                "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input')); }", value
            )
    expected = roi_by_sql(marts, kind, moved)
    assert roi_shown(page) == {
        name: None if value is None else pytest.approx(value, abs=0.005, rel=1e-12) for name, value in expected.items()
    }
    # The months are drawn, and the address gives the same again.
    last = page.evaluate("charts.payback.view.data('months').at(-1).net_value")
    assert last == pytest.approx(expected["net_value_amount"], abs=0.005)
    again, shown = page.url, roi_shown(page)
    page.goto("about:blank")
    page.goto(again)
    page.wait_for_function("document.documentElement.dataset.ready === 'true'")
    assert roi_shown(page) == shown
    assert window.complaints == []


# ---- names --------------------------------------------------------------------


def test_anonymous_pages_hold_no_name(anonymous_pages: Path, marts: duckdb.DuckDBPyConnection) -> None:
    folder = anonymous_pages
    people = marts.execute("select rep_id, full_name, email_hash from core.dim_reps").fetchall()
    files = list(folder.rglob("*.html"))
    assert len(files) > 70
    for file in files:
        text = file.read_text(encoding="utf-8")
        for rep_id, full_name, email_hash in people:
            assert rep_id not in text, file
            assert rep_id not in file.name
            assert full_name not in text, (file, full_name)
            assert not email_hash or email_hash not in text, file
    assert "Person 00" in (folder / "reps.html").read_text(encoding="utf-8")
    assert "Person 00" in (folder / "ramp_curves.html").read_text(encoding="utf-8")


def test_pages_with_names_hold_them(pages: Path, marts: duckdb.DuckDBPyConnection) -> None:
    """The test above can fail: the pages that are not anonymous hold every rep's name."""
    text = (pages / "reps.html").read_text(encoding="utf-8")
    names = marts.execute(
        "select full_name from core.dim_reps semi join rep_timeline.rep_ramp using (rep_id)"
    ).fetchall()
    assert all(name in text for (name,) in names)


def test_a_name_is_text_and_never_markup(published: Path, tmp_path: Path, browser: Browser) -> None:
    nasty = "</script><img src=x onerror=alert(1)>'\"&"
    copy = tmp_path / "rampline.duckdb"
    shutil.copy(published, copy)
    copy.chmod(0o644)
    with duckdb.connect(str(copy)) as connection:
        connection.execute("update core.dim_reps set full_name = ?", [nasty])
        connection.execute("update rep_timeline.cohort_ramp_curves set cohort_label = ? where cohort = 'v1'", [nasty])
        connection.execute("update rep_timeline.cohort_ramp_summary set cohort_label = ? where cohort = 'v1'", [nasty])
        connection.execute("update core.dim_programs set program_name = ?", [nasty])
        connection.execute("update rep_timeline.rep_timeline set detail = ?", [nasty])
    site.make_site(copy, tmp_path / "pages", anonymous=False)
    page = browser.new_page()
    window = Window(page, tmp_path / "pages")
    for name in KINDS:
        window.open(name)
        assert page.locator("img").count() == 0, name
    assert window.complaints == []
    window.open("reps.html")
    assert visible_rows(page, "reps")[0] == nasty
    window.open("ramp_curves.html")
    assert f"{nasty} (n = 18), reference" in page.locator("#cohorts label").all_inner_texts()
    page.close()


# ---- companies with little ----------------------------------------------------

LITTLE = {
    "nothing at all": "not in ('build_info')",
    "no ramps": "in ('rep_ramp', 'rep_milestones', 'rep_ramp_forecast', 'rep_next_steps', 'rep_timeline')",
    "no statistics": "like 'cohort_%'",
    "no programs": "in ('dim_programs', 'dim_program_items', 'kirkpatrick_metrics', 'roi_measured',"
    " 'program_performance_effect', 'program_ramp_effect')",
    "no deals": "in ('deal_comparison', 'deal_influence')",
    "no scenarios": "in ('roi_scenarios')",
}


@pytest.mark.parametrize("condition", LITTLE.values(), ids=LITTLE)
def test_a_company_with_little_has_pages(published: Path, tmp_path: Path, browser: Browser, condition: str) -> None:
    copy = tmp_path / "rampline.duckdb"
    shutil.copy(published, copy)
    copy.chmod(0o644)
    with duckdb.connect(str(copy)) as connection:
        tables = connection.execute(
            f"select schema_name || '.' || table_name from duckdb_tables() where table_name {condition}"
        ).fetchall()
        assert tables
        for (table,) in tables:
            connection.execute(f"delete from {table}")
        # The pages of reps are looked at elsewhere; few of them are enough here.
        connection.execute(
            "delete from rep_timeline.rep_ramp where rep_id not in (select min(rep_id) from rep_timeline.rep_ramp)"
        )
    site.make_site(copy, tmp_path / "pages", anonymous=False)
    page = browser.new_page()
    window = Window(page, tmp_path / "pages")
    for file in sorted((tmp_path / "pages").rglob("*.html")):
        window.open(str(file.relative_to(tmp_path / "pages")))
        assert page.locator("h1").count() == 1
    assert window.complaints == []
    page.close()


# ---- what the pages are made from ---------------------------------------------

EXPOSURES = {name: f"pages_{name.removesuffix('.html')}" for name in site.PAGES} | {"index.html": "pages_overview"}
TABLES = re.compile(r"\b(?:core|rep_timeline|kirkpatrick|impact|quality)\.(\w+)")


def tables_of(query: str) -> set[str]:
    return set(TABLES.findall((ROOT / f"reports/queries/{query}.sql").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", [*site.PAGES, "a rep", "a program"])
def test_exposures_name_what_the_pages_query(name: str, demo: Build, published: Path) -> None:
    asked: set[str] = set()

    class Listening(site.Marts):
        def rows(self, query: str) -> list[dict]:
            asked.update(tables_of(query))
            return super().rows(query)

    class Naming(site.People):
        def name(self, rep_id: str | None) -> str:
            asked.update(tables_of("people"))
            return super().name(rep_id)

    page = site.PAGES.get(name) or {"a rep": site.rep_pages, "a program": site.program_pages}[name]
    with Listening(published) as marts:
        people = Naming(marts.rows("people"), anonymous=False)
        asked.clear()
        list(page(marts, people))
    exposures = json.loads((demo.target / "manifest.json").read_text(encoding="utf-8"))["exposures"]
    exposure = exposures[f"exposure.rampline.{EXPOSURES.get(name, 'pages_' + name.removeprefix('a '))}"]
    named = {node.rpartition(".")[2] for node in exposure["depends_on"]["nodes"]}
    assert named == asked


# ---- size and writing ---------------------------------------------------------


def test_two_thousand_reps_on_a_page(browser: Browser, tmp_path: Path, published: Path) -> None:
    with site.Marts(published) as marts:
        people = site.People(marts.rows("people"), anonymous=False)
        context = site.reps(marts, people)
        build = marts.rows("build_info")[0]
    row = context["reps"][0]
    context["reps"] = [
        row | {"name": f"Rep {number:04}", "manager": f"Manager {number % 100}"} for number in range(2000)
    ]
    context["managers"] = [f"Manager {number}" for number in range(100)]
    page_text = (
        site.templates()
        .get_template("reps.html.j2")
        .render(context | {"root": "", "page": "reps.html", "build": build, "anonymous": False, "specs": {}})
    )
    (tmp_path / "reps.html").write_text(page_text, encoding="utf-8")
    page = browser.new_page()
    window = Window(page, tmp_path)
    window.open("reps.html", "#manager=Manager 7")
    assert len(visible_rows(page, "reps")) == 20
    page.get_by_label("Search").fill("rep 0107")
    assert visible_rows(page, "reps") == ["Rep 0107"]
    assert window.complaints == []
    page.close()


def test_the_old_site_stays_when_a_new_one_cannot_be_made(pages: Path, tmp_path: Path, published: Path) -> None:
    folder = tmp_path / "pages"
    shutil.copytree(pages, folder)
    before = {path: path.read_bytes() for path in folder.rglob("*.html")}
    broken = tmp_path / "rampline.duckdb"
    shutil.copy(published, broken)
    broken.chmod(0o644)
    with duckdb.connect(str(broken)) as connection:
        connection.execute("drop table rep_timeline.rep_next_steps")
    with pytest.raises(PagesError, match=r"does not answer rep_next_steps\.sql.*run make build again"):
        site.make_site(broken, folder, anonymous=False)
    assert {path: path.read_bytes() for path in folder.rglob("*.html")} == before
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["pages"]


def test_a_site_replaces_the_one_before_whole(pages: Path, anonymous_pages: Path) -> None:
    named, anonymous = ({path.name for path in (folder / "reps").iterdir()} for folder in (pages, anonymous_pages))
    assert len(named) == len(anonymous) > 50
    assert not named & anonymous
    assert "left_behind.html" not in anonymous


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, published: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(PagesError, match="holds something else than pages"):
        site.make_site(published, tmp_path / "mine", anonymous=False)
    assert (tmp_path / "mine" / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_no_published_file_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = command.main(["--published-file", str(tmp_path / "none.duckdb"), "--folder", str(tmp_path / "pages")])
    told = capsys.readouterr()
    assert code == 1
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "is not there: run make build first" in told.err


def test_the_environment_makes_pages_anonymous(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not command.arguments([]).anonymous
    monkeypatch.setenv("PAGES_ANONYMOUS", "1")
    assert command.arguments([]).anonymous
    monkeypatch.setenv("PAGES_ANONYMOUS", "0")
    assert not command.arguments([]).anonymous


def test_values_are_written_as_people_read_them() -> None:
    assert site.number(1234567.4) == "1,234,567"
    assert site.number(-3.25, 1) == f"{site.MINUS}3.2"
    assert site.number(None) == site.DASH
    assert site.rate(0.525) == "52 %"
    assert site.day(date(2026, 6, 3)) == "3 Jun 2026"
    assert site.p_value(0.0004) == "< 0.001"
    assert site.p_value(0.0412) == "0.041"
    metric = {"value": 0.45, "unit": "rate", "numerator": 9.0, "denominator": 20.0, "people_count": 20}
    assert (site.metric_value(metric), site.counted(metric)) == ("45 %", "9 of 20, 20 people")
    assert site.metric_value(metric | {"unit": "net_share"}) == "+45"
    assert site.counted(metric | {"denominator": 0, "numerator": None, "people_count": None}) == "n = 0"
    assert json.loads(json.dumps(site.charts.plain(date(2026, 6, 3)))) == "2026-06-03"
