"""Facts for every template block, and the incidents that it fits."""

from collections.abc import Iterator, Mapping
from typing import Any

from handlers.catalogue import FORMS
from procedure.incident import Incident
from procedure.obligations import owed
from procedure.text import fold
from tests import template_facts_arrangements as arrangements
from tests import template_facts_rooms as rooms
from tests.fixtures import Stage
from tests.template_needs import fits

AT = "2026-10-12T10:00:00+00:00"
WORDS = "Đã rà 07 hộ, đủ người"
#: What a stranger may type into any field.
HOSTILE = "<b>x</b>{{ 7*7 }}{% if %}&amp; {# y #}"
#: A photo, a voice and a paper, as they lie in the facts of a message.
_SENT = [
    {"sha256": "a" * 64, "media_type": kind, "size": 9, "name": "x"}
    for kind in ("image/png", "audio/ogg", "application/pdf")
]
Facts = dict[str, Any]

_VALUES: Mapping[str, Any] = {
    "happened": {"at": AT, "estimated": True},
    "detected": {"at": AT, "estimated": False},
    "due": {"at": AT, "estimated": False},
    "given_at": {"at": AT, "estimated": False},
    "spoken_at": {"at": AT, "estimated": False},
    "starts_at": {"at": AT, "estimated": False},
    "member": 6,
    "owner": 1,
    "chair": 4,
    "person": 10,
    "spokesperson": 3,
    "stand_in": 10,
    "focal_point": 8,
    "people": [1, 10],
    "invitees": [3, 7, 8],
    "preparations": [{"person": 8, "what": WORDS}],
    "present": [3, 8],
    "means": "phone",
    "casualties": "injured",
    "severity": "grave",
    "verdict": "false",
    "decision": "beyond",
    "form": "portal",
    "forms": ["portal", "interview"],
    "next_step": "watch",
    "need": "time",
    "minutes": 30,
    "accept": True,
    "remedy": True,
    "names_everything": False,
    "measured": {"at": AT, "estimated": False},
    "value": {"value": "1234.5", "unit": "m", "estimated": True},
    "figure": 1,
    "whose": 10,
    "to": 10,
    "decider": 3,
    "heard_by": 10,
    "about": "other",
    "change": "give:head",
    "last_day": "2026-12-31",
    "since": {"at": AT, "estimated": False},
    "until": {"at": AT, "estimated": False},
    "week": [{"weekday": n, "start": 420, "hours": 24, "person": 10} for n in (0, 6)],
    "paper": _SENT[:1],
    "above": 1,
    "into": 15,
    "unit": 3,
    "kind": "locality",
    "item": "phone",
    "left_out": [22],
    "tasks": [{"what": WORDS, "owner": 1, "due": AT, "remedy": False}],
}
_KEEP = {"kept": "VV-2026-001", "gone": "VV-2026-002", "speaker": 3, "former": 25, "meeting": AT}
_UNIT = {"unit": 3, "seen": {"name": "UBND xã Vàm Tre", "short": "xã Vàm Tre"}}
_DAYS = {"first_day": None, "last_day": "2026-12-31"}
_YES = ("complex", "sensitive", "sectors", "beyond", "province")


def form_facts(form: str, words: str) -> Facts:
    """Every answer of a form; free text is `words`."""
    facts: Facts = {}
    for field in FORMS[form].fields:
        facts[field.name] = _VALUES.get(field.name, words)
        if field.name in _YES:
            facts[field.name] = True
    if form == "report_incident" or form == "add_line":
        facts["line"] = {
            "text": words,
            "files": _SENT,
            "kind": "sạt lở",
            "place": "ấp Tre Đông",
            "effects": ["mất đoạn lộ"],
            "states": ["đang di dời"],
            "quoted": [words],
            "claim": False,
        }
        facts["kind"] = "known"
        facts["what"] = words
        facts["alike"] = [{"code": "VV-2026-007", "kind": None, "unit": 15, "at": AT}] * 2
        facts["same"] = None
    if form == "figure":
        facts["what"] = {"topic": "", "words": words, "unit": "", "spellings": []}
    if form == "claim":
        facts["claim"] = [words, []]
    if form in ("result", "conclusion"):
        facts["proposals"] = [words, "Khảo sát toàn tuyến"]
    if form == "conclusion":
        facts["tasks"] = [{"what": words, "owner": 1, "due": AT, "remedy": False}]
    if form == "merge":
        facts["keep"] = _KEEP
    if form == "split":
        facts["part"] = None
    args = {
        "check_claim": {"claim": 1},
        "report_verification": {"order": 1},
        "answer_enquiry": {"enquiry": 1},
        "provide_supplement": {"supplement": 1},
        "finish_task": {"task": 1},
        "decide_proposal": {"proposal": 1},
        "help_wanted": {"duty": "O2"},
        "offer_task": {"duty": "O5:1"},
        "decline_offer": {"duty": "O5:1"},
        "correct_phone_decision": {"decision": 1},
        "absence": {"absent": 10},
        "roster": {"of": 3},
        **dict.fromkeys(("rename_unit", "move_unit", "close_unit"), _UNIT),
        "merge_unit": {**_UNIT, "people": 3, "head": 3},
    }
    return {**facts, **args.get(form, {})}


