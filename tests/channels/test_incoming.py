"""What an update of Telegram says, by table, and what no update can break."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.incoming import Unreadable, read, update_id
from storage.access import digest

CHAT = {"id": 7, "type": "private"}
GROUP = {"id": -7, "type": "group"}
ME = {"id": 7, "is_bot": False, "first_name": "An"}


def message(**more: Any) -> dict[str, Any]:
    body = {"message_id": 5, "date": 0, "chat": CHAT, "from": ME, **more}
    return {"update_id": 3, "message": body}


def photo(size: int) -> dict[str, Any]:
    return {"file_id": f"p{size}", "file_unique_id": "u", "file_size": size}


@pytest.mark.parametrize(
    ("update", "kind", "more"),
    [
        (message(text="xin chao"), "message", {"text": "xin chao"}),
        (message(text="/start"), "start", {"digest": None}),
        (message(text="/start@bot abc"), "start", {"digest": digest("abc")}),
        (message(text="/baocao sat lo"), "message", {"text": "/baocao sat lo"}),
        (message(photo=[photo(1), photo(9)], caption="sat lo"), "message", {"text": "sat lo"}),
        (message(location={"latitude": 1.5, "longitude": 2.5}), "place", {"lat": 1.5}),
        (
            message(
                venue={"location": {"latitude": 1, "longitude": 2}, "title": "UBND", "address": ""},
                location={"latitude": 1, "longitude": 2},
            ),
            "place",
            {"name": "UBND"},
        ),
        (message(sticker={"file_id": "s"}), "unusable", {"kind": "sticker"}),
        (message(story={}), "unusable", {"kind": "other"}),
        (
            message(text="ro", reply_to_message={"message_id": 4}),
            "message",
            {"reply_external": "4"},
        ),
    ],
)
def test_a_message_is_read(update: dict[str, Any], kind: str, more: dict[str, Any]) -> None:
    found = read(update)
    assert found is not None and (found.external, found.lane, found.account) == ("3", "7", "7")
    assert found.body["type"] == kind and more.items() <= found.body.items()


def test_the_largest_size_of_a_photo_is_the_one_to_fetch() -> None:
    found = read(message(photo=[photo(1), photo(9)], media_group_id="a"))
    assert found is not None and [one["id"] for one in found.fetch] == ["p9"]
    assert found.album == "a" and found.texts == ("", "photo-5.jpg")


def test_the_code_of_a_link_is_never_in_the_body() -> None:
    found = read(message(text="/start geheim"))
    assert found is not None and "geheim" not in repr(found)


@pytest.mark.parametrize(
    "update",
    [
        message(text="a", chat={"id": -7, "type": "channel"}),
        message(text="a", **{"from": {**ME, "is_bot": True}}),
        message(pinned_message={}),
        {"update_id": 3, "callback_query": {"id": "1", "from": ME, "data": "x:y"}},
        {
            "update_id": 3,
            "callback_query": {"id": "1", "from": ME, "data": "abc", "message": {"chat": CHAT}},
        },
        {"update_id": 3, "inline_query": {}},
        {"update_id": 3},
    ],
)
def test_what_nothing_here_answers_is_passed_over(update: dict[str, Any]) -> None:
    assert read(update) is None


def test_a_reaction_counts_when_it_is_new() -> None:
    def reaction(old: list[str], new: list[str]) -> dict[str, Any]:
        def signs(listed: list[str]) -> list[dict[str, str]]:
            return [{"type": "emoji", "emoji": one} for one in listed]

        body = {"chat": CHAT, "user": ME, "message_id": 4}
        body |= {"old_reaction": signs(old), "new_reaction": signs(new)}
        return {"update_id": 3, "message_reaction": body}

    found = read(reaction([], ["👍"]))
    assert found is not None and found.body == {"type": "reaction", "external": "4", "sign": "👍"}
    assert read(reaction(["👍"], [])) is None and read(reaction(["👍"], ["👍"])) is None


WORDS = (
    *("chat", "from", "id", "type", "text", "message_id", "photo", "document", "location"),
    *("data", "message", "old_reaction", "new_reaction", "new_chat_member", "status"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(WORDS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
KINDS = ("message", "edited_message", "callback_query", "message_reaction", "my_chat_member")


@given(st.sampled_from(KINDS), JSON)
def test_no_malformed_update_breaks_the_reading(kind: str, body: object) -> None:
    with contextlib.suppress(Unreadable):
        read({"update_id": 3, kind: body})


def test_an_update_without_a_number_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        update_id({"message": {}})
