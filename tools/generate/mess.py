"""The mess that is planted beside the good rows, and what is to become of each piece of it.

A piece is a row of the object itself, copied and changed. It stands in the last file of its object, so that the good
rows are the same with and without it.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mess:
    """One kind of mess in an object.

    fate: rejected, superseded, deleted, accepted, or unmatched (accepted, of an identity that matches nobody).
    reason: the reason code of rejected_rows. share: rows per row of the object (at least one). changes: SQL by column,
    where n is a number of the row's own. where: which rows are copied. new_key: whether the copy gets a key of its own.
    times: rows that each copied row makes (variant is 0, 1, .. in them).
    """

    kind: str
    fate: str
    share: float
    changes: dict[str, str] = field(default_factory=dict)
    reason: str | None = None
    where: str = "true"
    new_key: bool = True
    times: int = 1


def rejected(reason: str, changes: dict[str, str], kind: str = "", **more: object) -> Mess:
    """Return mess that has to end in rejected_rows."""
    return Mess(kind or reason, "rejected", 0.0005, changes, reason, **more)


COPY = Mess("exact_copy", "superseded", 0.001, new_key=False)
SALESFORCE_TIME = "'{}T09:00:00.000+0000'"
CLOSED_LATE = {"CloseDate": "'2026-03-12'", "CreatedDate": SALESFORCE_TIME.format("2026-02-02")}
UNKNOWN_USER = "'0055g0000ZZZZZZAAA'"
MACHINE_USER = "'0055g08888888888888'"
NOBODY = "'nobody' || n || '@northbeam.example'"
ORPHAN = {"OpportunityId": "'0065g0000ZZZZZZAAA'"}
COMPLETED = "\"Status\" = 'Completed' and \"IsDeleted\" = 'false'"
HELD = "\"IsDeleted\" = 'false' and \"IsChild\" = 'false'"
SOUND = "\"IsDeleted\" = 'false' and \"IsClosed\" = 'true'"

# The key of each object: SQL that makes one no good row has, from n.
KEYS: dict[str, dict[str, str]] = {
    "salesforce.task": {"Id": "'00TX' || lpad(cast(n as varchar), 14, '0')"},
    "salesforce.event": {"Id": "'00UX' || lpad(cast(n as varchar), 14, '0')"},
    "salesforce.opportunity": {"Id": "'006X' || lpad(cast(n as varchar), 14, '0')"},
    "salesforce.opportunity_history": {"Id": "'008X' || lpad(cast(n as varchar), 14, '0')"},
    "salesforce.opportunity_field_history": {"Id": "'017X' || lpad(cast(n as varchar), 14, '0')"},
    "salesforce.opportunity_split": {"Id": "'1OeX' || lpad(cast(n as varchar), 14, '0')"},
    "salesforce.forecasting_quota": {"Id": "'0J9X' || lpad(cast(n as varchar), 14, '0')"},
    "lms.user": {"user_id": "'guest' || n"},
    "lms.enrollment": {"enrollment_id": "'enr_x' || n"},
    "lms.content_view": {"view_id": "'view_x' || n"},
    "lms.assessment_attempt": {"attempt_id": "'att_x' || n"},
    "lms.certification_award": {"award_id": "'cert_x' || n"},
    "lms.survey_response": {"response_id": "'srv_x' || n"},
    "lms.attendance": {"session_id": "'live_x' || n"},
    "gong.users": {"id": "cast(6300000000000000000 + n as varchar)"},
    "gong.calls": {"id": "cast(7400000000000000000 + n as varchar)"},
    "gong.answered_scorecards": {"answeredScorecardId": "cast(8900000000000000000 + n as varchar)"},
    "coaching_log.session": {"session_id": "'CX' || n"},
    "roster.roster": {"rep_email": NOBODY, "employee_number": "'X' || n"},
}

MESS: dict[str, list[Mess]] = {
    "salesforce.task": [
        COPY,
        rejected("unparsable_date", {"CompletedDateTime": "'yesterday'"}),
        rejected("unparsable_number", {"CallDurationInSeconds": "'5 min'"}),
        rejected("unparsable_boolean", {"IsClosed": "'maybe'"}),
        rejected("date_out_of_range", {"ActivityDate": "'1899-12-30'"}),
        rejected("missing_value", {"OwnerId": "''"}),
        rejected("missing_key", {"Id": "''"}, new_key=False),
        rejected("negative_amount", {"CallDurationInSeconds": "'-60'"}),
        rejected("duplicate_key_conflict", {"Subject": "case variant when 0 then 'Call' else 'Callback' end"}, times=2),
        Mess("unknown_owner", "unmatched", 0.0005, {"OwnerId": UNKNOWN_USER}, where=COMPLETED),
        Mess("machine_owner", "unmatched", 0.0005, {"OwnerId": MACHINE_USER}, where=COMPLETED),
    ],
    "salesforce.event": [
        COPY,
        rejected("end_before_start", {"EndDateTime": SALESFORCE_TIME.format("2019-01-01")}),
        rejected("date_out_of_range", {"StartDateTime": SALESFORCE_TIME.format("1899-12-30")}),
        rejected("unparsable_date", {"StartDateTime": "'2026-02-30T10:00:00.000+0000'"}),
        Mess("unknown_owner", "unmatched", 0.0005, {"OwnerId": UNKNOWN_USER}, where=HELD),
    ],
    "salesforce.opportunity": [
        COPY,
        Mess(
            "older_copy",
            "superseded",
            0.005,
            {
                "StageName": "'Proposal'",
                "IsClosed": "'false'",
                "IsWon": "'false'",
                "LastModifiedDate": SALESFORCE_TIME.format("2018-01-01"),
            },
            where=SOUND,
            new_key=False,
        ),
        rejected("unparsable_number", CLOSED_LATE | {"Amount": "'abc'"}),
        rejected("unparsable_number", CLOSED_LATE | {"Amount": "'1e309'"}, kind="not_finite_number"),
        rejected("negative_amount", CLOSED_LATE | {"Amount": "'-5000'"}),
        rejected("unparsable_date", CLOSED_LATE | {"CloseDate": "'2026-13-45'"}),
        rejected("date_out_of_range", CLOSED_LATE | {"CloseDate": "'2199-12-31'"}),
        rejected(
            "end_before_start",
            {"CloseDate": "'2026-03-02'", "CreatedDate": SALESFORCE_TIME.format("2026-03-20")},
            where=SOUND,
        ),
        rejected("missing_key", CLOSED_LATE | {"Id": "''"}, new_key=False),
        rejected("unknown_currency", CLOSED_LATE | {"CurrencyIsoCode": "'XTS'"}, where=SOUND),
        Mess("unknown_owner", "unmatched", 0.0005, CLOSED_LATE | {"OwnerId": UNKNOWN_USER}, where=SOUND),
    ],
    "salesforce.opportunity_history": [COPY, rejected("orphan", ORPHAN)],
    "salesforce.opportunity_field_history": [rejected("orphan", ORPHAN)],
    "salesforce.opportunity_split": [
        rejected("orphan", ORPHAN),
        Mess("deleted_split", "deleted", 0.01, {"IsDeleted": "'true'"}),
    ],
    "salesforce.forecasting_quota": [rejected("unparsable_number", {"QuotaAmount": "'n/a'"})],
    "lms.user": [
        Mess(
            "matches_nobody", "accepted", 0.02, {"email": "'guest' || n || '@partner.example'", "employee_number": "''"}
        )
    ],
    "lms.enrollment": [
        COPY,
        rejected("end_before_start", {"completed_at": "'2019-01-20T09:00:00Z'"}),
        rejected("orphan", {"program_id": "'prog_gone'"}),
    ],
    "lms.content_view": [
        COPY,
        rejected("orphan", {"content_id": "'cnt_99'"}),
        rejected("unparsable_date", {"viewed_at": "'soon'"}),
        Mess("matches_nobody", "unmatched", 0.01, {"user_id": "'guest1000000'"}),
    ],
    "lms.assessment_attempt": [
        rejected("unknown_enum", {"kind": "'exam'"}),
        rejected("score_out_of_range", {"score": "'130'"}),
    ],
    "lms.certification_award": [rejected("end_before_start", {"expires_at": "'2019-01-01T00:00:00Z'"})],
    "lms.survey_response": [
        rejected("score_out_of_range", {"score": "'99'"}),
        rejected("unknown_enum", {"dimension": "'catering'"}),
    ],
    "lms.attendance": [
        rejected("unparsable_date", {"attended_on": "'31/31/2025'"}),
        Mess("matches_nobody", "unmatched", 0.01, {"email": "'guest@customer.example'"}),
    ],
    "gong.users": [
        Mess("matches_nobody", "accepted", 0.01, {"emailAddress": "'recorder' || n || '@northbeam.example'"})
    ],
    "gong.calls": [
        rejected("negative_amount", {"duration": "'-40'"}),
        rejected("duplicate_key_conflict", {"duration": "cast(600 + variant as varchar)"}, times=2),
        Mess("matches_nobody", "unmatched", 0.005, {"primaryUserId": "'6300000000001000000'"}),
    ],
    "gong.answered_scorecards": [
        rejected("unparsable_json", {"answers": '\'[{"questionId":"overall","score":4\''}),
        rejected("orphan", {"callId": "'7300000000999999999'"}),
    ],
    "coaching_log.session": [
        COPY,
        rejected("unknown_enum", {"kind": "'webinar'"}),
        rejected("negative_amount", {"minutes": "'-30'"}),
        rejected("unparsable_date", {"held_on": "'last Tuesday'"}),
        Mess("matches_nobody", "unmatched", 0.01, {"rep_email": "'jo.unknown@northbeam.example'"}),
    ],
    "roster.roster": [
        rejected("end_before_start", {"hire_date": "'2025-05-05'", "termination_date": "'2025-04-01'"}),
        rejected(
            "self_management", {"manager_email": "'nobody' || n || '@northbeam.example'", "termination_date": "''"}
        ),
    ],
}
