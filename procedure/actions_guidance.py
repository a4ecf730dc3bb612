"""What the department asks for when it guides: newsrooms, key messages, directives, people."""

from dataclasses import dataclass

from procedure.action import Action
from procedure.codec import Prose


@dataclass(frozen=True, kw_only=True)
class GuideNewsrooms(Action):
    """Sends the released text, exactly, to people of newsrooms; `statement` is its version."""

    statement: int
    people: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ReceiveGuidance(Action):
    """[Đã nhận] of a newsroom."""

    guidance: int


@dataclass(frozen=True, kw_only=True)
class SetKeyMessages(Action):
    """One to three sentences of the released text; `readers` have opened an older revision."""

    statement: int
    messages: tuple[Prose, ...]
    readers: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SendDirective(Action):
    text: Prose
    people: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class AddRoomMember(Action):
    person: int


@dataclass(frozen=True, kw_only=True)
class RemoveRoomMember(Action):
    person: int
