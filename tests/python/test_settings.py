"""The settings are checked before any mart is built: each test of seeds/settings tells of a row that is wrong.

All wrong rows are added at once to a copy of the demo; a test must tell of each row that is meant for it, and of
nothing else. A build with a wrong setting stops before the models that read it.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb
import pytest
from conftest import ROOT, Build, messages
from dbt.cli.main import dbtRunner

WARNINGS = {
    "assert_role_rules_are_needed",
    "assert_late_entries_are_late",
    "assert_activity_rules_match_records",
    "assert_program_settings_match_data",
    "assert_roi_assumptions_gain",
}

# Rules that come with Rampline and have no record in the demo: its tasks have no type, its events were neither
# declined nor, with two l, cancelled.
UNUSED_IN_DEMO = {
    "assert_activity_rules_match_records": [
        "'activity_types', 20,",
        "'activity_types', 40,",
        "'activity_statuses', 20,",
        "'activity_statuses', 30,",
    ]
}

# A right row of each seed; the damages change it. @ stands for a number that no other row has.
RIGHT = {
    "ramp_milestones": {
        "milestone": "milestone_@", "label": "Milestone @", "sequence": "@", "kind": "activity", "qualifier": "call",
        "threshold": None, "role_family": "*",
    },
    "rep_roles": {"priority": "@", "pattern": "role @", "role_family": "AE", "is_ramping": "true"},
    # A system that the demo does not have: its rules are not compared with records.
    "activity_types": {
        "priority": "@", "system": "hubspot", "field": "subject", "pattern": "%no. @%", "activity_type": "call",
    },
    "activity_statuses": {
        "priority": "@", "system": "hubspot", "object": "task", "field": "status", "pattern": "%no. @%",
        "outcome": "planned",
    },
    "role_quotas": {"role_family": "SDR", "annual_quota_amount": "1000"},
    "identity_overrides": {"system": "lms", "source_identity": "user @", "rep_email": "rep@northbeam.example"},
    "late_entries": {"rep_email": "tomas.bergman@northbeam.example", "milestone": "first_deal", "note": None},
    "program_costs": {"program_id": "prog_@", "cost_amount": "1000", "note": None},
    "program_behaviors": {"program_id": "prog_onboarding_v1", "behavior_kind": "activity_type", "behavior": "email"},
    "roi_assumptions": {
        "scenario": "scenario_@", "kind": "onboarding", "label": None, "hires_per_month": "2", "hiring_months": "24",
        "hire_timing": "start", "window_months": "24", "ramp_shape": "step", "ramp_months_before": "5",
        "ramp_months_after": "3", "rep_count": None, "annual_quota_amount": "600000", "attainment_before_rate": "0.52",
        "attainment_after_rate": None, "gross_margin_rate": "0.75", "program_cost_amount": "250000",
    },
    "roi_ranges": {"scenario": "onboarding_linear", "input": "ramp_months_after", "low_value": "2", "high_value": "4"},
}  # fmt: skip

ONGOING = {
    "kind": "ongoing", "hires_per_month": None, "hiring_months": None, "hire_timing": None, "ramp_shape": None,
    "ramp_months_before": None, "ramp_months_after": None, "rep_count": "48", "attainment_after_rate": "0.56",
}  # fmt: skip


@dataclass(frozen=True)
class Damage:
    """A row that is wrong (or right: no tests), and by test what the test must tell of it."""

    name: str
    seed: str
    changes: dict[str, str | None]
    told: dict[str, str]


def milestone(name: str, changes: dict[str, str | None], told: str) -> Damage:
    """A milestone that cannot be reached."""
    return Damage(name, "ramp_milestones", changes, {"assert_ramp_milestones_can_be_reached": f"milestone_@: {told}"})


def scenario(name: str, changes: dict[str, str | None], told: str) -> Damage:
    """A scenario that cannot be computed."""
    return Damage(name, "roi_assumptions", changes, {"assert_roi_assumptions_are_whole": f"scenario_@: {told}"})


def moved(name: str, changes: dict[str, str | None], told: str) -> Damage:
    """A range that cannot be used."""
    row = RIGHT["roi_ranges"] | changes
    told = f"{row['input']} of {row['scenario']}: {told}"
    return Damage(name, "roi_ranges", changes, {"assert_roi_ranges_are_whole": told})


BEYOND = "the range goes beyond what a scenario may have"
AROUND = "the range does not hold the value of the scenario, "
ACTIVITY = "kind activity has *, call, meeting, demo, email, other"
LEARNING = (
    "kind learning has *, enrolled, started, completed, content_viewed, assessment_submitted, certified, attended"
)
COACHING = (
    "kind coaching has *, recorded_call, scorecard, one_on_one, call_review, role_play, ride_along,"
    " practice_recording, other"
)
THRESHOLD = "kind quota needs a threshold above 0 and up to 10 (0.5 = 50 %), it is"
SYSTEMS = "write one of salesforce, hubspot, lms, gong, coaching_log, roster, xapi, salesforce_enablement"
RATE = "0 to 3 (0.5 = 50 %)"

DAMAGES = [
    # ---- ramp_milestones
    Damage("unknown kind", "ramp_milestones", {"kind": "actvity"}, {"accepted_values_ramp_milestones_kind": "actvity"}),
    Damage(
        "milestone twice",
        "ramp_milestones",
        {"milestone": "first_deal"},
        {"unique_ramp_milestones_milestone": "first_deal"},
    ),
    Damage("sequence twice", "ramp_milestones", {"sequence": "40"}, {"unique_ramp_milestones_sequence": "40"}),
    milestone("qualifier of no activity", {"qualifier": "calls"}, f'qualifier is "calls", {ACTIVITY}'),
    milestone("qualifier with a capital", {"qualifier": "Demo"}, f'qualifier is "Demo", {ACTIVITY}'),
    milestone("qualifier of another kind", {"qualifier": "completed"}, f'qualifier is "completed", {ACTIVITY}'),
    milestone("no qualifier", {"qualifier": None}, f'qualifier is "", {ACTIVITY}'),
    milestone(
        "qualifier of no learning",
        {"kind": "learning", "qualifier": "complete"},
        f'qualifier is "complete", {LEARNING}',
    ),
    milestone("qualifier of no coaching", {"kind": "coaching", "qualifier": "1:1"}, f'qualifier is "1:1", {COACHING}'),
    milestone(
        "qualifier of a deal",
        {"kind": "deal_won", "qualifier": "renewal"},
        'qualifier is "renewal", kind deal_won has *',
    ),
    milestone(
        "qualifier of an opportunity",
        {"kind": "opportunity_created", "qualifier": None},
        'qualifier is "", kind opportunity_created has *',
    ),
    milestone(
        "qualifier of quota",
        {"kind": "quota", "qualifier": "50", "threshold": "0.5"},
        'qualifier is "50", kind quota has *',
    ),
    milestone("quota without threshold", {"kind": "quota", "qualifier": "*"}, f"{THRESHOLD} empty"),
    milestone("threshold of nothing", {"kind": "quota", "qualifier": "*", "threshold": "0"}, f"{THRESHOLD} 0.0000"),
    milestone("negative threshold", {"kind": "quota", "qualifier": "*", "threshold": "-0.5"}, f"{THRESHOLD} -0.5000"),
    milestone("threshold in percent", {"kind": "quota", "qualifier": "*", "threshold": "50"}, f"{THRESHOLD} 50.0000"),
    milestone(
        "threshold just too high", {"kind": "quota", "qualifier": "*", "threshold": "10.0001"}, f"{THRESHOLD} 10.0001"
    ),
    milestone("threshold of an activity", {"threshold": "0.5"}, "threshold is 0.5000, only kind quota has one"),
    milestone(
        "unknown role family",
        {"role_family": "ae"},
        'role_family is "ae", which is neither * nor a family of seed rep_roles',
    ),
    Damage("right: any learning", "ramp_milestones", {"kind": "learning", "qualifier": "*"}, {}),
    Damage("right: a role play", "ramp_milestones", {"kind": "coaching", "qualifier": "role_play"}, {}),
    Damage("right: highest threshold", "ramp_milestones", {"kind": "quota", "qualifier": "*", "threshold": "10"}, {}),
    Damage("right: of a family", "ramp_milestones", {"role_family": "SDR"}, {}),
    # ---- rep_roles: %manager%, vp%, .., sdr%, %account executive%, .., ae% come first
    Damage(
        "hidden, other family",
        "rep_roles",
        {"pattern": "%sales manager%"},
        {"assert_role_rules_are_clear": "%sales manager% (priority @): never wins: %manager% (priority 10)"},
    ),
    Damage(
        "hidden, one end open",
        "rep_roles",
        {"pattern": "vp of sales"},
        {"assert_role_rules_are_clear": "vp of sales (priority @): never wins: vp% (priority 20)"},
    ),
    Damage(
        "hidden, other is_ramping",
        "rep_roles",
        {"pattern": "ae junior%", "is_ramping": "false"},
        {"assert_role_rules_are_clear": "ae junior% (priority @): never wins: ae% (priority 90)"},
    ),
    Damage(
        "hidden, gap within",
        "rep_roles",
        {"pattern": "%sales%manager%"},
        {"assert_role_rules_are_clear": "%sales%manager% (priority @): never wins: %manager% (priority 10)"},
    ),
    Damage(
        "capitals",
        "rep_roles",
        {"pattern": "Closer%"},
        {"assert_role_rules_are_clear": "Closer% (priority @): write it in lower case: closer%"},
    ),
    Damage(
        "hidden, same",
        "rep_roles",
        {"pattern": "ae senior%"},
        {"assert_role_rules_are_needed": "@, 'ae senior%', 'ae%'"},
    ),
    Damage(
        "pattern twice",
        "rep_roles",
        {"pattern": "ae%"},
        {"unique_rep_roles_pattern": "ae%", "assert_role_rules_are_needed": "@, 'ae%', 'ae%'"},
    ),
    Damage("priority twice", "rep_roles", {"priority": "60"}, {"unique_rep_roles_priority": "60"}),
    Damage("right: wider than an earlier one", "rep_roles", {"pattern": "%executive%"}, {}),
    Damage("right: open where the earlier one is not", "rep_roles", {"pattern": "%ae%"}, {}),
    Damage("right: gap where the earlier one has none", "rep_roles", {"pattern": "%man%ager%"}, {}),
    Damage("right: one character", "rep_roles", {"pattern": "_dr%", "role_family": "SDR"}, {}),
    # ---- activity_types
    Damage(
        "unknown system",
        "activity_types",
        {"system": "salesfroce"},
        {"assert_activity_types_are_known": f'priority @: system is "salesfroce", {SYSTEMS}'},
    ),
    Damage(
        "system with a capital",
        "activity_types",
        {"system": "HubSpot"},
        {"assert_activity_types_are_known": f'priority @: system is "HubSpot", {SYSTEMS}'},
    ),
    Damage(
        "capitals",
        "activity_types",
        {"system": "salesforce", "field": "task_subtype", "pattern": "Call"},
        {"assert_activity_types_are_known": "priority @: write the pattern in lower case: call"},
    ),
    Damage(
        "unknown field",
        "activity_types",
        {"system": "salesforce", "field": "type"},
        {"accepted_values_activity_types_field": "'type'"},
    ),
    Damage(
        "unknown type",
        "activity_types",
        {"activity_type": "calls"},
        {"accepted_values_activity_types_activity_type": "calls"},
    ),
    Damage("priority twice", "activity_types", {"priority": "10"}, {"unique_activity_types_priority": "(10,"}),
    Damage(
        "rule twice",
        "activity_types",
        {"field": "task_subtype", "pattern": "call", "activity_type": "other"},
        {"unique_key_activity_types": "'hubspot', 'task_subtype', 'call', 2"},
    ),
    Damage(
        "matches nothing",
        "activity_types",
        {"system": "salesforce", "pattern": "%demonstartion%"},
        {"assert_activity_rules_match_records": "'activity_types', @, 'salesforce', 'subject', '%demonstartion%'"},
    ),
    Damage(
        "matches another field",
        "activity_types",
        {"system": "salesforce", "field": "event_subtype", "pattern": "%email"},
        {"assert_activity_rules_match_records": "'activity_types', @, 'salesforce', 'event_subtype', '%email'"},
    ),
    # A rule that never wins but matches is no typing error; nor is one of a system that is off.
    Damage(
        "right: matches", "activity_types", {"system": "salesforce", "field": "task_subtype", "pattern": "c_ll"}, {}
    ),
    # ---- activity_statuses
    Damage(
        "unknown system",
        "activity_statuses",
        {"system": "outlook"},
        {"assert_activity_statuses_are_known": f'priority @: system is "outlook", {SYSTEMS}'},
    ),
    Damage(
        "capitals",
        "activity_statuses",
        {"pattern": "Done"},
        {"assert_activity_statuses_are_known": "priority @: write the pattern in lower case: done"},
    ),
    Damage(
        "unknown object",
        "activity_statuses",
        {"object": "meeting"},
        {"accepted_values_activity_statuses_object": "meeting"},
    ),
    Damage(
        "unknown field", "activity_statuses", {"field": "state"}, {"accepted_values_activity_statuses_field": "'state'"}
    ),
    Damage(
        "unknown outcome",
        "activity_statuses",
        {"outcome": "canceled"},
        {"accepted_values_activity_statuses_outcome": "canceled"},
    ),
    Damage("priority twice", "activity_statuses", {"priority": "10"}, {"unique_activity_statuses_priority": "(10,"}),
    Damage(
        "rule twice",
        "activity_statuses",
        {"pattern": "busy"},
        {"unique_key_activity_statuses": "'hubspot', 'task', 'status', 'busy', 2"},
    ),
    Damage(
        "matches the other object only",
        "activity_statuses",
        {"system": "salesforce", "field": "subject", "pattern": "canceled:%"},
        {"assert_activity_rules_match_records": "'activity_statuses', @, 'salesforce', 'subject', 'canceled:%'"},
    ),
    # ---- role_quotas
    Damage(
        "unknown family",
        "role_quotas",
        {"role_family": "Account Executive"},
        {"assert_role_quotas_have_roles": "Account Executive is no role_family of seed rep_roles"},
    ),
    Damage("no quota", "role_quotas", {"annual_quota_amount": "0"}, {"value_between_role_quotas": "'0.00'"}),
    Damage(
        "negative quota",
        "role_quotas",
        {"role_family": "manager", "annual_quota_amount": "-1"},
        {"value_between_role_quotas": "'-1.00'"},
    ),
    Damage("family twice", "role_quotas", {"role_family": "AE"}, {"unique_role_quotas_role_family": "AE"}),
    # ---- identity_overrides
    Damage(
        "unknown system",
        "identity_overrides",
        {"system": "Gong"},
        {"assert_identity_overrides_are_clear": f"user @ of Gong: the system is unknown, {SYSTEMS}"},
    ),
    Damage(
        "identity twice",
        "identity_overrides",
        {"system": "gong", "source_identity": " 6101847254212986578 "},
        {"assert_identity_overrides_are_clear": "6101847254212986578 of gong: it is there 2 times, keep one"},
    ),
    Damage(
        "identity twice, capitals",
        "identity_overrides",
        {"system": "coaching_log", "source_identity": "CL.Nakamura@northbeam.example"},
        {"assert_identity_overrides_are_clear": "cl.nakamura@northbeam.example of coaching_log: it is there 2 times"},
    ),
    Damage(
        "right: identity of another system",
        "identity_overrides",
        {"system": "lms", "source_identity": "6101847254212986578"},
        {},
    ),
    # ---- late_entries
    Damage(
        "unknown milestone",
        "late_entries",
        {"milestone": "quota_120"},
        {"relationships_late_entries": "quota_120"},
    ),
    Damage(
        "entry twice",
        "late_entries",
        {"rep_email": "ruby.jarvis@northbeam.example", "milestone": "quota_100"},
        {"unique_key_late_entries": "'ruby.jarvis@northbeam.example', 'quota_100', 2"},
    ),
    Damage(
        "nobody",
        "late_entries",
        {"rep_email": "ruby.jarvis@example.com"},
        {"assert_late_entries_are_late": "nobody has this e-mail"},
    ),
    Damage("right: a rep from before the records", "late_entries", {}, {}),
    # ---- program_costs and program_behaviors
    Damage(
        "unknown program",
        "program_costs",
        {"program_id": "prog_onboarding_v3"},
        {"assert_program_settings_match_data": "'program_costs', 'program_id', 'prog_onboarding_v3'"},
    ),
    Damage(
        "program twice, negative cost",
        "program_costs",
        {"program_id": "prog_onboarding_v1", "cost_amount": "-0.01"},
        {"unique_program_costs_program_id": "prog_onboarding_v1", "value_between_program_costs": "-0.01"},
    ),
    Damage(
        "unknown program",
        "program_behaviors",
        {"program_id": "prog_product_knews"},
        {"assert_program_settings_match_data": "'program_behaviors', 'program_id', 'prog_product_knews'"},
    ),
    Damage(
        "unknown kind",
        "program_behaviors",
        {"behavior_kind": "activity"},
        {"accepted_values_program_behaviors_behavior_kind": "'activity'"},
    ),
    Damage(
        "no activity type",
        "program_behaviors",
        {"behavior": "demos"},
        {"assert_program_behaviors_are_known": "prog_onboarding_v1: demos"},
    ),
    Damage(
        "behaviour twice",
        "program_behaviors",
        {"behavior": "demo"},
        {"unique_key_program_behaviors": "'prog_onboarding_v1', 'activity_type', 'demo', 2"},
    ),
    Damage(
        "question that nobody was asked",
        "program_behaviors",
        {"behavior_kind": "scorecard_question", "behavior": "discovry"},
        {"assert_program_settings_match_data": "'program_behaviors', 'behavior', 'discovry'"},
    ),
    Damage(
        "content that nobody viewed",
        "program_behaviors",
        {"behavior_kind": "content", "behavior": "discovery"},
        {"assert_program_settings_match_data": "'program_behaviors', 'behavior', 'discovery'"},
    ),
    # ---- roi_assumptions
    Damage(
        "unknown kind", "roi_assumptions", {"kind": "on-going"}, {"accepted_values_roi_assumptions_kind": "on-going"}
    ),
    Damage(
        "scenario twice",
        "roi_assumptions",
        {"scenario": "onboarding_reference"},
        {"unique_roi_assumptions_scenario": "onboarding_reference"},
    ),
    scenario("no hires", {"hires_per_month": "0"}, "hires_per_month of kind onboarding must be above 0, it is 0.00"),
    scenario(
        "hires missing", {"hires_per_month": None}, "hires_per_month of kind onboarding must be above 0, it is empty"
    ),
    scenario(
        "no hiring months", {"hiring_months": "0"}, "hiring_months of kind onboarding must be 1 to 120 months, it is 0"
    ),
    scenario(
        "hiring months missing",
        {"hiring_months": None},
        "hiring_months of kind onboarding must be 1 to 120 months, it is empty",
    ),
    scenario(
        "unknown shape", {"ramp_shape": "curve"}, "ramp_shape of kind onboarding must be step or linear, it is curve"
    ),
    scenario(
        "shape missing", {"ramp_shape": None}, "ramp_shape of kind onboarding must be step or linear, it is empty"
    ),
    scenario("no ramp", {"ramp_months_after": "0"}, "ramp_months_after of kind onboarding must be above 0, it is 0.00"),
    scenario(
        "negative ramp",
        {"ramp_months_after": "-3"},
        "ramp_months_after of kind onboarding must be above 0, it is -3.00",
    ),
    scenario(
        "ramp after missing",
        {"ramp_months_after": None},
        "ramp_months_after of kind onboarding must be above 0, it is empty",
    ),
    scenario(
        "ramp before missing",
        {"ramp_months_before": None},
        "ramp_months_before of kind onboarding must be above 0, it is empty",
    ),
    scenario("no window", {"window_months": "0"}, "window_months of kind onboarding must be 1 to 120 months, it is 0"),
    scenario(
        "window in days",
        {"window_months": "365"},
        "window_months of kind onboarding must be 1 to 120 months, it is 365",
    ),
    scenario(
        "window missing",
        ONGOING | {"window_months": None},
        "window_months of kind ongoing must be 1 to 120 months, it is empty",
    ),
    scenario(
        "no quota", {"annual_quota_amount": "0"}, "annual_quota_amount of kind onboarding must be above 0, it is 0.00"
    ),
    scenario(
        "attainment in percent",
        {"attainment_before_rate": "52"},
        f"attainment_before_rate of kind onboarding must be {RATE}, it is 52.000000",
    ),
    scenario(
        "negative attainment",
        {"attainment_before_rate": "-0.1"},
        f"attainment_before_rate of kind onboarding must be {RATE}, it is -0.100000",
    ),
    scenario(
        "margin over 1",
        {"gross_margin_rate": "1.01"},
        "gross_margin_rate of kind onboarding must be 0 to 1 (0.5 = 50 %), it is 1.010000",
    ),
    scenario(
        "margin missing",
        ONGOING | {"gross_margin_rate": None},
        "gross_margin_rate of kind ongoing must be 0 to 1 (0.5 = 50 %), it is empty",
    ),
    scenario("no reps", ONGOING | {"rep_count": "0"}, "rep_count of kind ongoing must be above 0, it is 0"),
    scenario("reps missing", ONGOING | {"rep_count": None}, "rep_count of kind ongoing must be above 0, it is empty"),
    scenario(
        "attainment after missing",
        ONGOING | {"attainment_after_rate": None},
        f"attainment_after_rate of kind ongoing must be {RATE}, it is empty",
    ),
    scenario(
        "attainment after in percent",
        ONGOING | {"attainment_after_rate": "56"},
        f"attainment_after_rate of kind ongoing must be {RATE}, it is 56",
    ),
    scenario(
        "negative cost",
        {"program_cost_amount": "-250000"},
        "program_cost_amount must not be negative, it is -250000.00",
    ),
    Damage(
        "longer ramp",
        "roi_assumptions",
        {"ramp_months_after": "6"},
        {"assert_roi_assumptions_gain": "scenario_@', 'the ramp is longer'"},
    ),
    Damage(
        "lower attainment",
        "roi_assumptions",
        ONGOING | {"attainment_after_rate": "0.5"},
        {"assert_roi_assumptions_gain": "scenario_@', 'attainment is lower'"},
    ),
    scenario(
        "unknown timing",
        {"hire_timing": "mid"},
        "hire_timing of kind onboarding must be start, middle or end, it is mid",
    ),
    scenario(
        "timing missing",
        {"hire_timing": None},
        "hire_timing of kind onboarding must be start, middle or end, it is empty",
    ),
    # ---- roi_ranges
    moved("unknown scenario", {"scenario": "onboarding_refrence"}, "there is no such scenario or input"),
    moved("unknown input", {"input": "ramp_shape"}, "there is no such scenario or input"),
    moved("input of the other kind", {"input": "rep_count"}, "the scenario does not have this input"),
    moved("range above", {"input": "ramp_months_before", "low_value": "6", "high_value": "7"}, AROUND),
    moved("range below", {"input": "hires_per_month", "high_value": "1", "low_value": "1"}, AROUND),
    moved("no ramp", {"scenario": "onboarding_mid_month", "low_value": "0"}, BEYOND),
    moved(
        "long window",
        {"input": "window_months", "low_value": "12", "high_value": "121"},
        BEYOND,
    ),
    moved(
        "half a month",
        {"input": "hiring_months", "low_value": "23.5", "high_value": "24"},
        "it takes whole numbers only",
    ),
    Damage(
        "range twice",
        "roi_ranges",
        {"scenario": "ongoing_reference", "input": "rep_count", "low_value": "40", "high_value": "50"},
        {"unique_key_roi_ranges": "'ongoing_reference', 'rep_count', 2"},
    ),
    Damage(
        "right: a range that is one value",
        "roi_ranges",
        {"input": "annual_quota_amount", "low_value": "600000", "high_value": "600000"},
        {},
    ),
    Damage("right: no cost known", "roi_assumptions", {"program_cost_amount": None}, {}),
    Damage(
        "right: attainment of 300 %",
        "roi_assumptions",
        ONGOING | {"attainment_after_rate": "3", "gross_margin_rate": "1"},
        {},
    ),
]

# A row without any value, for the columns that must have one.
NEEDED = {
    "ramp_milestones": ["milestone", "label", "sequence", "kind", "role_family"],
    "rep_roles": ["priority", "pattern", "role_family", "is_ramping"],
    "activity_types": ["priority", "system", "field", "pattern", "activity_type"],
    "activity_statuses": ["priority", "system", "object", "field", "pattern", "outcome"],
    "role_quotas": ["role_family", "annual_quota_amount"],
    "identity_overrides": ["system", "source_identity", "rep_email"],
    "late_entries": ["rep_email", "milestone"],
    "program_costs": ["program_id", "cost_amount"],
    "program_behaviors": ["program_id", "behavior_kind", "behavior"],
    "roi_assumptions": ["scenario", "kind", "annual_quota_amount", "attainment_before_rate"],
    "roi_ranges": ["scenario", "input", "low_value", "high_value"],
}
KEYS = {
    "activity_types": "(None, None, None, 1)",
    "activity_statuses": "(None, None, None, None, 1)",
    "late_entries": "(None, None, 1)",
    "program_behaviors": "(None, None, None, 1)",
    "roi_ranges": "(None, None, 1)",
}
DAMAGES += [
    Damage(
        "empty",
        seed,
        dict.fromkeys(RIGHT[seed]),
        {f"not_null_{seed}_{column}": "None" for column in columns}
        | ({f"unique_key_{seed}": KEYS[seed]} if seed in KEYS else {}),
    )
    for seed, columns in NEEDED.items()
]


def numbered(text: str | None, number: int) -> str | None:
    """Put the number of a damage where @ stands; the @ of an e-mail stays."""
    return text if text is None or "northbeam" in text else text.replace("@", str(number))


@dataclass
class Outcome:
    """What became of a test: its status, and what it told of each row."""

    status: str
    told: list[str]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the project whose seeds a test may break, parsed once: dbt reads seeds while it runs."""
    copy = tmp_path_factory.mktemp("settings") / "project"
    unwanted = (".venv", ".git", ".*_cache", ".hypothesis", "warehouse", "target", "logs", "python", "*__units.yml")
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*unwanted))
    result = Build(copy.parent / "parsed").dbt("parse", project=copy)
    assert result.success, messages(result)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("conftest.dbtRunner", partial(dbtRunner, manifest=result.result))
        yield copy


