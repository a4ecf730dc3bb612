"""[Xem hồ sơ phòng]: what was put on record from the room, in order (conduct §16)."""

from collections.abc import Sequence

from handlers.look import Desk
from handlers.notices import file_facts
from handlers.say import Choice, Say, choice, shows
from procedure.facts_rooms import Record

#: A page holds so many records, or fewer long ones.
MOST, LETTERS = 10, 2500


def record(desk: Desk) -> Sequence[Say]:
    """One page of the records: author, time, words, files; what was taken back is only named."""
    incident = desk.case
    pages = paged(incident.records)
    page = min(max(int(desk.args.get("page", 1)), 1), len(pages))
    shown = pages[page - 1]
    files = [file_facts(file) for one in shown if one.stands for file in one.files]
    return [
        Say(
            template="views/record#record",
            facts={"page": page, "pages": len(pages), "shown": [one.id for one in shown]},
            choices=_ways_on(desk, page, len(pages)),
            stream=incident.stream,
            files=files,
        )
    ]


def paged(records: Sequence[Record]) -> list[list[Record]]:
    """The records in order, in pages that can be read; one empty page when there is none."""
    pages: list[list[Record]] = [[]]
    letters = 0
    for one in records:
        size = len(str(one.text)) if one.stands else 0
        if pages[-1] and (len(pages[-1]) == MOST or letters + size > LETTERS):
            pages.append([])
            letters = 0
        pages[-1].append(one)
        letters += size
    return pages


def _ways_on(desk: Desk, page: int, pages: int) -> list[Choice]:
    """The next page, and on the last one the records of what was merged into this file."""
    stream = desk.case.stream
    if page < pages:
        onward = shows("record", stream, page=page + 1) | {"keep": True}
        return [choice("next_page", onward)]
    others = [one for one in desk.case.live_merged if desk.look.incident(one.stream).records]
    return [
        choice("record_of", shows("record", one.stream) | {"keep": True}, code=one.code)
        for one in others[:3]
    ]
