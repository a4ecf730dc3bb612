"""All that the server knows: people, messages, files, menus, taps, calls."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.botapi.faults import Faults
from tests.botapi.files import Files
from tests.botapi.keyboards import Markup
from tests.botapi.limits import Limits
from tests.botapi.refusal import bad, forbidden
from tests.botapi.rules import Query
from tests.botapi.updates import Updates

Clock = Callable[[], datetime]
#: Telegram publishes no number; clients stop waiting well before this.
TAP_LIVES = timedelta(minutes=1)


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
    """A message of a chat; `content` holds the fields of its kind (text, photo, caption …)."""

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
        self, token: str, clock: Clock | None = None, limits: Limits | None = None
    ) -> None:
        self.token = token
        self.clock: Clock = clock or (lambda: datetime.now(UTC))
        self.limits = limits
        self.lock = threading.RLock()
        self.people: dict[int, Person] = {}
        self.messages: dict[int, Message] = {}
        self.files = Files()
        self.updates = Updates(self.clock)
        self.faults = Faults()
        self.menus: dict[tuple[str, int | None, str], list[dict[str, str]]] = {}
        self.taps: dict[str, Tap] = {}
        self.calls: list[Call] = []
        self.actions: list[tuple[int, str]] = []
        self.dice = random.Random(887)
        self._last_message = 0
        self._last_album = 0

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

    def next_message(self) -> int:
        """The next message id: one counter for all private chats."""
        self._last_message += 1
        return self._last_message

    def next_album(self) -> str:
        """The next media_group_id."""
        self._last_album += 1
        return str(13_900_000_000_000_000 + self._last_album)

    def add(self, message: Message) -> Message:
        """Keeps a message."""
        self.messages[message.id] = message
        return message

    def chat(self, query: Query) -> Person:
        """The chat that a request names; refused when the bot does not know it."""
        if not query.text("chat_id"):
            raise bad("chat_id is empty")
        person = self.people.get(query.chat or 0)
        if person is None:
            raise bad("chat not found")
        return person

    def reachable(self, query: Query) -> Person:
        """The chat, when the bot may write to it."""
        person = self.chat(query)
        if person.deactivated:
            raise forbidden("user is deactivated")
        if person.blocked:
            raise forbidden("bot was blocked by the user")
        if not person.started:
            raise forbidden("bot can't initiate conversation with a user")
        return person

    def message(self, person: Person, number: int, what: str) -> Message:
        """A message of the chat that is still there; `what` names it in the refusal."""
        if number <= 0:
            raise bad("message identifier is not specified")
        found = self.messages.get(number)
        if found is None or found.chat != person.id or found.deleted:
            raise bad(f"{what} not found")
        return found

    def spend(self, person: Person, count: int = 1) -> None:
        """Counts messages against the flood limits, when these are on."""
        if self.limits is not None:
            self.limits.spend(person.id, self.clock(), count)

    def render(self, message: Message, deep: bool = True) -> dict[str, Any]:
        """The API's Message; one level of the message that it answers."""
        person = self.people[message.chat]
        found: dict[str, Any] = {
            "message_id": message.id,
            "from": self.bot if message.from_bot else person.as_user(),
            "chat": person.as_chat(),
            "date": int(message.date.timestamp()),
        }
        if message.edited_at is not None:
            found["edit_date"] = int(message.edited_at.timestamp())
        if message.album:
            found["media_group_id"] = message.album
        if message.protected:
            found["has_protected_content"] = True
        answered = self.messages.get(message.reply_to or 0)
        if deep and answered is not None and not answered.deleted:
            found["reply_to_message"] = self.render(answered, deep=False)
        found |= message.content
        if message.markup and "inline_keyboard" in message.markup:
            found["reply_markup"] = message.markup
        return found
