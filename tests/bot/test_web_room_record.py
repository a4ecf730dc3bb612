"""What is said in a room on the web: on record, taken back, stopped, and told over the stream."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.web.room_stream import RoomFeed
from bot.web.state import Web
from procedure import actions as a
from procedure.codec import Prose
from storage import places
from storage.tables import ChatRow, ContentRow, InboxRow, MessageRow
from tests.bot.webroom import (
    OUTSIDER,
    PRESS,
    STAMPED,
    act,
    asked,
    incident,
    line_with,
    lines,
    private,
    rows,
    says,
    settle,
    taps,
)
from tests.bot.webtown import (
    DUTY,
    HEAD,
    JPEG,
    NOW,
    REPORTER,
)

ON_IN_PRIVATE = "Mời đồng chí tiếp tục trong tin nhắn riêng."

# On record


def test_what_is_said_is_no_record_and_what_is_to_be_one_is(
    page: TestClient, stream: str, web: Web
) -> None:
    says(page, HEAD, stream, "đang trên đường")
    says(page, HEAD, stream, "đã dựng rào chắn hai đầu", record="true")
    says(page, HEAD, stream, "/ghi đã cắm biển báo")
    settle(web)
    records = incident(web, stream).records
    assert [(one.author, str(one.text)) for one in records] == [
        (HEAD, "đã dựng rào chắn hai đầu"),
        (HEAD, "đã cắm biển báo"),
    ]
    found = {one["text"]: one["record"] for one in lines(page, DUTY, stream) if one["author"]}
    assert found == {
        "đang trên đường": None,
        "đã dựng rào chắn hai đầu": {"number": 1, "state": "kept"},
        "đã cắm biển báo": {"number": 2, "state": "kept"},
    }
    assert "Trong 10 phút" in private(page, HEAD)[-1]


def test_a_reply_to_a_line_that_asks_goes_on_record(
    page: TestClient, stream: str, web: Web
) -> None:
    asked(web, stream)
    line = line_with(page, HEAD, stream, "đề nghị")
    says(page, HEAD, stream, "14 hộ, 51 nhân khẩu", reply_to=str(line["id"]))
    settle(web)
    (record,) = incident(web, stream).records
    assert str(record.text) == "14 hộ, 51 nhân khẩu" and record.about == "supplement:1"


def test_a_record_taken_back_leaves_the_fact_and_no_word(
    page: TestClient, stream: str, web: Web
) -> None:
    words = "số điện thoại của nạn nhân, ghi nhầm"
    says(page, HEAD, stream, words, record="true", files=[("ten nan nhan.jpg", JPEG)])
    settle(web)
    see = line_with(page, REPORTER, stream, "Đã ghi vào hồ sơ")
    taps(page, REPORTER, stream, see, "Xem hồ sơ phòng")
    settle(web)
    feed = RoomFeed(web, [DUTY], {stream: lines(page, DUTY, stream)[-1]["seq"]})
    web.world.db.read(lambda session: feed.read(session, []))
    act(web, stream, HEAD, a.WithdrawRecord(record=1))
    told = [data for name, data in web.world.db.read(lambda s: feed.read(s, [])) if name == "room"]
    assert (told[0]["record"], told[0]["text"]) == ({"number": 1, "state": "withdrawn"}, "")
    assert "mục 1 đã được rút lại" in told[1]["text"]
    kept = [
        *(one.text or "" for one in rows(web, ContentRow)),
        *(one.text + one.facts + one.files for one in rows(web, MessageRow)),
        *(json.dumps(json.loads(one.body), ensure_ascii=False) for one in rows(web, InboxRow)),
    ]
    assert not [text for text in kept if words in text or "nan nhan" in text]
    line = next(one for one in lines(page, DUTY, stream) if one["record"])
    assert (line["text"], line["files"], line["author"]["id"]) == ("", [], HEAD)


def test_a_long_record_has_pages(page: TestClient, stream: str, web: Web) -> None:
    for n in range(1, 13):
        act(web, stream, HEAD, a.KeepRecord(text=Prose(f"mốc {n:02d}"), said_at=NOW, room=0))
    act(web, stream, HEAD, a.WithdrawRecord(record=2))
    says(page, REPORTER, stream, "/hoso")
    settle(web)
    first = page.get(f"/api/chats/{REPORTER}/messages").json()["messages"][-1]
    assert "(trang 1 trên 2)" in first["text"] and '"mốc 10"' in first["text"]
    assert "mốc 02" not in first["text"] and "2. Đồng chí Nguyễn Văn Ví Dụ" in first["text"]
    assert [one["label"] for one in first["choices"]] == ["Trang sau"]
    tap = {"client_id": "t-next", "prompt": first["id"], "n": 1}
    page.post(f"/api/chats/{REPORTER}/answers", json=tap)
    settle(web)
    second = page.get(f"/api/chats/{REPORTER}/messages").json()["messages"][-1]
    assert '"mốc 12"' in second["text"] and second["choices"] == []


def test_words_about_another_matter_are_asked_about_in_private(
    page: TestClient, stream: str, web: Web
) -> None:
    says(page, REPORTER, stream, "cháy chợ phường Cồn Phước, 2 người bị thương")
    settle(web)
    assert "có vẻ nói về việc khác" in private(page, REPORTER)[-1]
    assert "cháy chợ" in lines(page, DUTY, stream)[-1]["text"], "the bot says nothing in the room"


def test_another_command_is_answered_in_private(page: TestClient, stream: str, web: Web) -> None:
    said = len(lines(page, HEAD, stream))
    answer = says(page, HEAD, stream, "/vuviec")
    assert answer.json() == {"state": "stored", "toast": ON_IN_PRIVATE, "private": True}
    settle(web)
    assert "VV-2026-001" in private(page, HEAD)[-1]
    assert len(lines(page, HEAD, stream)) == said


def test_a_stamp_of_secrecy_is_stopped_and_told_to_its_sender_alone(
    page: TestClient, stream: str, web: Web
) -> None:
    said, kept = len(lines(page, DUTY, stream)), len(rows(web, InboxRow))
    answer = says(page, HEAD, stream, STAMPED, record="true", files=[("a.jpg", JPEG)])
    assert answer.json() == {"state": "stopped", "toast": ON_IN_PRIVATE, "private": True}
    settle(web)
    assert len(lines(page, DUTY, stream)) == said
    assert len(rows(web, InboxRow)) == kept
    own = [one for one in rows(web, MessageRow) if one.template == "answers#secret_stopped"]
    chats = {one.id: one.external for one in rows(web, ChatRow)}
    assert [chats[one.chat] for one in own] == [str(HEAD)]


@pytest.mark.parametrize(("text", "more", "status"), [("", {}, 400), ("a", {"reply_to": "x"}, 400)])
def test_what_cannot_be_taken_is_refused_in_one_sentence(
    page: TestClient, stream: str, text: str, more: dict[str, Any], status: int
) -> None:
    answer = says(page, HEAD, stream, text, **more)
    assert answer.status_code == status and answer.json()["error"]


# The stream


def test_the_stream_tells_a_line_to_members_only_and_stops_at_once(
    page: TestClient, stream: str, web: Web
) -> None:
    act(web, stream, DUTY, a.AddRoomMember(person=OUTSIDER))
    start = lines(page, DUTY, stream)[-1]["seq"]
    feed = RoomFeed(web, [DUTY, OUTSIDER, PRESS], {stream: start})

    def read() -> list[tuple[str, dict[str, Any]]]:
        return web.world.db.read(lambda session: feed.read(session, []))

    cards = [one for one in read() if not one[1]["gone"]]
    assert [(name, data["person"]) for name, data in cards] == [("card", DUTY), ("card", OUTSIDER)]
    assert read() == []
    says(page, REPORTER, stream, "nước đang rút")
    settle(web)
    found = [(name, data["person"], data["seq"]) for name, data in read()]
    assert found == [("room", DUTY, start + 1), ("room", OUTSIDER, start + 1)]
    act(web, stream, DUTY, a.RemoveRoomMember(person=OUTSIDER))
    says(page, REPORTER, stream, "nước đã rút")
    settle(web)
    after = read()
    assert ("card", {"person": OUTSIDER, "room": stream, "gone": True}) in after
    assert {data["person"] for name, data in after if name == "room"} == {DUTY}


def test_the_stream_resumes_by_room_and_number(page: TestClient, stream: str, web: Web) -> None:
    whole = [one["seq"] for one in lines(page, DUTY, stream)]
    feed = RoomFeed(web, [DUTY], {stream: whole[0]})
    told = web.world.db.read(lambda session: feed.read(session, []))
    assert [data["seq"] for name, data in told if name == "room"] == whole[1:]


def test_a_room_on_the_web_is_no_place_of_a_messenger(stream: str, web: Web) -> None:
    assert web.world.db.read(lambda session: places.of_streams(session, [stream])) == []
