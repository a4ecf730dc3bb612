"""Faults of the platform: what waits is never lost, never out of order, never told twice."""

import pytest
from telegram.error import NetworkError, TelegramError

from bot.channels.telegram.transport import Patience
from procedure.entries import RingUndelivered
from storage import accounts
from storage.chats import FAILED, QUEUED, SENT
from storage.database import Session
from storage.tables import ChatRow, MessageRow
from tests.channels.pictures import png
from tests.story import opened, reported
from tests.telegram_town import TelegramTown

CLERK, HEAD, OFFICER = "Thí Dụ", "Ví Dụ", "Thử"
#: Seconds; long enough for the server in this process.
IMPATIENT = Patience(0.3, 0.3, 0.3)


def states(town: TelegramTown, who: str) -> list[str]:
    return [row.state for row in town.thread(who) if row.sender == "bot"]


def on_web(town: TelegramTown, who: str) -> list[MessageRow]:
    person = town.id(who)

    def work(session: Session) -> list[MessageRow]:
        found = []
        for row in town.thread(who):
            chat = session.get_one(ChatRow, row.chat)
            if chat.channel == "web" and row.person == person:
                found.append(row)
        return found

    return town.world.db.read(work)


def test_told_to_wait_it_waits_and_keeps_the_order(town: TelegramTown) -> None:
    town.api.fault("sendMessage", 429, times=1, chat=town.account(CLERK), retry_after=7)
    town.says(CLERK, "/trogiup")
    town.says(CLERK, "/viec")
    assert states(town, CLERK) == [QUEUED, QUEUED]
    town.says(HEAD, "/trogiup")
    assert states(town, HEAD) == [SENT], "only the chat that was named has to wait"
    town.forward(seconds=6)
    assert states(town, CLERK) == [QUEUED, QUEUED]
    town.forward(seconds=2)
    rows = [row for row in town.thread(CLERK) if row.sender == "bot"]
    assert [row.text for row in rows] == town.screen(CLERK)
    assert len(town.screen(CLERK)) == 2


@pytest.mark.parametrize("kind", [500, 502, "drop", "garbage"])
def test_when_telegram_is_down_everything_waits_and_then_goes_out_once(
    town: TelegramTown, kind: str
) -> None:
    town.api.fault("sendMessage", kind, times=2)
    for _ in range(2):
        with pytest.raises(TelegramError):
            town.says(CLERK, "/trogiup")
    assert states(town, CLERK) == [QUEUED, QUEUED]
    town.settles()
    assert states(town, CLERK) == [SENT, SENT] and len(town.screen(CLERK)) == 2


def test_what_telegram_took_though_its_answer_was_lost_is_repeated_and_nothing_else(
    town: TelegramTown,
) -> None:
    town.telegram.client.calls.patience = IMPATIENT
    town.api.fault("sendMessage", "timeout_after", times=1)
    with pytest.raises(NetworkError):
        town.says(CLERK, "/trogiup")
    town.settles()
    assert len(town.screen(CLERK)) == 2, "taken once without an answer, once with"
    town.says(CLERK, "/viec")
    assert len(town.screen(CLERK)) == 3


def test_a_tap_on_the_first_of_two_copies_takes_the_buttons_off_both(
    town: TelegramTown,
) -> None:
    town.telegram.client.calls.patience = IMPATIENT
    town.api.fault("sendMessage", "timeout_after", times=1)
    with pytest.raises(NetworkError):
        town.says(CLERK, "sat lo ap tre dong")
    town.settles()
    account = town.account(CLERK)
    asked = [one for one in town.api.chat(account) if one.keyboard]
    assert len(asked) == 2, "one was taken though its answer was lost"
    town.api.tap(account, asked[0].id, "Báo vụ việc mới")
    town.settles()
    left = [one for one in town.api.chat(account) if one.keyboard]
    assert len(left) == 1 and "mất tích" in left[0].text


def test_what_telegram_refuses_is_set_aside_and_holds_nothing_up(town: TelegramTown) -> None:
    town.api.fault("sendMessage", 400, times=1, description="Bad Request: strange")
    town.says(CLERK, "/trogiup")
    town.says(CLERK, "/viec")
    assert states(town, CLERK) == [FAILED, SENT]


