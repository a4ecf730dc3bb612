"""The released text to newsrooms, and the key messages of an incident (rows 6, 7)."""

from collections.abc import Mapping, Sequence

from handlers.fields import people, several_people, text
from handlers.form import BadAnswer, Field, Form, Option, Said, Values
from handlers.look import Desk
from handlers.say import Choice, choice, shows
from procedure import actions as a
from procedure.codec import Prose
from procedure.facts import Statement
from procedure.guidance import quotes, released, sentences, to_guide
from procedure.rules_guidance import may_guide, may_set_key_messages
from procedure.text import fold

#: The view that tells the key messages; who was shown it has read them.
STORY = "views/guidance#story"
NOBODY = "nobody"
LONGEST_MESSAGE = 400
LONGEST_LABEL = 70


def _may_guide(desk: Desk) -> None:
    may_guide(desk.asked())


def _may_set(desk: Desk) -> None:
    may_set_key_messages(desk.asked())


def _reachable(desk: Desk, values: Values) -> Sequence[int]:
    return to_guide(desk.case, desk.organisation)


def _out_options(desk: Desk, values: Values) -> Sequence[Option]:
    """Nobody is left out, or one is; more by their numbers."""
    return [Option(value=NOBODY, label="leave_out_nobody"), *people(_reachable)(desk, values)]


def _left_out(said: Said, desk: Desk, values: Values) -> tuple[int, ...]:
    if said.option == NOBODY or fold(said.text) in ("1", "khong", "khong bot ai"):
        return ()
    found: tuple[int, ...] = several_people(_reachable, all_first=True)(said, desk, values)
    return found


def _text(desk: Desk) -> Statement:
    found = released(desk.case)
    assert found is not None, "the form is permitted only once a text was released"
    return found


def _seen(desk: Desk) -> Mapping[str, int]:
    """Keeps with the form which version he began to send."""
    return {"statement": int(desk.args.get("statement") or _text(desk).version)}


def _version(desk: Desk) -> int:
    return int(desk.args.get("statement") or _text(desk).version)


def _guide(desk: Desk, values: Values) -> Sequence[a.Action]:
    out = set(values.get("left_out") or ())
    chosen = tuple(one for one in _reachable(desk, values) if one not in out)
    return [a.GuideNewsrooms(statement=_version(desk), people=chosen)]


def _to_record(desk: Desk) -> list[Choice]:
    return [choice("see_guidance", shows("guidance", desk.case.stream) | {"keep": True})]


GUIDE_FORM = Form(
    name="guide_newsrooms",
    fields=(Field(name="left_out", read=_left_out, options=_out_options),),
    finish=_guide,
    permit=_may_guide,
    pin=_seen,
    after=_to_record,
    send_label="send_guidance",
)


def _sentences(desk: Desk, values: Values) -> Sequence[Option]:
    """Each sentence of the released text that is not among the messages yet."""
    taken = {str(one) for one in values.values() if one}
    listed = enumerate(sentences(_text(desk).text))
    return [
        Option(value=str(n), label="sentence", facts={"text": _short(one)})
        for n, one in listed
        if one not in taken
    ]


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_LABEL else f"{words[: LONGEST_LABEL - 1].rstrip()}…"


def _message(said: Said, desk: Desk, values: Values) -> Prose:
    """A sentence by tap, or words of the released text as typed."""
    found = _text(desk)
    if said.option is not None:
        listed = sentences(found.text)
        if not said.option.isdecimal() or int(said.option) >= len(listed):
            raise BadAnswer("choose_one")
        return Prose(listed[int(said.option)])
    words = Prose(text(most=LONGEST_MESSAGE)(said, desk, values))
    if not quotes(found.text, words):
        raise BadAnswer("not_in_released", statement=found.version)
    return words


def _wants_third(desk: Desk, values: Values) -> bool:
    """A third message is asked for while there is a second (KeyError: not answered yet)."""
    return values["second"] is not None


def _readers(desk: Desk) -> tuple[int, ...]:
    """Who has opened the messages as they stand or stood (they are told of a change)."""
    told = desk.look.told(desk.case.stream, STORY)
    return tuple(dict.fromkeys(one.person for one in told if one.sent_at))


def _set(desk: Desk, values: Values) -> Sequence[a.Action]:
    given = (values.get(name) for name in ("first", "second", "third"))
    messages = tuple(Prose(one) for one in given if one)
    return [a.SetKeyMessages(statement=_version(desk), messages=messages, readers=_readers(desk))]


MESSAGES_FORM = Form(
    name="key_messages",
    fields=(
        Field(name="first", read=_message, options=_sentences),
        Field(name="second", read=_message, options=_sentences, optional=True),
        Field(
            name="third",
            read=_message,
            options=_sentences,
            optional=True,
            ask_if=_wants_third,
        ),
    ),
    finish=_set,
    permit=_may_set,
    pin=_seen,
    after=lambda desk: [choice("see_story", shows("story", desk.case.stream) | {"keep": True})],
    send_label="send_messages",
)
