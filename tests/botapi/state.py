"""All that the server knows: people, messages, files, menus, taps, calls."""

import copy
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.botapi.access import READ, WRITE, enter
from tests.botapi.faults import Faults
from tests.botapi.files import Files
from tests.botapi.groups import ANONYMOUS, Group
from tests.botapi.keyboards import Markup
from tests.botapi.limits import Limits
from tests.botapi.names import names
from tests.botapi.refusal import bad, forbidden
from tests.botapi.rules import Query
from tests.botapi.updates import Updates

MenuKey = tuple[str, int | None, int | None, str]  # scope, chat, user, language
Clock = Callable[[], datetime]
#: Telegram publishes no number; clients stop waiting well before this.
TAP_LIVES = timedelta(minutes=1)
#: For so long the bot may write to somebody who asks to join and has never started it.
WISH_OPENS = timedelta(minutes=5)


_REMEMBERED = names(
    "people groups messages files menus taps actions dice _last_message _last_album"
)


@dataclass
class Person:
    """A user with his private chat; both have the same id."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    pinned: set[int] = field(default_factory=set)

    def name(self) -> dict[str, Any]:
        """The fields that User and Chat share."""
        found = {"id": self.id, "first_name": self.first_name}
        found |= {"last_name": self.last_name} if self.last_name else {}
        return found | ({"username": self.username} if self.username else {})

    def as_user(self) -> dict[str, Any]:
        """The API's User."""
        return {**self.name(), "is_bot": False, "language_code": "vi"}

    def as_chat(self) -> dict[str, Any]:
        """The API's Chat."""
        return {**self.name(), "type": "private"}


@dataclass
class Message:
    """A message of a chat; `content` holds the fields of its kind (text, photo, caption …).

    `sender`: who wrote it in a group, 0 in a private chat; `topic`: of a forum; `thread`: the
    first message of a row of replies in a group; `service`: told by Telegram, not written.
    """

    id: int
    chat: int
    from_bot: bool
    date: datetime
    content: dict[str, Any]
    markup: Markup | None = None
    silent: bool = False
    protected: bool = False
    reply_to: int | None = None
    album: str | None = None
    edited_at: datetime | None = None
    edits: int = 0
    deleted: bool = False
    reactions: dict[int, list[str]] = field(default_factory=dict)
    sender: int = 0
    anonymous: bool = False
    topic: int | None = None
    thread: int | None = None
    service: bool = False


Chat = Person | Group


@dataclass
class Tap:
    """A pressed button that waits for answerCallbackQuery."""

    id: str
    person: int
    message: int
    data: str
    at: datetime
    answer: dict[str, Any] | None = None


@dataclass
class Call:
    """One API call: what came, what was answered (None: nothing), which fault it met."""

    method: str
    args: dict[str, str]
    files: list[str]
    at: datetime
    status: int | None = None
    answer: Any = None
    fault: str | None = None


