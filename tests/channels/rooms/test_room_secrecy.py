"""A stamp of state secrecy in a room: stopped, taken away there, told to the watch; never what."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from bot.channels.telegram.client import TelegramError
from storage.tables import InboxRow, MessageRow
from tests.botapi.groups import RIGHTS
from tests.channels.pictures import png
from tests.room_town import CLERK, HEAD, OFFICER, STRANGER, THREE, RoomTown

SECRET = "TỐI MẬT: phương án di dời 7 hộ"


@pytest.fixture(autouse=True)
def no_word(town: RoomTown) -> Iterator[None]:
    """Whatever the story was, no word of the secret is kept anywhere."""
    yield
    assert nothing_is_kept(town)


def nothing_is_kept(town: RoomTown) -> bool:
    """Whether no word of the secret stands in any table."""

    def work(session):  # type: ignore[no-untyped-def]
        rows = list(session.exec(select(InboxRow.body)).all())
        return rows + list(session.exec(select(MessageRow.text)).all())

    return not any("phương án di dời" in one for one in town.world.db.read(work))


def stands(town: RoomTown, group: int, message: int) -> bool:
    """Whether a message is still shown in the group."""
    return not next(one for one in town.api.chat(group) if one.id == message).deleted


def test_of_a_member_it_is_deleted_and_he_and_the_watch_are_told(
    town: RoomTown, group: int
) -> None:
    sent = town.writes(HEAD, group, SECRET)
    assert not stands(town, group, sent)
    town.hears(HEAD, "answers#secret_stopped")
    told = town.hears(OFFICER, "notices/room_watch#secret_stopped", HEAD, "Sạt lở Tre Đông")
    assert town.labels(told) == ["Không mật, cho gửi lại"]
    town.is_quiet()
    assert not any("MẬT" in one.text for one in town.in_room(group))


def test_of_a_stranger_it_is_deleted_and_he_is_told_nothing(town: RoomTown, group: int) -> None:
    town.api.join(STRANGER, town.api.invite_link(group))
    town.settles()
    town.skips()
    sent = town.api.send_text(STRANGER, SECRET, chat=group)
    town.settles()
    assert not stands(town, group, sent)
    told = town.hears(OFFICER, "notices/room_watch#secret_stopped", "Trần Lạ")
    assert town.labels(told) == []
    town.is_quiet()


def test_an_unseen_stranger_is_noticed_by_it(town: RoomTown, group: int) -> None:
    members = town.api.state.groups[group].members
    members[STRANGER] = members[town.account(CLERK)]
    town.api.send_text(STRANGER, SECRET, chat=group)
    town.settles()
    town.hears(OFFICER, "notices/room_watch#secret_stopped", "Trần Lạ")
    town.hears(OFFICER, "notices/guest_came#text", "Trần Lạ")
    town.is_quiet()


def test_a_message_that_becomes_secret_is_deleted_too(town: RoomTown, group: int) -> None:
    sent = town.writes(HEAD, group, "đang đi kiểm tra")
    town.is_quiet()
    town.api.edit_text(town.account(HEAD), sent, SECRET, chat=group)
    town.settles()
    assert not stands(town, group, sent)
    town.hears(HEAD, "answers#secret_stopped")
    town.hears(OFFICER, "notices/room_watch#secret_stopped", HEAD)
    town.is_quiet()


@pytest.mark.parametrize("n", [0, 1, 2])
def test_of_an_album_with_one_stamped_caption_nothing_stays(
    town: RoomTown, group: int, n: int
) -> None:
    captions = [SECRET if one == n else None for one in range(3)]
    album = [("photo", png(), caption) for caption in captions]
    sent = town.api.send_album(town.account(HEAD), album, chat=group)
    town.settles()
    assert not any(stands(town, group, one) for one in sent)
    town.hears(HEAD, "answers#secret_stopped")
    town.hears(OFFICER, "notices/room_watch#secret_stopped", HEAD)
    town.is_quiet()


def test_an_album_whose_caption_becomes_secret_goes_as_a_whole(town: RoomTown, group: int) -> None:
    album = [("photo", png(), "hiện trường"), ("photo", png(), None)]
    sent = town.api.send_album(town.account(HEAD), album, chat=group)
    town.settles()
    town.api.edit_caption(town.account(HEAD), sent[0], SECRET, chat=group)
    town.settles()
    assert not any(stands(town, group, one) for one in sent)
    town.skips()


def test_without_the_right_the_watch_is_asked_to_have_it_deleted(
    town: RoomTown, group: int
) -> None:
    town.api.promote_bot(group, RIGHTS - {"can_delete_messages"})
    town.settles()
    town.skips()
    sent = town.writes(HEAD, group, SECRET)
    assert stands(town, group, sent)
    town.hears(HEAD, "answers#secret_stopped")
    town.hears(OFFICER, "notices/room_watch#secret_stopped", HEAD)
    told = town.hears(OFFICER, "notices/room_watch#secret_stays", HEAD, "Sạt lở Tre Đông", "02:36")
    assert "di dời" not in told.text
    town.is_quiet()
    town.settles()
    town.is_quiet()


def test_dead_between_the_stop_and_the_deletion_it_is_deleted_afterwards(
    town: RoomTown, group: int
) -> None:
    sent = town.api.send_text(town.account(HEAD), SECRET, chat=group)
    town.runs(town.telegram.receiver.poll(0))
    assert stands(town, group, sent)
    town.restart()
    town.settles()
    assert not stands(town, group, sent)
    town.skips()


@pytest.mark.parametrize("kind", ["timeout", "500", "drop"])
def test_a_deletion_that_did_not_come_through_is_tried_again(
    town: RoomTown, group: int, kind: str
) -> None:
    town.api.fault("deleteMessage", kind)
    with pytest.raises(TelegramError):
        town.writes(HEAD, group, SECRET)
    town.settles()
    assert all(one.text != SECRET or one.deleted for one in town.api.chat(group))
    town.skips()


def test_in_a_group_that_is_no_room_nothing_is_touched(town: RoomTown) -> None:
    group = town.founds("Chuyện riêng", THREE)
    town.skips()
    sent = town.writes(HEAD, group, SECRET)
    assert stands(town, group, sent)
    town.is_quiet()
