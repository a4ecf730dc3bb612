"""Who is not known yet: an account is linked by a one-time code, and strangers are told so.

Opening the link only shows whose it is; the button spends the code (conduct §15). Nothing of
what a stranger writes is kept.
"""

from collections.abc import Mapping
from typing import Any

from bot import room_guests
from bot.converse import Talk
from bot.stage import Stage
from handlers import views
from handlers.say import Say, choice
from procedure.entries_organisation import AccountLinked
from storage import access, accounts, chats, people
from storage.accounts import STRANGER
from storage.tables import ChatRow

#: A stranger hears the same sentence only once until he is known.
STRANGER_ABOUT = "stranger"


def heard(talk: Talk, body: Mapping[str, Any]) -> None:
    """What an account without a person sends, or anybody's /start."""
    if body["type"] == "start" and body.get("digest"):
        _code(talk, body["digest"])
    elif body["type"] == "answer":
        _answered(talk, int(body["prompt"]), int(body["n"]))
    elif talk.person != STRANGER:
        for answer in views.show("help", talk.stage.desk(talk.person, None, {"words": ""})):
            talk.say(answer)
    elif body["type"] not in ("ignored", "reaction", "back"):
        _who_are_you(talk)


def _who_are_you(talk: Talk) -> None:
    rows = chats.thread(talk.stage.session, talk.chat_id, 0, 1)
    if not rows or rows[-1].template != "doorstep#stranger":
        talk.say(Say(template="doorstep#stranger", about=STRANGER_ABOUT))


def _code(talk: Talk, digest: str) -> None:
    person = access.invited_by(talk.stage.session, digest, talk.stage.now)
    if person is None:
        stranger = talk.person == STRANGER
        talk.say(Say(template="doorstep#code_spent" if stranger else "doorstep#code_spent_known"))
    elif talk.person not in (STRANGER, person):
        talk.say(Say(template="doorstep#other_person"))
    else:
        buttons = [choice("enter", {"enter": digest}), choice("not_me", {"enter": None})]
        talk.say(
            Say(
                template="doorstep#is_it_you",
                facts={"whom": person},
                choices=buttons,
                about=STRANGER_ABOUT,
            )
        )


def _answered(talk: Talk, prompt: int, n: int) -> None:
    rows = chats.open_prompts(talk.stage.session, talk.chat_id)
    row = next((one for one in rows if one.id == prompt), None)
    options = chats.choices_of(row) if row else []
    if row is None or not 1 <= n <= len(options) or "enter" not in options[n - 1]["do"]:
        _who_are_you(talk)
        return
    chats.answered_by(talk.stage.session, chats.message(talk.stage.session, row.id), n)
    pressed(talk, options[n - 1]["do"]["enter"])


def pressed(talk: Talk, digest: str | None) -> None:
    """[Vào] spends the code and links the account; without a code: it is somebody else's."""
    if digest is None:
        talk.say(Say(template="doorstep#not_you"))
    else:
        _enter(talk, digest)


def _enter(talk: Talk, digest: str) -> None:
    stage = talk.stage
    person = access.spend_digest(stage.session, digest, stage.now)
    if person is None:
        talk.say(Say(template="doorstep#code_spent"))
        return
    channel = talk.chat.channel
    talk.chat = accounts.link(stage.session, channel, talk.chat.external, person, stage.now)
    stage.chat = talk.chat
    linked = AccountLinked(person=person, channel=channel)
    people.record(stage.session, [linked], at=stage.now, actor=person, channel=channel)
    room_guests.linked(stage, channel, talk.chat.external)
    welcome(stage, talk.chat)


def welcome(stage: Stage, chat: ChatRow) -> None:
    """What somebody reads first, on whichever channel he came in: who he is here, the way on."""
    duties: dict[int, list[str]] = {}
    for held in stage.organisation.held_by(chat.person):
        duties.setdefault(held.unit, []).append(held.role.value)
    stage.say(chat, Say(template="doorstep#welcome", facts={"duties": list(duties.items())}))
    stage.say(chat, Say(template="doorstep#first_notice"))