def test_who_has_blocked_the_bot_is_told_on_his_page(town: TelegramTown) -> None:
    town.api.block(town.account(HEAD))
    town.settles()
    opened(town)
    told = on_web(town, HEAD)
    assert [row.template for row in told] == ["notices/incident_opened#text"]
    assert told[0].state == SENT


def test_what_waited_when_he_blocked_the_bot_goes_to_his_page_too(town: TelegramTown) -> None:
    town.api.fault("sendMessage", 403, times=1, chat=town.account(HEAD))
    opened(town)
    assert [row.template for row in on_web(town, HEAD)] == ["notices/incident_opened#text"]
    taken = [row for row in town.thread(HEAD) if row.state == FAILED]
    assert len(taken) == 1


def test_a_thing_is_heard_once_on_the_channel_used_last(town: TelegramTown) -> None:
    town.shown(HEAD)
    opened(town)
    assert on_web(town, HEAD) == [] and len(town.screen(HEAD)) == 1


def test_not_seen_in_time_it_is_told_on_the_next_channel_and_asks_only_once(
    town: TelegramTown,
) -> None:
    opened(town)
    town.forward(minutes=9)
    assert on_web(town, HEAD) == []
    town.forward(minutes=2)
    copies = [row for row in on_web(town, HEAD) if row.template.startswith("notices/")]
    assert len(copies) == 1 and copies[0].origin
    town.taps(HEAD, "Xem và gửi lên tỉnh", on="Kính báo cáo")
    after = next(row for row in on_web(town, HEAD) if row.id == copies[0].id)
    assert after.superseded, "answered there, it asks no more here"


def test_who_has_tapped_or_written_since_has_seen_it(town: TelegramTown) -> None:
    opened(town)
    town.forward(minutes=5)
    town.says(HEAD, "/viec")
    town.forward(minutes=8)
    assert [row for row in on_web(town, HEAD) if row.template.startswith("notices/")] == []


def test_a_ring_that_telegram_has_taken_is_delivered_and_one_that_it_has_not_is_a_fact(
    town: TelegramTown,
) -> None:
    opened(town)
    reported(town)
    town.forward(minutes=30)
    facts = [one.fact for one in town.journal() if isinstance(one.fact, RingUndelivered)]
    assert facts == [], "the API had answered"
    town.api.fault("sendMessage", 429, times=99, chat=town.account(OFFICER), retry_after=3600)
    town.forward(minutes=40)
    facts = [one.fact for one in town.journal() if isinstance(one.fact, RingUndelivered)]
    assert {one.person for one in facts} == {town.id(OFFICER)}
    assert [row for row in on_web(town, OFFICER) if row.template.startswith("rings/")]


def test_a_restart_between_the_parts_of_a_prompt_repeats_none_of_them(
    town: TelegramTown,
) -> None:
    town.sends_photos(CLERK, [png(1), png(2)], "sat lo ap tre dong")
    town.api.fault("sendMessage", 500, times=1, chat=town.account(HEAD))
    town.taps(CLERK, "Chưa ghi nhận")
    assert QUEUED in states(town, HEAD), "the others had theirs; he has the pictures alone"
    town.restart()
    town.settles()
    shown = [one for one in town.api.chat(town.account(HEAD)) if one.from_bot]
    assert len([one for one in shown if one.files]) == 2
    assert len([one for one in shown if one.text]) == 1


def test_what_came_in_before_a_kill_is_handled_after_it(town: TelegramTown) -> None:
    account = town.account(CLERK)
    town.api.send_text(account, "sat lo ap tre dong")
    town.runs(town.telegram.receiver.poll(0))
    town.restart()
    town.settles()
    town.hears(CLERK, "answers#never_guessed")
    town.api.send_photo(account, png(3), caption="sat lo nua")
    town.runs(town.telegram.receiver.poll(0))
    town.restart()
    town.settles()
    assert any("bị thương" in one or "Nội dung này" in one for one in town.screen(CLERK)[1:])


