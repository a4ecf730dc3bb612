"""Step 3: one spokesperson, one text (Bước 3; duty rows 31–37)."""

from dataclasses import replace

from procedure import actions as a
from procedure import entries as e
from procedure import entries_speaking as s
from procedure.codec import Prose
from procedure.decision import Asked, Decision, Notice, as_head, require
from procedure.errors import BadValue, NotYours, Outdated, WrongStep
from procedure.facts import Assignment
from procedure.merging import next_number
from procedure.obligations import approver
from procedure.parties import Party, Post, deputies, heads, is_press, leaders, speaker
from procedure.rules_figures import usable_only
from procedure.speaking_right import no_right, right_to_speak
from procedure.steps import missing_for_speaking

HEAD = Party(Post.HEAD_OF_UNIT)
DUTY_OFFICER = Party(Post.DUTY_OFFICER)
LEADER = Party(Post.LEADER)
SPOKESPERSON = Party(Post.SPOKESPERSON)


def assign_spokesperson(asked: Asked, action: a.AssignSpokesperson) -> Decision:
    """One at every instant; a hand-over keeps its authority and reason (row 32, conduct §6)."""
    _open(asked)
    incident = asked.incident
    now = incident.spokesperson.person if incident.spokesperson else None
    if now != action.expected:
        raise moved("spokesperson", incident.spokesperson)
    _may_assign(asked)
    if now == asked.actor:
        raise NotYours("speaker_hands_himself", who=_assigner(asked))
    former = {one.person for one in incident.former_spokespersons}
    if asked.actor in former and action.person == asked.actor:
        raise NotYours("speaker_takes_back", who=_assigner(asked))
    if action.person == now:
        raise Outdated("spokesperson_stands")
    _fit_to_speak(asked, action.person)
    if len(action.reason.strip()) < 5:
        raise BadValue("reason_needed")
    stand_in = action.stand_in if action.stand_in != action.person else None
    fact = s.SpokespersonAssigned(
        person=action.person,
        stand_in=stand_in,
        previous=now,
        by_authority=action.by_authority,
        reason=action.reason,
    )
    notices = [_appointed("spokesperson", action.person, asked.actor)]
    if now:
        told = {"by": asked.actor, "now": action.person}
        notices.append(Notice("spokesperson_replaced", (now,), told, rings=True))
    rest = asked.others(action.person, now or 0)
    notices.append(Notice("redirect_line", rest, {"speaker": action.person}))
    return Decision((fact,), tuple(notices), as_head(asked) or "department")


def assign_focal_point(asked: Asked, action: a.AssignFocalPoint) -> Decision:
    """Exactly one focal point for facts (row 31)."""
    _open(asked)
    incident = asked.incident
    now = incident.focal_point.person if incident.focal_point else None
    if now != action.expected:
        raise moved("focal_point", incident.focal_point)
    _may_assign(asked)
    if action.person == now:
        raise Outdated("focal_point_stands")
    _registered(asked, action.person)
    fact = s.FocalPointAssigned(
        person=action.person,
        previous=now,
        by_authority=action.by_authority,
        reason=action.reason,
    )
    notices = [_appointed("focal_point", action.person, asked.actor)]
    if now and now != asked.actor:
        notices.append(Notice("focal_point_replaced", (now,), {"now": action.person}))
    return Decision((fact,), tuple(notices), as_head(asked) or "department")


def moved(post: str, held: Assignment | None) -> Outdated:
    """Of two hand-overs on one screen the second is told who holds it now, by whom, since when."""
    facts: dict[str, object] = {"person": None, "by": None, "at": None}
    if held:
        facts = {"person": held.person, "by": held.by, "at": held.at}
    if post == "spokesperson":
        return Outdated("spokesperson_moved", **facts)
    return Outdated("focal_point_moved", **facts)


