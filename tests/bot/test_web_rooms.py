"""The rooms of incidents on the web: who may, what is said, tapped, recorded and read there."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from bot.deliver import deliver_all
from bot.stage import Stage
from bot.turn import turn_all
from bot.web.room_stream import RoomFeed
from bot.web.state import Web
from procedure import actions as a
from procedure.codec import Prose
from procedure.incident import Incident
from storage import incidents, places
from storage.tables import ChatRow, ContentRow, InboxRow, MessageRow
from tests.bot.webtown import (
    DUTY,
    HEAD,
    JPEG,
    LEADER,
    NOW,
    REPORTER,
    client_of,
    report,
    sample_world,
    signed_in,
    web_over,
)

EXPERT, PRESS, OUTSIDER = 8, 22, 24
STAMPED = "Xin gửi công văn mật số 12-CV/TU về tuyến đê"


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    world = sample_world(tmp_path)
    yield web_over(world)
    world.db.close()


@pytest.fixture
def page(web: Web) -> TestClient:
    return client_of(web)


@pytest.fixture
def stream(web: Web) -> str:
    """An incident of the commune that the province has received and called a meeting about."""
    return received(web)


def received(web: Web) -> str:
    made = report(web.world)
    act(web, made, HEAD, a.DecideAuthority(beyond=True, reason=Prose("Vượt khả năng của xã")))
    act(web, made, REPORTER, a.AmendReport(item="place", text=Prose("ấp Tre Đông")))
    act(web, made, HEAD, a.SubmitReport(through=2, to=1))
    act(web, made, DUTY, a.ReceiveReport())
    return made


def act(web: Web, stream: str, person: int, action: a.Action) -> None:
    """Puts an action to the rules; all that follows is delivered."""

    def work(session: Session) -> None:
        Stage(web.world, session, web.world.now(), "web").perform(stream, person, action)

    web.world.db.write(work)
    settle(web)


def settle(web: Web) -> None:
    turn_all(web.world)
    deliver_all(web.world)


def invited(web: Web, stream: str) -> None:
    """A meeting: the line about it in the room has [Dự] and [Vắng]."""
    people = web.world.db.read(web.world.organisation).people
    meeting = a.CallMeeting(
        starts_at=NOW + timedelta(hours=6),
        place=Prose("online"),
        chair=LEADER,
        invitees=(HEAD, EXPERT),
        units=(people[HEAD].unit, people[EXPERT].unit),
    )
    act(web, stream, DUTY, meeting)


def asked(web: Web, stream: str) -> None:
    """The department asks for something more: a reply to that line goes on record."""
    due = NOW + timedelta(hours=2)
    act(web, stream, DUTY, a.RequestSupplement(items=Prose("số hộ phải di dời"), due=due))


def says(page: TestClient, person: int, stream: str, text: str = "", **more: Any) -> Any:
    """One line of the page into the room; `files` as (name, bytes) pairs."""
    files = [("files", (name, body)) for name, body in more.pop("files", ())]
    data = {"client_id": f"c-{text[:20].encode().hex()}", "text": text, **more}
    address = f"/api/rooms/{person}/{stream}/messages"
    return page.post(address, data=data, files=files or [("ignored", (None, b""))])


def lines(page: TestClient, person: int, stream: str, after: int = 0) -> list[dict[str, Any]]:
    address = f"/api/rooms/{person}/{stream}/messages"
    found: list[dict[str, Any]] = page.get(address, params={"after": after}).json()["messages"]
    return found


def line_with(page: TestClient, person: int, stream: str, words: str) -> dict[str, Any]:
    return next(one for one in reversed(lines(page, person, stream)) if words in one["text"])


def taps(page: TestClient, person: int, stream: str, line: dict[str, Any], label: str) -> Any:
    n = next(one["n"] for one in line["choices"] if one["label"] == label)
    body = {"client_id": f"t-{person}-{line['id']}-{n}", "prompt": line["id"], "n": n}
    return page.post(f"/api/rooms/{person}/{stream}/taps", json=body).json()


def private(page: TestClient, person: int) -> list[str]:
    told = page.get(f"/api/chats/{person}/messages").json()["messages"]
    return [one["text"] for one in told]


def incident(web: Web, stream: str) -> Incident:
    return web.world.db.read(lambda session: incidents.get(session, stream))


def rows(web: Web, table: Any) -> list[Any]:
    return web.world.db.read(lambda session: list(session.exec(select(table)).all()))


# Who may


ADDRESSES: tuple[tuple[str, str, Any], ...] = (
    ("get", "messages", None),
    ("get", "card", None),
    ("get", "members", None),
    ("post", "messages", {}),
    ("post", "taps", {"client_id": "t", "prompt": 1, "n": 1}),
    ("post", "shown", {"seq": 1}),
)


@pytest.mark.parametrize("person", [PRESS, OUTSIDER])
@pytest.mark.parametrize(("method", "what", "body"), ADDRESSES)
def test_every_address_of_a_room_is_shut_to_whoever_is_no_member(
    page: TestClient, stream: str, web: Web, person: int, method: str, what: str, body: Any
) -> None:
    kept = len(rows(web, InboxRow))
    for known in (stream, "incident-999"):
        address = f"/api/rooms/{person}/{known}/{what}"
        answer = page.get(address) if method == "get" else page.post(address, json=body)
        assert answer.status_code == 403
        assert answer.json()["error"].startswith("Phòng này chỉ mở cho đồng chí có phần việc")
    assert page.get(f"/api/rooms/{person}").json() == {"rooms": []}
    assert len(rows(web, InboxRow)) == kept


def test_outside_a_rehearsal_everybody_is_only_himself(tmp_path: Path) -> None:
    world = sample_world(tmp_path / "real", rehearsal=False)
    web = web_over(world)
    stream = received(web)
    duty, stranger = signed_in(web, DUTY), client_of(web)
    assert duty.get(f"/api/rooms/{DUTY}/{stream}/card").status_code == 200
    assert duty.get(f"/api/rooms/{HEAD}/{stream}/card").status_code == 403
    assert stranger.get(f"/api/rooms/{DUTY}/{stream}/card").status_code == 401
    world.db.close()


def test_whoever_is_taken_out_is_out_at_once(page: TestClient, stream: str, web: Web) -> None:
    act(web, stream, DUTY, a.AddRoomMember(person=EXPERT))
    assert says(page, EXPERT, stream, "tôi đã đến nơi").status_code == 202
    act(web, stream, DUTY, a.RemoveRoomMember(person=EXPERT))
    assert says(page, EXPERT, stream, "còn một việc").status_code == 403


def test_what_was_sent_by_somebody_taken_out_meanwhile_is_refused_in_private(
    page: TestClient, stream: str, web: Web
) -> None:
    act(web, stream, DUTY, a.AddRoomMember(person=EXPERT))
    says(page, EXPERT, stream, "đoạn này còn sạt", record="true")
    out = a.RemoveRoomMember(person=EXPERT)
    web.world.db.write(
        lambda session: Stage(web.world, session, NOW, "web").perform(stream, DUTY, out)
    )
    settle(web)
    assert not [one for one in lines(page, DUTY, stream) if "còn sạt" in one["text"]]
    assert incident(web, stream).records == ()
    assert "người trực" in private(page, EXPERT)[-1] or "phần việc" in private(page, EXPERT)[-1]


# What is there


def test_a_room_is_listed_with_its_step_and_what_is_unread(page: TestClient, stream: str) -> None:
    (room,) = page.get(f"/api/rooms/{DUTY}").json()["rooms"]
    assert room["room"] == stream and room["code"] == "VV-2026-001"
    assert room["step_text"] and room["severity_text"] == "Nghiêm trọng"
    assert room["unread"] == room["last_seq"] == len(lines(page, DUTY, stream))
    assert "đã tiếp nhận báo cáo" in room["last"]["text"]
    page.post(f"/api/rooms/{DUTY}/{stream}/shown", json={"seq": 99})
    says(page, REPORTER, stream, "đang di dời 7 hộ")
    settle_of(page)
    (duty,) = page.get(f"/api/rooms/{DUTY}").json()["rooms"]
    (own,) = page.get(f"/api/rooms/{REPORTER}").json()["rooms"]
    assert (duty["unread"], duty["last"]["name"]) == (1, "Thí Dụ")
    assert own["unread"] == own["last_seq"] - 1, "what one says oneself is read"


def settle_of(page: TestClient) -> None:
    settle(page.app.state.web)  # type: ignore[attr-defined]


def test_shown_goes_no_further_than_what_was_said_and_never_back(
    page: TestClient, stream: str
) -> None:
    last = lines(page, DUTY, stream)[-1]["seq"]
    for seq, told in ((2, 2), (99, last), (1, last)):
        answer = page.post(f"/api/rooms/{DUTY}/{stream}/shown", json={"seq": seq})
        assert answer.json() == {"shown_seq": told}


def test_a_line_is_told_with_its_author_and_to_himself_as_his(
    page: TestClient, stream: str
) -> None:
    says(page, REPORTER, stream, "đang di dời 7 hộ", files=[("a.jpg", JPEG)])
    settle_of(page)
    seen = {who: lines(page, who, stream)[-1] for who in (REPORTER, DUTY)}
    assert (seen[REPORTER]["from"], seen[DUTY]["from"]) == ("me", "other")
    assert seen[DUTY]["author"]["name"] == "Võ Thị Thí Dụ"
    assert seen[DUTY]["author"]["post"] == "Công chức Văn hóa - Xã hội xã Vàm Tre"
    assert [one["name"] for one in seen[DUTY]["files"]] == ["a.jpg"]
    assert seen[DUTY]["record"] is None
    bot = lines(page, DUTY, stream)[0]
    assert (bot["from"], bot["author"]) == ("bot", None)


def test_a_file_of_a_room_is_for_its_members(tmp_path: Path) -> None:
    world = sample_world(tmp_path / "real", rehearsal=False)
    web = web_over(world)
    stream = received(web)
    says(signed_in(web, REPORTER), REPORTER, stream, "ảnh đây", files=[("a.jpg", JPEG)])
    settle(web)
    (url,) = {
        one["url"] for line in lines(signed_in(web, DUTY), DUTY, stream) for one in line["files"]
    }
    statuses = {who: signed_in(web, who).get(url).status_code for who in (DUTY, OUTSIDER, PRESS)}
    assert statuses == {DUTY: 200, OUTSIDER: 404, PRESS: 404}
    world.db.close()


def test_the_card_follows_the_incident(page: TestClient, stream: str, web: Web) -> None:
    address = f"/api/rooms/{HEAD}/{stream}/card"
    before = page.get(address).json()
    assert "Phát ngôn: đồng chí Nguyễn Văn Ví Dụ" in before["text"]
    assert "Họp" not in before["text"]
    invited(web, stream)
    after = page.get(address).json()
    assert "Họp: " in after["text"] and after["code"] == "VV-2026-001"


def test_the_members_stand_in_the_order_of_their_parts(page: TestClient, stream: str) -> None:
    found = page.get(f"/api/rooms/{DUTY}/{stream}/members").json()["members"]
    first = found[0]
    assert (first["name"], first["part_text"]) == ("Nguyễn Văn Ví Dụ", "Người phát ngôn")
    assert first["post"] == "Chủ tịch UBND xã Vàm Tre" and first["unit"] == "xã Vàm Tre"
    people = [one["id"] for one in found]
    assert len(people) == len(set(people)) and {REPORTER, HEAD, DUTY, LEADER} <= set(people)
    assert PRESS not in people and OUTSIDER not in people


# Taps


def test_a_tap_answers_with_its_toast_and_each_taps_for_himself(
    page: TestClient, stream: str, web: Web
) -> None:
    invited(web, stream)
    line = line_with(page, EXPERT, stream, "Kính đề nghị các đồng chí được mời trả lời")
    done = taps(page, EXPERT, stream, line, "Dự")
    assert (done["toast"], done["private"], done["state"]) == ("Đã ghi nhận.", False, "stored")
    settle(web)
    answered = {one.person: one.answer for one in incident(web, stream).meeting.invitees}  # type: ignore[union-attr]
    assert answered[EXPERT] == "yes" and answered[HEAD] is None
    wrong = taps(page, REPORTER, stream, line, "Dự")
    assert wrong["toast"] == "Nút này dành cho đồng chí khác."
    again = line_with(page, HEAD, stream, "Kính đề nghị các đồng chí được mời trả lời")
    assert [one["label"] for one in again["choices"]] == ["Dự", "Vắng"]
    assert again["answered"] is None and again["superseded"] is False


def test_a_tap_sent_twice_is_one(page: TestClient, stream: str, web: Web) -> None:
    invited(web, stream)
    line = line_with(page, EXPERT, stream, "Kính đề nghị các đồng chí được mời trả lời")
    states = [taps(page, EXPERT, stream, line, "Dự")["state"] for _ in range(2)]
    assert states == ["stored", "duplicate"]


def test_a_button_that_shows_something_goes_on_in_his_own_chat(
    page: TestClient, stream: str, web: Web
) -> None:
    says(page, HEAD, stream, "xã đã dựng rào chắn", record="true")
    settle(web)
    line = line_with(page, REPORTER, stream, "Đã ghi vào hồ sơ")
    told = taps(page, REPORTER, stream, line, "Xem hồ sơ phòng")
    assert told["private"] and told["toast"] == "Mời đồng chí tiếp tục trong tin nhắn riêng."
    settle(web)
    last = private(page, REPORTER)[-1]
    assert last.startswith("Hồ sơ phòng VV-2026-001:") and '"xã đã dựng rào chắn"' in last


def test_no_line_of_another_chat_is_reached_by_its_number(
    page: TestClient, stream: str, web: Web
) -> None:
    (own,) = [
        one for one in page.get(f"/api/chats/{HEAD}/messages").json()["messages"] if one["choices"]
    ][:1]
    body = {"client_id": "t-x", "prompt": own["id"], "n": 1}
    answer = page.post(f"/api/rooms/{REPORTER}/{stream}/taps", json=body)
    assert answer.status_code == 404 and "không còn trong phòng" in answer.json()["error"]
    says(page, REPORTER, stream, "trả lời nhầm", reply_to=str(own["id"]))
    settle(web)
    assert lines(page, REPORTER, stream)[-1]["reply_to"] is None


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
    assert answer.json() == {"state": "stored", "private": True}
    settle(web)
    assert "VV-2026-001" in private(page, HEAD)[-1]
    assert len(lines(page, HEAD, stream)) == said


def test_a_stamp_of_secrecy_is_stopped_and_told_to_its_sender_alone(
    page: TestClient, stream: str, web: Web
) -> None:
    said, kept = len(lines(page, DUTY, stream)), len(rows(web, InboxRow))
    answer = says(page, HEAD, stream, STAMPED, record="true", files=[("a.jpg", JPEG)])
    assert answer.json() == {"state": "stopped", "private": True}
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
