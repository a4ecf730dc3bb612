"""Newsrooms get the released bytes; the room says one thing and receives directives."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from procedure import actions as a
from procedure.codec import Prose
from procedure.entries import text_hash
from procedure.guidance import directive_received, newsrooms, quotes, released, sentences, to_guide
from procedure.obligations import find
from procedure.organisation import Holding, Organisation, Person
from procedure.parties import everyone, room_members
from procedure.rules_directive import addressees
from procedure.words import Role
from tests.procedure import village as v
from tests.procedure.village import Walk

EDITOR = 70
CAUSE = "the cause is being looked into"
HOLDING = Prose("It happened an hour ago; we are looking into it.")
NEWS = Prose("Nine households were moved; the cause is known.")
BOTH = (v.JOURNALIST, EDITOR)


def _press() -> Organisation:
    known = v.ORGANISATION
    editor = Person(id=EDITOR, name="", short="", address="", post="", phone="", unit=v.PAPER)
    held = (*known.holdings, Holding(EDITOR, Role.PRESS, v.PAPER))
    return Organisation(known.units, {**known.people, EDITOR: editor}, held)


def spoken() -> Walk:
    """Said officially; two people stand for newsrooms."""
    walk = v.spoken()
    walk.organisation = _press()
    return walk


def again(walk: Walk) -> Walk:
    """A second version is approved and said."""
    newly_approved(walk)
    walk.speak()
    return walk


def newly_approved(walk: Walk) -> Walk:
    walk.draft(NEWS)
    walk.approve(by=v.LEADER)
    return walk


def guided() -> Walk:
    return spoken().all([(v.DUTY, guide())])


def directed() -> Walk:
    return v.received().all([(v.DUTY, direct())])


def guide(statement: int = 1, people: tuple[int, ...] = BOTH) -> a.GuideNewsrooms:
    return a.GuideNewsrooms(statement=statement, people=people)


def messages(*texts: str, statement: int = 1, readers: tuple[int, ...] = ()) -> a.SetKeyMessages:
    said = tuple(Prose(text) for text in texts or ("Seven households were moved",))
    return a.SetKeyMessages(statement=statement, messages=said, readers=readers)


def direct(*people: int, text: str = v.WORDS) -> a.SendDirective:
    return a.SendDirective(text=Prose(text), people=people or (v.HEAD, v.REPORTER))


REFUSALS: tuple[tuple[Callable[[], Walk], int, a.Action, str | None], ...] = (
    (spoken, v.DUTY, guide(), None),
    (spoken, v.SECOND, guide(people=(EDITOR,)), None),
    (spoken, v.HEAD, guide(), "only_duty_officer"),
    (spoken, v.JOURNALIST, guide(), "press_reports_elsewhere"),
    (spoken, v.DUTY, guide(people=()), "newsrooms_needed"),
    (spoken, v.DUTY, guide(people=(EDITOR, v.HEAD)), "guided_only_press"),
    (spoken, v.DUTY, guide(statement=2), "statement_moved_on"),
    (v.approved, v.DUTY, guide(people=(v.JOURNALIST,)), "nothing_released"),
    (v.drafted, v.DUTY, guide(people=(v.JOURNALIST,)), "nothing_released"),
    (v.beyond, v.DUTY, guide(people=(v.JOURNALIST,)), "not_sent_up"),
    (v.settled_within, v.DUTY, guide(people=(v.JOURNALIST,)), "guided_by_speaker"),
    (v.closed, v.DUTY, guide(people=(v.JOURNALIST,)), "incident_closed"),
    (guided, v.DUTY, guide(), "guided_already"),
    (lambda: newly_approved(spoken()), v.DUTY, guide(), "released_is_void"),
    (guided, v.JOURNALIST, a.ReceiveGuidance(guidance=1), None),
    (guided, v.HEAD, a.ReceiveGuidance(guidance=1), "guidance_to_another"),
    (guided, v.JOURNALIST, a.ReceiveGuidance(guidance=2), "guidance_to_another"),
    (spoken, v.DUTY, messages(), None),
    (
        spoken,
        v.LEADER,
        messages("SEVEN  households were moved.", "the cause is being looked into"),
        None,
    ),
    (spoken, v.HEAD, messages(), "only_duty_officer"),
    (spoken, v.DUTY, messages("Nine households were moved"), "key_message_not_released"),
    (spoken, v.DUTY, messages("households were moved"), "key_message_not_released"),
    (spoken, v.DUTY, messages("  "), "key_message_not_released"),
    (spoken, v.DUTY, messages(*[CAUSE] * 4), "key_messages_counted"),
    (spoken, v.DUTY, messages(statement=2), "statement_moved_on"),
    (v.approved, v.DUTY, messages(), "nothing_released"),
    (v.settled_within, v.HEAD, messages(), "nothing_released"),
    (v.settled_within, v.DUTY, messages(), "only_head_manages"),
    (v.received, v.DUTY, direct(), None),
    (v.within, v.HEAD, direct(v.REPORTER), None),
    (v.within, v.DUTY, direct(), "only_head_manages"),
    (v.received, v.HEAD, direct(), "only_duty_officer"),
    (v.beyond, v.DUTY, direct(), "not_sent_up"),
    (v.received, v.DUTY, direct(text="  "), "directive_blank"),
    (v.received, v.DUTY, a.SendDirective(text=v.WORDS, people=()), "directive_to_nobody"),
    (v.received, v.DUTY, direct(v.HEAD, v.JOURNALIST), "press_only_guided"),
    (v.received, v.DUTY, direct(v.OUTSIDER), "not_in_room"),
    (v.received, v.DUTY, direct(v.SECRETARY), "not_in_room"),
    (v.received, v.DUTY, direct(v.DUTY), "not_in_room"),
    (v.received, v.DUTY, a.AddRoomMember(person=v.OUTSIDER), None),
    (v.received, v.DUTY, a.AddRoomMember(person=v.JOURNALIST), "press_only_guided"),
    (v.received, v.DUTY, a.AddRoomMember(person=v.STRANGER), "unknown_person"),
    (v.received, v.DUTY, a.AddRoomMember(person=v.DEPUTY), "member_stands"),
    (v.received, v.HEAD, a.AddRoomMember(person=v.OUTSIDER), "only_duty_officer"),
    (v.within, v.HEAD, a.AddRoomMember(person=v.OUTSIDER), None),
    (v.received, v.DUTY, a.RemoveRoomMember(person=v.DEPUTY), None),
    (v.received, v.DUTY, a.RemoveRoomMember(person=v.OUTSIDER), "member_gone"),
    (v.received, v.DUTY, a.RemoveRoomMember(person=v.HEAD), "part_first"),
    (v.concluded, v.DUTY, a.RemoveRoomMember(person=v.EXPERT), "part_first"),
)


@pytest.mark.duty("T6")
@pytest.mark.duty("T7")
@pytest.mark.duty("T22")
@pytest.mark.duty("T23")
@pytest.mark.parametrize(("stage", "actor", "action", "key"), REFUSALS)
def test_who_may_guide_with_what_and_whom(
    stage: Callable[[], Walk], actor: int, action: a.Action, key: str | None
) -> None:
    assert v.refused_by(stage(), actor, action) == key


@pytest.mark.duty("T6")
def test_a_newsroom_gets_the_released_bytes_and_the_journal_keeps_version_and_recipients() -> None:
    walk = spoken()
    decision = walk.does(v.DUTY, guide())
    assert {notice.to: notice.facts for notice in decision.notices} == {
        (one,): {"guidance": 1, "statement": 1, "replaces": 0} for one in BOTH
    }
    sent, text = walk.incident.guidance[0], released(walk.incident)
    assert text is not None and sent.sha256 == text.sha256 == text_hash(v.WORDS)
    assert (sent.version, sent.people, sent.by, sent.at) == (1, BOTH, v.DUTY, walk.now)
    walk.does(EDITOR, a.ReceiveGuidance(guidance=1))
    assert walk.incident.guidance[0].received == {str(EDITOR): walk.now}
    assert v.refused_by(walk, EDITOR, a.ReceiveGuidance(guidance=1)) == "guidance_received"


@pytest.mark.duty("T6")
def test_who_holds_the_old_version_hears_that_it_is_replaced_even_when_left_out() -> None:
    walk = again(spoken().all([(v.DUTY, guide())]))
    told = {
        one.to: (one.kind, one.facts["replaces"])
        for one in walk.decide(v.DUTY, guide(2, (v.JOURNALIST,))).notices
    }
    assert told == {(v.JOURNALIST,): ("guidance", 1), (EDITOR,): ("guidance_replaced", 1)}
    walk.does(v.DUTY, guide(2, (v.JOURNALIST,)))
    assert to_guide(walk.incident, walk.organisation) == (EDITOR,)
    later = walk.does(v.DUTY, guide(2, BOTH))
    assert [(one.kind, one.to) for one in later.notices] == [("guidance", (EDITOR,))]


@pytest.mark.duty("T6")
def test_a_drill_guides_nobody_outside_and_is_recorded() -> None:
    walk = spoken()
    walk.incident = replace(walk.incident, drill=True)
    assert walk.does(v.DUTY, guide()).notices == ()
    assert walk.incident.guidance[0].people == BOTH


@pytest.mark.duty("T7")
def test_everybody_hears_of_the_messages_once_and_of_a_change_only_who_read_the_old() -> None:
    walk = spoken()
    first = walk.does(v.DUTY, messages())
    room = room_members(walk.incident, walk.organisation)
    assert v.told(first) == {"key_messages_set": tuple(one for one in room if one != v.DUTY)}
    assert (
        v.refused_by(walk, v.DUTY, messages("seven households were moved.")) == "key_messages_stand"
    )
    readers = (v.HEAD, v.DUTY, v.JOURNALIST, v.OUTSIDER)
    second = walk.does(v.DUTY, messages(CAUSE, readers=readers))
    assert v.told(second) == {"key_messages_changed": (v.HEAD,)}
    now = walk.incident.key_messages
    assert now is not None and (now.revision, now.version) == (2, 1)


@pytest.mark.duty("T23")
def test_a_directive_wants_a_receipt_of_each_and_its_sender_hears_once_when_all_have_it() -> None:
    walk = v.received()
    sent = walk.does(v.DUTY, direct(v.HEAD, v.REPORTER, v.PARTY_HEAD))
    assert v.told(sent) == {"directive": (v.HEAD, v.REPORTER, v.PARTY_HEAD)}
    key = "O1:directive:1:{}".format
    one = find(walk.incident, v.TERMS, key(v.HEAD))
    assert one is not None and one.start == walk.now and one.due > walk.now
    walk.does(v.HEAD, a.OrderVerification(people=(v.WATCH,), units=(v.COMMUNE,), what=v.WORDS))
    assert find(walk.incident, v.TERMS, key(v.HEAD)), "another act is no receipt of a directive"
    assert v.refused_by(walk, v.DUTY, a.AcknowledgeDuty(duty=key(v.HEAD))) == "not_your_duty"
    assert walk.does(v.HEAD, a.AcknowledgeDuty(duty=key(v.HEAD))).notices == ()
    assert walk.does(v.PARTY_HEAD, a.AcknowledgeDuty(duty=key(v.PARTY_HEAD))).notices == ()
    call = a.RecordCall(duty=key(v.REPORTER), to=v.REPORTER, reached=True)
    assert v.told(walk.does(v.DEPUTY, call)) == {"directive_complete": (v.DUTY,)}
    assert directive_received(walk.incident, 1, v.REPORTER) == walk.now
    assert not [duty for duty in (find(walk.incident, v.TERMS, key(n)) for n in v.PEOPLE) if duty]


@pytest.mark.duty("T23")
def test_a_directive_reaches_the_room_without_its_sender_and_the_committees_people() -> None:
    walk = v.directed()
    found = addressees(walk.incident, walk.organisation, v.DUTY)
    assert {v.HEAD, v.REPORTER, v.LEADER} <= set(found)
    assert not {v.DUTY, v.SECRETARY, v.MEMBER, v.JOURNALIST} & set(found)


@pytest.mark.duty("T22")
def test_whoever_is_added_has_a_part_and_whoever_is_taken_out_may_come_back() -> None:
    walk = v.received()
    added = walk.does(v.DUTY, a.AddRoomMember(person=v.OUTSIDER))
    assert v.told(added) == {"room_member_added": (v.OUTSIDER,)}
    assert v.OUTSIDER in everyone(walk.incident, v.ORGANISATION)
    taken = walk.does(v.DUTY, a.RemoveRoomMember(person=v.OUTSIDER))
    assert v.told(taken) == {"room_member_removed": (v.OUTSIDER,)}
    assert v.OUTSIDER not in everyone(walk.incident, v.ORGANISATION)
    walk.does(v.DUTY, a.RemoveRoomMember(person=v.DEPUTY))
    assert v.DEPUTY not in room_members(walk.incident, v.ORGANISATION)
    walk.does(v.DUTY, a.AddRoomMember(person=v.DEPUTY))
    assert v.DEPUTY in room_members(walk.incident, v.ORGANISATION)


@pytest.mark.duty("T7")
@pytest.mark.parametrize(
    ("message", "fits"),
    [
        ("Đến 08 giờ, sạt lở dài 38,5 m", True),
        ("sạt lở dài 38,5 m", True),
        ("chưa ghi nhận thiệt hại về người", True),
        ("ghi nhận thiệt hại về người", False),
        ("sạt lở dài 38 m", False),
        ("Đến 08 giờ, chưa ghi nhận thiệt hại về người", False),
        ("Đến 08 giờ, sạt lở dài 38,5 m. Nguyên nhân đang được khảo sát.", False),
        ("", False),
    ],
)
def test_a_message_is_whole_clauses_in_the_order_of_the_text(message: str, fits: bool) -> None:
    text = "Đến 08 giờ,  sạt lở dài 38,5 m; chưa ghi nhận thiệt hại về người. "
    text += "Nguyên nhân đang được khảo sát."
    assert quotes(text, message) is fits
    assert all(quotes(text, one) for one in sentences(text)) and len(sentences(text)) == 2


def test_the_press_of_a_province_is_whoever_holds_that_role() -> None:
    assert newsrooms(_press()) == BOTH
    assert newsrooms(Organisation()) == ()
