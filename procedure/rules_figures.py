"""Figures: each is signed for, and of two that differ none is used till one is chosen."""

from collections.abc import Collection

from procedure import actions as a
from procedure import entries_figures as f
from procedure.decision import Asked, Decision, Notice, as_head, require
from procedure.errors import BadValue, Outdated, WrongStep
from procedure.evolve_figures import with_figure
from procedure.figures import Conflict, conflicts, is_number, settler, thing_key, thing_of
from procedure.figures_in_text import barred
from procedure.incident import Incident
from procedure.merging import next_number
from procedure.parties import speaker
from procedure.words import Duty


def report_figure(asked: Asked, action: a.ReportFigure) -> Decision:
    """Whoever has a part gives a figure and answers for it by name (rows 20, 21)."""
    _open(asked)
    require(asked.has_part(), "not_in_incident", asked.who(settler(asked.incident)))
    _check(asked, action)
    number = next_number(asked.incident, "figures")
    fact = f.FigureReported(figure=number, of_unit=_home(asked), **vars(action))
    after = with_figure(asked.incident, fact, asked.actor, asked.now)
    return Decision((fact,), tuple(_told(asked, after)), "supplier")


def settle_figure(asked: Asked, action: a.SettleFigure) -> Decision:
    """The focal point, above him the leader, chooses with a reason, or has it measured again."""
    _open(asked)
    found = [one for one in conflicts(asked.incident) if set(one.ids) == set(action.figures)]
    if not found:
        raise Outdated("figures_moved_on")
    require(may_settle(asked), "only_focal_point_settles", asked.who(settler(asked.incident)))
    conflict = found[0]
    if action.chosen is None:
        if conflict.measuring:
            raise Outdated("measured_again_already")
    elif action.chosen not in conflict.ids:
        raise Outdated("figures_moved_on")
    elif len(action.reason.strip()) < 5:
        raise BadValue("reason_needed")
    fact = f.FigureSettled(figures=conflict.ids, chosen=action.chosen, reason=action.reason)
    kind = "figure_to_measure" if action.chosen is None else "figure_settled"
    to = dict.fromkeys(one.by for one in conflict.figures if one.by != asked.actor)
    about = {"by": asked.actor, "figure": action.chosen or conflict.id, "reason": action.reason}
    told = Notice(kind, tuple(to), about, rings=True)
    return Decision((fact,), (told,), _authority(asked))


def may_settle(asked: Asked) -> bool:
    """Whether the actor owes the choice or stands above whoever owes it."""
    incident = asked.incident
    if asked.actor in asked.people(settler(incident)):
        return True
    if incident.within or not incident.submitted_at:
        return asked.is_head()
    return asked.is_leader() or (incident.focal_point is None and asked.is_department())


def usable_only(asked: Asked, text: str) -> None:
    """Raises WrongStep when a text says a figure that no statement may use now (T20)."""
    found = barred(asked.incident, text)
    if not found:
        return
    thing = thing_of(asked.incident, found[0])
    who = asked.who(settler(asked.incident))
    if thing.opened:
        told = tuple(one.id for one in thing.values)
        raise WrongStep("figure_contested", figures=told, who=who)
    raise WrongStep("figure_not_chosen", figure=found[0].id, chosen=thing.standing[0].id, who=who)


def _check(asked: Asked, action: a.ReportFigure) -> None:
    if not action.what.strip() or not action.source.strip():
        raise BadValue("figure_blank")
    if not is_number(action.value):
        raise BadValue("figure_unreadable")
    if action.measured.at > asked.now:
        raise BadValue("time_ahead")


def _told(asked: Asked, after: Incident) -> list[Notice]:
    """The conflict, if the new figure is part of one, and a text that holds a contested figure."""
    new = after.figures[-1]
    found = next((one for one in conflicts(after) if new.id in one.ids), None)
    if found is None:
        return []
    return [conflict_told(asked, found), *contested_told(asked, after, {thing_key(new)})]


def conflict_told(asked: Asked, found: Conflict) -> Notice:
    """To whoever owes the choice."""
    duty = f"{Duty.FIGURE_CONFLICT.value}:{found.id}"
    due = asked.terms.after(Duty.FIGURE_CONFLICT, asked.incident.severity, found.since)
    about = {"conflict": found.id, "figures": found.ids, "due": due}
    to = asked.people(settler(asked.incident))
    return Notice("figure_conflict", to, about, rings=True, duty=duty)


def contested_told(
    asked: Asked, after: Incident, about: Collection[tuple[str, str]]
) -> list[Notice]:
    """The speaker hears when what he is about to say has become contested in these things."""
    ready = after.approved_statement
    said = {spoken.version for spoken in after.spoken}
    if ready is None or ready.version in said:
        return []
    held = [one for one in barred(after, ready.text) if thing_key(one) in about]
    before = {one.id for one in barred(asked.incident, ready.text)}
    if not held or before & {one.id for one in held}:
        return []
    one = speaker(after, asked.organisation)
    facts = {"statement": ready.version, "figure": held[0].id}
    return [Notice("statement_contested", (one,), facts, rings=True)] if one else []


def _home(asked: Asked) -> int:
    """The unit for which the supplier answers; a joined body is one with the reporting unit."""
    if asked.is_unit():
        return asked.incident.unit
    return asked.organisation.people[asked.actor].unit


def _authority(asked: Asked) -> str:
    if asked.incident.focal_point and asked.actor == asked.incident.focal_point.person:
        return "focal_point"
    return "department" if asked.is_department() else as_head(asked)


def _open(asked: Asked) -> None:
    if asked.incident.closed_at:
        raise WrongStep("incident_closed", at=asked.incident.closed_at)