def named(
    asked: Asked, person: int, stand_in: int | None, focal_point: int
) -> tuple[list[e.Fact], list[Notice]]:
    """The two assignments of a conclusion, and who hears of them."""
    incident = asked.incident
    _fit_to_speak(asked, person)
    _registered(asked, focal_point)
    speaking = incident.spokesperson.person if incident.spokesperson else None
    keeping = incident.focal_point.person if incident.focal_point else None
    by = Prose("conclusion")
    facts: list[e.Fact] = [
        s.SpokespersonAssigned(
            person=person, stand_in=stand_in, previous=speaking, by_authority=by, reason=by
        ),
        s.FocalPointAssigned(person=focal_point, previous=keeping, by_authority=by, reason=by),
    ]
    notices = [
        _appointed("spokesperson", person, asked.actor),
        _appointed("focal_point", focal_point, asked.actor),
        Notice("redirect_line", asked.others(person, focal_point), {"speaker": person}),
    ]
    return facts, notices


def _appointed(post: str, person: int, by: int) -> Notice:
    key = f"O1:{post}:{{person}}"
    return Notice(f"{post}_assigned", (person,), {"by": by}, rings=True, duty=key)


def draft_statement(asked: Asked, action: a.DraftStatement) -> Decision:
    """Official text only in Step 3; before it a holding statement alone (domain.md §8.3)."""
    _open(asked)
    incident = asked.incident
    require(asked.has_part(), "not_in_incident", asked.who(SPOKESPERSON))
    missing = missing_for_speaking(incident)
    if not action.holding and missing:
        raise WrongStep("gates_shut", missing=missing, who=asked.who(SPOKESPERSON))
    if action.holding and not missing:
        raise WrongStep("holding_is_over", who=asked.who(SPOKESPERSON))
    if action.holding and incident.spokesperson is not None:
        raise WrongStep("holding_is_over", who=asked.who(SPOKESPERSON))
    if not action.text.strip():
        raise BadValue("statement_blank")
    usable_only(asked, action.text)
    number = len(incident.statements) + 1
    digest = e.text_hash(action.text)
    fact = s.StatementDrafted(
        statement=number, holding=action.holding, text=action.text, sha256=digest
    )
    to = _first_approver(asked, holding=action.holding)
    kind = "statement_to_agree" if action.holding else "statement_to_approve"
    about = {"statement": number, "by": asked.actor}
    told = Notice(kind, to, about, rings=True, duty=f"O14b:{number}")
    return Decision((fact,), (told,), "part")


def agree_statement(asked: Asked, action: a.AgreeStatement) -> Decision:
    """The head releases the holding text, then the department's duty officer agrees."""
    incident = asked.incident
    pending = incident.pending_statement
    if pending is None or pending.version != action.statement or pending.agreed_at:
        raise Outdated("statement_moved_on")
    if not pending.holding:
        raise WrongStep("approve_instead", who=asked.who(approver(incident)))
    require(asked.is_head(), "only_head_agrees", asked.who(HEAD))
    _not_author(asked, pending.author)
    usable_only(asked, pending.text)
    facts: list[e.Fact] = [s.StatementAgreed(statement=pending.version)]
    about = {"statement": pending.version, "by": asked.actor}
    if incident.within:
        facts.append(s.StatementApproved(statement=pending.version, sha256=pending.sha256))
        to = tuple(one for one in asked.people(SPOKESPERSON) if one != asked.actor)
        return Decision(tuple(facts), (Notice("statement_approved", to, about),), as_head(asked))
    to = tuple(one for one in asked.people(DUTY_OFFICER) if one != pending.author)
    to = to or leaders(incident, asked.organisation)[:1]
    notice = Notice("holding_to_approve", to, about, rings=True, duty=f"O14b:{pending.version}")
    return Decision(tuple(facts), (notice,), as_head(asked))


