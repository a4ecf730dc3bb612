"""A private chat on Telegram: taps, edits, thumbs, replies, albums, voice, places, odd things."""

import pytest
from sqlmodel import select

from procedure.entries import DutyAcknowledged
from storage import postings
from storage.database import Session
from storage.tables import InboxRow
from tests.channels.pictures import PDF, VOICE, png
from tests.story import opened, reported, to_conclusion
from tests.telegram_town import TelegramTown

CLERK, HEAD, OFFICER = "Thí Dụ", "Ví Dụ", "Thử"


def on_screen(town: TelegramTown, who: str) -> str:
    last = town.api.last(town.account(who))
    assert last is not None
    return last.text


def inbox(town: TelegramTown) -> list[InboxRow]:
    def work(session: Session) -> list[InboxRow]:
        return list(session.exec(select(InboxRow)).all())

    return town.world.db.read(work)


# Prompts


def test_an_answered_prompt_shows_the_choice_and_loses_its_buttons(town: TelegramTown) -> None:
    town.says(CLERK, "sat lo ap tre dong")
    asked = town.api.last(town.account(CLERK))
    assert asked is not None
    assert [[one.label for one in row] for row in asked.keyboard] == [
        ["Báo vụ việc mới"],
        ["Nhắn người trực"],
    ]
    town.api.tap(town.account(CLERK), asked.id, "Báo vụ việc mới")
    town.settles()
    now = next(one for one in town.api.chat(town.account(CLERK)) if one.id == asked.id)
    assert now.keyboard == [] and now.text.endswith("Đã chọn: Báo vụ việc mới")


def test_a_prompt_that_has_moved_on_loses_its_buttons_and_its_old_tap_gets_one_sentence(
    town: TelegramTown,
) -> None:
    opened(town)
    row = next(one for one in town.live(HEAD) if one.template == "notices/incident_opened#text")
    reported(town)
    received = next(row for row in town.live(OFFICER) if "report_arrived" in row.template)
    town.taps(OFFICER, "Tiếp nhận")
    town.skips()
    town.taps_on(OFFICER, received, 1)
    town.is_quiet()  # a second tap on the same button says nothing
    town.taps_on(HEAD, row, 2)
    town.hears(HEAD, "refusals#answer_outdated")


def test_each_tap_is_confirmed_so_that_the_wheel_stops(town: TelegramTown) -> None:
    town.says(CLERK, "sat lo ap tre dong")
    town.taps(CLERK, "Báo vụ việc mới")
    assert len(town.api.calls("answerCallbackQuery")) == 1


def test_a_number_typed_is_the_button_of_the_newest_prompt(town: TelegramTown) -> None:
    town.says(CLERK, "sat lo ap tre dong")
    town.says(CLERK, "1")
    assert "bị thương hoặc mất tích" in on_screen(town, CLERK)


def test_a_deleted_prompt_can_still_be_answered_in_words(town: TelegramTown) -> None:
    town.says(CLERK, "sat lo ap tre dong")
    asked = town.api.last(town.account(CLERK))
    assert asked is not None
    town.api.delete(town.account(CLERK), asked.id)
    town.says(CLERK, "Báo vụ việc mới")
    assert "bị thương hoặc mất tích" in on_screen(town, CLERK)


def test_words_are_shown_as_they_are_and_never_as_markup(town: TelegramTown) -> None:
    town.says(CLERK, "<b>sat lo</b> & 'ap' tre dong <script>")
    town.taps(CLERK, "Báo vụ việc mới")
    town.taps(CLERK, "Chưa ghi nhận")
    town.taps(HEAD, "Xem báo cáo")
    assert "<b>sat lo</b> & 'ap' tre dong <script>" in "\n".join(town.screen(HEAD))


# Thumbs and replies


def test_a_thumb_is_the_receipt_of_the_message_that_it_is_on(town: TelegramTown) -> None:
    opened(town)
    reported(town)
    asked = town.api.last(town.account(CLERK))
    order = next(
        one for one in town.api.chat(town.account(CLERK)) if "Đã nhận" in str(one.keyboard)
    )
    assert asked is not None
    town.skips()
    town.api.react(town.account(CLERK), order.id, "👍")
    town.settles()
    facts = [one.fact for one in town.journal() if isinstance(one.fact, DutyAcknowledged)]
    assert [one.duty for one in facts][-1].startswith("O1:order:")
    town.is_quiet()


