"""Chats: every line has its place, every prompt is answered once, none is said twice."""

from collections.abc import Mapping
from typing import Any

import pytest

from storage import chats, outbox, postings, prompts
from storage.chats import Prompt
from storage.database import Database, Session
from storage.tables import ChatRow, MessageRow
from tests.procedure import village as v

YES = {"label": "yes", "do": {}}


def chat(session: Session, person: int = v.HEAD) -> ChatRow:
    return chats.chat_of(session, "web", str(person), person)


def put(db: Database, *, person: int = v.HEAD, **fields: Any) -> MessageRow | None:
    """Queues a prompt for a person."""
    prompt = Prompt(**{"template": "notices/x#text", **fields})

    def work(session: Session) -> MessageRow | None:
        line = chats.enqueue(session, chat(session, person), prompt, at=v.START)
        return None if line is None else session.get_one(MessageRow, line)

    return db.write(work)


def sent(db: Database, message: MessageRow | None) -> None:
    """The channel has taken it."""
    assert message is not None

    def work(session: Session) -> None:
        row = session.get_one(MessageRow, message.id)
        row.state, row.sent_at, row.text = chats.SENT, v.START, "said"
        session.add(row)

    db.write(work)


def live(db: Database) -> list[int]:
    """The sequence numbers of the prompts that wait, newest first."""
    return [
        row.seq
        for row in db.write(lambda session: chats.open_prompts(session, chat(session).id or 0))
    ]


def test_a_chat_is_made_once_for_a_channel_and_an_address(db: Database) -> None:
    first, again = db.write(lambda s: (chat(s).id, chat(s).id))
    other = db.write(lambda s: chats.chat_of(s, "telegram", str(v.HEAD), v.HEAD).id)
    assert first == again != other


def test_the_chat_used_last_comes_first(db: Database) -> None:
    def work(session: Session) -> list[str]:
        web = chat(session)
        phone = chats.chat_of(session, "telegram", "7", v.HEAD)
        chats.chat_of(session, "zalo", "7", v.HEAD)
        web.seen_at, phone.seen_at = v.START, v.START + v.HOUR
        return [row.channel for row in chats.chats_of(session, v.HEAD)]

    assert db.write(work) == ["telegram", "web", "zalo"]


def test_lines_and_prompts_of_a_chat_are_numbered_without_a_gap(db: Database) -> None:
    put(db)
    db.write(lambda session: chats.said(session, chat(session), "hello", at=v.START))
    put(db)
    put(db, person=v.DUTY)
    numbers = [row.seq for row in db.read(lambda s: outbox.waiting(s, "web"))]
    assert numbers == [1, 3, 1] and db.write(lambda s: chat(s).last_seq) == 3


def test_a_prompt_with_a_key_is_said_once_for_ever(db: Database) -> None:
    assert put(db, key="ring:1") is not None
    assert put(db, key="ring:1") is None
    assert db.write(lambda session: chat(session).last_seq) == 1


def test_a_newer_card_about_one_thing_takes_the_older_ones_buttons(db: Database) -> None:
    put(db, about="incident-1/meeting:1", choices=[YES])
    put(db, about="incident-1/meeting:2", choices=[YES])
    put(db, about="incident-1/meeting:1", choices=[YES])
    assert live(db) == [3, 2]


def test_an_answered_prompt_waits_no_more(db: Database) -> None:
    message = put(db, choices=[YES])
    assert message is not None and chats.choices_of(message) == [YES]

    def answer(session: Session) -> None:
        row = session.get_one(MessageRow, message.id)
        row.answered = 1
        session.add(row)

    db.write(answer)
    assert live(db) == []


def test_a_page_resumes_where_it_was_and_sees_only_what_was_sent(db: Database) -> None:
    for _ in range(4):
        sent(db, put(db))
    put(db)

    def seen(after: int, limit: int) -> list[int]:
        return [
            row.seq
            for row in db.write(
                lambda session: chats.thread(session, chat(session).id or 0, after, limit)
            )
        ]

    assert seen(0, 2) == [3, 4] and seen(1, 10) == [2, 3, 4] and seen(4, 10) == []


def test_what_a_page_has_shown_is_noted_once_with_its_time(db: Database) -> None:
    sent(db, put(db))
    sent(db, put(db))
    put(db)
    shown = v.START + v.MINUTE
    news = [db.write(lambda s: prompts.shown(s, chat(s), 2, shown)) for _ in range(2)]
    assert news == [2, 0]
    row = db.write(chat)
    assert (row.shown_seq, row.seen_at) == (2, shown)
    db.write(lambda session: prompts.shown(session, chat(session), 99, shown))
    assert db.write(chat).shown_seq == 3


def test_what_asks_something_and_was_not_seen_is_found(db: Database) -> None:
    ring = put(db, key="ring:1", duties=[("incident-1", "O2")])
    put(db, key="card:1")

    def unshown(minute: int = 0) -> list[int | None]:
        since = v.START + minute * v.MINUTE
        return [row.id for row in db.read(lambda s: prompts.unshown(s, since))]

    assert ring is not None and unshown() == [ring.id], "sent or not: he has not seen it"
    sent(db, ring)
    assert unshown() == [ring.id] and unshown(1) == []
    db.write(lambda session: prompts.shown(session, chat(session), 2, v.START))
    assert unshown() == []


