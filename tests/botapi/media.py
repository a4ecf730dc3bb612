"""Sending: one message of any kind, files by upload or by identifier, albums."""

from collections.abc import Callable
from typing import Any

from tests.botapi import rules, threads
from tests.botapi.files import Stored, Upload, checked
from tests.botapi.keyboards import read_markup
from tests.botapi.refusal import bad
from tests.botapi.rules import Formatted, Query
from tests.botapi.state import Chat, Message, State
from tests.botapi.threads import Place

ALBUM = ("photo", "video", "document", "audio")


def sent(state: State, query: Query, content: dict[str, Any]) -> Message:
    """A new message of the bot with that content, options and keyboard of the request."""
    markup, answered = read_markup(query.text("reply_markup")), rules.reply(query)
    chat = state.reachable(query)
    reply_to = replied(state, chat, answered)
    place = threads.asked(state, query, chat, reply_to)
    state.spend(chat)
    return state.add(plain(state, query, chat, content, reply_to, place, markup=markup))


def plain(
    state: State,
    query: Query,
    chat: Chat,
    content: dict[str, Any],
    reply_to: int | None,
    place: Place,
    **more: Any,
) -> Message:
    """The message itself."""
    return Message(
        state.next_message(chat.id),
        chat.id,
        True,
        state.clock(),
        content,
        silent=query.flag("disable_notification"),
        protected=query.flag("protect_content"),
        reply_to=reply_to,
        sender=state.own,
        topic=place.topic,
        thread=place.thread,
        **more,
    )


def replied(state: State, chat: Chat, answered: rules.Reply | None) -> int | None:
    """The message that is answered; None when it is gone and the request allows that."""
    if answered is None:
        return None
    found = state.find(chat.id, answered.message)
    if found is not None:
        return found.id
    if answered.optional:
        return None
    raise bad("message to be replied not found")


def with_caption(found: Formatted) -> dict[str, Any]:
    """The fields of a caption."""
    content: dict[str, Any] = {"caption": found.text} if found.text else {}
    if found.entities:
        content["caption_entities"] = found.entities
    return content


def filed(state: State, query: Query, kind: str, name: str, value: str) -> dict[str, Any]:
    """The fields of a file that a parameter gives: an upload, attach://name, or a file_id."""
    if value.startswith("attach://"):
        name, value = value.removeprefix("attach://"), ""
    upload = query.files.get(name)
    if value:
        if value.startswith(("http://", "https://")):
            raise bad("failed to get HTTP URL content")
        return {kind: known(state, state.files.reuse(kind, value))}
    if upload is None:
        raise bad(f"there is no {kind} in the request")
    return {kind: stored(state, query, kind, checked(kind, upload))}


def known(state: State, found: Stored) -> Any:
    """A file that was sent before."""
    return [found.fields()] if found.kind == "photo" else found.fields()


def stored(state: State, query: Query, kind: str, upload: Upload) -> Any:
    """A new file."""
    if kind == "photo":
        return [size.fields() for size in state.files.photo(upload)]
    shape = {name: query.number(name, 0, 0, 10**6) for name in ("width", "height", "duration")}
    return state.files.keep(kind, upload, **shape).fields()


def sender(kind: str) -> Callable[[State, Query], Any]:
    """sendPhoto, sendDocument, sendVoice, sendAudio, sendVideo."""

    def send(state: State, query: Query) -> Any:
        found = rules.caption(query)
        read_markup(query.text("reply_markup"))
        state.reachable(query)
        content = filed(state, query, kind, kind, query.text(kind)) | with_caption(found)
        return state.render(sent(state, query, content))

    return send


def send_group(state: State, query: Query) -> Any:
    """sendMediaGroup: an album of 2 to 10."""
    items = query.json("media", "media")
    if not isinstance(items, list) or not items:
        raise bad("there are no messages to send")
    if len(items) > 10:
        raise bad("too many messages to send as an album")
    if len(items) < 2:
        raise bad("album must include 2-10 items")
    chat = state.reachable(query)
    contents = [album_item(state, query, item) for item in items]
    kinds = {item["type"] for item in items}
    if len(kinds) > 1 and kinds & {"document", "audio"}:
        raise bad("can't use the media of the specified type in the album")
    reply_to = replied(state, chat, rules.reply(query))
    place = threads.asked(state, query, chat, reply_to)
    state.spend(chat, len(items))
    album = state.next_album()
    return [
        state.render(state.add(plain(state, query, chat, content, reply_to, place, album=album)))
        for content in contents
    ]


def album_item(state: State, query: Query, item: Any) -> dict[str, Any]:
    """The content of one item."""
    if not isinstance(item, dict) or item.get("type") not in ALBUM:
        raise bad("can't parse InputMedia: unsupported type specified")
    kind = str(item["type"])
    if not isinstance(item.get("media"), str):
        raise bad("can't parse InputMedia: Can't find field \"media\"")
    args = {key: value for key, value in item.items() if isinstance(value, str)}
    found = rules.caption(Query(query.method, args))
    return filed(state, query, kind, "", item["media"]) | with_caption(found)
