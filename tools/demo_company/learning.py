"""The LMS: programs, enrolments, content, assessments, certificates, surveys and sign-in sheets."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from .calendar import AS_OF, at_local, iso_time, months_between, office_time, workday, workday_between
from .company import Company, Person, Spell, rng_for
from .programs import LAUNCH, ONBOARDING_V1, ONBOARDING_V2, PLACEBO, REAL, SMALL

PROGRAMS = [
    (ONBOARDING_V1, "Sales onboarding", "onboarding", "v1", "2024-07-01", "Productive in five months"),
    (ONBOARDING_V2, "Sales onboarding", "onboarding", "v2", "2025-07-01", "Productive in three months"),
    (PLACEBO, "Product news", "ongoing", "v1", "2025-06-01", "Know what is new"),
    (REAL, "Discovery skills", "ongoing", "v1", "2025-10-01", "Better discovery"),
    (SMALL, "Executive briefing", "ongoing", "v1", "2026-02-02", "Talk to executives"),
]
ONBOARDING_ITEMS = [
    ("course", "Product basics", "product_knowledge"),
    ("live_session", "Kick-off workshop", "company_knowledge"),
    ("practice", "Pitch practice", "pitch"),
    ("assessment", "Onboarding test", "product_knowledge"),
    ("certification", "Certified pitch", "pitch"),
]
ONGOING_ITEMS = {
    PLACEBO: [
        ("course", "What is new", "product_knowledge"),
        ("assessment", "News quiz", "product_knowledge"),
    ],
    REAL: [
        ("live_session", "Discovery workshop", "discovery"),
        ("practice", "Discovery role plays", "discovery"),
        ("assessment", "Discovery test", "discovery"),
        ("certification", "Discovery certificate", "discovery"),
    ],
    SMALL: [("live_session", "Briefing day", "executive_talk")],
}
QUESTIONS = [
    ("How satisfied were you?", "satisfaction", 1, 5),
    ("How good was the material?", "material_quality", 1, 7),
    ("Did the trainers know their subject?", "instructor_quality", 0, 10),
    ("How relevant is it to your work?", "relevance", 1, 5),
    ("Would you recommend it to a colleague?", "nps", 0, 10),
]
LIKING = {ONBOARDING_V1: 0.62, ONBOARDING_V2: 0.8, PLACEBO: 0.84, REAL: 0.78, SMALL: 0.7}
COMMENTS = [
    "More practice, please.",
    "The trainer was excellent.",
    "Too long for one day",
    'Loved the "real call" part',
    "Slides were out of date, examples were good",
]
NEVER_COMPLETED = {1, 8, 19, 28, 34}


def build_learning(company: Company) -> None:
    """Write everything the LMS exports."""
    _catalogue(company)
    _users(company)
    for person in company.people:
        if person.family not in ("AE", "SDR"):
            continue
        rng = rng_for(f"learning:{person.key}")
        for spell in person.spells if person.is_new else []:
            _onboarding(company, rng, person, spell)
        for program in (PLACEBO, REAL):
            if program in person.treated:
                _ongoing(company, rng, person, program)
        _content_views(company, rng, person)
    _small_program(company)


def _catalogue(company: Company) -> None:
    company.items = {}
    for program, name, kind, version, starts, goal in PROGRAMS:
        company.add(
            "lms",
            "program",
            {
                "program_id": program,
                "name": name,
                "kind": kind,
                "version": version,
                "starts_on": starts,
                "target_goal": goal,
            },
        )
        items = ONBOARDING_ITEMS if kind == "onboarding" else ONGOING_ITEMS[program]
        for item_kind, item_name, item_goal in items:
            item_id = f"item_{company.number('item'):02d}"
            company.items[(program, item_kind)] = item_id
            row = {"item_id": item_id, "program_id": program, "name": item_name}
            company.add("lms", "program_item", row | {"kind": item_kind, "goal": item_goal})
    titles = "Battlecard;Discovery questions;Case study;Demo script;Objection handbook;Pricing guide"
    company.contents = []
    for place in range(18):
        title = titles.split(";")[place % 6] + f" {place // 6 + 1}"
        content_id = f"cnt_{place + 1:02d}"
        company.contents.append(content_id)
        kind = ["document", "video", "slides"][place % 3]
        program = [ONBOARDING_V1, ONBOARDING_V2, PLACEBO, REAL, None][place % 5]
        row = {"content_id": content_id, "title": title, "kind": kind, "program_id": program}
        company.add("lms", "content_item", row)


def _users(company: Company) -> None:
    for person in company.people:
        person.lms_id = f"u{2000 + company.number('lms_user')}"
        row = {"user_id": person.lms_id, "email": person.email, "employee_number": person.employee_number}
        company.add("lms", "user", row)


def _onboarding(company: Company, rng: Random, person: Person, spell: Spell) -> None:
    program = ONBOARDING_V1 if spell.version == "v1" else ONBOARDING_V2
    enrolled = workday(spell.start + timedelta(days=rng.randint(0, 2)))
    completed = None
    if person.hire_index not in NEVER_COMPLETED:
        completed = person.after_leave(workday(spell.start + timedelta(days=rng.randint(21, 54))))
        if completed > min(spell.end or AS_OF, AS_OF):
            completed = None
    _take(company, rng, person, program, enrolled=enrolled, completed=completed)


def _ongoing(company: Company, rng: Random, person: Person, program: str) -> None:
    enrolled = workday(LAUNCH[program] + timedelta(days=rng.randint(0, 2)))
    completed = workday(enrolled + timedelta(days=rng.randint(7, 20)))
    _take(company, rng, person, program, enrolled=enrolled, completed=completed)


def _small_program(company: Company) -> None:
    rng = rng_for("small")
    takers = [p for p in company.sellers("AE") if not p.is_new and p.works(date(2026, 2, 2))]
    for person in rng.sample(takers, 3):
        _take(
            company,
            rng,
            person,
            SMALL,
            enrolled=date(2026, 2, 2),
            completed=date(2026, 2, 13),
            always_answers=True,
        )


def _take(
    company: Company,
    rng: Random,
    person: Person,
    program: str,
    *,
    enrolled: date,
    completed: date | None,
    always_answers: bool = False,
) -> None:
    zone = person.timezone
    due = enrolled + timedelta(days=42 if program.startswith("prog_onboarding") else 21)
    started = workday(enrolled + timedelta(days=rng.randint(0, 3)))
    started = min(started, completed or started)
    status = "completed" if completed else ("in_progress" if started <= AS_OF else "enrolled")
    begun = at_local(started, zone, 11) if started <= AS_OF else None
    company.add(
        "lms",
        "enrollment",
        {
            "enrollment_id": f"enr_{company.number('enrollment'):04d}",
            "user_id": person.lms_id,
            "program_id": program,
            "enrolled_at": iso_time(at_local(enrolled, zone, 9)),
            "started_at": iso_time(begun) if begun else None,
            "due_at": iso_time(at_local(due, zone, 18)),
            "completed_at": iso_time(at_local(completed, zone, 17)) if completed else None,
            "status": status,
        },
    )
    _assessments(company, rng, person, program, started=started, completed=completed)
    _attend(company, rng, person, program, started)
    if completed:
        _certificate(company, rng, person, program, completed)
        if always_answers or rng.random() < 0.68:
            _survey(company, rng, person, program, completed + timedelta(days=rng.randint(0, 4)))


def _assessments(
    company: Company, rng: Random, person: Person, program: str, *, started: date, completed: date | None
) -> None:
    item = company.items.get((program, "assessment"))
    if not item or started > AS_OF:
        return
    skill = rng.gauss(0, 6)
    gain = {ONBOARDING_V1: 22, ONBOARDING_V2: 30, REAL: 24}.get(program, 6)
    before = 46 + skill + rng.gauss(0, 5)
    _attempt(company, person, program, "pre", before, at=at_local(started, person.timezone, 12))
    if not completed:
        return
    after = min(98.0, before + gain + rng.gauss(0, 7))
    day = at_local(completed, person.timezone, 15)
    _attempt(company, person, program, "post", after, at=day)
    if after < 70:
        retry = min(98.0, after + rng.uniform(4, 16))
        _attempt(company, person, program, "post", retry, at=day + timedelta(minutes=65), number=2)
        after = max(after, retry)
    if program.startswith("prog_onboarding") and rng.random() < 0.7:
        quiz = workday_between(rng, started, completed)
        moment = at_local(quiz, person.timezone, 13)
        _attempt(company, person, program, "quiz", 60 + skill + rng.gauss(0, 9), at=moment)
    later = workday(completed + timedelta(days=rng.randint(16, 54)))
    if later <= AS_OF and person.works(later) and rng.random() < 0.8:
        kept = after - (9 if program == ONBOARDING_V1 else 4) + rng.gauss(0, 4)
        _attempt(company, person, program, "retention", kept, at=office_time(rng, later, person.timezone))


def _attempt(
    company: Company,
    person: Person,
    program: str,
    kind: str,
    score: float,
    *,
    at: datetime,
    number: int = 1,
) -> None:
    points = max(5, min(100, round(score)))
    company.add(
        "lms",
        "assessment_attempt",
        {
            "attempt_id": f"att_{company.number('attempt'):04d}",
            "user_id": person.lms_id,
            "item_id": company.items[(program, "assessment")],
            "program_id": program,
            "attempt_number": number,
            "kind": kind,
            "score": points,
            "max_score": 100,
            "passed": points >= 70,
            "submitted_at": iso_time(at),
        },
    )


def _certificate(company: Company, rng: Random, person: Person, program: str, completed: date) -> None:
    if (program, "certification") not in company.items or rng.random() < 0.15:
        return
    name = "Certified pitch" if program.startswith("prog_onboarding") else "Discovery certificate"
    awarded = workday(completed + timedelta(days=rng.randint(0, 9)))
    while awarded <= AS_OF and person.works(awarded):
        expires = awarded + timedelta(days=365)
        company.add(
            "lms",
            "certification_award",
            {
                "award_id": f"cert_{company.number('award'):03d}",
                "user_id": person.lms_id,
                "certification": name,
                "program_id": program,
                "awarded_at": iso_time(at_local(awarded, person.timezone, 16)),
                "expires_at": iso_time(at_local(expires, person.timezone, 16)),
            },
        )
        if rng.random() < 0.5:
            break
        awarded = workday(expires - timedelta(days=rng.randint(3, 20)))


def _survey(company: Company, rng: Random, person: Person, program: str, day: date) -> None:
    response = f"srv_{company.number('response'):03d}"
    anonymous = rng.random() < 0.18
    moment = iso_time(at_local(min(workday(day), AS_OF), person.timezone, 15, rng.randint(0, 50)))
    if anonymous:
        company.note("anonymous_survey_response", {"response_id": response})
    for place, (question, dimension, low, high) in enumerate(QUESTIONS):
        share = min(1.0, max(0.0, rng.gauss(LIKING[program], 0.16)))
        comment = rng.choice(COMMENTS) if place == 0 and rng.random() < 0.4 else None
        company.add(
            "lms",
            "survey_response",
            {
                "response_id": response,
                "user_id": None if anonymous else person.lms_id,
                "program_id": program,
                "item_id": None,
                "question": question,
                "dimension": dimension,
                "scale_min": low,
                "scale_max": high,
                "score": low + round(share * (high - low)),
                "comment": comment,
                "submitted_at": moment,
            },
        )


def _attend(company: Company, rng: Random, person: Person, program: str, started: date) -> None:
    item = company.items.get((program, "live_session"))
    day = workday(started + timedelta(days=2))
    if not item or day > AS_OF or rng.random() < 0.1 or not person.works(day):
        return
    company.add(
        "lms",
        "attendance",
        {
            "session_id": f"live_{item[-2:]}_{day:%Y%m%d}",
            "email": person.email,
            "program_id": program,
            "item_id": item,
            "attended_on": day,
            "minutes": rng.choice([60, 75, 90]),
        },
    )


def _content_views(company: Company, rng: Random, person: Person) -> None:
    for spell in person.spells:
        last = min(spell.end or AS_OF, AS_OF)
        first = spell.start if person.is_new else max(spell.start, date(2024, 1, 2))
        days = [workday_between(rng, first, min(last, first + timedelta(days=50))) for _ in range(8)]
        if not person.is_new:
            days = []
        rate = 0.5 if person.is_new else 0.35
        for month in months_between(first, last):
            extra = 0.5 if person.treated and month >= date(2025, 10, 1) and REAL in person.treated else 0
            if rng.random() < rate + extra:
                days.append(workday_between(rng, max(first, month), min(last, month + timedelta(days=27))))
        for day in sorted(days):
            if not person.works(day):
                continue
            company.add(
                "lms",
                "content_view",
                {
                    "view_id": f"view_{company.number('view'):05d}",
                    "user_id": person.lms_id,
                    "content_id": rng.choice(company.contents),
                    "viewed_at": iso_time(office_time(rng, day, person.timezone)),
                    "duration_seconds": rng.randint(20, 1400),
                },
            )