def common(incident: Incident, words: str) -> Facts:
    """Facts that notices, rings, refusals, acts and answers carry."""
    return {
        "by": 1,
        "to": 3,
        "who": 3,
        "whom": 1,
        "person": 3,
        "now": 10,
        "sender": 3,
        "reporter": 1,
        "at": AT,
        "until": AT,
        **_DAYS,
        "due": AT,
        "claim": 1,
        "order": 1,
        "task": 1,
        "supplement": 1,
        "statement": 1,
        "enquiry": 1,
        "direction": 1,
        "proposal": 1,
        "meeting": 1,
        "subject": 1,
        "minutes": 15,
        "figure": 1,
        "figures": [1, 2],
        "conflict": 2,
        "chosen": 2,
        "amount": "38",
        "measure": "m",
        "reason": words,
        "need": "people",
        "duty": "O2",
        "duties": [[3, ["head", "spokesperson"]], [4, ["admin"]]],
        "key": "O2",
        "name": "quick_report",
        "legal": False,
        "confirmed": False,
        "answer": "yes",
        "reached": False,
        "decision": 2,
        "guidance": 1,
        "directive": 1,
        "revision": 2,
        "replaces": 1,
        "rows": [_line(), _line(seen=AT, received=AT)],
        "received": 1,
        "sent": [{"version": 1, "at": AT, "by": 2, "rows": [_line(replaced=True), _line()]}],
        "decides": 3,
        "whose": 10,
        "files": _SENT,
        "words": words,
        "line": words,
        "text": words,
        "texts": [words, words],
        "wanted": words,
        "entries": [{"at": AT, "kind": "IncidentOpened", "actor": 1, "seq": 1}],
        "row": {"step": 1, "quote": "báo cáo thường trực cấp ủy", "note": "Đơn vị báo cáo."},
        "officer": 2,
        "missing": (),
        "item": "analysis" if incident.result is None else "remaining",
        "length": 5000,
        "most": 4000,
        "command": "phong",
        "code": incident.code,
        "form": "brief",
        "field": "summary",
        "title": words[:40],
        "what": words[:40],
        "version": 1,
        "count": 8,
        "address": "http://127.0.0.1:8080/vao/x",
        "number": 12,
        "channel": "web",
        "items": [_item(incident), _item(incident)],
        "cards": [_item(incident), _item(incident)],
        "problem": {
            "length": 5000,
            "most": 4000,
            "words": words,
            "line": words,
            "due": "32/13 9h",
            "photos": 1,
            "texts": [words],
            "figures": [1, 2],
            "figure": 1,
            "chosen": 2,
            "measure": "mg/l",
            "who": 3,
            "statement": 1,
            "name": words[:60],
            "other": 3,
        },
        "hhmm": "07:00",
        "weekday": "mon",
        "date": "12/10",
        "apart": 0,
        "days": 1,
        "hours": 2,
        "span": "2 giờ",
        "place": "ấp Tre Đông, xã Vàm Tre",
        "grave": True,
        "report": 1,
        "stands": AT,
        "unit": 3,
        "role": "spokesperson",
        "found": [1, 3],
        "of": 3,
        "above": 1,
        "department": 2,
        "into": 15,
        "held": [["head", [1]], ["spokesperson", [1, 3]]],
        "done": 87,
        "whole": 102,
        "wanting": ["on_duty", "deputy"],
        "given": [
            {"role": "head", "unit": 3, "since": AT, "by": 1, **_DAYS},
            {"role": "spokesperson", "unit": 3, "since": None, "by": 0, **_DAYS},
        ],
        "linked": [{"channel": "telegram", "since": AT}],
        "sessions": [AT, AT],
        "codes": ["VV-2026-001", "VV-2026-002"],
        "inbox_days": 180,
        "sessions_days": 90,
        "keeper": 1,
        "more": 2,
        "asked": True,
        "telegram": "https://t.me/motdaumoi_bot?start=x",
        "note": words[:80],
        **arrangements.FACTS,
        "kept": "VV-2026-001",
        "suggested": "beyond",
        "since": AT,
        "before": words[:80],
        "lat": "10.51234",
        "lon": "105.12345",
        "label": "Gửi",
        "page": 1,
        "pages": 2,
        "rooms": [{"code": "VV-2026-001", "title": "Phòng"}],
        "admin": True,
        "people": 3,
        "other": 15,
        "others": [3],
        "listed": [1, 3],
        "shown": [1, 2],
        "kind": "sticker",
        **rooms.FACTS,
    }


