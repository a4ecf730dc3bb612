"""The short menu of a person: at most six commands, the most used first (storyboard.md §2)."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

from procedure.incident import Incident
from procedure.organisation import Organisation
from procedure.parties import fact_keeper, speaker
from procedure.words import Role, UnitKind

MOST = 6
HELP = "trogiup"


@dataclass(frozen=True)
class Item:
    """One line of a menu: the command and the key of its words in `menu.j2`."""

    command: str
    label: str


def _items(*labels: str) -> tuple[Item, ...]:
    """`viec_mine` is the command `viec` under the words `viec_mine`."""
    return tuple(Item(label.partition("_")[0], label) for label in labels)


SPEAKER = _items("viec", "phatngon_approved", "baochi", "ketqua", "vuviec", "trogiup")
KEEPER = _items("viec", "nhiemvu", "vuviec", "danhba", "trogiup")
DUTY_OFFICER = _items("viec_waiting", "vuviec_open", "tonghop", "hop", "danhba", "trogiup")
LEADER = _items(
    "viec_opinion", "vuviec_open", "hop_conclusion", "phancong", "phatngon_approve", "trogiup"
)
SECRETARY = _items("chidao_enter", "vuviec_submitted", "trogiup")
MEMBER = _items("vuviec_submitted", "chidao_give", "trogiup")
HEAD = _items("viec", "baocao_up", "vuviec", "phancong_person", "vangmat", "trogiup")
PRESS = _items("phatngon_released", "danhba_speaker", "trogiup")
ADMIN = _items("donvi", "vaitro", "moi", "truc", "phong", "trogiup")
#: In a room, for everybody and for who runs it.
ROOM = _items("vuviec_card", "ghi", "baochi", "trogiup")
ROOM_ADMIN = _items("vuviec_card", "ghi", "baochi", "phong_bind", "trogiup")
STAFF = _items("baocao", "viec", "baochi", "vuviec", "danhba", "trogiup")


def menu(
    person: int,
    organisation: Organisation,
    open_incidents: Sequence[Incident],
    available: Set[str] | None = None,
) -> tuple[Item, ...]:
    """What this person sees: the lists of his roles and of today's duties, one after the other.

    `available` names the commands that exist; None means all. Help always stands last.
    """
    rows = [row for asks, row in _ROLES if asks(person, organisation, open_incidents)] or [STAFF]
    if rows == [PRESS]:
        chosen = list(PRESS)
    else:
        chosen = [item for row in rows for item in row if row is not PRESS]
    unique: dict[str, Item] = {}
    for item in chosen:
        if available is None or item.command in available:
            unique.setdefault(item.command, item)
    help_line = unique.pop(HELP, None)
    first = tuple(unique.values())[: MOST - 1 if help_line else MOST]
    return (*first, help_line) if help_line else first


Asks = Callable[[int, Organisation, Sequence[Incident]], bool]


def _speaks(person: int, organisation: Organisation, cases: Sequence[Incident]) -> bool:
    """Whether he is named to speak, or is a unit's standing spokesperson and not its head."""
    if any(one.spokesperson and speaker(one, organisation) == person for one in cases):
        return True
    held = {one.role for one in organisation.held_by(person)}
    return Role.SPOKESPERSON in held and not held & {Role.HEAD, Role.DEPUTY}


def _keeps_facts(person: int, organisation: Organisation, cases: Sequence[Incident]) -> bool:
    return any(one.focal_point and fact_keeper(one) == person for one in cases)


def _holds(*roles: Role, of: UnitKind | None = None, but: UnitKind | None = None) -> Asks:
    def asks(person: int, organisation: Organisation, cases: Sequence[Incident]) -> bool:
        return any(
            held.role in roles
            and (of is None or organisation.units[held.unit].kind is of)
            and (but is None or organisation.units[held.unit].kind is not but)
            for held in organisation.held_by(person)
        )

    return asks


_DEPARTMENT = UnitKind.PROPAGANDA_DEPARTMENT
_ROLES: tuple[tuple[Asks, tuple[Item, ...]], ...] = (
    (_holds(Role.ON_DUTY, of=_DEPARTMENT), DUTY_OFFICER),
    (_holds(Role.HEAD, Role.DEPUTY, of=_DEPARTMENT), LEADER),
    (_holds(Role.SECRETARY), SECRETARY),
    (_holds(Role.COMMITTEE_MEMBER), MEMBER),
    (_speaks, SPEAKER),
    (_keeps_facts, KEEPER),
    (_holds(Role.HEAD, Role.DEPUTY, but=_DEPARTMENT), HEAD),
    (_holds(Role.ADMIN), ADMIN),
    (_holds(Role.PRESS), PRESS),
    (_holds(Role.STAFF, Role.ON_DUTY, Role.OFFICE, but=_DEPARTMENT), STAFF),
)
