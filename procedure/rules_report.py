"""Step 1: opening, reporting upward, verifying, receiving (Bước 1; duty rows 15–21, 25)."""

from dataclasses import replace

from procedure import actions as a
from procedure import entries as e
from procedure.decision import Asked, Decision, Notice, as_head, require
from procedure.errors import BadValue, Outdated, Refused, WrongStep
from procedure.merging import next_number
from procedure.obligations import is_alarming, manager
from procedure.parties import Party, Post, fact_keeper, reporting_line, speaker
from procedure.rules_consult import no_press
from procedure.words import Authority, Duty, Severity

HEAD = Party(Post.HEAD_OF_UNIT)
DUTY_OFFICER = Party(Post.DUTY_OFFICER)
LEADER = Party(Post.LEADER)

ITEMS = frozenset(
    {
        "title",
        "place",
        "happened",
        "detected",
        "damage",
        "known",
        "unknown",
        "done",
        "press",
        "units",
        "why_beyond",
        "ask",
        "files",
    }
)


def open_incident(asked: Asked, action: a.OpenIncident) -> Decision:
    """Anyone registered opens; the head hears at once, at any hour (row 15)."""
    if asked.incident.opened_at:
        raise Outdated("already_open")
    fact = e.IncidentOpened(**vars(action))
    opened = replace(
        asked.incident,
        unit=action.unit,
        department=action.department,
        committee=action.committee,
        casualties=action.casualties,
        opened_by=asked.actor,
    )
    there = replace(asked, incident=opened)
    to = tuple(one for one in there.people(HEAD) if one != asked.actor)
    notices = [Notice("incident_opened", to, {"reporter": asked.actor}, rings=True, duty="O1:open")]
    if is_alarming(opened):
        alarm = there.people(DUTY_OFFICER)
        notices.append(Notice("unconfirmed_report", alarm, {"grave": True}, rings=True))
    facts: tuple[e.Fact, ...] = (fact,)
    if there.is_head():
        facts = (fact, e.DutyAcknowledged(duty="O1:open"))
    return Decision(facts, tuple(notices), "registered")


def amend_report(asked: Asked, action: a.AmendReport) -> Decision:
    """Any item, at any time before the end, by anyone who has a part in it."""
    _open(asked)
    require(asked.has_part(), "not_in_incident", asked.who(HEAD))
    if action.item not in ITEMS:
        raise BadValue("unknown_item")
    fact = e.ReportAmended(
        item=action.item, text=action.text, moment=action.moment, files=action.files
    )
    return Decision((fact,), (), "part")


def report_casualties(asked: Asked, action: a.ReportCasualties) -> Decision:
    """Casualties may change; death or missing persons reach the duty officer at once."""
    _open(asked)
    require(asked.has_part(), "not_in_incident", asked.who(HEAD))
    fact = e.CasualtiesReported(casualties=action.casualties)
    changed = replace(asked.incident, casualties=action.casualties)
    notices: tuple[Notice, ...] = ()
    if is_alarming(changed) and not is_alarming(asked.incident):
        to = asked.people(DUTY_OFFICER) + asked.people(HEAD)
        notices = (Notice("casualties_reported", to, {"by": asked.actor}, rings=True),)
    return Decision((fact,), notices, "part")


def log_claim(asked: Asked, action: a.LogClaim) -> Decision:
    """What the net says is kept as a claim and given to one person to check (row 5, 12)."""
    _open(asked)
    require(asked.has_part(), "not_in_incident", asked.who(HEAD))
    claim = next_number(asked.incident, "claims")
    fact = e.ClaimLogged(claim=claim, text=action.text, files=action.files)
    keeper = fact_keeper(asked.incident)
    due = asked.terms.after(Duty.CLAIM_CHECK, asked.incident.severity, asked.now)
    to = (keeper,) if keeper != asked.actor else ()
    about = {"claim": claim, "due": due, "by": asked.actor}
    told = Notice("claim_to_check", to, about, rings=True, duty=f"O16_check:{claim}")
    return Decision((fact,), (told,), "part")


def check_claim(asked: Asked, action: a.CheckClaim) -> Decision:
    """A verdict needs evidence; the checker answers for it by name (rows 5, 21)."""
    found = next((one for one in asked.incident.claims if one.id == action.claim), None)
    if found is None or found.verdict is not None:
        raise Outdated("claim_settled")
    keeper = fact_keeper(asked.incident)
    own = any(asked.acts_for(one) for one in (keeper, found.by))
    allowed = own or asked.department_has_part()
    require(allowed, "not_claim_checker", keeper)
    if len(action.evidence.strip()) < 5:
        raise BadValue("evidence_needed")
    fact = e.ClaimChecked(claim=action.claim, verdict=action.verdict, evidence=action.evidence)
    to = [speaker(asked.incident, asked.organisation)]
    if asked.incident.submitted_at:
        to += asked.people(DUTY_OFFICER)
    told = tuple(one for one in dict.fromkeys(to) if one and one != asked.actor)
    return Decision((fact,), (Notice("claim_checked", told, {"claim": action.claim}),), "part")


