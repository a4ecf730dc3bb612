"""An account becomes a person's by a one-time code; strangers are told so (conduct §15)."""

import pytest
from sqlmodel import select

from procedure.entries_organisation import AccountLinked
from storage import access, accounts, inbox, journal
from storage.database import Session
from storage.tables import InboxRow, MessageRow
from tests.telegram_town import ACCOUNT, TelegramTown

STRANGER = 99
CLERK, HEAD = 1, 3


def code_for(town: TelegramTown, person: int) -> str:
    return town.world.db.write(lambda session: access.invite(session, person, town.clock))


def owner(town: TelegramTown, account: int) -> int | None:
    return town.world.db.read(lambda session: accounts.linked(session, "telegram", str(account)))


def press(town: TelegramTown, account: int, label: str) -> None:
    last = town.api.last(account)
    assert last is not None
    town.api.tap(account, last.id, label)
    town.settles()


def words(town: TelegramTown, account: int) -> str:
    last = town.api.last(account)
    return last.text if last else ""


def test_the_code_only_shows_whose_it_is_and_the_button_spends_it(door: TelegramTown) -> None:
    code = code_for(door, CLERK)
    account = ACCOUNT + CLERK
    door.api.start(account, code)
    door.settles()
    assert "Võ Thị Thí Dụ" in words(door, account) and owner(door, account) is None
    door.api.start(account, code)
    door.settles()
    assert owner(door, account) is None, "opening a link twice spends nothing"
    press(door, account, "Vào")
    assert owner(door, account) == CLERK
    greeting = door.api.chat(account)[-2].text
    assert greeting.startswith("Kính chào đồng chí Võ Thị Thí Dụ, Công chức")
    assert "UBND xã Vàm Tre" in greeting and "đồng chí là cán bộ" in greeting
    assert "/trogiup" in greeting and "mật xin không gửi" in words(door, account)
    entry = door.world.db.read(lambda session: journal.read(session, "organisation"))[-1]
    assert entry.fact == AccountLinked(person=CLERK, channel="telegram")
    assert (entry.actor, entry.channel) == (CLERK, "telegram")
    assert door.api.commands(account)[0] == ("baocao", "Báo vụ việc")


def test_a_code_is_good_once_and_for_seven_days(door: TelegramTown) -> None:
    code, other = code_for(door, CLERK), code_for(door, CLERK)
    door.api.start(ACCOUNT + CLERK, code)
    door.settles()
    press(door, ACCOUNT + CLERK, "Vào")
    door.api.user(STRANGER, "Ai Đó")
    door.api.start(STRANGER, code)
    door.settles()
    assert "đã dùng hoặc đã quá bảy ngày" in words(door, STRANGER)
    door.forward(days=8)
    door.api.start(STRANGER, other)
    door.settles()
    assert owner(door, STRANGER) is None and "đã quá bảy ngày" in words(door, STRANGER)


def test_the_wrong_person_says_so_and_nothing_is_linked(door: TelegramTown) -> None:
    door.api.user(STRANGER, "Ai Đó")
    door.api.start(STRANGER, code_for(door, CLERK))
    door.settles()
    press(door, STRANGER, "Không phải tôi")
    assert owner(door, STRANGER) is None and "chưa được nối với ai" in words(door, STRANGER)
    door.api.start(STRANGER, code_for(door, HEAD))
    door.settles()
    assert "Nguyễn Văn Ví Dụ" in words(door, STRANGER)


def test_a_linked_account_does_not_change_hands_by_a_code(door: TelegramTown) -> None:
    door.links(CLERK)
    door.api.start(ACCOUNT + CLERK, code_for(door, HEAD))
    door.settles()
    assert owner(door, ACCOUNT + CLERK) == CLERK
    assert "đang nối với đồng chí Võ Thị Thí Dụ" in words(door, ACCOUNT + CLERK)


@pytest.mark.parametrize("text", ["xin chao", "sat lo ap tre dong", "/baocao", "công văn MẬT"])
def test_a_stranger_is_told_once_and_nothing_of_his_words_is_kept(
    door: TelegramTown, text: str
) -> None:
    door.api.user(STRANGER, "Ai Đó")
    for _ in range(3):
        door.api.send_text(STRANGER, text)
        door.settles()
    mine = [one.text for one in door.api.chat(STRANGER) if one.from_bot]
    assert len(mine) == 1 and "chỉ dành cho cán bộ đã được đăng ký" in mine[0]
    assert "0296.000.0002" in mine[0], "the number of the person on duty"
    kept = door.world.db.read(
        lambda session: [row.body for row in session.exec(select(InboxRow)).all()]
    )
    assert kept == ['{"type":"stranger"}'] * 3


def test_the_code_itself_is_kept_nowhere(door: TelegramTown) -> None:
    code = code_for(door, CLERK)
    door.api.start(ACCOUNT + CLERK, code)
    door.settles()
    press(door, ACCOUNT + CLERK, "Vào")

    def everything(session: Session) -> str:
        bodies = [row.body for row in session.exec(select(InboxRow)).all()]
        lines = [row.text + row.facts + row.choices for row in session.exec(select(MessageRow))]
        return "".join(bodies + lines)

    assert code not in door.world.db.read(everything)


def test_a_former_owner_keeps_what_he_was_told(door: TelegramTown) -> None:
    door.links(CLERK)
    door.says("Thí Dụ", "/trogiup")
    account = str(ACCOUNT + CLERK)
    door.world.db.write(lambda s: accounts.unlink(s, "telegram", account, door.clock))
    assert owner(door, ACCOUNT + CLERK) is None
    door.world.db.write(lambda s: accounts.link(s, "telegram", account, HEAD, door.clock))
    door.api.send_text(ACCOUNT + CLERK, "/trogiup")
    door.settles()
    mine = {row.chat for row in door.thread("Thí Dụ")}
    his = {row.chat for row in door.thread("Ví Dụ")}
    assert mine and his and not mine & his


def test_who_was_unlinked_is_told_nothing_there_any_more(door: TelegramTown) -> None:
    door.links(CLERK)
    account = str(ACCOUNT + CLERK)
    door.world.db.write(lambda s: accounts.unlink(s, "telegram", account, door.clock))
    reached = door.world.db.write(
        lambda session: accounts.reach(session, CLERK, door.world.channels)
    )
    assert [chat.channel for chat in reached] == ["web"]
    assert door.world.db.read(inbox.oldest_new) is None


def test_who_is_linked_may_use_a_code_of_his_own_again(door: TelegramTown) -> None:
    door.links(CLERK)
    code = code_for(door, CLERK)
    door.api.start(ACCOUNT + CLERK, code)
    door.settles()
    press(door, ACCOUNT + CLERK, "Vào")
    assert owner(door, ACCOUNT + CLERK) == CLERK
    assert door.world.db.read(lambda s: access.invited(s, code, door.clock)) is None


def test_a_sheet_of_links_comes_as_a_file_and_only_for_whom_nothing_reaches(
    door: TelegramTown,
) -> None:
    door.links("Bản Sao")
    door.links(CLERK)
    door.says("Bản Sao", "/donvi")
    door.taps("Bản Sao", "Mời cả đơn vị")
    shown = door.api.chat(door.account("Bản Sao"))
    texts = [one.text for one in shown if one.text.startswith("Kính mời đồng chí")]
    assert len(texts) == 2 and all("https://t.me/" in one for one in texts)
    (sheet,) = [file for one in shown for file in one.files]
    assert sheet[:2] == ("document", "Giấy mời xã Vàm Tre.html")
