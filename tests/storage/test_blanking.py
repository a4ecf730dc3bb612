"""Blanking one person in the memory: nothing of his own is left, all else is as it was."""

import json
from dataclasses import replace
from datetime import timedelta

from sqlmodel import select

from procedure.blanking import Called
from procedure.blanking import blank as facts_of
from procedure.codec import Prose, canonical, dump
from procedure.entries import FIRST_HASH, Entry, chain_hash, entry_bytes
from procedure.entries_organisation import (
    ORGANISATION,
    ExportMade,
    PersonRegistered,
    RoleGiven,
)
from procedure.evolve_organisation import organisation_at
from procedure.organisation import Person
from procedure.words import Role
from storage import access, accounts, blanking, chats, held, journal, people, postings
from storage.database import Database, Session
from storage.tables import (
    AccountRow,
    DraftRow,
    EntryRow,
    InboxRow,
    MessageRow,
    SecretStopRow,
    metadata,
)
from storage.tables_rooms import ErrandRow, GroupMemberRow
from tests.procedure import village as v
from tests.storage.shelf import faults
from tests.storage.test_people import EVERYBODY, record

HIM, OTHER = v.HEAD, v.DEPUTY
CALLED = Called(name="(gone)", post="former", address="Mr/Ms")
NAME, PHONE, EMAIL, TELEGRAM = "Nguyen Van Own", "0912999888", "own@mail.vn", "777000111"
OLD_PHONE = "0912111222"
OWN = (NAME, PHONE, EMAIL, TELEGRAM, OLD_PHONE, "Unlike Post")


def him(**more: str) -> Person:
    words = {"name": NAME, "short": "Own", "post": "Unlike Post", "phone": PHONE, "email": EMAIL}
    known = v.ORGANISATION.people[HIM]
    return Person(id=HIM, unit=known.unit, address="ông", **{**words, **more})


def blank(db: Database, person: int = HIM) -> None:
    """As the console does it: the facts, then everything else, in one transaction."""

    def work(session: Session) -> None:
        before = people.organisation(session)
        facts = facts_of(before, person, CALLED, Prose("asked"))
        people.record(session, facts, at=v.START, actor=0, channel="test")
        blanking.blank(session, before.people[person], CALLED.name, at=v.START)

    db.write(work)


def whole(db: Database) -> str:
    """Every value of every table, as text."""

    def work(session: Session) -> str:
        found = [session.connection().execute(one.select()).all() for one in metadata.sorted_tables]
        return "\n".join(str(tuple(row)) for rows in found for row in rows)

    return db.read(work)


def lived(session: Session) -> None:
    """He is linked, was told things, wrote, sits in a group, and asks for a link."""
    chat = accounts.link(session, "telegram", TELEGRAM, HIM, v.START)
    page = chats.chat_of(session, "web", str(HIM), HIM)
    other = chats.chat_of(session, "web", str(OTHER), OTHER)
    chats.said(session, chat, f"{NAME} here, call {PHONE} or {OLD_PHONE}", at=v.START)
    chats.said(session, page, f"mail {EMAIL}", at=v.START)
    chats.enqueue(session, chat, chats.Prompt(template="x", facts={"name": NAME}), at=v.START)
    facts = {"name": "A typed name", "phone": PHONE, "who": HIM}
    asked = chats.Prompt(template=blanking.LINK_REQUEST, facts=facts)
    chats.enqueue(session, other, asked, at=v.START)
    raw = canonical({"text": "hello", "raw": {"from": {"id": TELEGRAM, "first_name": NAME}}})
    for n, (person, state) in enumerate([(HIM, "done"), (0, "done"), (HIM, "aside")]):
        session.add(
            InboxRow(
                channel="telegram",
                external=f"u{n}",
                lane=TELEGRAM,
                person=person,
                body=raw,
                state=state,
                received_at=v.START,
                handled_at=v.START,
            )
        )
    session.add(
        DraftRow(
            chat=chat.id or 0, person=HIM, form="x", answers=canonical([NAME]), touched_at=v.START
        )
    )
    for group, left in (("-1", None), ("-2", v.START)):
        session.add(
            GroupMemberRow(
                channel="telegram",
                external=group,
                account="777000222",
                name="Other",
                joined_at=v.START,
                left_at=left,
            )
        )
        session.add(
            GroupMemberRow(
                channel="telegram",
                external=group,
                account=TELEGRAM,
                name=NAME,
                joined_at=v.START,
                left_at=v.START,
            )
        )
    session.add(
        ErrandRow(
            channel="telegram",
            kind="ban",
            data=canonical({"account": TELEGRAM, "group": "-1"}),
            made_at=v.START,
            done_at=v.START,
        )
    )
    session.add(
        SecretStopRow(
            channel="telegram",
            external="u9",
            person=HIM,
            at=v.START,
            place=TELEGRAM,
            message="5",
            deleted_at=v.START,
        )
    )
    access.invite(session, HIM, v.START)


