"""The places of rooms on messengers, who is in them, and what is to be done there."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, and_, col, select

from procedure.codec import canonical
from storage import chats
from storage.tables import AccountRow, ChatRow
from storage.tables_rooms import ErrandRow, GroupMemberRow, PlaceRow

GROUP, TOPIC, FORUM = "group", "topic", "forum"
#: The chat of a place belongs to nobody in person.
NOBODY = 0
#: The chat of a topic that the messenger has not made yet: no channel sends it.
WAITING = "waiting"
WEB = "web"
#: Errands: put somebody out, grant or decline his request, see who runs a group and what the bot
#: may do there, take a card down.
BAN, APPROVE, DECLINE, LOOK, UNPIN = "ban", "approve", "decline", "look", "unpin"


def room_chat(session: Session, stream: str) -> ChatRow:
    """The thread of an incident's room on the web, made when it is new."""
    return chats.chat_of(session, WEB, f"room:{stream}", NOBODY)


def stream_of(external: str) -> str | None:
    """Which incident's room a chat of the web is, by its outer id; None for a person's own."""
    kind, _, stream = external.partition(":")
    return stream if kind == "room" and stream else None


def bind(
    session: Session,
    *,
    channel: str,
    external: str,
    kind: str,
    title: str,
    at: datetime,
    stream: str | None = None,
    room: int = 0,
    forum: int | None = None,
    rights: Collection[str] = (),
) -> PlaceRow:
    """Makes a group, topic or forum a place; one that was lost or unbound before is taken up."""
    row = known(session, channel, external) or PlaceRow(
        channel=channel, external=external, kind=kind, made_at=at
    )
    row.kind, row.title, row.stream, row.room, row.forum = kind, title, stream, room, forum
    row.rights, row.made_at, row.ended_at = canonical_rights(rights), at, None
    row.card, row.card_text, row.card_until, row.untold = None, "", None, True
    row.chat = _chat(session, row)
    session.add(row)
    session.flush()
    return row


def _chat(session: Session, row: PlaceRow) -> int:
    if row.kind == FORUM:
        return 0
    channel = WAITING if row.external.startswith("wait:") else row.channel
    chat = chats.chat_of(session, channel, row.external, NOBODY)
    chat.unreachable_at = None
    session.add(chat)
    assert chat.id is not None
    return chat.id


def stands_as(session: Session, row: PlaceRow, external: str) -> None:
    """The place has got its id, or another one, at the messenger; its lines go there now."""
    row.external = external
    chat = session.get_one(ChatRow, row.chat)
    chat.channel, chat.external = row.channel, external
    session.add(row)
    session.add(chat)
    session.flush()


def known(session: Session, channel: str, external: str) -> PlaceRow | None:
    """The place of this outer id, ended or not."""
    return session.exec(
        select(PlaceRow).where(PlaceRow.channel == channel, PlaceRow.external == external)
    ).first()


def at(session: Session, channel: str, external: str) -> PlaceRow | None:
    """The place that stands under this outer id now."""
    row = known(session, channel, external)
    return row if row and row.ended_at is None else None


def of_chat(session: Session, chat: int) -> PlaceRow | None:
    """The place whose lines a chat holds."""
    return session.exec(select(PlaceRow).where(PlaceRow.chat == chat)).first() if chat else None


def of_streams(session: Session, streams: Collection[str]) -> list[PlaceRow]:
    """The standing places of the rooms of these incidents."""
    rows = session.exec(
        select(PlaceRow)
        .where(col(PlaceRow.stream).in_(streams), col(PlaceRow.ended_at).is_(None))
        .order_by(col(PlaceRow.id))
    ).all()
    return list(rows)


def standing(session: Session, channel: str) -> list[PlaceRow]:
    """All standing places of a channel, forums among them."""
    rows = session.exec(
        select(PlaceRow)
        .where(PlaceRow.channel == channel, col(PlaceRow.ended_at).is_(None))
        .order_by(col(PlaceRow.id))
    ).all()
    return list(rows)


def in_group(session: Session, channel: str, group: str) -> list[PlaceRow]:
    """The standing places in one group: itself, or as a forum with its topics."""
    return [one for one in standing(session, channel) if one.external.split(":")[0] == group]


def waiting_in(session: Session, forum: PlaceRow) -> list[PlaceRow]:
    """The topics of a forum that its messenger has not made yet."""
    here = standing(session, forum.channel)
    return [one for one in here if one.forum == forum.id and one.external.startswith("wait:")]


def unopened(session: Session, forum: PlaceRow) -> list[PlaceRow]:
    """The topics of a forum that its messenger refused to make, or that nobody needed in time."""
    rows = session.exec(
        select(PlaceRow)
        .where(
            PlaceRow.forum == forum.id,
            col(PlaceRow.external).startswith("wait:"),
            col(PlaceRow.ended_at).is_not(None),
        )
        .order_by(col(PlaceRow.id))
    ).all()
    return list(rows)


def forum(session: Session, channel: str) -> PlaceRow | None:
    """The standing forum in which every new incident opens a topic."""
    return session.exec(
        select(PlaceRow).where(
            PlaceRow.channel == channel,
            PlaceRow.kind == FORUM,
            col(PlaceRow.ended_at).is_(None),
        )
    ).first()


def touch(session: Session, streams: Collection[str]) -> None:
    """The cards of these incidents may say something that has changed."""
    for row in of_streams(session, streams):
        row.untold = True
        session.add(row)
    session.flush()


def touch_group(session: Session, channel: str, group: str) -> None:
    """The cards in this group may say too much, or too little, for those who are there now."""
    for row in in_group(session, channel, group):
        row.untold = True
        session.add(row)
    session.flush()


