"""What kinds of updates there are, and what each does in its chat; the same for every channel."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot import corrections, doorstep, places, reach, room_office
from bot.kept import said_in
from handlers import catalogue
from handlers.form import Ask, Said, standing
from handlers.say import Say
from procedure.codec import load
from procedure.facts import FileRef
from storage import chats, drafts, postings
from storage.accounts import STRANGER
from storage.inbox import Waiting
from storage.tables import MessageRow

if TYPE_CHECKING:
    from bot.turn import Turn

Body = Mapping[str, Any]
#: What a person shows with a thumb under a message; the same as "đã nhận", never an approval.
THUMB = "👍"


#: What is said of a file that did not come, by the reason.
_MISSING = {
    "file_too_large": "answers#file_too_large",
    "file_type": "answers#file_type",
    "file_empty": "answers#file_empty",
    "file_not_fetched": "answers#file_not_fetched",
}


def handle(turn: "Turn", parts: Sequence[Waiting]) -> None:
    """Handles one update, or the parts of one album as one message."""
    bodies = [json.loads(part.body) for part in parts]
    kind = bodies[0]["type"]
    if kind == "gone":
        reach.lose(turn.stage, turn.talk.chat, "he has blocked the bot")
        return
    if kind in ("message", "text") and turn.talk.person != STRANGER:
        _message(turn, parts[0], bodies)
        return
    _seen(turn)
    if kind == "start" and "prompt" in bodies[0] and turn.talk.person != STRANGER:
        room_office.from_room(turn, int(bodies[0]["prompt"]), int(bodies[0]["n"]))
    elif turn.talk.person == STRANGER or kind == "start":
        doorstep.heard(turn.talk, bodies[0])
    else:
        _OTHERS.get(kind, _ignored)(turn, bodies[0], parts[0])


def _seen(turn: "Turn") -> None:
    """He taps or writes: what was sent before has been shown, and he can be told again."""
    chat = turn.talk.chat
    chats.seen(turn.session, chat, turn.stage.now, reached=chat.person != STRANGER)


def _message(turn: "Turn", first: Waiting, bodies: Sequence[Body]) -> None:
    """What he wrote; by that he is seen too."""
    texts = [body.get("text", "") for body in bodies]
    files = [load(FileRef, one) for body in bodies for one in body.get("files", ())]
    said = Said(
        text="\n".join(text for text in texts if text.strip()) or texts[0],
        at=first.received_at,
        files=tuple(files),
    )
    missing = [one for body in bodies for one in body.get("missing", ())]
    if not missing or said.text.strip() or said.files:
        line = turn.wrote(said, _replied_to(turn, bodies[0]))
        for body in bodies:
            _posted(turn, body, line)
    else:
        _seen(turn)
    for one in missing:
        turn.talk.say(Say(template=_MISSING[one["why"]], facts={"name": one["name"]}))


def _replied_to(turn: "Turn", body: Body) -> int | None:
    """The line that was replied to: by our own number, or by the messenger's."""
    if body.get("reply_external"):
        return postings.message_of(turn.session, turn.talk.chat_id, body["reply_external"])
    found: int | None = body.get("reply_to")
    return found


def _posted(turn: "Turn", body: Body, line: int) -> None:
    if body.get("external"):
        postings.post(turn.session, turn.talk.chat_id, line, [body["external"]], 0)


def _answer(turn: "Turn", body: Body, row: Waiting) -> None:
    if body.get("external"):
        # A copy that a kill between its sending and its mark has made is known from now on.
        postings.also(turn.session, turn.talk.chat_id, int(body["prompt"]), body["external"])
    turn.tapped(int(body["prompt"]), int(body["n"]))


def _reaction(turn: "Turn", body: Body, row: Waiting) -> None:
    """👍 is a receipt for the message that it is on; every other sign is just seen."""
    found = postings.message_of(turn.session, turn.talk.chat_id, body["external"])
    message = turn.session.get(MessageRow, found) if found else None
    if body.get("sign") == THUMB and message is not None:
        turn.thumbed(message)


def _edited(turn: "Turn", body: Body, row: Waiting) -> None:
    found = postings.message_of(turn.session, turn.talk.chat_id, body["external"])
    message = turn.session.get(MessageRow, found) if found else None
    if message is None:
        _message(turn, row, [body])
    else:
        corrections.edited(turn.talk, message, body.get("text", ""))


def _place(turn: "Turn", body: Body, row: Waiting) -> None:
    words = places.words(turn.talk, body)
    draft = drafts.current(turn.session, turn.talk.chat_id)
    wanted = draft is not None and _asks_for_place(turn, draft)
    if wanted or not places.keep(turn.talk, words, draft.stream if draft else None):
        _message(turn, row, [{**body, "text": words}])


def _asks_for_place(turn: "Turn", draft: drafts.Draft) -> bool:
    now = standing(catalogue.form(draft.form), said_in(draft), turn.talk.desk(draft))
    return isinstance(now, Ask) and now.field.name == "place"


def _unusable(turn: "Turn", body: Body, row: Waiting) -> None:
    """A sticker, a contact, a poll: nothing that a file of an incident can hold."""
    kind = body.get("kind", "other")
    turn.talk.say(Say(template="answers#unusable", facts={"kind": kind}))


def _back(turn: "Turn", body: Body, row: Waiting) -> None:
    """He has let the bot in again: the question that stood open is asked again."""
    draft = drafts.current(turn.session, turn.talk.chat_id)
    if draft:
        turn.talk.ask(draft, resumed=True)
    else:
        turn.talk.say(Say(template="answers#back_again"))


def _untaken(turn: "Turn", body: Body, row: Waiting) -> None:
    """Something of his was not taken: over his measure, or not to be read by us."""
    facts = {name: body[name] for name in ("since", "until") if name in body}
    template = "answers#over_measure" if facts else "answers#unread"
    turn.talk.say(Say(template=template, facts=facts))


def _ignored(turn: "Turn", body: Body, row: Waiting) -> None:
    """A kind that nothing here answers; it was kept when it came."""


_OTHERS: Mapping[str, Callable[["Turn", Body, Waiting], None]] = {
    "answer": _answer,
    "reaction": _reaction,
    "edited": _edited,
    "place": _place,
    "unusable": _unusable,
    "back": _back,
    "untaken": _untaken,
}