def settled(db: Database) -> None:
    record(db, *EVERYBODY)
    record(db, PersonRegistered(person=him(phone=OLD_PHONE)), PersonRegistered(person=him()))
    db.write(lived)


def test_nothing_of_his_own_is_left_anywhere_and_the_chain_verifies(db: Database) -> None:
    settled(db)
    before = db.read(people.organisation)
    assert all(one in whole(db) for one in OWN), "the test has put all of it in"
    blank(db)
    left = whole(db)
    assert [one for one in OWN if one in left] == []
    assert "777000222" in left and "A typed name" not in left
    assert faults(db) == []
    after = db.read(people.organisation)
    assert {id: one for id, one in after.people.items() if id != HIM} == {
        id: one for id, one in before.people.items() if id != HIM
    }
    assert after.people[HIM] == replace(him().unnamed("(gone)", "former", "Mr/Ms"), left=True)
    assert (
        after.held_by(HIM) == () and db.read(lambda session: accounts.all_reachable(session)) == []
    )


def test_what_waits_for_him_is_not_sent_and_the_others_wait_on(db: Database) -> None:
    settled(db)
    blank(db)
    rows = db.read(lambda session: list(session.exec(select(MessageRow)).all()))
    queued = [one.template for one in rows if one.state == chats.QUEUED]
    assert queued == [blanking.LINK_REQUEST]
    (stale,) = [one for one in rows if one.state == chats.STALE]
    assert stale.superseded and stale.why == blanking.REASON


def test_his_account_is_nobody_s_and_may_be_linked_to_somebody_else(db: Database) -> None:
    settled(db)
    blank(db)
    assert db.read(lambda session: accounts.linked(session, "telegram", TELEGRAM)) is None
    chat = db.write(lambda session: accounts.link(session, "telegram", TELEGRAM, OTHER, v.START).id)
    assert db.read(lambda session: chats.thread(session, chat or 0, 0, 10)) == []


def test_what_came_in_is_kept_as_having_come(db: Database) -> None:
    settled(db)
    blank(db)
    rows = db.read(lambda session: list(session.exec(select(InboxRow)).all()))
    assert [(one.external, one.body, one.state) for one in rows] == [
        (f"u{n}", "{}", "done") for n in range(3)
    ]
    assert all(one.lane.startswith("blanked:") for one in rows)


def test_an_update_that_is_not_handled_yet_is_counted(db: Database) -> None:
    settled(db)
    assert db.read(lambda session: blanking.waits(session, HIM)) == 0
    row = {"channel": "web", "lane": str(HIM), "person": HIM, "body": "{}", "received_at": v.START}
    db.write(lambda session: session.add(InboxRow(external="n", **row)))
    assert db.read(lambda session: blanking.waits(session, HIM)) == 1
    assert db.read(lambda session: blanking.waits(session, OTHER)) == 0


