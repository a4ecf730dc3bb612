"""The outbox to the web: in order, re-checked, never silent about an error of ours."""

from sqlmodel import select

from bot.deliver import deliver_all, is_ring
from bot.reach import note_undelivered
from bot.ring import tick as ring_all
from procedure import actions as a
from storage import chats
from storage.chats import Prompt
from storage.database import Session
from storage.tables import IncidentRow, MessageRow
from tests.listening import acts, passes
from tests.story import opened
from tests.town import Town


def put(town: Town, who: str, template: str, **more: object) -> int:
    """Queues a prompt without delivering it. Returns its id."""
    person = town.id(who)

    def work(session: Session) -> int:
        chat = chats.chat_of(session, "web", str(person), person)
        line = chats.enqueue(session, chat, Prompt(template=template, **more), at=town.clock)  # type: ignore[arg-type]
        assert line is not None
        return line

    return town.world.db.write(work)


def row(town: Town, who: str, id: int) -> MessageRow:
    return next(one for one in town.thread(who) if one.id == id)


def test_what_waits_goes_out_once_and_in_the_order_of_the_chat(town: Town) -> None:
    first = put(town, "Thử", "answers#nothing_to_cancel")
    second = put(town, "Thử", "answers#no_duty_officer")
    assert row(town, "Thử", first).state == chats.QUEUED
    assert deliver_all(town.world) == 2
    assert deliver_all(town.world) == 0
    one, two = row(town, "Thử", first), row(town, "Thử", second)
    assert one.seq < two.seq and one.state == two.state == chats.SENT
    assert one.text and one.sent_at == town.clock


def test_the_exact_text_is_kept_as_it_was_at_that_moment(town: Town) -> None:
    opened(town)
    passes(town, minutes=30)
    ring_all(town.world)
    deliver_all(town.world)
    ring = [one for one in town.thread("Ví Dụ") if is_ring(one)][-1]
    passes(town, minutes=10)
    deliver_all(town.world)
    assert row(town, "Ví Dụ", ring.id or 0).text == ring.text
    assert "còn 30 phút" in ring.text


def test_a_drill_opens_every_message_with_its_word(town: Town) -> None:
    id = put(town, "Thử", "answers#nothing_to_cancel", drill=True)
    deliver_all(town.world)
    assert row(town, "Thử", id).text.startswith("DIỄN TẬP\n")


def test_a_prompt_that_does_not_render_becomes_one_calm_sentence(town: Town) -> None:
    town.world.strict = False
    id = put(town, "Thử", "answers#there_is_no_such_block")
    after = put(town, "Thử", "answers#nothing_to_cancel")
    assert deliver_all(town.world) == 2
    assert row(town, "Thử", id).text.startswith("Tin vừa rồi chưa xử lý được")
    assert row(town, "Thử", after).state == chats.SENT, "it holds up nobody"


def test_a_ring_whose_duty_was_met_goes_stale_and_no_text_is_written(town: Town) -> None:
    opened(town)
    passes(town, minutes=15)
    ring_all(town.world)
    acts(town, "Ví Dụ", a.AcknowledgeDuty(duty="O1:open"))
    rings = [one for one in town.thread("Ví Dụ") if is_ring(one)]
    assert [(one.state, one.text, one.superseded) for one in rings] == [(chats.STALE, "", True)]
    assert not [one for one in town.live("Ví Dụ") if is_ring(one)]


def test_a_ring_about_two_duties_still_comes_when_one_is_met(town: Town) -> None:
    opened(town)
    passes(town, minutes=30)
    ring_all(town.world)
    acts(town, "Ví Dụ", a.AcknowledgeDuty(duty="O1:open"))
    (ring,) = [one for one in town.thread("Ví Dụ") if is_ring(one)]
    assert ring.state == chats.SENT and ring.template == "rings/owner#quick_report"


def test_a_card_goes_stale_with_its_duty(town: Town) -> None:
    opened(town)
    town.at("12/10 03:10")
    passes(town, minutes=1)
    ring_all(town.world)
    acts(town, "Ví Dụ", a.AcknowledgeDuty(duty="O1:open"))
    cards = [one for one in town.thread("Dự Phòng") if one.template == "rings/call#unanswered"]
    assert [one.state for one in cards] == [chats.STALE]


def test_undelivered_is_noted_for_rings_and_not_for_notices(town: Town) -> None:
    opened(town)
    passes(town, minutes=14)
    assert note_undelivered(town.world) == 0, "the first notice is followed by its receipt"
    passes(town, minutes=1)
    ring_all(town.world)
    deliver_all(town.world)
    passes(town, minutes=10)
    assert note_undelivered(town.world) == 1
    assert note_undelivered(town.world) == 0


def test_a_line_that_cannot_be_put_into_words_holds_up_no_other(town: Town) -> None:
    """As when the state of its incident cannot be read."""
    opened(town)
    stream = town.incident().stream
    before = put(town, "Thử", "answers#nothing_to_cancel")
    broken = put(town, "Ví Dụ", "views/incident#tasks", stream=stream)
    behind = put(town, "Ví Dụ", "answers#no_duty_officer")

    def breaks(session: Session) -> None:
        kept = session.exec(select(IncidentRow).where(IncidentRow.stream == stream)).one()
        kept.state = "{}"
        session.add(kept)

    town.world.db.write(breaks)
    town.world.strict = False
    deliver_all(town.world)
    town.world.strict = True
    assert row(town, "Thử", before).state == chats.SENT
    assert row(town, "Ví Dụ", behind).state == chats.SENT
    aside = row(town, "Ví Dụ", broken)
    assert aside.state == chats.FAILED and aside.why
    told = [one.text for one in town.thread("Thử Nghiệm") if one.template == "answers#send_refused"]
    assert len(told) == 1 and f"tin số {broken}" in told[0]
