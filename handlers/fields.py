"""Readers of answers: words in, a value out, or BadAnswer with the key of its sentence."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Literal, TypeVar

from handlers.form import BadAnswer, Condition, Option, Options, Reader, Said, Values
from handlers.look import Desk
from handlers.reading.day import NotADay, read_day
from handlers.reading.figure import NotAFigure, read_figure
from handlers.reading.moment import NotAMoment, read_moment
from procedure.codec import Prose
from procedure.facts import Moment
from procedure.text import fold

LIMIT = 4000
#: A figure of at most this many words is an answer by itself.
BARE_FIGURE = 4
Word = TypeVar("Word", bound=Enum)


def text(*, least: int = 1, most: int = LIMIT) -> Reader:
    """Free text of `least` to `most` characters, kept as typed."""

    def read(said: Said, desk: Desk, values: Values) -> Prose:
        words = said.prose
        if not words or len(words) < least:
            raise BadAnswer("too_short")
        if len(words) > most:
            raise BadAnswer("too_long", most=most, length=len(words))
        return words

    return read


def figures(said: Said, desk: Desk, values: Values) -> Prose:
    """Words about damage; an answer that is nothing but a range ("2-3 nha") is asked back."""
    words = Prose(text()(said, desk, values))
    try:
        read_figure(words, desk.words.figures)
    except NotAFigure as problem:
        if problem.why == "range" and len(words.split()) <= BARE_FIGURE:
            raise BadAnswer("figure_range") from None
    return words


def line_or_photo(said: Said, desk: Desk, values: Values) -> tuple[Prose, tuple[Any, ...]]:
    """A line, photos, or both: what the canal bank sends."""
    if not said.prose and not said.files:
        raise BadAnswer("too_short")
    if len(said.prose) > LIMIT:
        raise BadAnswer("too_long", most=LIMIT, length=len(said.prose))
    return said.prose, said.files


def text_and_files(said: Said, desk: Desk, values: Values) -> tuple[Prose, tuple[Any, ...]]:
    """The same as `line_or_photo`; for answers that may be links, words or photos."""
    return line_or_photo(said, desk, values)


def moment(want: Literal["future", "past", "any"], *, unknown: bool = False) -> Reader:
    """A time in Vietnamese words; with `unknown`, "không rõ" becomes an estimate (None)."""

    def read(said: Said, desk: Desk, values: Values) -> Moment | None:
        if said.option:
            return Moment(at=datetime.fromisoformat(said.option))
        if unknown and _is_unknown(said, desk):
            return None
        try:
            found = read_moment(said.text, said.at, desk.zone, desk.words.moments, want=want)
        except NotAMoment as problem:
            options = [
                Option(value=at.isoformat(), label="moment", facts={"at": at.isoformat()})
                for at in problem.options
            ]
            raise BadAnswer(f"moment_{problem.why}", options) from None
        return Moment(at=found.at, estimated=found.estimated)

    return read


def day(want: Literal["past", "future"]) -> Reader:
    """A day, today among them, as ISO text."""

    def read(said: Said, desk: Desk, values: Values) -> str:
        today = said.at.astimezone(desk.zone).date()
        try:
            found = date.fromisoformat(said.option) if said.option else None
            found = found or read_day(said.text, today, want)
        except NotADay as problem:
            unread = problem.why == "unreadable"
            raise BadAnswer("day_unreadable" if unread else "day_impossible") from None
        if want == "past" and found > today:
            raise BadAnswer("day_ahead")
        if want == "future" and found < today:
            raise BadAnswer("day_over")
        return found.isoformat()

    return read


def _is_unknown(said: Said, desk: Desk) -> bool:
    from handlers.reading.intents import Intent, intent

    return intent(said.text, desk.words.intents) is Intent.UNKNOWN


def one_of(kind: type[Word]) -> Reader:
    """One member of a closed list, by tap or by its number."""

    def read(said: Said, desk: Desk, values: Values) -> Word:
        try:
            return kind(said.option)
        except ValueError:
            raise BadAnswer("choose_one") from None

    return read


def choices_of(kind: type[Word], prefix: str, *members: Word) -> Options:
    """The options of a closed list; labels are `<prefix>_<value>`."""
    shown = members or tuple(kind)

    def options(desk: Desk, values: Values) -> Sequence[Option]:
        return [Option(value=str(one.value), label=f"{prefix}_{one.value}") for one in shown]

    return options


def several_of(kind: type[Word], prefix: str) -> Reader:
    """One or more members of a closed list: a tap, or numbers such as "2, 3"."""

    def read(said: Said, desk: Desk, values: Values) -> tuple[Word, ...]:
        members = tuple(kind)
        if said.option:
            return (kind(said.option),)
        return tuple(members[n - 1] for n in _numbers(said.text, len(members)))

    return read


def _numbers(words: str, most: int) -> list[int]:
    parts = fold(words).replace(",", " ").replace(";", " ").replace(" va ", " ").split()
    if not parts or not all(part.isdigit() and 1 <= int(part) <= most for part in parts):
        raise BadAnswer("choose_numbers", most=most)
    return list(dict.fromkeys(int(part) for part in parts))


def yes_no() -> Reader:
    """True for có, False for không."""

    def read(said: Said, desk: Desk, values: Values) -> bool:
        from handlers.reading.intents import Intent, intent

        if said.option in ("yes", "no"):
            return said.option == "yes"
        found = intent(said.text, desk.words.intents)
        if found not in (Intent.YES, Intent.NO):
            raise BadAnswer("choose_one")
        return found is Intent.YES

    return read


YES_NO: Options = lambda desk, values: (  # noqa: E731
    Option(value="yes", label="yes"),
    Option(value="no", label="no"),
)


def people(candidates: Callable[[Desk, Values], Sequence[int]]) -> Options:
    """People to choose from, each with name and post."""

    def options(desk: Desk, values: Values) -> Sequence[Option]:
        return [
            Option(value=str(one), label="person", facts={"person": one})
            for one in dict.fromkeys(candidates(desk, values))
        ]

    return options


def person(candidates: Callable[[Desk, Values], Sequence[int]]) -> Reader:
    """One person: by tap, by number in the list, or by name without marks."""

    def read(said: Said, desk: Desk, values: Values) -> int:
        listed = list(dict.fromkeys(candidates(desk, values)))
        if said.option:
            chosen = int(said.option)
            if chosen not in desk.organisation.people:
                raise BadAnswer("choose_one")
            return chosen
        return _named(said.text, listed, desk)

    return read


def several_people(
    candidates: Callable[[Desk, Values], Sequence[int]], *, all_first: bool = False
) -> Reader:
    """One or more people: a tap, numbers of the list, or names parted by commas.

    With `all_first` the first button takes everybody, and people count from 2.
    """

    def read(said: Said, desk: Desk, values: Values) -> tuple[int, ...]:
        listed = list(dict.fromkeys(candidates(desk, values)))
        if said.option == "all":
            return tuple(listed)
        if said.option:
            return (int(said.option),)
        if not said.text.strip():
            raise BadAnswer("too_short")
        if fold(said.text).strip() in ("tat ca", "het", "tat"):
            return tuple(listed)
        if any(char.isdigit() for char in said.text):
            return _numbered(said.text, listed, all_first=all_first)
        names = [part for part in said.text.replace(";", ",").split(",") if part.strip()]
        return tuple(dict.fromkeys(_named(name, listed, desk) for name in names))

    return read


def _numbered(words: str, listed: Sequence[int], *, all_first: bool) -> tuple[int, ...]:
    shift = 1 if all_first else 0
    chosen = _numbers(words, len(listed) + shift)
    if all_first and 1 in chosen:
        return tuple(listed)
    return tuple(listed[n - 1 - shift] for n in chosen)


def _named(words: str, listed: Sequence[int], desk: Desk) -> int:
    wanted = fold(words).strip()
    if wanted.isdigit() and 1 <= int(wanted) <= len(listed):
        return listed[int(wanted) - 1]
    everybody = desk.organisation.people
    pools = (listed, [one for one in everybody if one not in listed])
    for pool in pools:
        found = [one for one in pool if wanted and wanted in _signature(desk, one)]
        if len(found) == 1:
            return found[0]
        if found:
            options = [
                Option(value=str(one), label="person", facts={"person": one}) for one in found[:6]
            ]
            raise BadAnswer("which_person", options)
    raise BadAnswer("no_such_person")


def _signature(desk: Desk, one: int) -> str:
    who = desk.organisation.people[one]
    return fold(f"{who.name} {who.post} {desk.organisation.units[who.unit].name}")


def minutes_from_now(desk: Desk, minutes: int) -> str:
    """A moment this many minutes ahead as an option's value."""
    return (desk.now + timedelta(minutes=minutes)).isoformat()


def when(name: str, *wanted: Any) -> Condition:
    """Asks a field only when an earlier one has one of these values."""

    def condition(desk: Desk, values: Values) -> bool:
        return values.get(name) in wanted

    return condition
