"""getUpdates: the offset rule, long polling, allowed kinds, repeated and shuffled delivery."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.botapi.conftest import AN, BINH, Asker, Clock
from tests.botapi.driver import BotApi

Fetched = list[dict[str, Any]]


def texts(updates: Fetched) -> list[str]:
    """What the messages of some updates say."""
    return [one["message"]["text"] for one in updates]


@pytest.fixture
def three(api: BotApi) -> list[int]:
    """Three messages that wait; their update ids."""
    for text in ("một", "hai", "ba"):
        api.send_text(AN, text)
    return [one["update_id"] for one in api.pending()]


def test_updates_come_again_until_a_higher_offset_confirms_them(
    api: BotApi, ask: Asker, three: list[int]
) -> None:
    assert three == [three[0], three[0] + 1, three[0] + 2]
    assert texts(ask.yes("getUpdates")) == ["một", "hai", "ba"]
    assert texts(ask.yes("getUpdates", offset=three[0])) == ["một", "hai", "ba"]
    assert texts(ask.yes("getUpdates", offset=three[1])) == ["hai", "ba"]
    assert texts(ask.yes("getUpdates")) == ["hai", "ba"]
    assert api.confirmed_offset == three[1]
    assert ask.yes("getUpdates", offset=three[2] + 1) == []
    assert api.pending() == [] and api.confirmed_offset == three[2] + 1


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"limit": 2}, ["một", "hai"]),
        ({"limit": 0}, ["một"]),
        ({"limit": 1000}, ["một", "hai", "ba"]),
        ({"offset": -1}, ["ba"]),
        ({"offset": -2}, ["hai", "ba"]),
        ({"offset": -9}, ["một", "hai", "ba"]),
        ({"offset": "nonsense"}, ["một", "hai", "ba"]),
        ({"offset": 2_000_000_000}, ["một", "hai", "ba"]),
    ],
)
def test_offset_and_limit(
    ask: Asker, three: list[int], args: dict[str, Any], expected: list[str]
) -> None:
    assert texts(ask.yes("getUpdates", **args)) == expected


def test_a_negative_offset_forgets_what_came_before(ask: Asker, three: list[int]) -> None:
    ask.yes("getUpdates", offset=-1)
    assert texts(ask.yes("getUpdates")) == ["ba"]


def test_a_long_poll_wakes_when_something_comes(api: BotApi, ask: Asker) -> None:
    threading.Timer(0.2, lambda: api.send_text(AN, "đây")).start()
    start = time.monotonic()
    assert texts(ask.yes("getUpdates", timeout=5)) == ["đây"]
    assert 0.1 < time.monotonic() - start < 2


def test_a_long_poll_ends_empty_handed(ask: Asker) -> None:
    start = time.monotonic()
    assert ask.yes("getUpdates", timeout=1) == []
    assert 0.9 < time.monotonic() - start < 2


def test_nothing_is_lost_or_doubled_while_many_users_write_at_once(api: BotApi, ask: Asker) -> None:
    got: list[str] = []
    offset = 0
    with ThreadPoolExecutor(4) as pool:
        written = [pool.submit(api.send_text, AN, str(n)) for n in range(60)]
        while len(got) < 60:
            updates = ask.yes("getUpdates", offset=offset, limit=7, timeout=2)
            assert updates
            got += texts(updates)
            offset = updates[-1]["update_id"] + 1
    assert sorted(got, key=int) == [str(n) for n in range(60)]
    assert len({one.result() for one in written}) == 60


def test_a_second_poller_ends_the_first(api: BotApi, ask: Asker) -> None:
    with ThreadPoolExecutor() as pool:
        first = pool.submit(ask, "getUpdates", timeout=5)
        time.sleep(0.2)
        second = pool.submit(ask, "getUpdates", timeout=5)
        assert first.result(2) == {
            "ok": False,
            "error_code": 409,
            "description": "Conflict: terminated by other getUpdates request; "
            "make sure that only one bot instance is running",
        }
        api.send_text(AN, "đây")
        assert texts(second.result(2)["result"]) == ["đây"]


def test_a_webhook_and_getupdates_exclude_each_other(api: BotApi, ask: Asker) -> None:
    with ThreadPoolExecutor() as pool:
        first = pool.submit(ask, "getUpdates", timeout=5)
        time.sleep(0.2)
        assert ask("setWebhook", url="https://127.0.0.1:8443/x")["description"] == "Webhook was set"
        ended = first.result(2)["description"]
    assert ended == "Conflict: terminated by setWebhook request"
    assert ask.no("getUpdates") == (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    assert ask("deleteWebhook")["description"] == "Webhook was deleted"
    assert ask.yes("getUpdates") == []


def test_allowed_updates_are_remembered_and_an_empty_list_is_the_default(
    api: BotApi, ask: Asker
) -> None:
    ask.yes("getUpdates", allowed_updates=["callback_query"])
    ask.yes("getUpdates")
    api.send_text(AN, "không ai nghe")
    assert api.pending() == []
    ask.yes("getUpdates", allowed_updates=[])
    api.send_text(AN, "nghe")
    assert texts(api.pending()) == ["nghe"]


def test_confirmed_updates_can_come_once_more(api: BotApi, ask: Asker, three: list[int]) -> None:
    after = three[2] + 1
    ask.yes("getUpdates", offset=after)
    assert api.repeat(2) == 2
    assert texts(ask.yes("getUpdates", offset=after)) == ["hai", "ba"]
    assert ask.yes("getUpdates", offset=after) == []
    assert api.confirmed_offset == after


def test_pending_updates_can_change_their_order(api: BotApi, ask: Asker, three: list[int]) -> None:
    api.shuffle()
    fetched = ask.yes("getUpdates")
    assert [one["update_id"] for one in fetched] == three[::-1]


def test_what_nobody_fetches_for_a_day_is_lost(
    api: BotApi, ask: Asker, clock: Clock, three: list[int]
) -> None:
    clock.passes(hours=23)
    api.send_text(AN, "bốn")
    clock.passes(hours=2)
    assert texts(ask.yes("getUpdates")) == ["bốn"]


def test_an_update_of_an_unknown_kind_is_delivered(api: BotApi, ask: Asker) -> None:
    number = api.raw({"hologram": {"id": 1}})
    assert ask.yes("getUpdates") == [{"update_id": number, "hologram": {"id": 1}}]


def test_message_ids_rise_over_all_chats(api: BotApi, ask: Asker) -> None:
    numbers = [api.send_text(AN, "a"), api.send_text(BINH, "b")]
    numbers.append(ask.yes("sendMessage", chat_id=AN, text="c")["message_id"])
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]


def test_a_long_text_comes_as_several_messages(api: BotApi) -> None:
    api.send_text(AN, "x" * 4096 + "y")
    assert [len(text) for text in texts(api.pending())] == [4096, 1]


def test_commands_are_marked(api: BotApi) -> None:
    api.start(AN, "moi-123")
    message = api.pending()[-1]["message"]
    assert message["text"] == "/start moi-123"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
