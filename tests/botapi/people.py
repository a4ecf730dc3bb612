"""What users do in their clients, and what they see there."""

from typing import Any, TypedDict, Unpack

from tests.botapi import scopes
from tests.botapi.entities import spotted, units
from tests.botapi.files import Upload
from tests.botapi.groups import Group
from tests.botapi.hearing import tell
from tests.botapi.keyboards import Button, rows
from tests.botapi.shown import Shown, show
from tests.botapi.state import Chat, Message, Person, State, Tap
from tests.botapi.threads import Place, under

LONGEST = 4096


class NotPossible(Exception):
    """No real client would let the user do that."""


class Spot(TypedDict, total=False):
    """Where somebody writes: in which group and topic; `anonymous`: as the group itself."""

    chat: int | None
    topic: int | None
    anonymous: bool


class Where(Spot, total=False):
    """The same, and in answer to which message."""

    reply_to: int | None


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

    def send_text(
        self, user: int, text: str, reply_to: int | None = None, **spot: Unpack[Spot]
    ) -> int:
        """Writes; a text over 4096 goes as several messages, as clients do. The last one's id."""
        if not text.strip():
            raise NotPossible("a client sends no empty message")
        where = Where(**spot, reply_to=reply_to)
        sent = 0
        for part in parts(text.strip()):
            content: dict[str, Any] = {"text": part}
            found = spotted(part)
            sent = self.write(user, content | ({"entities": found} if found else {}), **where)
        return sent

    def start(self, user: int, payload: str = "") -> int:
        """Opens the bot by its link and presses Start; lifts a block, as clients do."""
        if self.person(user).blocked:
            self.unblock(user)
        return self.send_text(user, f"/start {payload}".strip())

    def write(
        self, user: int, content: dict[str, Any], album: str | None = None, **where: Unpack[Where]
    ) -> int:
        """A message of any kind; the bot gets it as an update when it reaches it."""
        number, reply_to = where.get("chat") or user, where.get("reply_to")
        anonymous = where.get("anonymous", False)
        with self.state.lock:
            chat = self.entered(user, number)
            answered = None if reply_to is None else self.found(user, reply_to, number)
            place = self._place(user, chat, answered, where.get("topic"))
            if anonymous and not (isinstance(chat, Group) and chat.member(user).anonymous):
                raise NotPossible(f"user {user} is no anonymous administrator of {number}")
            message = Message(
                self.state.next_message(number),
                number,
                False,
                self.state.clock(),
                content,
                reply_to=reply_to,
                album=album,
                sender=user,
                anonymous=anonymous,
                topic=place.topic,
                thread=place.thread,
            )
            tell(self.state, self.state.add(message))
            return message.id

    def entered(self, user: int, number: int) -> Chat:
        """The chat in which a user is about to write."""
        person = self.person(user)
        if number != user:
            return self.group(number, user)
        if person.blocked:
            raise NotPossible("a user who has blocked the bot cannot write to it")
        person.started = True
        return person

    def _place(self, user: int, chat: Chat, answered: Message | None, number: int | None) -> Place:
        if not isinstance(chat, Group):
            return Place()
        if chat.silent and not chat.member(user).admin:
            raise NotPossible(f"only administrators write in the group {chat.id}")
        place = under(chat, answered) if number is None else Place(topic=number)
        if place.topic is None:
            return place
        topic = chat.topics.get(place.topic)
        if topic is None:
            raise NotPossible(f"group {chat.id} has no topic {number}")
        allowed = user == topic.creator or chat.member(user).may("can_manage_topics")
        if topic.closed and not allowed:
            raise NotPossible(f"topic {topic.id} is closed to user {user}")
        return place

    def person(self, user: int) -> Person:
        """Raises NotPossible for a user that nobody has made."""
        if user not in self.state.people:
            raise NotPossible(f"there is no user {user}; make one with user(id, first_name)")
        return self.state.people[user]

    def group(self, number: int, user: int | None = None) -> Group:
        """A group; raises NotPossible when there is none, or that user is not in it."""
        group = self.state.groups.get(number)
        if group is None or not group.active:
            raise NotPossible(f"there is no group {number}, or no more")
        if user is not None and not group.member(user).inside:
            raise NotPossible(f"user {user} is not in the group {number}")
        return group

    def found(self, user: int, message_id: int, chat: int | None = None) -> Message:
        """A message that the user still sees: in a group, or in his chat with the bot."""
        if chat is not None and chat != user:
            self.group(chat, user)
        message = self.state.find(chat or user, message_id)
        if message is None:
            raise NotPossible(f"user {user} sees no message {message_id}")
        return message

    def edit_text(self, user: int, message_id: int, text: str, chat: int | None = None) -> None:
        """Edits a message of his own."""
        found = spotted(text)
        content = {"text": text} | ({"entities": found} if found else {})
        self._edit(self.found(user, message_id, chat), user, content)

    def edit_caption(
        self, user: int, message_id: int, caption: str, chat: int | None = None
    ) -> None:
        """Edits the caption of a file of his own."""
        self._edit(self.found(user, message_id, chat), user, {"caption": caption})

    def _edit(self, message: Message, user: int, change: dict[str, Any]) -> None:
        with self.state.lock:
            own = not message.from_bot and message.sender == user and not message.service
            if not own or ("text" in change) != ("text" in message.content):
                raise NotPossible("only a text, or a caption, of one's own can be edited")
            message.content = {**message.content, **change}
            message.edited_at, message.edits = self.state.clock(), message.edits + 1
            tell(self.state, message, "edited_message")

    def tap(self, user: int, message_id: int, what: str, chat: int | None = None) -> str:
        """Presses the button with that label or data; the id of the callback query.

        A button with an address or a text to copy makes no update: the address, or the text.
        """
        with self.state.lock:
            keys = [key for row in rows(self.found(user, message_id, chat).markup) for key in row]
            fit = [key for key in keys if what in (key.label, key.data)]
            if not fit:
                labels = [key.label for key in keys]
                raise NotPossible(f"message {message_id} shows no button {what!r}: {labels}")
            if fit[0].data is None:
                return fit[0].url or fit[0].copy or ""
            return self.tap_stale(user, message_id, fit[0].data, chat)

    def tap_stale(self, user: int, message_id: int, data: str, chat: int | None = None) -> str:
        """Presses a button that an old screen still shows; the id of the callback query."""
        with self.state.lock:
            number = chat or user
            person = self.person(user)
            where: Chat = person if number == user else self.group(number, user)
            message = self.state.messages.get((number, message_id))
            if message is None:
                raise NotPossible(f"user {user} never saw a message {message_id}")
            if number == user and person.blocked:
                raise NotPossible("a user who has blocked the bot cannot press its buttons")
            tap = Tap(
                str(4_382_000_000_000_000_000 + len(self.state.taps) + 1),
                user,
                message_id,
                data,
                self.state.clock(),
            )
            self.state.taps[tap.id] = tap
            gone = {"chat": where.as_chat(), "message_id": message_id, "date": 0}
            body = {
                "id": tap.id,
                "from": person.as_user(),
                "message": gone if message.deleted else self.state.render(message),
                "chat_instance": str(-7_000_000_000_000 - abs(number)),
                "data": data,
            }
            if not isinstance(where, Group) or where.member(self.state.own).inside:
                self.state.updates.add({"callback_query": body}, number)
            return tap.id

    def answered(self, query_id: str) -> dict[str, Any] | None:
        """What answerCallbackQuery said (text, show_alert); None while it has not come."""
        return self.state.taps[query_id].answer

    def react(self, user: int, message_id: int, emoji: str | None, chat: int | None = None) -> None:
        """Puts a reaction on a message, or takes it away; in a group only an admin bot hears."""
        with self.state.lock:
            message = self.found(user, message_id, chat)
            person = self.person(user)
            group = self.state.groups.get(message.chat)
            old = message.reactions.get(user, [])
            new = [emoji] if emoji else []
            message.reactions[user] = new
            body = {
                "chat": (group or person).as_chat(),
                "message_id": message_id,
                "user": person.as_user(),
                "date": int(self.state.clock().timestamp()),
                "old_reaction": [{"type": "emoji", "emoji": one} for one in old],
                "new_reaction": [{"type": "emoji", "emoji": one} for one in new],
            }
            if group is None or group.member(self.state.own).admin:
                self.state.updates.add({"message_reaction": body}, message.chat)

    def delete(self, user: int, message_id: int, chat: int | None = None) -> None:
        """Deletes a message for everybody: any in his own chat with the bot, in a group his own
        or, with the right to delete, any. The bot hears nothing of it."""
        with self.state.lock:
            message = self.found(user, message_id, chat)
            group = self.state.groups.get(message.chat)
            allowed = group is None or group.member(user).may("can_delete_messages")
            if message.sender != user and not allowed:
                raise NotPossible(f"user {user} may not delete messages of others there")
            message.deleted = True

    def recall(self, user: int, message_id: int, chat: int | None = None) -> None:
        """Takes back a message of his own; the bot hears nothing of it."""
        with self.state.lock:
            message = self.found(user, message_id, chat)
            if message.from_bot or message.sender != user:
                raise NotPossible("that is another's message; use delete")
            message.deleted = True

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

    def chat(self, user: int, topic: int | None = None) -> list[Shown]:
        """Every message of a user's chat with the bot, both ways, or of the group of that number,
        or of one of its topics; oldest first; deleted ones are marked so."""
        with self.state.lock:
            if user not in self.state.groups:
                self.person(user)
            own = [one for one in self.state.messages.values() if one.chat == user]
            if topic is not None:
                own = [one for one in own if one.topic == topic]
            return [show(self.state, one) for one in sorted(own, key=lambda one: one.id)]

    def last(self, user: int, topic: int | None = None) -> Shown | None:
        """The bot's newest message that is still there, in a user's chat with it or a group."""
        shown = self.chat(user, topic)
        mine = [one for one in shown if one.from_bot and not one.deleted and not one.service]
        return mine[-1] if mine else None

    def keyboard(self, user: int, message_id: int, chat: int | None = None) -> list[list[Button]]:
        """The buttons under a message, row by row."""
        with self.state.lock:
            return rows(self.found(user, message_id, chat).markup)

    def commands(self, user: int, chat: int | None = None) -> list[tuple[str, str]]:
        """The menu that this user's client shows in a chat: command and description."""
        with self.state.lock:
            menu = scopes.shown(self.state, user, chat or user)
            return [(one["command"], one["description"]) for one in menu]


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
