"""Objects and columns of the demo company, each with a description."""

from __future__ import annotations

Columns = dict[str, str]

SALESFORCE: dict[str, tuple[str, Columns]] = {
    "user": (
        "Demo data: Salesforce users, with own fields for the dates of hire, role start and termination.",
        {
            "Id": "Salesforce id of the user.",
            "Username": "Login name.",
            "Email": "E-mail address.",
            "Name": "Full name.",
            "IsActive": "Whether the user can log in.",
            "UserType": "Standard, or AutomatedProcess for a machine.",
            "UserRoleId": "Role of the user.",
            "ManagerId": "User id of the manager.",
            "Title": "Job title.",
            "Department": "Department.",
            "EmployeeNumber": "Employee number of HR.",
            "TimeZoneSidKey": "Time zone name.",
            "Hire_Date__c": "Day of the latest hire.",
            "Role_Start_Date__c": "First day in the present role.",
            "Termination_Date__c": "Last day of work.",
            "CreatedDate": "When the user was created.",
            "LastModifiedDate": "When the user was last changed.",
        },
    ),
    "user_role": (
        "Demo data: Salesforce roles.",
        {"Id": "Salesforce id of the role.", "Name": "Role name.", "ParentRoleId": "Role above it."},
    ),
    "account": (
        "Demo data: Salesforce accounts.",
        {
            "Id": "Salesforce id of the account.",
            "Name": "Company name.",
            "Industry": "Industry.",
            "NumberOfEmployees": "Employees.",
            "BillingCountry": "Country of the billing address.",
        },
    ),
    "opportunity": (
        "Demo data: Salesforce opportunities, open, won and lost.",
        {
            "Id": "Salesforce id of the opportunity.",
            "OwnerId": "User who owns it now.",
            "AccountId": "Account.",
            "Name": "Name of the deal.",
            "StageName": "Present stage.",
            "Amount": "Amount in the deal's currency.",
            "CurrencyIsoCode": "Currency of the amount.",
            "CloseDate": "Day it closed, or is expected to.",
            "CreatedDate": "When it was created.",
            "IsClosed": "Whether it is won or lost.",
            "IsWon": "Whether it is won.",
            "Type": "New Business or Upsell.",
            "LeadSource": "Where the lead came from.",
            "CreatedById": "User who created it.",
            "LastModifiedDate": "When it was last changed.",
            "IsDeleted": "Whether it is in the recycle bin.",
        },
    ),
    "opportunity_history": (
        "Demo data: one row for each stage an opportunity entered.",
        {
            "Id": "Salesforce id of the history row.",
            "OpportunityId": "Opportunity.",
            "StageName": "Stage entered.",
            "Amount": "Amount at that time.",
            "CloseDate": "Close date at that time.",
            "CreatedDate": "When the stage was entered.",
        },
    ),
    "opportunity_field_history": (
        "Demo data: changes of an opportunity's owner.",
        {
            "Id": "Salesforce id of the history row.",
            "OpportunityId": "Opportunity.",
            "Field": "Field that changed.",
            "OldValue": "Value before.",
            "NewValue": "Value after.",
            "CreatedDate": "When it changed.",
        },
    ),
    "opportunity_split": (
        "Demo data: revenue splits of opportunities.",
        {
            "Id": "Salesforce id of the split.",
            "OpportunityId": "Opportunity.",
            "SplitOwnerId": "User credited.",
            "SplitPercentage": "Share, 0 to 100.",
            "SplitAmount": "Share of the amount, in the deal's currency.",
            "IsDeleted": "Whether it is in the recycle bin.",
        },
    ),
    "task": (
        "Demo data: calls and e-mails, planned and done.",
        {
            "Id": "Salesforce id of the task.",
            "OwnerId": "User who owns it.",
            "WhatId": "Opportunity it belongs to.",
            "Subject": "Subject.",
            "TaskSubtype": "Call or Email.",
            "Status": "Completed, Not Started or Deferred.",
            "IsClosed": "Whether it is done.",
            "ActivityDate": "Due date.",
            "CompletedDateTime": "When it was completed.",
            "CreatedDate": "When it was created.",
            "CallDurationInSeconds": "Length of the call.",
            "IsDeleted": "Whether it is in the recycle bin.",
        },
    ),
    "event": (
        "Demo data: meetings and demos in the calendar.",
        {
            "Id": "Salesforce id of the event.",
            "OwnerId": "User whose calendar it is in.",
            "WhatId": "Opportunity it belongs to.",
            "Subject": "Subject; a cancelled one starts with Canceled.",
            "Type": "Meeting or Demo.",
            "StartDateTime": "Start.",
            "EndDateTime": "End.",
            "DurationInMinutes": "Length in minutes.",
            "IsChild": "Whether it is an invitee's copy.",
            "IsDeleted": "Whether it is in the recycle bin.",
        },
    ),
    "forecasting_quota": (
        "Demo data: monthly quotas, by forecasting type.",
        {
            "Id": "Salesforce id of the quota.",
            "QuotaOwnerId": "User.",
            "StartDate": "First day of the month.",
            "PeriodId": "Period.",
            "QuotaAmount": "Quota in money.",
            "QuotaQuantity": "Quota in pieces (meetings of an SDR).",
            "IsAmount": "Whether it is in money.",
            "IsQuantity": "Whether it is in pieces.",
            "ForecastingTypeId": "Forecasting type.",
            "CurrencyIsoCode": "Currency of the amount.",
        },
    ),
    "period": (
        "Demo data: fiscal months.",
        {
            "Id": "Salesforce id of the period.",
            "StartDate": "First day.",
            "EndDate": "Last day.",
            "Type": "Month.",
        },
    ),
    "dated_conversion_rate": (
        "Demo data: units of a currency per US dollar, by date.",
        {
            "IsoCode": "Currency.",
            "ConversionRate": "Units per US dollar.",
            "StartDate": "First day.",
            "NextStartDate": "Day on which the next rate starts; empty for the present one.",
        },
    ),
}
LMS: dict[str, tuple[str, Columns]] = {
    "user": (
        "Demo data: learners.",
        {"user_id": "Id of the learner.", "email": "E-mail address.", "employee_number": "Employee number."},
    ),
    "program": (
        "Demo data: programs.",
        {
            "program_id": "Id of the program.",
            "name": "Name.",
            "kind": "onboarding or ongoing.",
            "version": "Version.",
            "starts_on": "Launch day.",
            "target_goal": "What it is for.",
        },
    ),
    "program_item": (
        "Demo data: parts of programs.",
        {
            "item_id": "Id of the part.",
            "program_id": "Program.",
            "name": "Name.",
            "kind": "course, live_session, practice, assessment or certification.",
            "goal": "Learning goal.",
        },
    ),
    "enrollment": (
        "Demo data: enrolments.",
        {
            "enrollment_id": "Id of the enrolment.",
            "user_id": "Learner.",
            "program_id": "Program.",
            "enrolled_at": "When enrolled.",
            "started_at": "When started.",
            "due_at": "When due.",
            "completed_at": "When completed.",
            "status": "enrolled, in_progress or completed.",
        },
    ),
    "content_item": (
        "Demo data: content.",
        {
            "content_id": "Id of the content.",
            "title": "Title.",
            "kind": "document, video or slides.",
            "program_id": "Program it belongs to, if any.",
        },
    ),
    "content_view": (
        "Demo data: views of content.",
        {
            "view_id": "Id of the view.",
            "user_id": "Learner.",
            "content_id": "Content.",
            "viewed_at": "When.",
            "duration_seconds": "How long.",
        },
    ),
    "assessment_attempt": (
        "Demo data: attempts at assessments.",
        {
            "attempt_id": "Id of the attempt.",
            "user_id": "Learner.",
            "item_id": "Part of the program.",
            "program_id": "Program.",
            "attempt_number": "1 for the first attempt.",
            "kind": "pre, post, retention or quiz.",
            "score": "Points.",
            "max_score": "Points that can be had.",
            "passed": "Whether passed.",
            "submitted_at": "When.",
        },
    ),
    "certification_award": (
        "Demo data: certificates awarded.",
        {
            "award_id": "Id of the award.",
            "user_id": "Learner.",
            "certification": "Name of the certificate.",
            "program_id": "Program.",
            "awarded_at": "When.",
            "expires_at": "Until when it is valid.",
        },
    ),
    "survey_response": (
        "Demo data: survey answers, one row for each question.",
        {
            "response_id": "Id of the filled-in survey.",
            "user_id": "Learner; empty when anonymous.",
            "program_id": "Program.",
            "item_id": "Part of the program, if any.",
            "question": "Question.",
            "dimension": "satisfaction, material_quality, instructor_quality, relevance or nps.",
            "scale_min": "Lowest answer.",
            "scale_max": "Highest answer.",
            "score": "Answer.",
            "comment": "Free text.",
            "submitted_at": "When.",
        },
    ),
    "attendance": (
        "Demo data: the sign-in sheets of live sessions.",
        {
            "session_id": "Id of the session.",
            "email": "E-mail address written on the sheet.",
            "program_id": "Program.",
            "item_id": "Part of the program.",
            "attended_on": "Day.",
            "minutes": "How long.",
        },
    ),
}
GONG: dict[str, tuple[str, Columns]] = {
    "users": (
        "Demo data: Gong users.",
        {
            "id": "Gong id of the user.",
            "emailAddress": "E-mail address.",
            "managerId": "Gong id of the manager.",
        },
    ),
    "calls": (
        "Demo data: recorded calls.",
        {
            "id": "Gong id of the call.",
            "primaryUserId": "Gong id of the host.",
            "started": "Start, with the local offset.",
            "duration": "Seconds.",
            "direction": "Inbound, Outbound or Conference.",
            "scope": "Internal or External.",
            "media": "Audio or Video.",
            "isPrivate": "Whether the call is private.",
        },
    ),
    "answered_scorecards": (
        "Demo data: scorecards filled in by managers.",
        {
            "answeredScorecardId": "Gong id of the filled-in scorecard.",
            "scorecardId": "Gong id of the scorecard.",
            "scorecardName": "Name of the scorecard.",
            "callId": "Gong id of the call.",
            "reviewedUserId": "Gong id of the rep.",
            "reviewerUserId": "Gong id of the reviewer.",
            "reviewTime": "When.",
            "answers": "Answers as a JSON list.",
        },
    ),
}
COACHING_LOG: dict[str, tuple[str, Columns]] = {
    "session": (
        "Demo data: the managers' coaching spreadsheet.",
        {
            "session_id": "Line of the spreadsheet.",
            "rep_email": "E-mail address of the rep.",
            "coach_email": "E-mail address of the coach.",
            "held_on": "Day.",
            "minutes": "How long.",
            "kind": "one_on_one, call_review, role_play, ride_along or practice_recording.",
            "topic": "Topic.",
            "score": "Score, if one was given.",
            "scale_max": "Highest score.",
            "recording_url": "Where the recording is.",
        },
    ),
}
ROSTER: dict[str, tuple[str, Columns]] = {
    "roster": (
        "Demo data: HR's roster, one row for each employment, role or leave.",
        {
            "rep_email": "E-mail address.",
            "employee_number": "Employee number.",
            "hire_date": "Day of the hire.",
            "role": "Role.",
            "role_started_on": "First day in the role.",
            "region": "Region.",
            "segment": "Segment.",
            "manager_email": "E-mail address of the manager.",
            "termination_date": "Last day of work.",
            "leave_started_on": "First day of a leave.",
            "leave_ended_on": "Last day of a leave.",
        },
    ),
}
OBJECTS: dict[str, dict[str, tuple[str, Columns]]] = {
    "salesforce": SALESFORCE,
    "lms": LMS,
    "gong": GONG,
    "coaching_log": COACHING_LOG,
    "roster": ROSTER,
}
