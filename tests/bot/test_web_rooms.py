"""The rooms of incidents on the web: who may, what is said, tapped, recorded and read there."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.stage import Stage
from bot.web.state import Web
from procedure import actions as a
from storage.tables import InboxRow
from tests.bot.webroom import (
    EXPERT,
    OUTSIDER,
    PRESS,
    act,
    incident,
    invited,
    line_with,
    lines,
    private,
    received,
    rows,
    says,
    settle,
    taps,
)
from tests.bot.webtown import (
    DUTY,
    HEAD,
    JPEG,
    LEADER,
    NOW,
    REPORTER,
    client_of,
    sample_world,
    signed_in,
    web_over,
)

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
