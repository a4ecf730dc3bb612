"""Acts of the duty desk that belong to no incident: links, passes, relays, erasures."""

from collections.abc import Mapping
from typing import Any

from bot import (
    arranging,
    confirmations,
    digest,
    doorstep,
    invitations,
    room_office,
    staff,
    trial,
)
from bot.converse import Talk
from handlers import drill, navigation
from handlers.say import Say
from procedure.arrangement_actions import ARRANGEMENT_ACTIONS, ArrangementAction
from procedure.codec import load
from procedure.entries_organisation import AccessInvited
from procedure.errors import BadValue, NotYours, Outdated
from procedure.staff_actions import ROLE_ACTIONS, ConfirmRole, RoleAction
from procedure.words import Role, UnitKind
from storage import chats, erasure, files, inbox, pages, people, postings
from storage.chats import Prompt
from storage.tables import ChatRow, MessageRow

#: What a person types, in reply to his own message, when it should never have been sent.
STOP_SIGN = "⛔"


def act(talk: Talk, do: Mapping[str, Any]) -> None:
    """What a tap on a button of the desk does."""
    if "relay" in do:
        relay(talk, do["relay"])
    elif "grant_link" in do:
        grant_link(talk, int(do["grant_link"]))
    elif "drill" in do:
        invite_to_drill(talk, int(do["drill"]))
    elif "let_pass" in do:
        let_pass(talk, int(do["let_pass"]), int(do["person"]))
    elif "merged" in do:
        digest.show_each(talk, do["merged"])
    elif "enter" in do:
        doorstep.pressed(talk, do["enter"])
    elif "arrange" in do:
        arrange(talk, load(ARRANGEMENT_ACTIONS[do["arrange"]], do["data"]))
    elif "staff" in do:
        answer_proposal(talk, load(ROLE_ACTIONS[do["staff"]], do["data"]))
    elif "register" in do:
        confirmations.pressed(talk, do)
    elif "trial" in do:
        trial.pressed(talk, do)
    elif "invite_unit" in do:
        invitations.invite_unit(talk, int(do["invite_unit"]))
    elif "invite_all" in do:
        invitations.invite_all(talk, int(do["invite_all"]))
    else:
        room_office.act(talk, do)


def answer_proposal(talk: Talk, action: RoleAction) -> None:
    """A second administrator agrees to a role, or does not."""
    staff.manage(talk.stage, talk.person, action)
    facts = {"person": action.person, "role": action.role.value, "unit": action.unit}
    given = isinstance(action, ConfirmRole)
    template = "answers#role_confirmed" if given else "answers#role_rejected"
    talk.say(Say(template=template, facts=facts))


def arrange(talk: Talk, action: ArrangementAction) -> None:
    """One tap about a paper or an absence."""
    arranging.arrange(talk.stage, talk.person, action)
    talk.say(Say(template=f"arrangements#{type(action).__name__}"))


def relay(talk: Talk, words: str) -> None:
    """Passes a line to the propaganda duty officer, word for word."""
    to = navigation.duty_officer(talk.stage.desk(talk.person, None, {}))
    if to is None:
        talk.say(Say(template="answers#no_duty_officer"))
        return
    facts = {"by": talk.person, "line": words}
    talk.stage.prompt(to, Prompt(template="answers#relayed", facts=facts, rings=True))
    talk.say(Say(template="answers#relay_sent", facts={"to": to}))


def grant_link(talk: Talk, person: int) -> None:
    """A new one-time link, given by the duty officer after a call (conduct §15)."""
    _on_duty_only(talk)
    stage = talk.stage
    if stage.organisation.people[person].left:
        raise BadValue("person_has_left", person=person)
    people.record(
        stage.session,
        [AccessInvited(person=person)],
        at=stage.now,
        actor=talk.person,
        channel=stage.channel,
    )
    staff.give_link(stage, person)


def let_pass(talk: Talk, stop: int, person: int) -> None:
    """A false alarm of the secrecy screen: the sender may send again, once (design.md §2d)."""
    _on_duty_only(talk)
    if not files.let_through(talk.stage.session, stop):
        raise Outdated("answer_outdated")
    talk.stage.prompt(person, Prompt(template="answers#secret_pass", facts={"by": talk.person}))
    talk.say(Say(template="answers#secret_pass_given", facts={"whom": person}))


def ask_to_report(talk: Talk, name: str) -> None:
    """A drill of which somebody else sends the first line: who of this name?"""
    talk.say(drill.asked(talk.stage.desk(talk.person, None, {}), name))


def invite_to_drill(talk: Talk, person: int) -> None:
    """Asks one person to send the first line of a drill."""
    drill.may_begin(talk.stage.desk(talk.person, None, {}))
    prompt = Prompt(
        template="answers#drill_invited",
        facts={"by": talk.person},
        choices=drill.invitation(talk.person),
        about="drill",
        rings=True,
        drill=True,
    )
    talk.stage.prompt(person, prompt)
    talk.say(Say(template="answers#drill_sent", facts={"whom": person}))


def erase(talk: Talk, message: int) -> None:
    """Takes the words and files of a person's own message away everywhere; the fact stays."""
    row = talk.stage.session.get(MessageRow, message)
    if row is None or row.chat != talk.chat_id or row.sender != chats.PERSON:
        raise Outdated("answer_outdated")
    lines = erasure.erase_message(talk.stage.session, row, at=talk.stage.now)
    for line in lines:
        _take_off_screens(talk, line)
    pages.note_erased(talk.stage.session, [line.id for line in lines if line.id])
    talk.stage.world.db.leave_no_trace()
    talk.say(Say(template="answers#erased"))


def _take_off_screens(talk: Talk, line: MessageRow) -> None:
    """What a messenger shows of a line goes; what still waits for an answer is asked anew."""
    session, now = talk.stage.session, talk.stage.now
    shown = postings.parts(session, line.id or 0)
    if not shown:
        return  # It stands on the web, or nowhere yet: there it is shown as it is kept.
    chat = session.get_one(ChatRow, line.chat)
    for one in shown:
        inbox.take_away(
            session, chat.channel, chat.external, one.external, person=talk.person, at=now
        )
    waits = line.choices != "[]" and line.answered is None and not line.superseded
    if line.sender == chats.BOT and waits:
        line.superseded = True
        session.add(line)
        chats.copy_to(session, line, chat, at=now)


def _on_duty_only(talk: Talk) -> None:
    """Only the propaganda department's people on duty, its leaders, and the administrators."""
    organisation = talk.stage.organisation
    for held in organisation.held_by(talk.person):
        unit = organisation.units.get(held.unit)
        department = unit is not None and unit.kind is UnitKind.PROPAGANDA_DEPARTMENT
        if held.role is Role.ADMIN:
            return
        if department and held.role in (Role.ON_DUTY, Role.HEAD, Role.DEPUTY):
            return
    who = navigation.duty_officer(talk.stage.desk(talk.person, None, {}))
    raise NotYours("only_duty_officer", who=who)