@pytest.mark.parametrize(
    ("duties", "standing", "left"),
    [
        ([("incident-1", "O2")], {"O3"}, []),
        ([("incident-1", "O2"), ("incident-1", "O3")], {"O3"}, [1]),
        ([("incident-1", "O2"), ("incident-1", "O3")], set(), []),
        ([("incident-1", "O2"), ("incident-2", "O2")], set(), [1]),
        ([("incident-1", "O2")], {"O2", "O3"}, [1]),
        ([("incident-1", "O1:open"), ("incident-1", "O2")], {"O2"}, [1]),
    ],
)
def test_the_buttons_of_a_ring_go_when_none_of_its_duties_stands(
    db: Database, duties: list[tuple[str, str]], standing: set[str], left: list[int]
) -> None:
    put(db, duties=duties, stream="incident-1", choices=[YES])
    db.write(lambda session: prompts.settle(session, "incident-1", standing=frozenset(standing)))
    assert live(db) == left


def receipt(key: str) -> dict[str, Any]:
    do = {"act": "AcknowledgeDuty", "stream": "incident-1", "data": {"duty": key}}
    return {"label": "received", "do": do}


ORDER = {"stream": "incident-1", "duties": [("incident-1", "O1:order:1:3"), ("incident-1", "O5:1")]}


def test_a_choice_that_is_taken_away_leaves_the_others_their_numbers_in_every_copy(
    db: Database,
) -> None:
    message = put(db, choices=[YES, YES, YES])
    assert message is not None

    def work(session: Session) -> list[tuple[list[int], bool]]:
        row = session.get_one(MessageRow, message.id)
        phone = chats.chat_of(session, "telegram", "7", v.HEAD)
        chats.copy_to(session, row, phone, at=v.START)
        prompts.take(session, row, [1])
        prompts.take(session, row, [1])
        late = chats.copy_to(session, row, chats.chat_of(session, "z", "7", v.HEAD), at=v.START)
        assert not late.trim, "it is sent without the button"
        return [
            ([n for n, _ in chats.open_choices(one)], one.trim)
            for one in prompts.copies(session, row)
        ]

    assert db.write(work) == [([2, 3], True), ([2, 3], True), ([2, 3], False)]
    assert live(db) == [1], "the others wait on"


def test_a_receipt_that_has_been_given_loses_its_button_and_the_work_keeps_its_own(
    db: Database,
) -> None:
    message = put(db, choices=[receipt("O1:order:1:3"), YES, receipt("O5:1")], **ORDER)
    assert message is not None
    for standing, left in (({"O1:order:1:3", "O5:1"}, [1, 2, 3]), ({"O5:1"}, [2, 3])):
        now = frozenset(standing)
        db.write(lambda session, now=now: prompts.settle(session, "incident-1", standing=now))
        row = db.read(lambda session: session.get_one(MessageRow, message.id))
        assert [n for n, _ in chats.open_choices(row)] == left and live(db) == [1]


def test_a_messenger_is_untidy_until_it_shows_what_is_left(db: Database) -> None:
    def work(session: Session) -> list[int]:
        phone = chats.chat_of(session, "telegram", "7", v.HEAD)
        prompt = Prompt(template="x", choices=[YES, YES, YES])
        line = chats.enqueue(session, phone, prompt, at=v.START)
        assert line is not None
        row = session.get_one(MessageRow, line)
        row.state = chats.SENT
        found = [len(postings.untidy(session, "telegram"))]
        prompts.take(session, row, [1])
        shown = row.taken
        prompts.take(session, row, [2])
        for taken in (shown, row.taken):
            found.append(len(postings.untidy(session, "telegram")))
            postings.trimmed(session, row.id, taken)
        return [*found, len(postings.untidy(session, "telegram"))]

    assert db.write(work) == [0, 1, 1, 0], "what went in the meantime is edited too"


def test_a_reply_keeps_what_it_replies_to(db: Database) -> None:
    files: list[Mapping[str, Any]] = [{"sha256": "a" * 64}]

    def work(session: Session) -> MessageRow:
        line = chats.said(session, chat(session), "ok", at=v.START, reply_to=7, files=files)
        return session.get_one(MessageRow, line)

    row = db.write(work)
    assert (row.reply_to, row.sender, row.state) == (7, chats.PERSON, chats.SENT)
    assert row.files == f'[{{"sha256":"{"a" * 64}"}}]'


def test_what_was_answered_by_a_button_is_neither_replaced_nor_answered_again(db: Database) -> None:
    made = put(db, about="card")
    assert made is not None

    def work(session: Session) -> tuple[int | None, bool]:
        row = session.get_one(MessageRow, made.id)
        row.answered = 2
        session.add(row)
        chats.supersede(session, row.chat, "card")
        chats.answered_in_words(session, row.chat, "card")
        session.expire(row)
        return row.answered, row.superseded

    assert db.write(work) == (2, False)
