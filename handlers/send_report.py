"""Step 1 goes upward: the quick report by one tap, the written one when its ★ items are there."""

from collections.abc import Callable, Mapping, Sequence

from handlers import permits
from handlers.fields import moment, text
from handlers.form import Field, Form, Values
from handlers.look import Desk
from handlers.report_incident import route
from handlers.say import Choice, choice, opens, shows
from procedure import actions as a
from procedure.codec import Prose
from procedure.facts import Moment

LATER = ("damage", "done", "ask")
QUICK = ("title", "place", *LATER)
STARRED = ("known", "unknown", "why_beyond", "ask")


def _prefill(
    items: Sequence[str], later: Sequence[str] = ()
) -> Callable[[Desk], Mapping[str, str | None]]:
    """First answers from the report; what may come later stands as skipped."""

    def prefill(desk: Desk) -> Mapping[str, str | None]:
        incident = desk.case
        given: dict[str, str | None] = dict.fromkeys(later)
        if later and incident.happened is None:
            # About when is known from the first line; nobody fills a form on a canal bank.
            given["happened"] = None
        given |= {item: incident.detail(item) for item in items if incident.detail(item)}
        if incident.title and "title" in items:
            given["title"] = incident.title
        return given

    return prefill


def _knows_when(desk: Desk, values: Values) -> bool:
    return desk.incident is None or desk.incident.happened is None


def _amendments(desk: Desk, values: Values) -> list[a.Action]:
    """Only what the head changed; his words stand beside those of the report."""
    incident, changed = desk.case, []
    for item, value in values.items():
        old = incident.title if item == "title" else incident.detail(item)
        if isinstance(value, Moment):
            changed.append(a.AmendReport(item="happened", moment=value))
        elif isinstance(value, str) and value and value != old:
            changed.append(a.AmendReport(item=item, text=Prose(value)))
    return list(changed)


def _submits(*, written: bool) -> Callable[[Desk, Values], Sequence[a.Action]]:
    def finish(desk: Desk, values: Values) -> Sequence[a.Action]:
        through, to = route(desk, desk.case.unit)
        return [
            *_amendments(desk, values),
            a.SubmitReport(through=through, to=to, written=written),
        ]

    return finish


def _who_verifies(desk: Desk) -> Sequence[Choice]:
    """The head names who verifies on site by one tap (conduct §1)."""
    incident = desk.case
    if incident.orders:
        return ()
    reporter = incident.opened_by
    choices = []
    if reporter != desk.person:
        do = opens("order_verification", incident.stream, person=reporter)
        choices.append(choice("give_to", do, person=reporter))
    choices.append(choice("someone_else", opens("order_verification", incident.stream)))
    return choices


def _see(desk: Desk) -> Sequence[Choice]:
    return [choice("see_report", shows("report", desk.case.stream))]


QUICK_FORM = Form(
    name="quick_report",
    fields=(
        Field(name="title", read=text(most=200)),
        Field(name="place", read=text(most=300)),
        Field(
            name="happened",
            read=moment("past", unknown=True),
            ask_if=_knows_when,
            optional=True,
        ),
        *(Field(name=name, read=text(), optional=True) for name in LATER),
    ),
    finish=_submits(written=False),
    prefill=_prefill(QUICK, LATER),
    permit=permits.all_of(permits.still_open, permits.head, permits.unsent(written=False)),
    after=_who_verifies,
)

WRITTEN_FORM = Form(
    name="written_report",
    fields=(
        Field(name="title", read=text(most=200)),
        Field(name="place", read=text(most=300)),
        Field(name="happened", read=moment("past", unknown=True), ask_if=_knows_when),
        *(Field(name=item, read=text()) for item in STARRED),
    ),
    finish=_submits(written=True),
    prefill=_prefill(("title", "place", *STARRED)),
    permit=permits.all_of(permits.still_open, permits.head, permits.unsent(written=True)),
    after=_see,
)