def decide_authority(asked: Asked, action: a.DecideAuthority) -> Decision:
    """The head decides, or the department when it takes it up; an override keeps its reason."""
    _open(asked)
    incident = asked.incident
    by_department = asked.is_department() and not asked.is_head()
    require(asked.is_head() or by_department, "only_head_decides", asked.who(HEAD))
    if incident.submitted_at and not action.beyond:
        raise WrongStep("already_sent_up", who=asked.who(DUTY_OFFICER))
    if by_department and not action.beyond:
        require(False, "only_head_decides", asked.who(HEAD))
    chosen = Authority.BEYOND if action.beyond else Authority.WITHIN
    if chosen is incident.authority:
        raise Outdated("authority_stands")
    against = incident.suggested_authority not in (chosen, Authority.UNDECIDED)
    if (against or incident.within or by_department) and len(action.reason.strip()) < 5:
        raise BadValue("reason_needed")
    fact = e.AuthorityDecided(
        beyond=action.beyond,
        reason=action.reason,
        suggested=incident.suggested_authority,
        answers=action.answers,
    )
    kind = "went_beyond" if action.beyond else "kept_within"
    told = tuple(one for one in {incident.opened_by, *asked.people(HEAD)} if one != asked.actor)
    return Decision(
        (fact,), (Notice(kind, told, {"by": asked.actor}),), as_head(asked) or "department"
    )


def change_severity(asked: Asked, action: a.ChangeSeverity) -> Decision:
    """Anyone may raise the level; only the propaganda department lowers it, with a reason."""
    _open(asked)
    require(asked.has_part() or asked.is_department(), "not_in_incident", asked.who(HEAD))
    now = asked.incident.severity
    if action.severity is now:
        raise Outdated("severity_stands")
    lowered = action.severity.rank < now.rank
    require(not lowered or asked.is_department(), "only_department_lowers", asked.who(DUTY_OFFICER))
    if lowered and len(action.reason.strip()) < 5:
        raise BadValue("reason_needed")
    fact = e.SeverityChanged(severity=action.severity, reason=action.reason, previous=now)
    rings = action.severity is Severity.GRAVE
    told = Notice("severity_changed", asked.others(), {"by": asked.actor}, rings=rings)
    return Decision((fact,), (told,), "department" if lowered else "part")


def submit_report(asked: Asked, action: a.SubmitReport) -> Decision:
    """The head, or his deputy for him, sends Step 1 upward through the department (row 19)."""
    _open(asked)
    incident = asked.incident
    require(asked.is_head(), "only_head_submits", asked.who(HEAD))
    if incident.within:
        raise WrongStep("kept_within", who=asked.who(HEAD))
    if not action.written and incident.submitted_at:
        raise Outdated("already_submitted", at=incident.submitted_at)
    if action.written and incident.written_at:
        raise Outdated("already_submitted", at=incident.written_at)
    missing = missing_for_report(asked, written=action.written)
    if missing:
        raise Refused("report_incomplete", missing=missing)
    if (action.through, action.to) != reporting_line(incident.unit, asked.organisation):
        raise BadValue("past_the_line", who=asked.who(DUTY_OFFICER))
    authority = as_head(asked)
    head = asked.organisation.head(incident.unit)
    on_behalf = head if authority == "for_head" else None
    fact = e.ReportSubmitted(
        written=action.written, on_behalf_of=on_behalf, through=action.through, to=action.to
    )
    there = replace(asked, incident=replace(incident, department=action.through))
    return Decision((fact,), _report_notices(there, action.written, on_behalf), authority)


def _report_notices(asked: Asked, written: bool, on_behalf: int | None) -> tuple[Notice, ...]:
    sender = {"sender": asked.actor}
    if written:
        return (Notice("written_report_arrived", asked.people(DUTY_OFFICER), sender),)
    notices = [Notice("report_arrived", asked.people(DUTY_OFFICER), sender, rings=True, duty="O6")]
    partner = asked.organisation.units[asked.incident.unit].partner
    joined = asked.organisation.head(partner) if partner else None
    if joined and joined != asked.actor:
        notices.append(Notice("head_informed", (joined,), sender))
    if on_behalf:
        notices.append(Notice("submitted_for_you", (on_behalf,), sender))
    reporter = asked.incident.opened_by
    if reporter != asked.actor:
        notices.append(Notice("report_went_up", (reporter,), sender))
    return tuple(notices)


def missing_for_report(asked: Asked, *, written: bool) -> tuple[str, ...]:
    """What, where and about when are enough for the quick report; ★ items gate the written one."""
    incident = asked.incident
    missing = []
    if not incident.title:
        missing.append("title")
    if not incident.detail("place"):
        missing.append("place")
    if incident.happened is None and incident.detected is None:
        missing.append("happened")
    if written:
        if incident.happened is None:
            missing.append("happened")
        missing += [
            item for item in ("known", "unknown", "why_beyond", "ask") if not incident.detail(item)
        ]
    return tuple(dict.fromkeys(missing))


