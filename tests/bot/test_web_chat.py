"""The chats of the web: reading without gaps, sending once, files, stops, copies, rights."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from bot.deliver import deliver_all
from bot.turn import turn_all
from bot.web.state import Web
from procedure.codec import Prose, canonical
from procedure.facts import FileRef
from storage import chats, files
from storage.chats import Prompt
from storage.tables import ChatRow, FileRow, InboxRow, MessageRow, SecretStopRow
from tests.bot.webtown import (
    DUTY,
    HEAD,
    JPEG,
    OUTSIDER,
    REPORTER,
    buttons,
    change,
    client_of,
    report,
    say,
    signed_in,
    write,
)

STAMPED = "Xin gửi công văn mật số 12-CV/TU về tuyến đê"


def rows(web: Web, table: Any) -> list[Any]:
    return web.world.db.read(lambda session: list(session.exec(select(table)).all()))


def kept(web: Web) -> list[Path]:
    folder = web.world.settings.data_dir / "files"
    return [path for path in folder.rglob("*") if path.is_file()]


def seqs(page: TestClient, person: int = REPORTER, **query: int) -> tuple[list[int], int]:
    answer = page.get(f"/api/chats/{person}/messages", params=query).json()
    return [one["seq"] for one in answer["messages"]], answer["last_seq"]


# Reading


def test_a_chat_that_has_not_begun_is_empty(page: TestClient) -> None:
    assert seqs(page) == ([], 0)


def test_pages_of_messages_follow_one_another_without_a_gap(web: Web, page: TestClient) -> None:
    say(web.world, REPORTER, *[Prompt(template="x") for _ in range(7)])
    assert seqs(page, after=0, limit=3) == ([1, 2, 3], 7)
    assert seqs(page, after=3, limit=3) == ([4, 5, 6], 7)
    assert seqs(page, after=6, limit=3) == ([7], 7)


def test_nothing_behind_a_prompt_that_is_still_queued_is_shown_before_it(
    web: Web, page: TestClient
) -> None:
    say(web.world, REPORTER, Prompt(template="x"))
    (queued,) = say(web.world, REPORTER, Prompt(template="x"), sent=False)
    say(web.world, REPORTER, Prompt(template="x"))
    assert seqs(page) == ([1], 1)
    change(web.world, queued.id, state=chats.SENT)
    assert seqs(page) == ([1, 2, 3], 3)


def test_a_stale_prompt_is_passed_over(web: Web, page: TestClient) -> None:
    (stale,) = say(web.world, REPORTER, Prompt(template="x"), sent=False)
    say(web.world, REPORTER, Prompt(template="x"))
    change(web.world, stale.id, state=chats.STALE)
    assert seqs(page) == ([2], 2)


def test_a_message_is_told_as_the_contract_says(web: Web, page: TestClient) -> None:
    choices = [
        {"label": "back", "do": {"view": "help"}},
        {"label": "no such label", "do": {"view": "help"}, "quiet": True},
        {"label": "copy", "do": {"copy": "Nội dung này do ông Ví Dụ cung cấp."}},
    ]
    file = {"sha256": "a" * 64, "name": "a.jpg", "media_type": "image/jpeg", "size": 7}
    kept = FileRow(**file, owner=REPORTER, kept_at=web.world.now())
    web.world.db.write(lambda session: files.keep(session, kept))
    say(web.world, REPORTER, Prompt(template="x", choices=choices, rings=True, files=[file]))
    (told,) = page.get("/api/chats/1/messages").json()["messages"]
    assert told == {
        "seq": 1,
        "id": told["id"],
        "from": "bot",
        "text": "text 1",
        "at": "2026-10-12T02:35:00+07:00",
        "at_text": "02:35",
        "day_text": "thứ Hai, ngày 12/10",
        "choices": [
            {"n": 1, "label": told["choices"][0]["label"], "quiet": False},
            {"n": 2, "label": "Chọn mục 2", "quiet": True},
        ],
        "answered": None,
        "superseded": False,
        "files": [
            {
                "url": f"/files/{'a' * 64}",
                "name": "a.jpg",
                "kind": "image",
                "type": "image/jpeg",
                "size": 7,
            }
        ],
        "silent": False,
        "ring": True,
        "drill": False,
        "copy": "Nội dung này do ông Ví Dụ cung cấp.",
        "reply_to": None,
        "state": "live",
    }


def test_a_copy_may_be_a_block_of_a_template(web: Web, page: TestClient) -> None:
    choice = {"label": "copy", "do": {"copy_block": "web#file_type"}}
    say(web.world, REPORTER, Prompt(template="x", facts={"name": "a"}, choices=[choice]))
    (told,) = page.get("/api/chats/1/messages").json()["messages"]
    assert told["copy"].startswith('Tệp "a" không thuộc loại')
    assert told["choices"] == []


def test_shown_goes_no_further_than_what_was_sent(web: Web, page: TestClient) -> None:
    say(web.world, REPORTER, Prompt(template="x"), Prompt(template="x"))
    say(web.world, REPORTER, Prompt(template="x"), sent=False)
    answer = page.post("/api/chats/1/shown", json={"seq": 99})
    assert answer.json() == {"shown_seq": 2}
    (chat,) = [one for one in rows(web, ChatRow) if one.external == "1"]
    assert chat.shown_seq == 2


def test_a_menu_holds_six_commands_at_most_and_none_that_nothing_answers(
    web: Web, page: TestClient
) -> None:
    for person in web.world.db.read(web.world.organisation).people:
        menu = page.get(f"/api/chats/{person}/menu").json()["menu"]
        assert 1 <= len(menu) <= 6
        assert menu[-1]["command"] == "/trogiup"


# Sending


def test_a_message_is_stored_before_it_is_confirmed_and_only_once(
    web: Web, page: TestClient
) -> None:
    answers = [write(page, REPORTER, "sat lo", reply_to="7") for _ in range(2)]
    assert [one.status_code for one in answers] == [202, 202]
    assert [one.json()["state"] for one in answers] == ["stored", "duplicate"]
    (row,) = rows(web, InboxRow)
    body = {"type": "text", "text": "sat lo", "reply_to": 7, "files": []}
    assert (row.external, row.lane, json.loads(row.body)) == ("1:c-1", "1", body)


def test_the_same_client_id_of_another_person_is_another_message(
    web: Web, page: TestClient
) -> None:
    for person in (REPORTER, DUTY):
        write(page, person, "a")
    assert len(rows(web, InboxRow)) == 2


def test_a_tap_is_stored_once(web: Web, page: TestClient) -> None:
    tap = {"client_id": "t-1", "prompt": 5, "n": 2}
    answers = [page.post("/api/chats/1/answers", json=tap) for _ in range(2)]
    assert [one.json()["state"] for one in answers] == ["stored", "duplicate"]
    (row,) = rows(web, InboxRow)
    assert json.loads(row.body) == {"type": "answer", "prompt": 5, "n": 2}


def test_a_message_comes_back_answered(web: Web, page: TestClient) -> None:
    write(page, REPORTER, "trogiup", files=[])
    assert turn_all(web.world) == 1
    deliver_all(web.world)
    told = page.get("/api/chats/1/messages").json()["messages"]
    assert [one["from"] for one in told][:2] == ["me", "bot"]
    assert told[0]["text"] == "trogiup"


@pytest.mark.parametrize(
    ("text", "more", "status"),
    [
        ("", {}, 400),
        ("   ", {}, 400),
        ("a", {"client_id": ""}, 400),
        ("a", {"client_id": "x" * 65}, 400),
        ("a", {"client_id": "mật mã"}, 400),
        ("a", {"reply_to": "x"}, 400),
        ("x" * 10_001, {}, 413),
        ("a", {"files": [("a.txt", b"x")] * 11}, 413),
        ("a", {"files": [("a.jpg", b"")]}, 415),
    ],
)
def test_what_cannot_be_taken_is_refused_in_one_sentence(
    web: Web, page: TestClient, text: str, more: dict[str, Any], status: int
) -> None:
    answer = write(page, REPORTER, text, **more)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert rows(web, InboxRow) == []
    assert kept(web) == []


def test_ten_files_are_one_message(web: Web, page: TestClient) -> None:
    files = [(f"{n}.jpg", JPEG + bytes([n])) for n in range(10)]
    assert write(page, REPORTER, "", files=files).status_code == 202
    (row,) = rows(web, InboxRow)
    names = [one["name"] for one in json.loads(row.body)["files"]]
    assert names == [f"{n}.jpg" for n in range(10)]
    assert len(kept(web)) == len(rows(web, FileRow)) == 10


def test_a_file_of_thirty_megabytes_is_refused_and_nothing_is_left(
    web: Web, page: TestClient
) -> None:
    files = [("small.jpg", JPEG), ("lớn.jpg", os.urandom(30 * 1024 * 1024))]
    answer = write(page, REPORTER, "a", files=files)
    assert answer.status_code == 413
    assert 'Tệp "lớn.jpg" vượt 20 MB' in answer.json()["error"]
    assert (kept(web), rows(web, InboxRow), rows(web, FileRow)) == ([], [], [])


def test_one_file_of_a_wrong_type_refuses_the_whole_message(web: Web, page: TestClient) -> None:
    files = [("a.jpg", JPEG), ("b.jpg", b"MZ\x90\x00" + b"\x00" * 64)]
    answer = write(page, REPORTER, "a", files=files)
    assert answer.status_code == 415
    assert '"b.jpg"' in answer.json()["error"]
    assert (kept(web), rows(web, InboxRow), rows(web, FileRow)) == ([], [], [])


# Secrets


@pytest.mark.parametrize(
    ("text", "name"), [(STAMPED, "a.jpg"), ("ảnh đây", "cong van mat 12.jpg"), (STAMPED, None)]
)
def test_a_stopped_message_leaves_no_byte_anywhere(
    web: Web, page: TestClient, text: str, name: str | None
) -> None:
    secret = b"%PDF-1.7 the content of the paper" + b"x" * 2_000_000
    files = [(name, secret)] if name else []
    answer = write(page, REPORTER, text, files=files)
    assert (answer.status_code, answer.json()["state"]) == (202, "stopped")
    folder = web.world.settings.data_dir
    written = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for found in (STAMPED.encode(), b"12-CV/TU", b"content of the paper", b"cong van mat 12"):
        assert found not in written
    assert kept(web) == []
    assert len(rows(web, SecretStopRow)) == 1
    assert rows(web, InboxRow) == []
    deliver_all(web.world)
    (told,) = page.get("/api/chats/1/messages").json()["messages"]
    assert "0296.000.0002" in told["text"]


def test_a_stopped_file_is_not_even_taken_in(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    from starlette.datastructures import UploadFile

    taken: list[int] = []

    async def spied(self: UploadFile, data: bytes) -> None:
        taken.append(len(data))

    monkeypatch.setattr(UploadFile, "write", spied)
    write(client_of(web), REPORTER, "", files=[("cong van mat.jpg", b"x" * 3_000_000)])
    assert taken == []


# Rights to files


def keep_file(web: Web, owner: int, *, in_report: bool = False, body: bytes = JPEG) -> str:
    """A file sent by a person, and when wanted standing in an incident of the commune."""
    write(signed_in(web, owner), owner, "a", files=[("ảnh một.jpg", body)])
    (row,) = rows(web, FileRow)
    if in_report:
        ref = FileRef(
            sha256=row.sha256, media_type=row.media_type, size=row.size, name=Prose(row.name)
        )
        report(web.world, files=(ref,))
    return str(row.sha256)


def test_a_file_is_seen_by_its_owner_and_nobody_else(real: Web) -> None:
    sha256 = keep_file(real, REPORTER)
    seen = signed_in(real, REPORTER).get(f"/files/{sha256}")
    assert seen.content == JPEG
    assert seen.headers["content-type"] == "image/jpeg"
    assert seen.headers["x-content-type-options"] == "nosniff"
    assert seen.headers["cache-control"].startswith("private")
    assert seen.headers["content-disposition"].startswith("inline; filename*=utf-8''")
    assert signed_in(real, HEAD).get(f"/files/{sha256}").status_code == 404
    assert client_of(real).get(f"/files/{sha256}").status_code == 401


def test_a_file_in_an_incident_is_seen_by_those_who_may_see_the_incident(real: Web) -> None:
    sha256 = keep_file(real, REPORTER, in_report=True)
    statuses = {
        person: signed_in(real, person).get(f"/files/{sha256}").status_code
        for person in (REPORTER, HEAD, OUTSIDER, DUTY)
    }
    # The department sees an incident only once it has been sent up.
    assert statuses == {REPORTER: 200, HEAD: 200, OUTSIDER: 404, DUTY: 404}


def test_a_file_that_somebody_was_sent_is_seen_by_him(real: Web) -> None:
    sha256 = keep_file(real, REPORTER)
    file = {"sha256": sha256, "name": "a", "media_type": "image/jpeg", "size": 1}
    say(real.world, DUTY, Prompt(template="x", files=[file]))
    assert signed_in(real, DUTY).get(f"/files/{sha256}").status_code == 200


def test_a_text_is_saved_and_not_shown_in_the_page(real: Web) -> None:
    sha256 = keep_file(real, REPORTER, body=b"<script>alert(1)</script>")
    seen = signed_in(real, REPORTER).get(f"/files/{sha256}")
    assert seen.headers["content-disposition"].startswith("attachment")
    assert seen.headers["content-type"].startswith("text/plain")


def test_a_file_whose_bytes_were_erased_is_not_there(real: Web) -> None:
    sha256 = keep_file(real, REPORTER)
    kept(real)[0].unlink()
    assert signed_in(real, REPORTER).get(f"/files/{sha256}").status_code == 404


def test_a_long_recording_may_be_heard_in_parts(real: Web) -> None:
    body = b"ID3\x03" + bytes(range(200))
    sha256 = keep_file(real, REPORTER, body=body)
    part = signed_in(real, REPORTER).get(f"/files/{sha256}", headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, body[4:8])


def test_waiting_prompts_are_counted_by_person(web: Web, page: TestClient) -> None:
    first, *_ = say(web.world, REPORTER, *[Prompt(template="x", choices=buttons("back"))] * 2)
    say(web.world, DUTY, Prompt(template="x"))
    to_read = [{"label": "see_report", "do": {"view": "report"}}]
    say(web.world, DUTY, Prompt(template="x", choices=to_read))
    change(web.world, first.id, answered=1)
    waiting = page.get("/api/session").json()["waiting"]
    assert waiting == [{"persona": REPORTER, "count": 1}]


def test_the_files_of_a_message_are_told_with_it(web: Web, page: TestClient) -> None:
    def work(session: Session) -> None:
        chat = chats.chat_of(session, "web", "1", 1)
        file = {"sha256": "b" * 64, "name": "a.pdf", "media_type": "application/pdf", "size": 3}
        line = chats.said(session, chat, "đây", at=web.world.now(), files=[file])
        assert session.get_one(MessageRow, line).files == canonical([file])

    web.world.db.write(work)
    (told,) = page.get("/api/chats/1/messages").json()["messages"]
    assert (told["from"], told["files"][0]["kind"]) == ("me", "file")