def untold(session: Session, channel: str, now: datetime) -> list[PlaceRow]:
    """Places whose card may have changed, or says what time has passed."""
    rows = session.exec(
        select(PlaceRow)
        .where(
            PlaceRow.channel == channel,
            PlaceRow.kind != FORUM,
            col(PlaceRow.ended_at).is_(None),
            col(PlaceRow.untold).is_(True) | (col(PlaceRow.card_until) <= now),
        )
        .order_by(col(PlaceRow.card_at).is_not(None), col(PlaceRow.card_at), col(PlaceRow.id))
    ).all()
    return list(rows)


def end(session: Session, row: PlaceRow, at: datetime) -> ChatRow | None:
    """A place is none any more; returns its chat, which can hold lines that were not sent."""
    row.ended_at, row.card = at, None
    session.add(row)
    chat = session.get(ChatRow, row.chat) if row.chat else None
    if chat is not None:
        chat.unreachable_at = at
        session.add(chat)
    session.flush()
    return chat


def rights_of(row: PlaceRow) -> frozenset[str]:
    """What the bot may do in a place."""
    return frozenset(json.loads(row.rights))


def canonical_rights(rights: Collection[str]) -> str:
    """Rights as a place keeps them."""
    return canonical(sorted(rights))


# Who is there


def came(
    session: Session, channel: str, group: str, account: str, name: str, at: datetime
) -> GroupMemberRow:
    """An account is in a group."""
    row = member(session, channel, group, account) or GroupMemberRow(
        channel=channel, external=group, account=account, joined_at=at
    )
    if row.left_at is not None:
        row.joined_at, row.left_at = at, None
    row.name = name or row.name
    session.add(row)
    session.flush()
    return row


def left(session: Session, channel: str, group: str, account: str, at: datetime) -> int | None:
    """An account has left a group; returns the number of its row."""
    row = member(session, channel, group, account)
    if row is None or row.left_at is not None:
        return None
    row.left_at = at
    session.add(row)
    session.flush()
    return row.id


def member(session: Session, channel: str, group: str, account: str) -> GroupMemberRow | None:
    """The row of an account in a group, whether it is there now or not."""
    return session.exec(
        select(GroupMemberRow).where(
            GroupMemberRow.channel == channel,
            GroupMemberRow.external == group,
            GroupMemberRow.account == account,
        )
    ).first()


def present(session: Session, channel: str, group: str) -> list[GroupMemberRow]:
    """The accounts known to be in a group now."""
    return [row for row, _ in people_in(session, channel, group)]


def people_in(
    session: Session, channel: str, group: str
) -> list[tuple[GroupMemberRow, int | None]]:
    """The accounts known to be in a group now, each with the person whose it is."""
    rows = session.exec(
        select(GroupMemberRow, AccountRow.person)
        .join(
            AccountRow,
            and_(
                col(AccountRow.channel) == col(GroupMemberRow.channel),
                col(AccountRow.external) == col(GroupMemberRow.account),
                col(AccountRow.ended_at).is_(None),
            ),
            isouter=True,
        )
        .where(
            GroupMemberRow.channel == channel,
            GroupMemberRow.external == group,
            col(GroupMemberRow.left_at).is_(None),
        )
        .order_by(col(GroupMemberRow.id))
    ).all()
    return [(row, person) for row, person in rows]


def groups_of(session: Session, channel: str, account: str) -> list[GroupMemberRow]:
    """The groups in which an account is known to be now."""
    rows = session.exec(
        select(GroupMemberRow)
        .where(
            GroupMemberRow.channel == channel,
            GroupMemberRow.account == account,
            col(GroupMemberRow.left_at).is_(None),
        )
        .order_by(col(GroupMemberRow.id))
    ).all()
    return list(rows)


def group_moved(session: Session, channel: str, group: str, to: str) -> list[PlaceRow]:
    """A group has another id from now on: its places and its people go along."""
    places = in_group(session, channel, group)
    for row in places:
        _, _, topic = row.external.partition(":")
        external = f"{to}:{topic}" if topic else to
        if row.chat:
            stands_as(session, row, external)
        else:
            row.external = external
            session.add(row)
        row.card, row.pinned_at, row.untold = None, None, True
    for someone in present(session, channel, group):
        someone.external = to
        session.add(someone)
    session.flush()
    return places


def name_of(session: Session, guest: int) -> str:
    """The name that a guest's account shows, empty when it shows none."""
    row = session.get(GroupMemberRow, guest)
    return row.name if row else ""


# What is to be done there


def ask_to_remove(session: Session, guest: int, stream: str, at: datetime) -> None:
    """Asks the messenger to remove somebody whom the watch of this incident wants gone."""
    row = session.get_one(GroupMemberRow, guest)
    data = {"group": row.external, "account": row.account, "guest": guest, "stream": stream}
    ask(session, row.channel, BAN, data, at)


def ask(session: Session, channel: str, kind: str, data: Any, at: datetime) -> None:
    """An errand for the messenger (its kinds stand above)."""
    session.add(ErrandRow(channel=channel, kind=kind, data=canonical(data), made_at=at))
    session.flush()


def errands(session: Session, channel: str, limit: int = 50) -> Sequence[ErrandRow]:
    """What is still to be done, oldest first."""
    return session.exec(
        select(ErrandRow)
        .where(ErrandRow.channel == channel, col(ErrandRow.done_at).is_(None))
        .order_by(col(ErrandRow.id))
        .limit(limit)
    ).all()


def ran(session: Session, id: int, at: datetime, why: str = "") -> None:
    """An errand is done, or cannot be; `why` says what the messenger refused."""
    row = session.get_one(ErrandRow, id)
    row.done_at, row.why = at, why[:160]
    session.add(row)
