"""The released text to newsrooms, and the one story inside (rows 6, 7; conduct §13)."""

from procedure import actions as a
from procedure import entries_guidance as g
from procedure.decision import Asked, Decision, Notice, as_head, require
from procedure.errors import BadValue, NotYours, Outdated, WrongStep
from procedure.facts import Statement
from procedure.guidance import MOST_MESSAGES, quotes, released, same, to_guide, versions_held
from procedure.parties import Party, Post, is_press, room_members
from procedure.rules_consult import DUTY_OFFICER, HEAD, sent_up

SPOKESPERSON = Party(Post.SPOKESPERSON)


def guides(asked: Asked) -> str:
    """Who guides: the department, within the unit's authority its head. Returns the authority.

    Raises WrongStep or NotYours.
    """
    if asked.incident.closed_at:
        raise WrongStep("incident_closed", at=asked.incident.closed_at)
    if asked.incident.within:
        require(asked.is_head(), "only_head_manages", asked.who(HEAD))
        return as_head(asked)
    sent_up(asked)
    require(asked.is_department(), "only_duty_officer", asked.who(DUTY_OFFICER))
    return "department"


def in_force(asked: Asked) -> Statement:
    """The released text while it stands. Raises WrongStep: nothing was said yet, or it is void."""
    text = released(asked.incident)
    if text is None:
        raise WrongStep("nothing_released", who=asked.who(SPOKESPERSON))
    if text.void:
        raise WrongStep("released_is_void", statement=text.version, who=asked.who(SPOKESPERSON))
    return text


def may_guide(asked: Asked) -> Statement:
    """The text that may go to newsrooms now; only the department sends it (row 6)."""
    if asked.incident.within:
        raise WrongStep("guided_by_speaker", who=asked.who(SPOKESPERSON))
    guides(asked)
    text = in_force(asked)
    if not to_guide(asked.incident, asked.organisation):
        raise Outdated("guided_already", statement=text.version)
    return text


def guide_newsrooms(asked: Asked, action: a.GuideNewsrooms) -> Decision:
    """Exactly the released bytes, in private; who holds an older version hears it is replaced.

    A drill sends nothing outside (design.md §4): it is recorded only.
    """
    text = may_guide(asked)
    if text.version != action.statement:
        raise Outdated("statement_moved_on")
    chosen = tuple(dict.fromkeys(action.people))
    if not chosen:
        raise BadValue("newsrooms_needed")
    for person in chosen:
        if not is_press(person, asked.organisation):
            raise BadValue("guided_only_press", person=person)
    incident = asked.incident
    fresh = set(to_guide(incident, asked.organisation))
    people = tuple(one for one in chosen if one in fresh)
    if not people:
        raise Outdated("guided_already", statement=text.version)
    held = versions_held(incident)
    old = tuple(who for who, n in held.items() if n != text.version and who not in people)
    number = len(incident.guidance) + 1
    fact = g.NewsroomsGuided(
        guidance=number, statement=text.version, sha256=text.sha256, people=people, old=old
    )
    if incident.drill:
        return Decision((fact,), (), "department")
    return Decision((fact,), _to_newsrooms(number, text.version, people, old, asked), "department")


def _to_newsrooms(
    number: int, version: int, people: tuple[int, ...], old: tuple[int, ...], asked: Asked
) -> tuple[Notice, ...]:
    held = versions_held(asked.incident)
    about = {"guidance": number, "statement": version}
    notices = [
        Notice("guidance", (one,), about | {"replaces": held.get(one, 0)}, about="guidance")
        for one in people
    ]
    notices += [
        Notice("guidance_replaced", (one,), about | {"replaces": held[one]}, about="guidance")
        for one in old
    ]
    return tuple(notices)


def receive_guidance(asked: Asked, action: a.ReceiveGuidance) -> Decision:
    """[Đã nhận] of a newsroom: once, by whoever was sent it; nobody is rung for it."""
    sent = next((one for one in asked.incident.guidance if one.id == action.guidance), None)
    if sent is None or asked.actor not in sent.people:
        raise NotYours("guidance_to_another", who=asked.who(SPOKESPERSON))
    if str(asked.actor) in sent.received:
        raise Outdated("guidance_received", at=sent.received[str(asked.actor)])
    return Decision((g.GuidanceReceived(guidance=sent.id),), (), "press")


def may_set_key_messages(asked: Asked) -> Statement:
    """The text from which key messages may be taken now."""
    guides(asked)
    return in_force(asked)


def set_key_messages(asked: Asked, action: a.SetKeyMessages) -> Decision:
    """One to three quotations of the released text; all hear once, then only who read the old."""
    text = may_set_key_messages(asked)
    authority = guides(asked)
    if text.version != action.statement:
        raise Outdated("statement_moved_on")
    if not 1 <= len(action.messages) <= MOST_MESSAGES:
        raise BadValue("key_messages_counted")
    for message in action.messages:
        if not quotes(text.text, message):
            raise BadValue("key_message_not_released", statement=text.version)
    now = asked.incident.key_messages
    if now and now.version == text.version and same(now.messages, action.messages):
        raise Outdated("key_messages_stand")
    revision = now.revision + 1 if now else 1
    fact = g.KeyMessagesSet(revision=revision, statement=text.version, messages=action.messages)
    members = room_members(asked.incident, asked.organisation)
    stale = members if now is None else [one for one in members if one in action.readers]
    told = tuple(one for one in stale if one != asked.actor)
    kind = "key_messages_changed" if now else "key_messages_set"
    about = {"revision": revision, "by": asked.actor}
    return Decision((fact,), (Notice(kind, told, about, about="key_messages"),), authority)
