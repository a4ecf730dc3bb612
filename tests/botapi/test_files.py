"""Files both ways: uploads, identifiers, sizes, downloads, albums."""

import json
from typing import Any

import httpx
import pytest

from tests.botapi.conftest import AN, Asker, Clock
from tests.botapi.driver import BotApi
from tests.botapi.files import grey_png, jpeg_size, picture_size

PNG = grey_png(2000, 1000)
JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x02\x58\x03\x20" + b"\0" * 20
Parts = dict[str, tuple[str, bytes, str]]


def send(ask: Asker, method: str, parts: Parts, **args: Any) -> dict[str, Any]:
    """A multipart request."""
    url = f"{ask.api.base_url}{ask.api.token}/{method}"
    answer: dict[str, Any] = ask.client.post(url, data=args, files=parts).json()
    return answer


def test_the_size_of_a_picture_is_read_from_its_header() -> None:
    assert picture_size(PNG) == (2000, 1000)
    assert jpeg_size(JPEG) == picture_size(JPEG) == (800, 600)
    assert picture_size(b"GIF89a\x03\x00\x04\x00") == (3, 4)
    assert picture_size(b"%PDF-1.7") is None


def test_a_photo_of_a_user_comes_in_sizes_the_largest_last(api: BotApi, ask: Asker) -> None:
    api.send_photo(AN, PNG, caption="hiện trường")
    message = ask.yes("getUpdates")[0]["message"]
    assert message["caption"] == "hiện trường"
    sizes = message["photo"]
    assert [(one["width"], one["height"]) for one in sizes] == [
        (90, 45),
        (320, 160),
        (800, 400),
        (1280, 640),
        (2000, 1000),
    ]
    assert len({one["file_id"] for one in sizes}) == 5
    assert all(one["file_id"] != one["file_unique_id"] for one in sizes)
    assert fetch(ask, sizes[-1]["file_id"]) == PNG
    assert picture_size(fetch(ask, sizes[0]["file_id"])) == (90, 45)


def fetch(ask: Asker, file_id: str) -> bytes:
    """Downloads a file by its identifier."""
    path = ask.yes("getFile", file_id=file_id)["file_path"]
    answer = ask.client.get(f"{ask.api.base_file_url}{ask.api.token}/{path}")
    assert answer.status_code == 200
    return answer.content


def test_a_link_lives_for_an_hour_and_only_after_getfile(
    api: BotApi, ask: Asker, clock: Clock
) -> None:
    api.send_document(AN, b"%PDF-1.7", "công văn.pdf", "application/pdf")
    document = ask.yes("getUpdates")[0]["message"]["document"]
    assert document["file_name"] == "công văn.pdf" and document["file_size"] == 8
    url = f"{api.base_file_url}{api.token}/documents/file_0.pdf"
    assert ask.client.get(url).status_code == 404
    path = ask.yes("getFile", file_id=document["file_id"])["file_path"]
    assert path == "documents/file_0.pdf"
    assert ask.client.get(url).content == b"%PDF-1.7"
    assert ask.client.get(url.replace(api.token, "123456:WRONG")).status_code == 401
    clock.passes(hours=1)
    assert ask.client.get(url).status_code == 404


def test_a_file_over_20_mb_is_not_given_out(api: BotApi, ask: Asker) -> None:
    api.big_file(AN, 20 * 1024 * 1024 + 1)
    document = ask.yes("getUpdates")[0]["message"]["document"]
    assert document["file_size"] == 20 * 1024 * 1024 + 1
    said = ask.no("getFile", file_id=document["file_id"])
    assert said == "Bad Request: file is too big"
    assert ask.no("getFile", file_id="x") == "Bad Request: invalid file_id"
    assert ask.no("getFile") == "Bad Request: file_id not specified"


@pytest.mark.parametrize("kind", ["document", "voice", "audio", "video"])
def test_the_bot_uploads_a_file_and_sends_it_again_by_its_id(ask: Asker, kind: str) -> None:
    method = f"send{kind.capitalize()}"
    parts = {kind: ("a.bin", b"bytes", "application/x-test")}
    sent = send(ask, method, parts, chat_id=AN, caption="<b>x</b>", parse_mode="HTML")["result"]
    assert sent["caption"] == "x" and sent["caption_entities"][0]["type"] == "bold"
    again = ask.yes(method, chat_id=AN, **{kind: sent[kind]["file_id"]})
    assert again[kind]["file_unique_id"] == sent[kind]["file_unique_id"]
    named = send(ask, method, {"f0": ("a.bin", b"bytes", "")}, chat_id=AN, **{kind: "attach://f0"})[
        "result"
    ]
    assert named[kind]["file_id"] != sent[kind]["file_id"]
    assert named[kind]["file_unique_id"] == sent[kind]["file_unique_id"]
    shown = ask.api.last(AN)
    assert shown is not None and [one[0] for one in shown.files] == [kind]
    other = "sendVoice" if kind != "voice" else "sendVideo"
    wrong = ask.no(other, chat_id=AN, **{other[4:].lower(): sent[kind]["file_id"]})
    assert wrong.startswith("Bad Request: can't use file of type ")