def order_on_screen(town: TelegramTown) -> list[list[str]]:
    """The buttons under the order to verify, as the clerk sees them."""
    row = next(one for one in town.thread(CLERK) if "verification_ordered" in one.template)
    shown = town.world.db.read(lambda session: postings.parts(session, row.id or 0))
    found = next(
        one for one in town.api.chat(town.account(CLERK)) if str(one.id) == shown[-1].external
    )
    assert found.text == row.text, "the words stay as they were"
    return [[key.label for key in keys] for keys in found.keyboard]


@pytest.mark.parametrize("way", ["tap", "thumb", "words"])
def test_a_receipt_takes_only_its_own_button_off_the_screen(town: TelegramTown, way: str) -> None:
    opened(town)
    reported(town)
    account = town.account(CLERK)
    order = next(one for one in town.api.chat(account) if "Đã nhận" in str(one.keyboard))
    town.skips()
    if way == "tap":
        town.api.tap(account, order.id, "Đã nhận")
    elif way == "thumb":
        town.api.react(account, order.id, "👍")
    else:
        town.api.send_text(account, "da nhan")
    town.settles()
    assert order_on_screen(town) == [["Nhập kết quả", "Cần hỗ trợ"]]
    assert len(town.api.calls("editMessageReplyMarkup")) == 1
    town.settles()
    town.is_quiet()
    town.taps(CLERK, "Nhập kết quả")
    assert on_screen(town, CLERK).startswith("Kết quả xác minh VV-2026-001")
    assert len(town.api.calls("editMessageReplyMarkup")) == 1


def test_a_thumb_never_approves(town: TelegramTown) -> None:
    opened(town)
    reported(town)
    to_conclusion(town)
    text = "Đến 08 giờ, sạt lở dài 38 m, 07 hộ đã được di dời an toàn."
    town.answers(CLERK, "/phatngon", "Soạn nội dung phát ngôn", text, "Gửi")
    asked = next(
        one
        for one in town.api.chat(town.account("Mẫu"))[::-1]
        if "Duyệt bản 1" in str(one.keyboard)
    )
    for sign in ("👍", "👌"):
        town.api.react(town.account("Mẫu"), asked.id, sign)
        town.settles()
    town.says("Mẫu", "ok", reply_to=asked.id)
    assert town.incident().statements[0].approved_at is None


def test_a_reply_answers_the_message_that_it_replies_to(town: TelegramTown) -> None:
    opened(town)
    reported(town)
    order = next(
        one for one in town.api.chat(town.account(CLERK)) if "Đã nhận" in str(one.keyboard)
    )
    town.skips()
    town.says(CLERK, "da nhan", reply_to=order.id)
    facts = [one.fact for one in town.journal() if isinstance(one.fact, DutyAcknowledged)]
    assert facts[-1].duty.startswith("O1:order:")


def test_the_stop_sign_in_reply_to_his_own_message_erases_it(town: TelegramTown) -> None:
    town.says(CLERK, "dong chi A o so nha 5 co benh an so 123456")
    own = next(one for one in town.api.chat(town.account(CLERK)) if not one.from_bot)
    town.says(CLERK, "⛔", reply_to=own.id)
    assert "Đã xóa nội dung tin này" in on_screen(town, CLERK)
    assert all("123456" not in row.body for row in inbox(town))


def test_what_was_erased_leaves_the_screens_of_all_and_is_asked_anew_without_it(
    town: TelegramTown,
) -> None:
    town.sends_photos(CLERK, [png(7)], "sat lo ap tre dong, so nha 123456 to 4")
    town.taps(CLERK, "Chưa ghi nhận")
    there = [one for one in town.api.chat(town.account(HEAD)) if one.files]
    assert there, "the head has been shown the photo"
    own = next(one for one in town.api.chat(town.account(CLERK)) if not one.from_bot)
    town.says(CLERK, "⛔", reply_to=own.id)
    for who in (CLERK, HEAD):
        seen = [one for one in town.api.chat(town.account(who)) if not one.deleted]
        assert not any(one.files for one in seen) and own.id not in {one.id for one in seen}
        assert "123456" not in "".join(town.screen(who))
    waits = [one for one in seen if "Xem và gửi lên tỉnh" in str(one.keyboard)]
    assert len(waits) == 1, "what waits for the head is asked once, without it"