def test_the_tables_made_anew_from_the_journal_are_the_same(db: Database) -> None:
    settled(db)
    blank(db)
    now = db.read(people.organisation)
    history = db.read(lambda session: journal.read(session, ORGANISATION))
    assert organisation_at(history, history[-1].at) == now

    def again(session: Session) -> None:
        for table in ("units", "people", "holdings"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
        people.project(session, history)

    db.write(again)
    assert db.read(people.organisation) == now


def in_clear(session: Session, person: Person) -> None:
    """An entry as the versions before the third wrote it."""
    ends = {head.stream: head for head in journal.heads(session)}
    last = ends.get(ORGANISATION, journal.Head(ORGANISATION, 0, FIRST_HASH))
    entry = Entry(
        stream=ORGANISATION,
        seq=last.seq + 1,
        at=v.START,
        actor=0,
        authority="admin",
        channel="test",
        fact=PersonRegistered(person=person),
    )
    body = json.loads(entry_bytes(entry, dump(entry.fact), last.hash))
    body["version"] = 2
    del body["data"]["person"]["blanked"]
    text = canonical(body)
    copies = {name: body[name] for name in ("stream", "seq", "kind", "actor", "channel")}
    session.add(EntryRow(**copies, at=v.START, body=text, hash=chain_hash(text)))
    people.project(session, [entry])


def test_an_entry_of_an_older_version_keeps_him_and_this_is_counted(db: Database) -> None:
    record(db, *EVERYBODY)
    db.write(lambda session: in_clear(session, him()))
    assert db.read(lambda session: blanking.in_clear(session, HIM)) == 1
    assert db.read(lambda session: blanking.in_clear(session, OTHER)) == 0
    blank(db)
    assert faults(db) == [] and NAME in whole(db), "a chain is never rewritten"
    assert db.read(people.organisation).people[HIM].name == "(gone)"
    history = db.read(lambda session: journal.read(session, ORGANISATION))
    then = organisation_at(history, v.START - timedelta(days=1))
    assert then.people == {}
    assert organisation_at(history, v.START).people[HIM].name == "(gone)"


def test_many_people_are_kept_with_the_words_that_are_theirs(db: Database) -> None:
    """They go into `contents` in one statement: each entry must name its own row."""
    many = [him(name=f"Person {n}", phone=f"09{n:08}") for n in range(2500)]
    numbered = [Person(**{**vars(one), "id": n + 100}) for n, one in enumerate(many)]
    record(db, *(PersonRegistered(person=one) for one in numbered))
    history = db.read(lambda session: journal.read(session, ORGANISATION))
    assert [one.fact for one in history] == [PersonRegistered(person=one) for one in numbered]
    assert faults(db) == []


def test_what_is_held_on_a_person_says_since_when_and_by_whom(db: Database) -> None:
    settled(db)
    record(db, RoleGiven(person=HIM, role=Role.OFFICE, unit=v.COMMUNE))
    found = db.read(lambda session: held.held_on(session, HIM, v.START))
    given = {one.role: (one.since, one.by) for one in found.roles}
    assert given[Role.OFFICE] == (v.START, v.LEADER) and Role.HEAD in given
    assert found.channels == (("telegram", v.START),) and found.sessions == ()
    db.write(lambda session: access.sign_in(session, HIM, v.START))
    assert db.read(lambda session: held.held_on(session, HIM, v.START)).sessions == (v.START,)


def test_entries_of_one_kind_are_read_with_their_own_words(db: Database) -> None:
    settled(db)
    record(db, ExportMade(what="register", count=3, login=Prose("root")))
    record(db, *EVERYBODY[:1], ExportMade(what="backup", count=9, login=Prose("other")))
    found = db.read(lambda session: journal.of_kind(session, ORGANISATION, ExportMade))
    assert [one.fact for one in found] == [
        ExportMade(what="register", count=3, login=Prose("root")),
        ExportMade(what="backup", count=9, login=Prose("other")),
    ]


def test_while_he_sits_in_a_group_his_account_is_known_there_without_a_name(db: Database) -> None:
    settled(db)
    member = {"channel": "telegram", "account": TELEGRAM, "name": NAME, "joined_at": v.START}
    db.write(lambda session: session.add(GroupMemberRow(external="-9", **member)))
    blank(db)
    rows = db.read(lambda session: list(session.exec(select(GroupMemberRow)).all()))
    his = [(one.external, one.account, one.name) for one in rows if one.name != "Other"]
    assert his[-1] == ("-9", TELEGRAM, "")
    assert all(account.startswith("blanked:") for _, account, _ in his[:-1])


def test_no_button_is_tidied_in_a_chat_that_is_nobody_s(db: Database) -> None:
    settled(db)

    def asked(session: Session) -> None:
        chat = accounts.link(session, "telegram", TELEGRAM, HIM, v.START)
        prompt = chats.Prompt(template="x", choices=[{"label": "y", "do": {}}])
        row = session.get_one(MessageRow, chats.enqueue(session, chat, prompt, at=v.START))
        row.state, row.superseded = chats.SENT, True

    db.write(asked)
    assert len(db.read(lambda session: postings.untidy(session, "telegram"))) == 1
    blank(db)
    assert db.read(lambda session: postings.untidy(session, "telegram")) == []


def test_the_accounts_of_others_stay(db: Database) -> None:
    settled(db)
    db.write(lambda session: accounts.link(session, "telegram", "888", OTHER, v.START))
    blank(db)
    rows = db.read(lambda session: list(session.exec(select(AccountRow)).all()))
    assert [(one.external, one.person) for one in rows] == [("888", OTHER)]