REFUSED_PHOTOS = [
    (b"", "file must be non-empty"),
    (b"%PDF-1.7", "IMAGE_PROCESS_FAILED"),
    (grey_png(6000, 4001), "PHOTO_INVALID_DIMENSIONS"),
    (grey_png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
    (PNG + b"\0" * 10 * 1024 * 1024, "file of size "),
]


@pytest.mark.parametrize(("data", "reason"), REFUSED_PHOTOS, ids=lambda one: str(one)[:20])
def test_a_photo_is_refused(ask: Asker, data: bytes, reason: str) -> None:
    answer = send(ask, "sendPhoto", {"photo": ("a.png", data, "image/png")}, chat_id=AN)
    assert answer["description"].startswith(f"Bad Request: {reason}")


def test_files_are_refused(ask: Asker) -> None:
    assert ask.no("sendDocument", chat_id=AN) == "Bad Request: there is no document in the request"
    unknown = "Bad Request: wrong file identifier/HTTP URL specified"
    assert ask.no("sendDocument", chat_id=AN, document="xyz") == unknown
    url = ask.no("sendDocument", chat_id=AN, document="https://a.vn/a.pdf")
    assert url == "Bad Request: failed to get HTTP URL content"
    parts = {"document": ("a.pdf", b"x", "application/pdf")}
    long = send(ask, "sendDocument", parts, chat_id=AN, caption="x" * 1025)
    assert long["description"] == "Bad Request: message caption is too long"
    huge = {"document": ("a.pdf", b"x" * (50 * 1024 * 1024 + 1), "application/pdf")}
    big = send(ask, "sendDocument", huge, chat_id=AN)
    assert big["error_code"] == 413 and big["description"] == "Request Entity Too Large"
    assert ask.api.last(AN) is None


def album(ask: Asker, items: list[dict[str, str]], parts: Parts) -> dict[str, Any]:
    """A sendMediaGroup request."""
    return send(ask, "sendMediaGroup", parts, chat_id=AN, media=json.dumps(items))


def test_the_bot_sends_an_album(api: BotApi, ask: Asker) -> None:
    parts = {name: (name, PNG, "image/png") for name in ("a", "b")}
    items = [{"type": "photo", "media": f"attach://{name}", "caption": name} for name in parts]
    sent = album(ask, items, parts)["result"]
    assert len({one["media_group_id"] for one in sent}) == 1
    assert [one["caption"] for one in sent] == ["a", "b"]
    assert [one.files[0][0] for one in api.chat(AN) if one.from_bot] == ["photo", "photo"]
    edited = ask.yes(
        "editMessageCaption", chat_id=AN, message_id=sent[0]["message_id"], caption="c"
    )
    assert edited["caption"] == "c"
    text = ask.no("editMessageText", chat_id=AN, message_id=sent[0]["message_id"], text="c")
    assert text == "Bad Request: there is no text in the message to edit"


def test_an_album_is_refused(ask: Asker) -> None:
    parts = {"a": ("a", PNG, "image/png")}
    photo = {"type": "photo", "media": "attach://a"}
    document = {"type": "document", "media": "attach://a"}
    table: list[tuple[list[dict[str, str]], str]] = [
        ([], "there are no messages to send"),
        ([photo] * 11, "too many messages to send as an album"),
        ([photo], "album must include 2-10 items"),
        ([photo, document], "can't use the media of the specified type in the album"),
        ([photo, {"type": "photo", "media": "attach://b"}], "there is no photo in the request"),
        ([photo, {"type": "voice", "media": "attach://a"}], "can't parse InputMedia: unsupported"),
    ]
    for items, reason in table:
        assert album(ask, items, parts)["description"].startswith(f"Bad Request: {reason}")
    assert ask.api.last(AN) is None


def test_users_send_everything_that_a_client_can(api: BotApi) -> None:
    api.send_voice(AN, b"OggS", 4)
    api.send_audio(AN, b"ID3")
    api.send_video(AN, b"mp4")
    api.send_sticker(AN)
    api.send_contact(AN, "+84901234567", "Hoa")
    api.send_location(AN, 21.0, 105.8)
    api.send_venue(AN, 21.0, 105.8, "Cầu")
    api.send_poll(AN, "Đi?", ["Có", "Không"])
    api.send_dice(AN)
    api.forward(AN, "tin đồn")
    kinds = [
        *("voice", "audio", "video", "sticker", "contact", "location", "venue", "poll", "dice"),
        "forward_origin",
    ]
    messages = [one["message"] for one in api.pending()]
    assert [kind for kind, message in zip(kinds, messages, strict=True) if kind in message] == kinds


def test_an_album_of_a_user_comes_as_one_update_each(api: BotApi) -> None:
    api.send_album(AN, [("photo", PNG, "một"), ("photo", PNG, None), ("video", b"mp4", None)])
    messages = [one["message"] for one in api.pending()]
    assert len(messages) == 3 and len({one["media_group_id"] for one in messages}) == 1
    assert [one.get("caption") for one in messages] == ["một", None, None]


def test_the_body_may_be_a_query_a_form_or_json(api: BotApi) -> None:
    url = f"{api.base_url}{api.token}/sendMessage"
    args = {"chat_id": str(AN), "text": "đ"}
    with httpx.Client(trust_env=False, verify=False) as client:
        client.get(url, params=args)
        client.post(url, params=args)
        client.post(url, data=args)
        client.post(url, json={"chat_id": AN, "text": "đ"})
        client.post(url, data=args, files={"unused": ("a", b"x", "")})
    assert [one.text for one in api.chat(AN) if one.from_bot] == ["đ"] * 5