class State:
    """The server's memory. Everything that touches it holds `lock`."""

    def __init__(
        self,
        token: str,
        clock: Clock | None = None,
        limits: Limits | None = None,
        privacy: bool = True,
    ) -> None:
        self.token = token
        self.clock: Clock = clock or (lambda: datetime.now(UTC))
        self.limits = limits
        self.privacy = privacy
        self.lock = threading.RLock()
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        self.messages: dict[tuple[int, int], Message] = {}
        self.files = Files()
        self.updates = Updates(self.clock)
        self.faults = Faults()
        self.menus: dict[MenuKey, list[dict[str, str]]] = {}
        self.taps: dict[str, Tap] = {}
        self.calls: list[Call] = []
        self.actions: list[tuple[int, str]] = []
        self.dice = random.Random(887)
        self._last_message = 0
        self._last_album = 0

    def kept(self) -> dict[str, Any]:
        """All that it remembers of people, groups and messages, to go on from there later."""
        with self.lock:
            found = {name: vars(self)[name] for name in _REMEMBERED}
            return copy.deepcopy(found | {"next_id": self.updates.next_id})

    def resume(self, kept: dict[str, Any]) -> None:
        """Goes on from there."""
        with self.lock:
            found = copy.deepcopy(kept)
            self.updates.next_id = found.pop("next_id")
            vars(self).update(found)

    @property
    def bot(self) -> dict[str, Any]:
        """The bot's own User."""
        number = int(self.token.partition(":")[0])
        return {
            "id": number,
            "is_bot": True,
            "first_name": "Một Đầu Mối",
            "username": "motdaumoi_bot",
        }

    @property
    def own(self) -> int:
        """The bot's number."""
        return int(self.bot["id"])

    def user(self, number: int) -> dict[str, Any]:
        """The API's User with that number."""
        return self.bot if number == self.own else self.people[number].as_user()

    def next_message(self, chat: int) -> int:
        """The next message id: each supergroup counts its own, all other chats together."""
        group = self.groups.get(chat)
        if group is not None and not group.basic:
            group.last_message += 1
            return group.last_message
        self._last_message += 1
        return self._last_message

    def next_album(self) -> str:
        """The next media_group_id."""
        self._last_album += 1
        return str(13_900_000_000_000_000 + self._last_album)

    def add(self, message: Message) -> Message:
        """Keeps a message."""
        self.messages[message.chat, message.id] = message
        return message

    def find(self, chat: int, number: int | None) -> Message | None:
        """A message that is still there."""
        found = self.messages.get((chat, number or 0))
        return None if found is None or found.deleted else found

    def chat(self, query: Query, access: str = READ) -> Chat:
        """The chat that a request names; refused when the bot has not that access to it."""
        if not query.text("chat_id"):
            raise bad("chat_id is empty")
        return self.chat_of(query.chat or 0, access)

    def chat_of(self, number: int, access: str = READ) -> Chat:
        """The same by its number."""
        group = self.groups.get(number)
        if group is not None:
            enter(group, self.own, access)
            return group
        person = self.people.get(number)
        if person is None:
            raise bad("chat not found")
        return person

    def group(self, query: Query, access: str) -> Group:
        """The group that a request names."""
        chat = self.chat(query, access)
        if isinstance(chat, Person):
            raise bad("method is available for group and supergroup chats only")
        return chat

    def reachable(self, query: Query) -> Chat:
        """The chat, when the bot may write to it."""
        chat = self.chat(query, WRITE)
        if isinstance(chat, Group):
            return chat
        if chat.deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started and not self._asks_to_join(chat):
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def _asks_to_join(self, person: Person) -> bool:
        wishes = [group.wishes.get(person.id) for group in self.groups.values() if group.known]
        return any(one and self.clock() - one.at < WISH_OPENS for one in wishes)

    def message(self, chat: Chat, number: int, what: str) -> Message:
        """A message of the chat that is still there; `what` names it in the refusal."""
        if number <= 0:
            raise bad("message identifier is not specified")
        found = self.find(chat.id, number)
        if found is None:
            raise bad(f"{what} not found")
        return found

    def spend(self, chat: Chat, count: int = 1) -> None:
        """Counts messages against the flood limits, when these are on."""
        if self.limits is not None:
            self.limits.spend(chat.id, self.clock(), count)

    def author(self, message: Message) -> dict[str, Any]:
        """Who wrote a message: the fields `from` and, of an anonymous administrator, his chat."""
        if message.from_bot:
            return {"from": self.bot}
        if message.anonymous:
            return {"from": ANONYMOUS, "sender_chat": self.groups[message.chat].as_chat()}
        return {"from": self.people[message.sender or message.chat].as_user()}

    def render(self, message: Message, deep: bool = True) -> dict[str, Any]:
        """The API's Message; one level of the message that it answers.

        In a topic a message that answers none answers the one that created the topic.
        """
        chat = self.groups.get(message.chat) or self.people[message.chat]
        found: dict[str, Any] = {"message_id": message.id, **self.author(message)}
        found |= {"chat": chat.as_chat(), "date": int(message.date.timestamp())}
        if message.topic or message.thread:
            found["message_thread_id"] = message.topic or message.thread
        if message.topic:
            found["is_topic_message"] = True
        if message.edited_at is not None:
            found["edit_date"] = int(message.edited_at.timestamp())
        if message.album:
            found["media_group_id"] = message.album
        if message.protected:
            found["has_protected_content"] = True
        answered = self.find(message.chat, message.reply_to or message.topic)
        if deep and answered is not None and answered is not message:
            found["reply_to_message"] = self.render(answered, deep=False)
        found |= message.content
        if message.markup and "inline_keyboard" in message.markup:
            found["reply_markup"] = message.markup
        return found
