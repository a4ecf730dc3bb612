"""The words: Jinja2 blocks rendered as plain text, with the filters that people need."""

import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, cast
from zoneinfo import ZoneInfo

import jinja2

from bot.view import IncidentView
from procedure.organisation import Organisation, Person, Unit

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


class Templates(jinja2.Environment):
    """Each template is compiled once, however many threads ask for it first."""

    _one_by_one = threading.RLock()

    def get_template(self, *asked: Any, **more: Any) -> jinja2.Template:
        """As in Jinja2; waits while another thread compiles one."""
        with self._one_by_one:
            return super().get_template(*asked, **more)


class _Kept(jinja2.FileSystemBytecodeCache):
    """Compiled templates beside their sources, as Python keeps its own; no place is no fault."""

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """What cannot be read there is compiled anew."""
        try:
            super().load_bytecode(bucket)
        except Exception:
            bucket.reset()

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Kept for the next start, where Python would keep its own and may write."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                Path(self.directory).mkdir(exist_ok=True)
                super().dump_bytecode(bucket)


def compile_all() -> int:
    """Compiles every template for the next starts; returns how many there are."""
    names = _environment().list_templates(extensions=["j2"])
    for name in names:
        _environment().get_template(name)
    return len(names)


class _Context(jinja2.runtime.Context):
    """As in Jinja2, which lists all blocks of a template anew each time that one is rendered."""

    _listed: ClassVar[dict[str, dict[str, list[Any]]]] = {}

    def __init__(
        self,
        environment: jinja2.Environment,
        parent: dict[str, Any],
        name: str | None,
        blocks: dict[str, Any],
        globals: Any = None,
    ) -> None:
        super().__init__(environment, parent, name, {}, globals)
        key = name or ""
        if key not in self._listed:
            self._listed[key] = {block: [made] for block, made in blocks.items()}
        self.blocks = self._listed[key]
        #: Whether anything was looked up: without that, the words are always the same.
        self.asked = False

    def resolve_or_missing(self, key: str) -> Any:
        """As in Jinja2, and noted."""
        self.asked = True
        return super().resolve_or_missing(key)

    def get_all(self) -> dict[str, Any]:
        """As in Jinja2, and noted."""
        self.asked = True
        return super().get_all()


@cache
def _environment() -> Templates:
    """The templates of this process."""
    # Plain text: the way out to Telegram escapes it, the page never takes it for markup.
    made = Templates(  # nosec B701
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_Kept(str(TEMPLATES / "__pycache__"), "%s.jinja"),
    )
    made.context_class = _Context
    made.filters.update(bare=_bare, first_up=_first_up, number=_number)
    return made


