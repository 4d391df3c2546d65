"""Realistic trouble in the LMS, gong, the coaching log and the roster: identities, copies and bad rows."""

from __future__ import annotations

from .company import Company, rng_for


def plant_identity_mess(company: Company) -> None:
    """Make e-mails differ between systems, and add identities that match nobody."""
    _lms_identities(company)
    _gong_identities(company)
    _sheet_identities(company)


def _lms_identities(company: Company) -> None:
    rng = rng_for("mess:lms")
    rows = company.rows("lms", "user")
    order = [r for r in rows if r["email"].split("@")[0] in {p.email.split("@")[0] for p in company.sellers("AE")}]
    rng.shuffle(order)
    for place, row in enumerate(order):
        if place < 4:
            row["email"] = row["email"].split("@")[0] + "@northbeam-learning.example"
            company.note("matched_by_employee_number_only", {"system": "lms", "source_identity": row["user_id"]})
        elif place < 8:
            row["email"] = row["email"].upper()
            row["employee_number"] = ""
            company.note("email_upper_case", {"system": "lms", "source_identity": row["user_id"]})
        elif place < 11:
            row["email"] = f"  {row['email']} "
            row["employee_number"] = ""
            company.note("email_with_spaces", {"system": "lms", "source_identity": row["user_id"]})
        elif place % 3 == 0:
            row["employee_number"] = ""
    guest = {"user_id": "u2990", "email": "sam.contractor@partner.example", "employee_number": None}
    company.add("lms", "user", guest)
    company.note("matches_nobody", {"system": "lms", "source_identity": "u2990"})
    for number in range(2):
        company.add(
            "lms",
            "content_view",
            {
                "view_id": f"view_9000{number}",
                "user_id": "u2990",
                "content_id": company.contents[number],
                "viewed_at": f"2026-02-1{number}T10:00:00Z",
                "duration_seconds": 300,
            },
        )


def _override(company: Company, system: str, identity: str, email: str) -> None:
    entry = {"system": system, "source_identity": identity, "rep_email": email}
    company.planted.setdefault("identity_overrides", []).append(entry)


def _gong_identities(company: Company) -> None:
    rows = {r["emailAddress"]: r for r in company.rows("gong", "users")}
    upper = [company.by_key[k] for k in ("tenured_02", "hire_02", "hire_20")]
    for person in upper:
        rows[person.email]["emailAddress"] = person.email.upper()
        company.note("email_upper_case", {"system": "gong", "source_identity": person.gong_id})
    odd = company.by_key["hire_07"]
    rows[odd.email]["emailAddress"] = f"{odd.first[:3].lower()}y@webmail.example"
    _override(company, "gong", odd.gong_id, odd.email)
    number = "6199999999999999999"
    company.add("gong", "users", {"id": number, "emailAddress": "recorder@northbeam.example", "managerId": None})
    company.note("matches_nobody", {"system": "gong", "source_identity": number})
    row = dict(company.rows("gong", "calls")[50], id="7399999999999999999", primaryUserId=number)
    company.rows("gong", "calls").append(row)


def _sheet_identities(company: Company) -> None:
    odd = company.by_key["tenured_06"]
    nickname = f"{odd.first[:2].lower()}.{odd.last.lower()}@northbeam.example"
    sessions = company.rows("coaching_log", "session")
    for place, row in enumerate(sessions):
        if row["rep_email"] == odd.email:
            row["rep_email"] = nickname
        elif place % 9 == 0:
            row["rep_email"] = row["rep_email"].title()
            company.note("email_upper_case", {"system": "coaching_log", "source_identity": row["session_id"]})
    _override(company, "coaching_log", nickname, odd.email)
    model = next(r for r in sessions if r["kind"] == "one_on_one")
    for number in range(2):
        session = f"C90{number:02d}"
        sessions.append(dict(model, session_id=session, rep_email="jo.unknown@northbeam.example"))
    entry = {"system": "coaching_log", "source_identity": "jo.unknown@northbeam.example"}
    company.note("matches_nobody", entry)
    sheet = company.rows("lms", "attendance")
    for row in sheet[::6]:
        row["email"] = row["email"].upper() + " "
        entry = {"system": "lms_attendance", "source_identity": f"{row['session_id']}|{row['email']}"}
        company.note("email_with_spaces", entry)
    sheet.append(dict(sheet[3], email="guest@customer.example"))
    company.note("matches_nobody", {"system": "lms_attendance", "source_identity": "guest@customer.example"})