def approve_statement(asked: Asked, action: a.ApproveStatement) -> Decision:
    """Never by the author; what was approved is kept byte for byte with its hash."""
    incident = asked.incident
    pending = incident.pending_statement
    if pending is None or pending.version != action.statement:
        raise Outdated("statement_moved_on")
    if pending.sha256 != action.sha256:
        raise Outdated("statement_moved_on")
    _may_approve(asked)
    _not_author(asked, pending.author)
    if pending.holding and not pending.agreed_at and not incident.within:
        raise WrongStep("head_agrees_first", who=asked.who(HEAD))
    missing = () if pending.holding else missing_for_speaking(incident)
    if missing:
        raise WrongStep("gates_shut", missing=missing, who=asked.who(SPOKESPERSON))
    usable_only(asked, pending.text)
    fact = s.StatementApproved(statement=pending.version, sha256=pending.sha256)
    about = {"statement": pending.version, "by": asked.actor}
    to = tuple(one for one in asked.people(SPOKESPERSON) if one != asked.actor)
    notices = (Notice("statement_approved", to, about, rings=True),)
    return Decision((fact,), notices, as_head(asked) if incident.within else "department")


def return_statement(asked: Asked, action: a.ReturnStatement) -> Decision:
    """Sent back with a reason; the author and the spokesperson see it."""
    pending = asked.incident.pending_statement
    if pending is None or pending.version != action.statement:
        raise Outdated("statement_moved_on")
    if not (pending.holding and asked.is_head()):
        _may_approve(asked)
    if len(action.reason.strip()) < 5:
        raise BadValue("reason_needed")
    fact = s.StatementReturned(statement=pending.version, reason=action.reason)
    to = tuple(one for one in (pending.author,) if one != asked.actor)
    about = {"statement": pending.version, "by": asked.actor}
    return Decision((fact,), (Notice("statement_returned", to, about, rings=True),), "approver")


def only_speaker(asked: Asked) -> int:
    """The one spokesperson, who must be the actor; a former one is told why he is no longer."""
    one = speaker(asked.incident, asked.organisation)
    former = {held.person for held in asked.incident.former_spokespersons}
    if asked.actor != one and asked.actor in former:
        raise NotYours("speech_handed_over", who=one)
    require(asked.actor == one, "only_spokesperson", one)
    _right_stands(asked, one)
    return one


def _right_stands(asked: Asked, person: int) -> None:
    """Found at the moment of speaking: his post was ended, or his paper is good no more."""
    paper, why = right_to_speak(person, asked.incident, asked.organisation, asked.now)
    if why:
        raise NotYours(
            "speaking_right_over",
            who=_assigner(asked),
            head=asked.organisation.head(paper.unit) if paper else None,
            until=paper.until if paper else None,
        )


def _by_right(asked: Asked) -> str:
    """The authority under which the spokesperson speaks: his post, or a paper by its number."""
    paper, _ = right_to_speak(asked.actor, asked.incident, asked.organisation, asked.now)
    return f"spokesperson/delegation:{paper.id}" if paper else "spokesperson"


def speak_statement(asked: Asked, action: a.SpeakStatement) -> Decision:
    """Only the one spokesperson, only the approved bytes (rows 34, 36)."""
    _open(asked)
    incident = asked.incident
    one = only_speaker(asked)
    text = incident.approved_statement
    if text is None or text.version != action.statement:
        raise Outdated("statement_moved_on")
    if action.spoken_at > asked.now:
        raise BadValue("time_ahead")
    if text.approved_at and action.spoken_at < text.approved_at.replace(second=0, microsecond=0):
        raise BadValue("spoken_before_approval")
    missing = () if text.holding else missing_for_speaking(incident)
    if missing:
        raise WrongStep("gates_shut", missing=missing, who=one)
    fact = s.StatementSpoken(**vars(action))
    about = {"statement": text.version}
    notice = Notice("statement_in_force", asked.others(), about, about="statement_in_force")
    return Decision((fact,), (notice,), _by_right(asked))


def record_enquiry(asked: Asked, action: a.RecordEnquiry) -> Decision:
    """Anyone may log it; it lands with the spokesperson alone (row 36)."""
    _open(asked)
    require(asked.has_part(), "not_in_incident", asked.who(SPOKESPERSON))
    number = next_number(asked.incident, "enquiries")
    fact = s.EnquiryRecorded(enquiry=number, outlet=action.outlet, question=action.question)
    to = tuple(one for one in asked.people(SPOKESPERSON) if one != asked.actor)
    about = {"enquiry": number, "by": asked.actor}
    told = Notice("enquiry_arrived", to, about, rings=True, duty=f"O15:{number}")
    return Decision((fact,), (told,), "part")