# Photos, files, voice, places


def test_an_album_is_one_message_and_gets_one_reply(town: TelegramTown) -> None:
    town.sends_photos(CLERK, [png(1), png(2), png(3)], "sat lo ap tre dong roi, mat cai lo, 7 nha")
    town.hears(CLERK, "forms/report_incident#casualties", "Đã nhận 03 ảnh và tin", "sạt lở")
    town.is_quiet()
    town.taps(CLERK, "Chưa ghi nhận")
    assert len(town.incident().files) == 3
    photos = [one for one in town.api.chat(town.account(HEAD)) if one.files]
    assert len(photos) == 3 and len({one.album for one in photos}) == 1
    assert town.screen(HEAD)[-1].startswith("Kính báo cáo đồng chí Chủ tịch")


def test_a_file_that_telegram_knows_is_sent_by_its_name_there(town: TelegramTown) -> None:
    town.sends_photos(CLERK, [png(1)], "sat lo ap tre dong")
    town.taps(CLERK, "Chưa ghi nhận")
    sent = town.api.calls("sendPhoto")
    assert sent and sent[0].files == [] and sent[0].args["photo"]


@pytest.mark.parametrize(
    ("kind", "data", "name"),
    [("voice", VOICE, "voice.ogg"), ("document", PDF, "cong van.pdf")],
)
def test_voice_and_documents_open_an_incident_like_a_photo(
    town: TelegramTown, kind: str, data: bytes, name: str
) -> None:
    account = town.account(CLERK)
    if kind == "voice":
        town.api.send_voice(account, data, 3)
    else:
        town.api.send_document(account, data, name, "application/pdf", caption="sat lo tre dong")
    town.settles()
    town.answers(CLERK, *(["sat lo ap tre dong"] if kind == "voice" else []), "Chưa ghi nhận")
    assert [one.size for one in town.incident().files] == [len(data)]


def test_a_place_is_kept_as_the_place_of_the_incident(town: TelegramTown) -> None:
    opened(town)
    town.api.send_location(town.account(CLERK), 10.38765, 105.43521)
    town.settles()
    assert "(vị trí 10.38765, 105.43521)" in town.incident().detail("place")
    assert "ấp Tre Đông" in town.incident().detail("place")
    assert "10.38765" in on_screen(town, CLERK)


def test_a_place_with_no_incident_is_asked_about_like_a_line(town: TelegramTown) -> None:
    town.api.send_location(town.account(CLERK), 10.38765, 105.43521)
    town.settles()
    town.hears(CLERK, "answers#never_guessed")
    town.answers(CLERK, "Báo vụ việc mới", "Chưa ghi nhận")
    assert "10.38765" in town.incident().line


# Edited messages


def test_an_edited_answer_of_the_open_form_is_read_again(town: TelegramTown) -> None:
    account = town.account(CLERK)
    town.says(CLERK, "/baocao")
    town.says(CLERK, "sat lo ap tre dong, 7 nha")
    own = [one for one in town.api.chat(account) if not one.from_bot][-1]
    town.api.edit_text(account, own.id, "sat lo ap tre dong, 9 nha")
    town.settles()
    assert "ảnh hưởng 09 nhà" in on_screen(town, CLERK)
    town.taps(CLERK, "Chưa ghi nhận")
    assert "09 nhà" in town.incident().detail("damage")


def test_an_edited_loose_line_is_offered_anew(town: TelegramTown) -> None:
    account = town.account(CLERK)
    town.says(CLERK, "sat lo ap tre dong, 7 nha")
    own = [one for one in town.api.chat(account) if not one.from_bot][-1]
    town.api.edit_text(account, own.id, "sat lo ap tre dong, 9 nha")
    town.settles()
    town.taps(CLERK, "Báo vụ việc mới")
    assert "09 nhà" in on_screen(town, CLERK)


