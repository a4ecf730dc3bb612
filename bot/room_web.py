"""The thread of a room on the web: what a member says there becomes a line with his name on it."""

from bot import rooms
from bot.stage import Stage
from handlers.form import Said
from handlers.notices import file_facts
from procedure.incident import Incident
from storage import chats, places
from storage.inbox import Waiting
from storage.tables import MessageRow


def written(
    stage: Stage, row: Waiting, incident: Incident, said: Said, reply_to: int | None
) -> int | None:
    """Puts the words and files into the thread, as which line; None when he has left."""
    if not rooms.is_member(stage, row.person, incident):
        return None
    return chats.said(
        stage.session,
        places.room_chat(stage.session, incident.stream),
        said.text,
        at=stage.now,
        files=[file_facts(one) for one in said.files],
        reply_to=reply_to,
        author=row.person,
        update=row.id,
    )


def on_record(stage: Stage, line: int | None, incident: Incident, number: int) -> None:
    """This line stands on record; taken back there, its words leave the thread too."""
    if line is not None:
        row = stage.session.get_one(MessageRow, line)
        row.about = record_name(incident.stream, number)
        stage.session.add(row)


def record_name(stream: str, number: int) -> str:
    """The name under which everything that repeats a record is found."""
    return f"record:{stream}:{number}"


def record_of(row: MessageRow) -> tuple[str, int] | None:
    """The incident and the number of the record that a line stands on, if it does."""
    kind, _, rest = (row.about or "").partition(":")
    stream, _, number = rest.rpartition(":")
    return (stream, int(number)) if kind == "record" and number.isdigit() else None