def answer_enquiry(asked: Asked, action: a.AnswerEnquiry) -> Decision:
    """Only the spokesperson answers the press."""
    found = next((one for one in asked.incident.enquiries if one.id == action.enquiry), None)
    if found is None or found.answered_at:
        raise Outdated("enquiry_settled")
    only_speaker(asked)
    fact = s.EnquiryAnswered(enquiry=action.enquiry, answer=action.answer)
    return Decision((fact,), (), _by_right(asked))


def _may_assign(asked: Asked) -> None:
    incident = asked.incident
    if incident.within:
        require(asked.is_head(), "only_head_manages", asked.who(HEAD))
        return
    if not incident.submitted_at:
        raise WrongStep("not_sent_up", who=asked.who(HEAD))
    if incident.conclusion is None or not incident.conclusion.confirmed_at:
        raise WrongStep("conclude_first", who=asked.who(Party(Post.CHAIR)))
    chair = asked.people(Party(Post.CHAIR))
    allowed = asked.is_department() or asked.actor in chair
    require(allowed, "only_department_assigns", asked.who(DUTY_OFFICER))


def _assigner(asked: Asked) -> int | None:
    return asked.who(HEAD if asked.incident.within else DUTY_OFFICER)


def _fit_to_speak(asked: Asked, person: int) -> None:
    """Heads, their deputies and standing spokespersons speak; others need a paper (row 3)."""
    _registered(asked, person)
    whole, incident = asked.organisation, asked.incident
    paper, why = right_to_speak(person, incident, whole, asked.now)
    if why:
        raise no_right(person, paper, why, whole)
    if person in whole.away:
        until = max(one.until for one in whole.absences if one.person == person)
        raise BadValue("speaker_is_away", person=person, until=until)


def _registered(asked: Asked, person: int) -> None:
    if person not in asked.organisation.people:
        raise BadValue("unknown_person")
    if is_press(person, asked.organisation):
        raise BadValue("press_in_room", person=person)


def _first_approver(asked: Asked, *, holding: bool) -> tuple[int, ...]:
    incident, organisation = asked.incident, asked.organisation
    if holding or incident.within:
        able = heads(incident.unit, organisation)
    else:
        able = leaders(incident, organisation)
    return tuple(one for one in able if one != asked.actor)[:1]


def _may_approve(asked: Asked) -> None:
    incident = asked.incident
    if incident.within:
        require(asked.is_head(), "only_head_approves", asked.who(HEAD))
        return
    pending = incident.pending_statement
    if pending and pending.holding:
        require(asked.is_department(), "only_department_approves", asked.who(DUTY_OFFICER))
        return
    require(asked.is_leader(), "only_leader_approves", asked.who(LEADER))


def _not_author(asked: Asked, author: int) -> None:
    if asked.actor != author and not _only_for(asked, author):
        return
    incident, organisation = asked.incident, asked.organisation
    if incident.within or asked.is_head():
        able = (*deputies(incident.unit, organisation), *heads(incident.unit, organisation))
    else:
        able = leaders(incident, organisation)
    other = next((one for one in able if one not in (author, asked.actor)), None)
    raise NotYours("author_approves", who=other)


def _only_for(asked: Asked, author: int) -> bool:
    """Whether the actor approves in the author's stead alone: nobody's own text is approved under
    his own authority, by whose hand ever."""
    if not asked.acts_for(author):
        return False
    own = replace(asked, organisation=asked.organisation.in_own_names())
    pending = asked.incident.pending_statement
    holding = pending is not None and pending.holding
    return not (own.is_head() or own.is_leader() or (holding and own.is_department()))


def _open(asked: Asked) -> None:
    if asked.incident.closed_at:
        raise WrongStep("incident_closed", at=asked.incident.closed_at)