class Renderer:
    """Renders `path#block`; facts are data, never glued into a sentence in Python."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.environment = _environment()
        #: The words of the blocks that ask for nothing: most labels of buttons.
        self._same: dict[str, str] = {}

    def text(self, template: str, facts: Mapping[str, Any], scene: "Scene") -> str:
        """The sentence of a template block, as plain text."""
        same = self._same.get(template)
        if same is not None:
            return same
        path, _, block = template.partition("#")
        found = self.environment.get_template(f"{path}.j2")
        context = found.new_context({**facts, **scene.names(), "facts": facts})
        said = "".join(found.blocks[block](context))
        words = "\n".join(" ".join(line.split()) for line in said.strip().splitlines())
        if not cast("_Context", context).asked:
            self._same[template] = words
        return words

    def label(self, key: str, facts: Mapping[str, Any], scene: "Scene") -> str:
        """The words on a button."""
        return self.text(f"labels#{key}", facts, scene)

    def has(self, template: str) -> bool:
        """Whether a block exists."""
        path, _, block = template.partition("#")
        try:
            return block in self.environment.get_template(f"{path}.j2").blocks
        except jinja2.TemplateNotFound:
            return False


class Scene:
    """Everything a template may ask: people, units, the incident as it is now, the time."""

    def __init__(
        self,
        renderer: Renderer,
        organisation: Organisation,
        now: datetime,
        reader: int,
        view: IncidentView | None,
        duty_officer: Person | None,
    ) -> None:
        self.renderer = renderer
        self.organisation = organisation
        self.now = now
        self.reader = reader
        self.view = view
        self.duty_officer = duty_officer

    def names(self) -> dict[str, Any]:
        """The names that every template knows."""
        return {
            "v": self.view,
            "now": self.now,
            "me": self.organisation.people.get(self.reader),
            "duty": self.duty_officer,
            "person": self.person,
            "unit": self.unit,
            "moment": self.moment,
            "clock": self.clock,
            "day": self.day,
            "stamp": self.stamp,
            "left": self.left,
            "words": self.words,
            "to_superior": self.to_superior,
        }

    def words(self, key: str, /, **facts: Any) -> str:
        """A shared word or phrase by key, from `words.j2`."""
        return self.renderer.text(f"words#{key}", facts, self)

    def person(self, id: int | str | None) -> Person | None:
        """A person by id, or None."""
        return self.organisation.people.get(int(id)) if id else None

    def unit(self, id: int | str | None) -> Unit | None:
        """A unit by id, or None."""
        return self.organisation.units.get(int(id)) if id else None

    def to_superior(self) -> bool:
        """Whether the reader heads a unit and is addressed by his post."""
        return any(one.role == "head" for one in self.organisation.held_by(self.reader))

    def moment(self, at: datetime | str) -> str:
        """ "07:00 thứ Hai, ngày 12/10 (hôm nay)": weekday, date and distance (manners 6)."""
        local, today = self._local(at), self._local(self.now).date()
        apart = (local.date() - today).days
        facts = {
            "hhmm": f"{local:%H:%M}",
            "weekday": WEEKDAYS[local.weekday()],
            "date": f"{local:%d/%m}" if local.year == today.year else f"{local:%d/%m/%Y}",
            "apart": apart,
        }
        return self.words("moment", **facts)

    def clock(self, at: datetime | str) -> str:
        """ "02:36"; with the date when it is not today."""
        local = self._local(at)
        if local.date() == self._local(self.now).date():
            return f"{local:%H:%M}"
        return f"{local:%H:%M} {local:%d/%m}"

    def day(self, at: datetime | str) -> str:
        """The weekday and the date."""
        local = self._local(at)
        return self.words("day", weekday=WEEKDAYS[local.weekday()], date=f"{local:%d/%m/%Y}")

    def stamp(self, at: datetime | str) -> str:
        """How a document writes a moment: 02:30 ngày 12/10/2026."""
        local = self._local(at)
        return self.words("stamp", hhmm=f"{local:%H:%M}", date=f"{local:%d/%m/%Y}")

    def left(self, at: datetime | str) -> str:
        """How long it is until a moment, or how long ago it was."""
        apart = self._utc(at) - self.now
        if abs(apart) < timedelta(minutes=1):
            return self.words("left_now")
        key = "left_ahead" if apart > timedelta(0) else "left_behind"
        return self.words(key, span=span(self, abs(apart)))

    def _utc(self, at: datetime | str) -> datetime:
        return datetime.fromisoformat(at) if isinstance(at, str) else at

    def _local(self, at: datetime | str) -> datetime:
        return self._utc(at).astimezone(self.renderer.zone)


def _bare(text: object) -> str:
    """Words without their closing stop, to stand inside a sentence."""
    return str(text).strip().rstrip(".")


def _first_up(text: object) -> str:
    """Words that open a sentence; the rest stays as it is written."""
    words = str(text)
    return words[:1].upper() + words[1:]


def _number(value: object) -> str:
    """A number of the register as Vietnamese writes it: 1.234,5."""
    whole, _, part = str(value).partition(".")
    grouped = f"{int(whole):,}".replace(",", ".") if whole.isdecimal() else whole
    return f"{grouped},{part}" if part else grouped


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def span(scene: Scene, apart: timedelta) -> str:
    """A length of time in days, hours and minutes."""
    minutes = int(apart.total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    return scene.words("span", days=days, hours=hours, minutes=minutes)