def copied(demo: Build, folder: Path) -> Build:
    """Return a copy of the built demo company in a folder."""
    folder.mkdir()
    shutil.copyfile(demo.file, folder / demo.file.name)
    return Build(folder)


@pytest.fixture(scope="module")
def outcomes(demo: Build, project: Path) -> dict[str, Outcome]:
    """Every test of the settings, run once on the demo with every damage added."""
    build = copied(demo, project.parent / "damaged")
    with duckdb.connect(str(build.file)) as connection:
        for number, damage in enumerate(DAMAGES, start=1000):
            row = {column: numbered(value, number) for column, value in (RIGHT[damage.seed] | damage.changes).items()}
            marks = ", ".join("?" for _ in row)
            connection.execute(
                f"insert into settings.{damage.seed} ({', '.join(row)}) values ({marks})", list(row.values())
            )
    result = build.dbt(
        "test",
        "--select",
        "path:seeds/settings",
        "path:tests/singular/settings",
        "--indirect-selection",
        "cautious",
        project=project,
    )
    found = {}
    for item in result.result.results:
        if item.node.resource_type == "test" and "settings" in item.node.original_file_path:
            if item.status == "error":
                # The sentences stand between the first and the last of the message.
                told = item.message.split("; ")
            else:
                told = (
                    [str(tuple(map(shown, row))) for row in build.rows(item.node.compiled_code)]
                    if item.failures
                    else []
                )
            found[item.node.name] = Outcome(item.status, told)
    return found


