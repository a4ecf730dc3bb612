"""What users do in their clients, and what they see there."""

import html
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.botapi.entities import spotted, to_html, units
from tests.botapi.files import Upload
from tests.botapi.keyboards import Button, rows
from tests.botapi.methods import entities_of
from tests.botapi.state import Message, Person, State, Tap

LONGEST = 4096


class NotPossible(Exception):
    """No real client would let the user do that."""


@dataclass(frozen=True)
class Shown:
    """A message as a client shows it; `html` is its text, or caption, with its entities.

    `files`: kind, file name and size of each; `keyboard`: the buttons, row by row.
    """

    id: int
    from_bot: bool
    date: datetime
    text: str
    html: str
    caption: str
    keyboard: list[list[Button]]
    files: list[tuple[str, str, int]]
    silent: bool
    edits: int
    deleted: bool
    reply_to: int | None
    album: str | None
    reactions: list[str]


class Clients:
    """The Telegram clients of all users."""

    def __init__(self, state: State) -> None:
        self.state = state

    def user(
        self, id: int, first_name: str, last_name: str | None = None, username: str | None = None
    ) -> int:
        """A person with a Telegram account, who has not written to the bot yet; or new names."""
        with self.state.lock:
            person = self.state.people.setdefault(id, Person(id, first_name))
            person.first_name, person.last_name = first_name, last_name
            person.username = username
        return id

    def deactivate(self, user: int) -> None:
        """Deletes his Telegram account."""
        with self.state.lock:
            self.person(user).deactivated = True

    def send_text(self, user: int, text: str, reply_to: int | None = None) -> int:
        """Writes; a text over 4096 goes as several messages, as clients do. The last one's id."""
        if not text.strip():
            raise NotPossible("a client sends no empty message")
        sent = 0
        for part in parts(text.strip()):
            content: dict[str, Any] = {"text": part}
            found = spotted(part)
            sent = self.write(user, content | ({"entities": found} if found else {}), reply_to)
        return sent

    def start(self, user: int, payload: str = "") -> int:
        """Opens the bot by its link and presses Start; lifts a block, as clients do."""
        if self.person(user).blocked:
            self.unblock(user)
        return self.send_text(user, f"/start {payload}".strip())

    def write(
        self,
        user: int,
        content: dict[str, Any],
        reply_to: int | None = None,
        album: str | None = None,
    ) -> int:
        """A message of any kind; the bot gets it as an update."""
        with self.state.lock:
            person = self.person(user)
            if person.blocked:
                raise NotPossible("a user who has blocked the bot cannot write to it")
            if reply_to is not None:
                self.found(user, reply_to)
            person.started = True
            message = Message(self.state.next_message(), user, False, self.state.clock(), content)
            message.reply_to, message.album = reply_to, album
            self.state.add(message)
            self.state.updates.add({"message": self.state.render(message)}, user)
            return message.id

    def person(self, user: int) -> Person:
        """Raises NotPossible for a user that nobody has made."""
        if user not in self.state.people:
            raise NotPossible(f"there is no user {user}; make one with user(id, first_name)")
        return self.state.people[user]

    def found(self, user: int, message_id: int) -> Message:
        """A message that the user still sees."""
        message = self.state.messages.get(message_id)
        if message is None or message.chat != user or message.deleted:
            raise NotPossible(f"user {user} sees no message {message_id}")
        return message

    def edit_text(self, user: int, message_id: int, text: str) -> None:
        """Edits a message of his own."""
        found = spotted(text)
        self._edit(user, message_id, {"text": text} | ({"entities": found} if found else {}))

    def edit_caption(self, user: int, message_id: int, caption: str) -> None:
        """Edits the caption of a file of his own."""
        self._edit(user, message_id, {"caption": caption})

    def _edit(self, user: int, message_id: int, change: dict[str, Any]) -> None:
        with self.state.lock:
            message = self.found(user, message_id)
            if message.from_bot or ("text" in change) != ("text" in message.content):
                raise NotPossible("only a text, or a caption, of one's own can be edited")
            message.content = {**message.content, **change}
            message.edited_at, message.edits = self.state.clock(), message.edits + 1
            self.state.updates.add({"edited_message": self.state.render(message)}, user)

    def tap(self, user: int, message_id: int, what: str) -> str:
        """Presses the button with that label or data; the id of the callback query.

        A button with an address or a text to copy makes no update: the address, or the text.
        """
        with self.state.lock:
            keys = [key for row in rows(self.found(user, message_id).markup) for key in row]
            fit = [key for key in keys if what in (key.label, key.data)]
            if not fit:
                labels = [key.label for key in keys]
                raise NotPossible(f"message {message_id} shows no button {what!r}: {labels}")
            if fit[0].data is None:
                return fit[0].url or fit[0].copy or ""
            return self.tap_stale(user, message_id, fit[0].data)

    def tap_stale(self, user: int, message_id: int, data: str) -> str:
        """Presses a button that an old screen still shows; the id of the callback query."""
        with self.state.lock:
            person = self.person(user)
            message = self.state.messages.get(message_id)
            if message is None or message.chat != user:
                raise NotPossible(f"user {user} never saw a message {message_id}")
            if person.blocked:
                raise NotPossible("a user who has blocked the bot cannot press its buttons")
            tap = Tap(
                str(4_382_000_000_000_000_000 + len(self.state.taps) + 1),
                user,
                message_id,
                data,
                self.state.clock(),
            )
            self.state.taps[tap.id] = tap
            gone = {"chat": person.as_chat(), "message_id": message_id, "date": 0}
            body = {
                "id": tap.id,
                "from": person.as_user(),
                "message": gone if message.deleted else self.state.render(message),
                "chat_instance": str(-7_000_000_000_000 - user),
                "data": data,
            }
            self.state.updates.add({"callback_query": body}, user)
            return tap.id

    def answered(self, query_id: str) -> dict[str, Any] | None:
        """What answerCallbackQuery said (text, show_alert); None while it has not come."""
        return self.state.taps[query_id].answer

    def react(self, user: int, message_id: int, emoji: str | None) -> None:
        """Puts a reaction on a message, or takes it away."""
        with self.state.lock:
            message = self.found(user, message_id)
            person = self.person(user)
            old = message.reactions.get(user, [])
            new = [emoji] if emoji else []
            message.reactions[user] = new
            body = {
                "chat": person.as_chat(),
                "message_id": message_id,
                "user": person.as_user(),
                "date": int(self.state.clock().timestamp()),
                "old_reaction": [{"type": "emoji", "emoji": one} for one in old],
                "new_reaction": [{"type": "emoji", "emoji": one} for one in new],
            }
            self.state.updates.add({"message_reaction": body}, user)

    def delete(self, user: int, message_id: int) -> None:
        """Deletes a message on both sides; the bot hears nothing of it."""
        with self.state.lock:
            self.found(user, message_id).deleted = True

    def recall(self, user: int, message_id: int) -> None:
        """Takes back a message of his own; the bot hears nothing of it."""
        with self.state.lock:
            if self.found(user, message_id).from_bot:
                raise NotPossible("that is the bot's message; use delete")
            self.state.messages[message_id].deleted = True

    def block(self, user: int) -> None:
        """Blocks the bot."""
        self._member(user, True)

    def unblock(self, user: int) -> None:
        """Lifts the block."""
        self._member(user, False)

    def _member(self, user: int, blocked: bool) -> None:
        with self.state.lock:
            person = self.person(user)
            if person.blocked == blocked:
                return
            person.blocked = blocked
            kicked = {"user": self.state.bot, "status": "kicked", "until_date": 0}
            member = {"user": self.state.bot, "status": "member"}
            body = {
                "chat": person.as_chat(),
                "from": person.as_user(),
                "date": int(self.state.clock().timestamp()),
                "old_chat_member": member if blocked else kicked,
                "new_chat_member": kicked if blocked else member,
            }
            self.state.updates.add({"my_chat_member": body}, user)

    def chat(self, user: int) -> list[Shown]:
        """Every message of the chat, both ways, oldest first; deleted ones are marked so."""
        with self.state.lock:
            self.person(user)
            own = [one for one in self.state.messages.values() if one.chat == user]
            return [self.show(one) for one in sorted(own, key=lambda one: one.id)]

    def last(self, user: int) -> Shown | None:
        """The bot's newest message that is still there."""
        mine = [one for one in self.chat(user) if one.from_bot and not one.deleted]
        return mine[-1] if mine else None

    def keyboard(self, user: int, message_id: int) -> list[list[Button]]:
        """The buttons under a message, row by row."""
        with self.state.lock:
            return rows(self.found(user, message_id).markup)

    def commands(self, user: int) -> list[tuple[str, str]]:
        """The menu that this user's client shows: command and description."""
        with self.state.lock:
            for kind, chat in (("chat", user), ("all_private_chats", None), ("default", None)):
                for language in ("vi", ""):
                    menu = self.state.menus.get((kind, chat, language))
                    if menu:
                        return [(one["command"], one["description"]) for one in menu]
            return []

    def show(self, message: Message) -> Shown:
        """One message as shown."""
        content = message.content
        text, caption = content.get("text", ""), content.get("caption", "")
        marked = to_html(text or caption, entities_of(message))
        return Shown(
            message.id,
            message.from_bot,
            message.date,
            text,
            marked or html.escape(str(content.get("contact", "")), quote=False),
            caption,
            rows(message.markup),
            list(files_of(content)),
            message.silent,
            message.edits,
            message.deleted,
            message.reply_to,
            message.album,
            [emoji for all_of in message.reactions.values() for emoji in all_of],
        )


def files_of(content: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Kind, name and size of each file of a message."""
    found = []
    for kind in ("photo", "document", "voice", "audio", "video", "sticker"):
        one = content.get(kind)
        if one:
            one = one[-1] if isinstance(one, list) else one
            found.append((kind, one.get("file_name", ""), one.get("file_size", 0)))
    return found


def parts(text: str) -> list[str]:
    """The text in pieces of at most 4096 units, as a client sends them."""
    found: list[str] = []
    piece: list[str] = []
    length = 0
    for letter in text:
        if length + units(letter) > LONGEST:
            found.append("".join(piece))
            piece, length = [], 0
        piece.append(letter)
        length += units(letter)
    return [*found, "".join(piece)]


def upload(data: bytes, name: str, mime: str = "") -> Upload:
    """A file of a client."""
    return Upload(name, mime, data)