def test_what_is_on_record_stays_as_it_was_and_he_is_told(town: TelegramTown) -> None:
    account = town.account(CLERK)
    opened(town, "sat lo ap tre dong, 7 nha")
    own = next(one for one in town.api.chat(account) if not one.from_bot)
    town.skips()
    town.api.edit_text(account, own.id, "sat lo ap tre dong, 9 nha")
    town.settles()
    town.hears(CLERK, "answers#edited_after", "7 nha")
    assert town.incident().line == "sat lo ap tre dong, 7 nha"


# What nobody can use, and what nobody expected


@pytest.mark.parametrize(
    ("send", "word"),
    [
        (lambda api, who: api.send_sticker(who), "Hình dán"),
        (lambda api, who: api.send_contact(who, "0912", "Ai Đó"), "Danh thiếp"),
        (lambda api, who: api.send_poll(who, "Họp?", ["có", "không"]), "Bình chọn"),
        (lambda api, who: api.send_dice(who), "Hình động"),
    ],
    ids=["sticker", "contact", "poll", "dice"],
)
def test_what_no_file_can_hold_is_answered_kindly(
    town: TelegramTown, send: object, word: str
) -> None:
    town.says(CLERK, "/baocao")
    send(town.api, town.account(CLERK))  # type: ignore[operator]
    town.settles()
    town.hears(CLERK, "answers#unusable", word)
    town.says(CLERK, "sat lo ap tre dong")
    assert "bị thương hoặc mất tích" in on_screen(town, CLERK), "the form went on"


@pytest.mark.parametrize(
    "update",
    [
        {"channel_post": {"message_id": 1}},
        {"something_new": {"x": 1}},
        {"message": {"message_id": 5}},
        {"message": None},
        {"callback_query": {"id": "1", "from": {"id": 1}, "data": "1:1"}},
        {"message_reaction": {"chat": {"id": 1, "type": "private"}}},
        {},
    ],
)
def test_updates_of_kinds_unknown_to_us_stick_nothing(
    town: TelegramTown, update: dict[str, object]
) -> None:
    town.api.raw(update)
    town.says(CLERK, "sat lo ap tre dong")
    town.hears(CLERK, "answers#never_guessed")
    town.is_quiet()
    assert town.api.pending() == [] or town.api.confirmed_offset


def test_the_same_update_twice_and_out_of_order_is_handled_once(town: TelegramTown) -> None:
    opened(town)
    before = len(town.journal())
    town.skips()
    assert town.api.repeat(5)
    town.settles()
    town.is_quiet()
    assert len(town.journal()) == before
    account = town.account(CLERK)
    town.api.send_text(account, "/huy")
    town.api.send_text(account, "/viec")
    town.api.shuffle()
    town.settles()
    assert [row.state for row in inbox(town)] == ["done"] * len(inbox(town))


def test_a_user_who_blocks_the_bot_in_mid_form_finds_his_question_again(
    town: TelegramTown,
) -> None:
    account = town.account(CLERK)
    town.says(CLERK, "/baocao")
    town.api.block(account)
    town.settles()
    town.forward(hours=1)
    town.skips()
    town.api.unblock(account)
    town.settles()
    town.hears(CLERK, "forms/report_incident#line", "Tiếp tục việc đang soạn dở")
    town.says(CLERK, "sat lo ap tre dong")
    assert "bị thương hoặc mất tích" in on_screen(town, CLERK)


def test_a_long_text_is_split_at_a_paragraph_and_the_buttons_stand_under_the_last(
    town: TelegramTown,
) -> None:
    opened(town)
    line = "Đoạn lộ bị cuốn trôi; nước vẫn xiết & sâu <2 m>. " * 38
    for _ in range(3):
        town.says(CLERK, "/baocao")
        town.says(CLERK, "/huy")
    for item in ("known", "unknown", "done"):
        town.decides(CLERK, "AmendReport", item=item, text=f"{item}: {line}")
    town.says(HEAD, "/vuviec VV-2026-001")
    town.skips()
    town.presses(HEAD, {"view": "report", "stream": town.incident().stream, "args": {}})
    shown = [one for one in town.api.chat(town.account(HEAD)) if one.from_bot]
    long = [one.text for one in shown if "cuốn trôi" in one.text]
    assert len(long) >= 2 and all(len(one) <= 4096 for one in long)
    row = town.thread(HEAD)[-1]
    assert "".join("".join(long).split()) == "".join(row.text.split())