def shown(value: object) -> object:
    """Return a value as it is told: numbers with decimals as text."""
    return value if value is None or isinstance(value, (str, int)) else str(value)


def outcome_of(test: str, outcomes: dict[str, Outcome]) -> Outcome:
    """Return what became of the one test whose name is, or begins with, what is given."""
    names = [name for name in outcomes if name == test] or [name for name in outcomes if name.startswith(test)]
    assert len(names) == 1, f"{test}: {names}"
    return outcomes[names[0]]


EXPECTED = [
    pytest.param(number, test, id=f"{damage.seed}: {damage.name}: {test}")
    for number, damage in enumerate(DAMAGES, start=1000)
    for test in damage.told
]


@pytest.mark.parametrize(("number", "test"), EXPECTED)
def test_wrong_settings_are_told(number: int, test: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcome_of(test, outcomes)
    singular = "warn" if test in WARNINGS else "error"
    assert outcome.status == (singular if test.startswith("assert_") else "fail")
    wanted = numbered(DAMAGES[number - 1000].told[test], number)
    assert len([told for told in outcome.told if wanted in told]) == 1, f"{wanted} not in {outcome.told}"


def test_nothing_else_is_told(outcomes: dict[str, Outcome]) -> None:
    """Every test of the settings has a damage that it tells of, and tells of nothing that is right."""
    expected: dict[str, int] = {}
    for damage in DAMAGES:
        for test in damage.told:
            name = next(name for name in outcomes if outcomes[name] is outcome_of(test, outcomes))
            expected[name] = expected.get(name, 0) + 1
    for test, rows in UNUSED_IN_DEMO.items():
        expected[test] += len(rows)
        assert all(any(row in told for told in outcomes[test].told) for row in rows)
    assert {name: len(outcome.told) for name, outcome in outcomes.items()} == expected


@pytest.mark.parametrize(
    ("changes", "test"),
    [
        ({"kind": "actvity"}, "accepted_values_ramp_milestones_kind"),
        ({"role_family": "ae"}, "assert_ramp_milestones_can_be_reached"),
    ],
)
def test_no_ramp_is_built_on_wrong_milestones(
    changes: dict[str, str], test: str, demo: Build, project: Path, tmp_path: Path
) -> None:
    build = copied(demo, tmp_path / "broken")
    with duckdb.connect(str(build.file)) as connection:
        connection.execute("drop schema rep_timeline cascade")
    seed = project / "seeds/settings/ramp_milestones.csv"
    right = seed.read_text(encoding="utf-8")
    rows = list(csv.DictReader(right.splitlines()))
    rows[1] |= changes
    with seed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    try:
        result = build.dbt(
            "build",
            "--select",
            "ramp_milestones+",
            "rep_roles",
            "--exclude-resource-type",
            "unit_test",
            project=project,
        )
    finally:
        seed.write_text(right, encoding="utf-8")
    assert not result.success
    stopped = [item.node.name for item in result.result.results if item.status in ("fail", "error")]
    assert len(stopped) == 1
    assert stopped[0].startswith(test)
    models = {item.node.name: item.status for item in result.result.results if item.node.resource_type == "model"}
    folder = {path.stem for path in (ROOT / "models/marts/rep_timeline").glob("*.sql")}
    # The days of ramps ask for no milestone.
    assert folder - {"int_ramp_spans"} <= set(models)
    # The list of what is asked about knows nothing of ramps, so it need not wait for the rules of their roles.
    assert {name for name, status in models.items() if status != "skipped"} <= {"int_program_ramp_landmarks"}
    assert build.rows("select table_name from information_schema.tables where table_schema = 'rep_timeline'") == []