def order_verification(asked: Asked, action: a.OrderVerification) -> Decision:
    """Several units, one lead; each receipts apart and a late one climbs alone (row 16)."""
    _open(asked)
    allowed = asked.is_head() or asked.is_department()
    require(allowed, "only_head_orders", asked.who(HEAD))
    if not action.people or len(action.people) != len(action.units):
        raise BadValue("nobody_chosen")
    if any(who not in asked.organisation.people for who in action.people):
        raise BadValue("unknown_person")
    no_press(asked, *action.people)
    severity = asked.incident.severity
    due = action.due or asked.terms.after(Duty.VERIFICATION, severity, asked.now)
    if due <= asked.now:
        raise BadValue("due_in_past")
    first = next_number(asked.incident, "orders")
    has_lead = any(order.lead for order in asked.incident.orders)
    facts, notices = [], []
    for n, (who, unit) in enumerate(zip(action.people, action.units, strict=True)):
        order = e.VerificationOrdered(
            order=first + n,
            unit=unit,
            person=who,
            lead=n == 0 and not has_lead,
            what=action.what,
            due=due,
        )
        facts.append(order)
        if who != asked.actor:
            told = {"order": first + n, "due": due, "by": asked.actor}
            key = f"O1:order:{first + n}:{{person}}"
            notices.append(Notice("verification_ordered", (who,), told, rings=True, duty=key))
    return Decision(tuple(facts), tuple(notices), as_head(asked) or "department")


def report_verification(asked: Asked, action: a.ReportVerification) -> Decision:
    """The one who was asked reports, and answers for what he reports (rows 20, 21)."""
    found = next((one for one in asked.incident.orders if one.id == action.order), None)
    if found is None or found.reported_at:
        raise Outdated("order_settled")
    require(asked.acts_for(found.person), "not_your_order", found.person)
    fact = e.VerificationReported(order=action.order, result=action.result)
    to = [*asked.people(HEAD), *asked.people(manager(asked.incident))]
    told = tuple(one for one in dict.fromkeys(to) if one != asked.actor)
    notice = Notice("verification_reported", told, {"order": action.order, "by": asked.actor})
    return Decision((fact,), (notice,), "order")


def receive_report(asked: Asked, action: a.ReceiveReport) -> Decision:
    """The propaganda duty officer takes it in (O6)."""
    _open(asked)
    incident = asked.incident
    require(asked.is_department(), "only_duty_officer", asked.who(DUTY_OFFICER))
    if not incident.submitted_at:
        raise WrongStep("not_sent_up", who=asked.who(HEAD))
    if incident.received_at:
        raise Outdated("already_received", by=incident.received_by, at=incident.received_at)
    to = tuple(one for one in (incident.submitted_by,) if one)
    notice = Notice("report_received", to, {"by": asked.actor})
    return Decision((e.ReportReceived(),), (notice,), "duty_officer")


def request_supplement(asked: Asked, action: a.RequestSupplement) -> Decision:
    """Asking for more is not sending back (conduct §10)."""
    _open(asked)
    require(asked.is_department(), "only_duty_officer", asked.who(DUTY_OFFICER))
    if not asked.incident.submitted_at:
        raise WrongStep("not_sent_up", who=asked.who(HEAD))
    if action.due <= asked.now:
        raise BadValue("due_in_past")
    number = next_number(asked.incident, "supplements")
    fact = e.SupplementRequested(supplement=number, items=action.items, due=action.due)
    facts: list[e.Fact] = [fact]
    to = tuple(dict.fromkeys((*asked.people(HEAD), asked.incident.opened_by)))
    told = {"supplement": number, "by": asked.actor, "due": action.due}
    key = f"supplement:{number}"
    notices = [Notice("supplement_requested", to, told, rings=True, duty=key)]
    return Decision(tuple(facts), tuple(notices), "duty_officer")


def provide_supplement(asked: Asked, action: a.ProvideSupplement) -> Decision:
    """The unit owes only the items asked for."""
    found = next((one for one in asked.incident.supplements if one.id == action.supplement), None)
    if found is None or found.provided_at:
        raise Outdated("supplement_settled")
    owner = Party(Post.HEAD_OF_UNIT, unit=found.unit)
    require(asked.is_unit(found.unit), "not_in_unit", asked.who(owner))
    fact = e.SupplementProvided(supplement=action.supplement, text=action.text)
    told = Notice("supplement_provided", asked.people(DUTY_OFFICER), {"by": asked.actor})
    return Decision((fact,), (told,), "unit")


def _open(asked: Asked) -> None:
    if asked.incident.closed_at:
        raise WrongStep("incident_closed", at=asked.incident.closed_at)
