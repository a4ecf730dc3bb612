"""Whatever comes as an update: never an exception out, never a stuck offset, the next one counts.

`MDM_FUZZ` in the environment is how many examples each of these tries.
"""

import copy
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from bot.channels.telegram.client import Client
from bot.channels.telegram.incoming import Incoming, Unreadable, read
from bot.channels.telegram.measure import Measures
from bot.channels.telegram.receive import Receiver
from bot.flood import Gate, Measure
from bot.settings import Settings
from storage import accounts
from storage.tables import InboxRow
from tests.botapi.driver import TOKEN
from tests.channels.test_incoming import CHAT, GROUP, ME, message, photo
from tests.security.fuzzing import examples
from tests.telegram_town import ACCOUNT, TelegramTown

_NUMBERS = count(900_000)
WIDE = Measure(10**9, 0.001)
TEXTS = st.text(
    st.characters(codec=None, exclude_categories=()) | st.sampled_from("\x00\ud800\udfff\u202e/:"),
    max_size=40,
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=True, allow_infinity=True)
    | TEXTS
    | st.sampled_from(["/start", "/start x", "/phong", "MẬT", "1:1", "-1", "💥"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def real() -> list[dict[str, Any]]:
    """Updates as Telegram builds them, of every kind that is taken in."""
    person = {"id": ACCOUNT + 1, "is_bot": False, "first_name": "Thí Dụ"}
    mine = {"chat": {"id": ACCOUNT + 1, "type": "private"}, "from": person}
    group = {"chat": {"id": -70, "type": "supergroup", "title": "Phòng"}, "from": person}
    said = message(**mine, text="sat lo ap tre dong")
    status = {"old_chat_member": {"status": "left", "user": ME}}
    status |= {"new_chat_member": {"status": "member", "user": ME}}
    tap = {"id": "q", "from": person, "data": "1:1", "message": {"message_id": 4, **mine}}
    signs = {"old_reaction": [], "new_reaction": [{"type": "emoji", "emoji": "👍"}]}
    venue = {"location": {"latitude": 1.5, "longitude": 2.5}, "title": "UBND", "address": "ấp"}
    reply = {"message_id": 4, "text": "a", "from": person}
    return [
        said,
        message(**mine, text="/start abc"),
        message(**mine, photo=[photo(1)], caption="anh", media_group_id="a"),
        message(**mine, document={"file_id": "d", "file_name": "a.pdf", "file_size": 9}),
        message(**mine, venue=venue, location=venue["location"]),
        message(**mine, sticker={"file_id": "s"}, reply_to_message=reply),
        message(**group, text="/phong@bot VV-01", reply_to_message=reply),
        message(**group, new_chat_members=[person], message_thread_id=3, is_topic_message=True),
        message(**group, migrate_to_chat_id=-71),
        message(**group, photo=[photo(1)], caption="MẬT", media_group_id="b"),
        {"update_id": 3, "edited_message": said["message"] | {"edit_date": 7, "text": "khac"}},
        {"update_id": 3, "callback_query": tap},
        {"update_id": 3, "callback_query": tap | {"message": {"message_id": 4, **group}}},
        {"update_id": 3, "message_reaction": {**signs, "message_id": 4, **mine, "user": person}},
        {"update_id": 3, "my_chat_member": {**mine, **status}},
        {"update_id": 3, "my_chat_member": {**group, **status}},
        {"update_id": 3, "chat_member": {**group, **status}},
        {"update_id": 3, "chat_join_request": {**group, "user_chat_id": 7, "date": 0}},
    ]


def spots(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything inside of a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in inner:
        yield (*path, key)
        if isinstance(one, dict | list):
            yield from spots(one, (*path, key))


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A real update with a few of its parts taken out or made something else."""
    update: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(real())))
    for _ in range(draw(st.integers(1, 3))):
        ways = [one for one in spots(update) if one != ("update_id",)]
        if not ways:
            break
        *way, last = draw(st.sampled_from(ways))
        place: Any = update
        for key in way:
            place = place[key]
        if draw(st.booleans()):
            place[last] = draw(VALUES)
        elif isinstance(place, dict):
            del place[last]
    return update


@examples(150)
@given(mutated() | st.dictionaries(TEXTS | st.just("message"), VALUES, max_size=3))
def test_reading_says_what_it_is_or_that_it_cannot_be_read(update: dict[str, Any]) -> None:
    try:
        found = read(update | {"update_id": 3})
    except Unreadable:
        return
    if found is not None:
        is_storable(found)


def is_storable(found: Incoming) -> None:
    """What is read goes into any database and any later step as it stands."""
    words = json.dumps(found.body, ensure_ascii=False, allow_nan=False)
    for one in (words, *found.texts, found.album or "", found.callback or "", found.message or ""):
        assert isinstance(one, str) and "\x00" not in one
        one.encode()
    for number in (found.external, found.lane, found.account, found.message or "0"):
        assert number.lstrip("-").isdigit(), number
    assert all(isinstance(one["id"], str) and one["size"] >= 0 for one in found.fetch)
    assert found.sent is None or found.sent > 0


#: What stands, one after the other, in the place of every part of every kind of update.
EVIL: list[Any] = [None, True, -1, 10**30, 1.5, float("nan"), float("inf"), "", "\ud800", "a\x00b"]
EVIL += ["9" * 5000, [], {}, [None], {"a": "\udfff"}, [[[[]]]], "\u202e"]


@pytest.mark.parametrize("number", range(len(real())))
def test_every_part_of_an_update_may_be_anything(number: int) -> None:
    for way in spots(real()[number]):
        for evil in EVIL:
            update: dict[str, Any] = copy.deepcopy(real()[number])
            inside: Any = update
            for key in way[:-1]:
                inside = inside[key]
            inside[way[-1]] = evil
            try:
                found = read(update)
            except Unreadable:
                continue
            if found is not None:
                is_storable(found)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TelegramTown]:
    """One province for all examples; an error of ours fails the test."""
    made = TelegramTown(tmp_path_factory.mktemp("fuzz"))
    gates = ("said", "taps", "stranger", "strangers", "group")
    made.telegram.receiver.measures = Measures(**{one: Gate(WIDE) for one in gates})
    yield made
    made.close()


def stored(town: TelegramTown, external: int) -> bool:
    query = select(InboxRow.id).where(InboxRow.external == str(external))
    return town.world.db.read(lambda session: session.exec(query).first()) is not None


@examples(30)
@given(updates=st.lists(mutated() | VALUES, min_size=1, max_size=4))
def test_nothing_holds_up_the_next_good_update(place: TelegramTown, updates: list[Any]) -> None:
    receiver = place.telegram.receiver
    for update in updates:
        if isinstance(update, dict):
            update["update_id"] = next(_NUMBERS)
        receiver.take(update)
    good = next(_NUMBERS)
    said = message(chat={"id": ACCOUNT + 2, "type": "private"}, text="/trogiup")
    said["message"]["from"] = {"id": ACCOUNT + 2, "is_bot": False, "first_name": "Thử"}
    receiver.take(said | {"update_id": good})
    assert stored(place, good)
    place.settles()


@contextmanager
def server(answers: list[Any]) -> Iterator[str]:
    """A Bot API server that answers getUpdates with these bodies, one after the other."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            result = answers.pop(0) if answers else []
            body = json.dumps({"ok": True, "result": result}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{made.server_address[1]}/bot"
    made.shutdown()
    made.server_close()
    thread.join()


GOOD = {"update_id": 10, "message": message(text="alo")["message"]}


@pytest.mark.parametrize(
    ("answer", "offset"),
    [
        ([None, GOOD], 11),
        ([{}, 7, "a", [GOOD], GOOD], 11),
        ([{"update_id": True}, {"update_id": "99"}, GOOD], 11),
        ([{"update_id": 10**30}, GOOD], 11),
        ([{"update_id": 12, "message": None}, GOOD], 13),
        ([GOOD, {"update_id": 11, "message": {"chat": GROUP}}, {"update_id": 12}], 13),
    ],
)
def test_the_offset_moves_past_what_cannot_be_read(
    place: TelegramTown, answer: list[Any], offset: int
) -> None:
    assert _polled(place, answer) == 1, answer
    assert place.telegram.receiver._offset() == offset


@pytest.mark.parametrize(
    "answer", [{"a": 1}, "text", 7, [None], [{}], [{"update_id": True}], [{"update_id": "1"}]]
)
def test_an_answer_in_which_nothing_can_be_confirmed_is_a_fault_that_is_tried_again_calmly(
    place: TelegramTown, answer: Any
) -> None:
    with pytest.raises(Unreadable):
        _polled(place, answer)


def _polled(place: TelegramTown, answer: Any) -> bool:
    with server([answer]) as address:
        settings = Settings(
            data_dir=place.world.settings.data_dir,
            telegram_token=TOKEN,
            telegram_api_url=address,
            _env_file=None,  # type: ignore[call-arg]
        )

        async def polls() -> int:
            client = Client(settings)
            await client._asking.initialize()
            try:
                return await Receiver(place.world, client).poll(0)
            finally:
                await client._asking.shutdown()

        return bool(place.runs(polls()))


@examples(100)
@given(data=TEXTS | st.from_regex(r"\d{1,14}:\d{1,4}", fullmatch=True) | VALUES)
def test_whatever_a_button_carries_is_a_tap_or_nothing(place: TelegramTown, data: Any) -> None:
    person = {"id": ACCOUNT + 1, "is_bot": False, "first_name": "A"}
    chat = {"id": ACCOUNT + 1, "type": "private"}
    query = {"id": "q", "from": person, "data": data, "message": {"message_id": 4, "chat": chat}}
    tap = place.telegram.receiver.take({"update_id": next(_NUMBERS), "callback_query": query})
    if tap is not None:
        place.settles()


@examples(20)
@given(code=TEXTS | st.text("abcdefghijklmnopqrstuvwxyz0123456789_-", max_size=64))
def test_whatever_a_start_code_is_it_links_nobody(place: TelegramTown, code: str) -> None:
    said = message(text=f"/start {code}", chat=CHAT, **{"from": ME})
    place.telegram.receiver.take(said | {"update_id": next(_NUMBERS)})
    place.settles()
    mine = place.world.db.read(lambda s: accounts.linked(s, "telegram", str(ME["id"])))
    assert mine is None