def test_after_a_silent_week_the_numbers_may_start_from_below(town: TelegramTown) -> None:
    town.says(CLERK, "/trogiup")
    town.forward(days=5)
    town.runs(town.telegram.receiver.poll(0))
    assert "offset" in town.api.calls("getUpdates")[-1].args
    town.forward(days=2)
    town.api.state.updates.next_id = 5
    asked = len(town.api.calls("getUpdates"))
    town.says(CLERK, "/viec")
    assert "offset" not in town.api.calls("getUpdates")[asked].args, "it would confirm them unread"
    assert len(town.screen(CLERK)) == 2


# Files that do not come


def test_a_file_that_fails_three_times_does_not_stop_the_words(town: TelegramTown) -> None:
    town.api.fault("file", 500, times=3)
    town.sends_photos(CLERK, [png(1)], "sat lo ap tre dong")
    town.hears(CLERK, "answers#never_guessed")
    town.hears(CLERK, "answers#file_not_fetched")
    town.is_quiet()


def test_a_file_that_comes_at_the_third_try_is_there(town: TelegramTown) -> None:
    town.api.fault("getFile", 500, times=2)
    town.sends_photos(CLERK, [png(1)], "sat lo ap tre dong")
    town.hears(CLERK, "forms/report_incident#casualties", "01 ảnh")


def test_too_large_and_not_allowed_are_said_and_nothing_is_kept(town: TelegramTown) -> None:
    account = town.account(CLERK)
    town.api.big_file(account, 30_000_000, "phim.mp4", "video/mp4")
    town.settles()
    town.hears(CLERK, "answers#file_too_large", "phim.mp4", "20 MB")
    town.api.send_document(account, b"MZ\x90\x00 this program", "x.exe", "application/pdf")
    town.settles()
    town.hears(CLERK, "answers#file_type", "x.exe")
    town.is_quiet()
    kept = [path for path in (town.world.settings.data_dir / "files").rglob("*") if path.is_file()]
    assert kept == []


# State secrets


def test_a_message_stopped_for_secrecy_is_deleted_from_the_chat(town: TelegramTown) -> None:
    account = town.account(CLERK)
    town.api.send_text(account, "gửi anh văn bản TUYỆT MẬT số 12")
    town.settles()
    mine = [one for one in town.api.chat(account) if not one.from_bot]
    assert [one.deleted for one in mine] == [True]
    town.hears(CLERK, "answers#secret_stopped")
    town.hears(OFFICER, "answers#secret_noted")
    town.is_quiet()


def test_a_whole_album_is_stopped_with_its_caption_and_no_picture_is_fetched(
    town: TelegramTown,
) -> None:
    account = town.account(CLERK)
    photos = [("photo", png(n), told) for n, told in ((1, None), (2, "tài liệu TỐI MẬT"))]
    town.api.send_album(account, photos)
    town.settles()
    mine = [one for one in town.api.chat(account) if not one.from_bot]
    assert [one.deleted for one in mine] == [True, True]
    assert town.api.calls("getFile") == []
    assert len([row for row in town.thread(CLERK) if row.sender == "bot"]) == 1


def test_one_that_can_no_longer_be_deleted_stays_and_nothing_breaks(town: TelegramTown) -> None:
    town.api.fault("deleteMessage", 400, description="Bad Request: message can't be deleted")
    town.api.send_text(town.account(CLERK), "văn bản TUYỆT MẬT số 12")
    town.settles()
    town.says(CLERK, "/trogiup")
    assert "ảnh hoặc một dòng" in town.screen(CLERK)[-1]


def test_reach_names_the_channel_used_last_first(town: TelegramTown) -> None:
    person = town.id(HEAD)
    town.says(HEAD, "/trogiup")

    def order() -> list[str]:
        return town.world.db.write(
            lambda s: [chat.channel for chat in accounts.reach(s, person, town.world.channels)]
        )

    assert order() == ["telegram", "web"]
    town.forward(minutes=1)

    def seen(session: Session) -> None:
        row = accounts.reach(session, person, {"web"})[0]
        row.seen_at = town.world.now()
        session.add(row)

    town.world.db.write(seen)
    assert order() == ["web", "telegram"]
