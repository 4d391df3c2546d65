"""A company that nobody here invented, read from files: AdventureWorks at the end of 2011.

Expectations were worked out by hand from the CSV files: orders by owner and close date against the owner's quotas.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from conftest import ROOT, Build, messages

FOLDER = ROOT / "tests/python/data/adventureworks"
SETTINGS = {
    "raw_from": "files",
    "raw_folder": str(FOLDER),
    "systems": ["salesforce", "roster"],
    "as_of_date": "2011-12-31",
    "quota_period": "until_next",
    "quota_basis": "assigned",
}

# Employee 275: first quota 367,000 from 31 May to 30 August 2011. Orders by day: 31 May 63,762.92; 1 July 108,543.04,
# together 172,305.96 = 46.9 %; 1 August 132,449.64, together 304,755.60 = 83.0 %. So 50 % and 80 % on 1 August, day 62.
# 100 % in no period: 304,755.60 of 367,000; 446,985.52 of 556,000; 124,082.72 of 502,000.
# Employee 279: quota 669,000. 31 May 104,419.32; 1 July 301,907.50, together 406,326.82 = 60.7 %, day 31; 1 August
# 138,203.20, together 544,530.02 = 81.4 %, day 62. 100 % in no period: 81.4 %, 91.2 %, 18.0 %.
# Employee 276: quota 637,000. 31 May 5,475.95; 1 July 270,964.90, together 276,440.85 = 43.4 %; 1 August 182,616.48,
# together 459,057.34 = 72.1 %: 50 % on day 62, no more in this period. Second quota 781,000 from 31 August: 5,957.97;
# 1 October 389,311.02, together 395,268.99 = 50.6 %; 31 October 289,493.33, together 684,762.32 = 87.7 %: 80 % on
# 31 October, day 30 + 31 + 31 + 30 + 31 = 153. December has 5,895.67 of 665,000: 100 % in no period.
# Employee 280: quota 165,000. 31 May 24,432.61 = 14.8 %; 1 July 153,058.80, together 177,491.41 = 107.6 %: 50, 80 and
# 100 % all on day 31; with 1 August 13,837.09 the first period ends at 191,328.49 = 116.0 %.
# Employee 282: quota 525,000. 31 May 106,251.73; 1 July 160,456.27, together 266,708.00 = 50.8 %, day 31; 1 August
# 161,899.34, together 428,607.34 = 81.6 %, day 62. 100 % in no period: 81.6 %, 79.6 %, 23.3 %.
MILESTONES = {
    "275": {"first_deal": 0, "quota_50": 62, "quota_80": 62, "quota_100": None},
    "279": {"first_deal": 0, "quota_50": 31, "quota_80": 62, "quota_100": None},
    "276": {"first_deal": 0, "quota_50": 62, "quota_80": 153, "quota_100": None},
    "280": {"first_deal": 0, "quota_50": 31, "quota_80": 31, "quota_100": 31},
    "282": {"first_deal": 0, "quota_50": 31, "quota_80": 62, "quota_100": None},
}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Build:
    build = Build(tmp_path_factory.mktemp("adventureworks"))
    # Unit tests bring their own rows: they say nothing of this company.
    result = build.dbt("build", "--exclude-resource-type", "unit_test", **SETTINGS)
    assert result.success, messages(result)
    return build


def test_every_row_is_accepted(company: Build) -> None:
    counts = company.rows(
        "select object, accepted_count from quality.source_reconciliation where raw_count > 0 and rejected_count = 0"
    )
    assert dict(counts) == {
        "user": 17,
        "user_role": 4,
        "account": 205,
        "opportunity": 406,
        "forecasting_quota": 163,
        "roster": 17,
    }


def test_nine_people_ramp(company: Build) -> None:
    """Hired by the end of 2011: nine sales representatives, and a manager, who does not ramp."""
    assert company.rows("select count(*), count(distinct ramp_started_on) from core.dim_ramps") == [(9, 1)]
    assert company.rows("select distinct ramp_started_on, observed_until from core.dim_ramps") == [
        (date(2011, 5, 31), date(2011, 12, 31))
    ]
    assert company.rows("select role_family, count(*) from core.dim_reps group by all order by all") == [
        ("AE", 9),
        ("manager", 1),
    ]


def test_milestones_of_five_people_by_hand(company: Build) -> None:
    for employee, expected in MILESTONES.items():
        rows = company.rows(f"""
            select milestones.milestone, milestones.days_to
            from rep_timeline.rep_milestones as milestones
            inner join conformed.cnf_reps as reps on milestones.rep_id = reps.rep_id
            where reps.employee_number = '{employee}' and milestones.milestone in ('{"', '".join(expected)}')
        """)
        assert dict(rows) == expected, employee


def test_quota_periods_end_where_the_next_one_starts(company: Build) -> None:
    rows = company.rows("""
        select quotas.period_started_on, quotas.period_ended_on, quotas.assigned_quota
        from core.fct_quotas as quotas
        inner join conformed.cnf_reps as reps on quotas.rep_id = reps.rep_id
        where reps.employee_number = '275'
        order by quotas.period_started_on
    """)
    assert rows == [
        (date(2011, 5, 31), date(2011, 8, 30), Decimal(367000)),
        (date(2011, 8, 31), date(2011, 11, 30), Decimal(556000)),
        (date(2011, 12, 1), date(2012, 2, 28), Decimal(502000)),
    ]


def test_activity_milestones_are_unreached_not_missing(company: Build) -> None:
    rows = company.rows("""
        select milestone, count(*), sum(is_reached::int), sum(is_censored::int)
        from rep_timeline.rep_milestones
        where milestone in ('first_activity', 'first_call', 'first_meeting', 'first_demo')
        group by milestone
        order by milestone
    """)
    assert rows == [(name, 9, 0, 9) for name in ("first_activity", "first_call", "first_demo", "first_meeting")]


def test_all_bookings_are_credited(company: Build) -> None:
    assert company.rows("select count(*), sum(credited_amount) from core.fct_bookings") == [
        (406, Decimal("8778552.06"))
    ]