def _line(**more: object) -> Facts:
    line = {"person": 22, "sent": AT, "seen": None, "received": None, "replaced": False}
    return {**line, **more}


def _item(incident: Incident) -> Facts:
    return {
        "code": incident.code,
        "name": "quick_report",
        "due": AT,
        "said": "",
        "to": 3,
        "subject": 1,
        "legal": False,
        "confirmed": False,
    }


def _figure(words: str) -> Facts:
    return {
        "what": words,
        "value": "1234.5",
        "unit": "m",
        "estimated": True,
        "source": words,
        "measured": {"at": AT, "estimated": False},
        "of_unit": 3,
        "by": 1,
        "at": AT,
    }


MISSING = {
    "refusals#report_incomplete": ("place", "known", "unknown", "why_beyond", "ask"),
    "refusals#gates_shut": ("direction", "conclusion", "focal_point", "spokesperson"),
    "refusals#not_ready_to_close": ("result", "claims", "enquiries", "tasks", "proposals"),
}
BOTH_ITEMS = {"refusals#conclusion_blank": "analysis", "refusals#result_blank": "remaining"}


#: What the register of spokespersons and the trials of lines tell.
REGISTER: Facts = {
    "number": 4,
    "quarter": 4,
    "year": 2026,
    "rows": [[3, "0296.000.0003", "vidu@example.vn"], [1, "", ""]],
    "again": True,
    "changed": False,
    "head": 3,
    "keeper": 1,
    "channels": ["telegram", "web"],
    "units": 7,
    "late": [1, 3],
}


def facts_for(block: str, incident: Incident, words: str = WORDS) -> Facts:
    """The facts with which a block may be rendered about an incident."""
    path, _, name = block.partition("#")
    if path.startswith("forms/"):
        form = path.removeprefix("forms/")
        facts = form_facts(form, words)
        return facts | {"resumed": False, "problem": None}
    facts = common(incident, words)
    facts["missing"] = MISSING.get(block, ())
    facts["item"] = BOTH_ITEMS.get(block, "place")
    if path == "words":
        figure = _figure(words)
        facts |= {"f": figure, "again": figure, "listed": [figure, figure], "n": 2}
        facts |= {"one": figure, "chosen": figure}
    if block == "words#delivery":
        facts["row"] = _line(seen=AT)
    if path == "register" or block in (
        "words#quarter",
        "words#speaker_rows",
        "words#speaker_names",
    ):
        facts |= REGISTER
    if path == "rooms":
        facts |= {"items": words, "previous": 25, "name": ""}
    if path in ("notices/guest_came", "notices/room_watch"):
        facts["name"] = "Trần Lạ"
    facts |= rooms.of_path(path, words)
    if path == "ics" and incident.meeting:
        facts |= {"held": incident.meeting, "place": incident.meeting.invitees[0]}
    if block == "notices/meeting_answers#text":
        facts["call"] = 7
    if path == "labels" and name in ("field", "resume"):
        facts["form"], facts["field"] = "brief", "summary"
    return facts


def every(stages: Mapping[str, Stage], names: set[str]) -> Iterator[tuple[str, Stage]]:
    """Each block with each stage that it fits."""
    for block in sorted(names):
        for stage in stages.values():
            if fits(block, stage.incident):
                yield block, stage


__all__ = ["HOSTILE", "every", "facts_for", "fits", "fold", "owed"]