def plant_bad_rows(company: Company) -> None:
    """Plant copies, a conflict and bad rows outside the CRM."""
    calls = company.rows("gong", "calls")
    calls.append(dict(calls[20], duration=str(int(calls[20]["duration"]) + 60)))
    company.note("conflicting_pair", {"object": "gong.calls", "key": calls[20]["id"]})
    for system, table, key in (
        ("lms", "content_view", "view_id"),
        ("lms", "enrollment", "enrollment_id"),
        ("coaching_log", "session", "session_id"),
    ):
        rows = company.rows(system, table)
        rows.append(dict(rows[7]))
        company.note("exact_copy", {"object": f"{system}.{table}", "key": rows[7][key]})
    for system, table, key, change, kind in _bad_rows():
        rows = company.rows(system, table)
        row = dict(rows[11]) | change
        rows.append(row)
        entry = {"object": f"{system}.{table}", "key": row[key], "kind": kind, "change": change}
        company.note("bad_row", entry)
    _bad_roster(company)


def _bad_rows() -> list[tuple[str, str, str, dict[str, str], str]]:
    late = {"enrolled_at": "2026-02-02T09:00:00Z", "started_at": "2026-02-03T09:00:00Z"}
    backwards = late | {"completed_at": "2026-01-20T09:00:00Z", "status": "completed"}
    return [
        ("lms", "enrollment", "enrollment_id", {"enrollment_id": "enr_9001"} | backwards, "end_before_start"),
        (
            "lms",
            "enrollment",
            "enrollment_id",
            {"enrollment_id": "enr_9002", "program_id": "prog_gone"},
            "orphan",
        ),
        ("lms", "content_view", "view_id", {"view_id": "view_99901", "content_id": "cnt_99"}, "orphan"),
        ("lms", "content_view", "view_id", {"view_id": "view_99902", "viewed_at": "soon"}, "unparsable_date"),
        (
            "lms",
            "assessment_attempt",
            "attempt_id",
            {"attempt_id": "att_9001", "kind": "exam"},
            "unknown_enum",
        ),
        (
            "lms",
            "assessment_attempt",
            "attempt_id",
            {"attempt_id": "att_9002", "score": "130"},
            "score_out_of_range",
        ),
        (
            "lms",
            "certification_award",
            "award_id",
            {"award_id": "cert_901", "expires_at": "2020-01-01T00:00:00Z"},
            "end_before_start",
        ),
        (
            "lms",
            "survey_response",
            "response_id",
            {"response_id": "srv_901", "score": "99"},
            "score_out_of_range",
        ),
        (
            "lms",
            "survey_response",
            "response_id",
            {"response_id": "srv_902", "dimension": "catering"},
            "unknown_enum",
        ),
        (
            "lms",
            "attendance",
            "session_id",
            {"session_id": "live_bad", "attended_on": "31/31/2025"},
            "unparsable_date",
        ),
        ("gong", "calls", "id", {"id": "7399999999999999998", "duration": "-40"}, "negative_amount"),
        (
            "gong",
            "answered_scorecards",
            "answeredScorecardId",
            {"answeredScorecardId": "8899999999999999998", "answers": '[{"questionId":"overall","score":4'},
            "unparsable_json",
        ),
        (
            "gong",
            "answered_scorecards",
            "answeredScorecardId",
            {"answeredScorecardId": "8899999999999999997", "callId": "7300000000000000001"},
            "orphan",
        ),
        ("coaching_log", "session", "session_id", {"session_id": "C9901", "kind": "webinar"}, "unknown_enum"),
        (
            "coaching_log",
            "session",
            "session_id",
            {"session_id": "C9902", "minutes": "-30"},
            "negative_amount",
        ),
        (
            "coaching_log",
            "session",
            "session_id",
            {"session_id": "C9903", "held_on": "last Tuesday"},
            "unparsable_date",
        ),
    ]


def _bad_roster(company: Company) -> None:
    model = company.rows("roster", "roster")[20]
    change = {
        "rep_email": "pat.backwards@northbeam.example",
        "employee_number": "E9901",
        "hire_date": "2025-05-05",
        "role_started_on": "2025-05-05",
        "termination_date": "2025-04-01",
    }
    company.rows("roster", "roster").append(dict(model) | change)
    entry = {
        "object": "roster.roster",
        "key": change["rep_email"],
        "kind": "end_before_start",
        "change": change,
    }
    company.note("bad_row", entry)
    loop = {
        "rep_email": "lou.loop@northbeam.example",
        "employee_number": "E9902",
        "manager_email": "lou.loop@northbeam.example",
        "termination_date": "",
    }
    company.rows("roster", "roster").append(dict(model) | loop)
    entry = {"object": "roster.roster", "key": loop["rep_email"], "kind": "self_management", "change": loop}
    company.note("bad_row", entry)
