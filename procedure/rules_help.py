"""[Cần hỗ trợ]: more time, too few people or figures, not mine (conduct §5).

Asking for help never stops the clock: only extra time that somebody has granted moves it.
"""

from procedure import actions as a
from procedure import entries as e
from procedure import entries_late as late
from procedure.decision import Asked, Decision, Notice, require
from procedure.errors import BadValue, NotYours, Outdated
from procedure.obligations import Obligation
from procedure.parties import Party, Post, is_press, leaders
from procedure.rules_ring import standing
from procedure.words import Role, UnitKind

DUTY_OFFICER = Party(Post.DUTY_OFFICER)
NEEDS = frozenset({"people", "not_mine", "time"})
LONGEST = 24 * 60


def own_share(asked: Asked, duty: Obligation) -> int:
    """The most minutes that an owner may add by himself: the policy's share of his term."""
    given = sum(more.minutes for more in asked.incident.extensions.get(duty.key, ()))
    term = (duty.due - duty.start).total_seconds() / 60 - given
    return int(term * asked.terms.policy.manners.extension_share / 100)


def has_extended(asked: Asked, duty: Obligation, owner: int) -> bool:
    """Whether an owner, or the one for whom he acts, has already taken the time that he may take
    by himself."""
    taken = asked.incident.extensions.get(duty.key, ())
    return any(asked.organisation.acts_for(owner, one.by) for one in taken)


def deciders(asked: Asked, owner: int) -> tuple[int, ...]:
    """Who decides about an owner's further time, the first one first (conduct §5, §9).

    The head of his unit; for a head the next higher head in the reporting line, else the duty
    officer. Nobody rings the committee. Where nobody stands above him he decides himself.
    """
    organisation = asked.organisation
    unit = organisation.units.get(organisation.people[owner].unit)
    passed: set[int] = set()
    while unit and unit.kind is not UnitKind.STANDING_COMMITTEE and unit.id not in passed:
        found = tuple(one for one in organisation.holders(Role.HEAD, unit.id) if one != owner)
        if found:
            return found
        passed.add(unit.id)
        unit = organisation.units.get(unit.reports_to or 0)
    watch = (*on_duty(asked), *(() if asked.incident.within else _leaders(asked)))
    return tuple(one for one in watch if one != owner)[:1] or (owner,)


def above(asked: Asked, owner: int) -> tuple[int, ...]:
    """Whoever hears that an owner needs help: who decides for him, and the duty officer."""
    found = dict.fromkeys((*deciders(asked, owner), *on_duty(asked)))
    return tuple(one for one in found if one != owner)


def on_duty(asked: Asked) -> tuple[int, ...]:
    """The duty officer; within a unit's own authority he has no part in it (conduct §9)."""
    return () if asked.incident.within else asked.people(DUTY_OFFICER)


def extend_duty(asked: Asked, action: a.ExtendDuty) -> Decision:
    """Up to half the allowance once by the owner himself, then by the head; never a legal clock."""
    duty = standing(asked, action.duty)
    not_legal(asked, duty)
    owner = asked.who(duty.owner)
    decide = deciders(asked, owner) if owner else ()
    had = owner is not None and has_extended(asked, duty, owner)
    by_head = asked.actor in decide and _grants(asked, action.duty, owner, had)
    if not by_head:
        require(asked.actor == owner, "not_your_duty", owner)
        if had:
            raise NotYours("head_extends", who=decide[0])
    _some_minutes(action.minutes)
    allowed = own_share(asked, duty)
    if not by_head and action.minutes > allowed:
        raise BadValue("too_much_time", minutes=allowed)
    fact = e.DutyExtended(duty=action.duty, minutes=action.minutes)
    about = {"duty": action.duty, "minutes": action.minutes, "by": asked.actor}
    kind = "time_granted" if by_head else "duty_extended"
    to = (owner or 0, *on_duty(asked)) if by_head else (*decide, *on_duty(asked))
    told = tuple(one for one in dict.fromkeys(to) if one != asked.actor)
    notice = Notice(kind, told, about, about=f"time:{action.duty}")
    return Decision((fact,), (notice,), "head" if by_head else "owner")


def _grants(asked: Asked, key: str, owner: int | None, had: bool) -> bool:
    """A head above grants at any time, the duty officer in his place only what was asked of him."""
    if asked.actor == owner:
        return had
    wish = asked.incident.time_wishes.get(key)
    asked_of_him = wish is not None and (wish.by, wish.decides) == (owner, asked.actor)
    held = asked.organisation.held_by(asked.actor)
    return asked_of_him or any(one.role is Role.HEAD for one in held)


def ask_more_time(asked: Asked, action: a.AskMoreTime) -> Decision:
    """The second wish for time: a request to his head; the clock moves only when it is granted."""
    duty = standing(asked, action.duty)
    not_legal(asked, duty)
    _owner_asks(asked, duty)
    _some_minutes(action.minutes)
    wish = asked.incident.time_wishes.get(action.duty)
    if wish and wish.by == asked.actor:
        raise Outdated("wish_waits", who=wish.decides, minutes=wish.minutes)
    decides = deciders(asked, asked.actor)[0]
    if decides == asked.actor:
        raise NotYours("nobody_above", who=None)
    fact = late.MoreTimeAsked(duty=action.duty, minutes=action.minutes, decides=decides)
    about = {"duty": action.duty, "minutes": action.minutes, "by": asked.actor}
    about["decides"] = decides
    to = tuple(dict.fromkeys((decides, *on_duty(asked))))
    told = tuple(one for one in to if one != asked.actor)
    name = f"time:{action.duty}"
    return Decision((fact,), (Notice("more_time_asked", told, about, True, name),), "owner")


def decline_more_time(asked: Asked, action: a.DeclineMoreTime) -> Decision:
    """The head does not grant it; the clock runs on as it did."""
    standing(asked, action.duty)
    wish = asked.incident.time_wishes.get(action.duty)
    if wish is None:
        raise Outdated("wish_settled")
    allowed = asked.actor in (wish.decides, *deciders(asked, wish.by))
    require(allowed, "another_decides", wish.decides)
    fact = late.MoreTimeDeclined(duty=action.duty, minutes=wish.minutes, asker=wish.by)
    about = {"duty": action.duty, "minutes": wish.minutes, "by": asked.actor, "whom": wish.by}
    to = dict.fromkeys((wish.by, *on_duty(asked)))
    told = tuple(one for one in to if one != asked.actor)
    name = f"time:{action.duty}"
    return Decision((fact,), (Notice("more_time_declined", told, about, True, name),), "head")


def ask_help(asked: Asked, action: a.AskHelp) -> Decision:
    """It goes to the head and the duty officer; the duty stays (conduct §5)."""
    duty = standing(asked, action.duty)
    _owner_asks(asked, duty)
    if action.need not in NEEDS:
        raise BadValue("need_unknown")
    told = above(asked, asked.actor)
    if not told:
        raise NotYours("nobody_above", who=None)
    about = {"duty": action.duty, "by": asked.actor, "need": action.need, "text": action.text}
    fact = e.HelpAsked(duty=action.duty, need=action.need, text=action.text)
    return Decision((fact,), (Notice("help_asked", told, about, rings=True),), "owner")


def see_help(asked: Asked, action: a.SeeHelp) -> Decision:
    """[Đã rõ]: the one who asked learns that somebody above has it in hand."""
    duty = standing(asked, action.duty)
    if action.asker not in asked.people(duty.owner):
        raise Outdated("duty_met")
    told = above(asked, action.asker)
    require(asked.actor in told, "another_decides", told[0] if told else None)
    if asked.actor in asked.incident.help_seen.get(action.duty, ()):
        raise Outdated("answer_stands")
    fact = late.HelpSeen(duty=action.duty, asker=action.asker)
    about = {"duty": action.duty, "by": asked.actor}
    return Decision((fact,), (Notice("help_seen", (action.asker,), about),), "head")


def say_not_mine(asked: Asked, action: a.SayNotMine) -> Decision:
    """He names whose it is; somebody above decides, and until then it stays his."""
    duty = standing(asked, action.duty)
    _owner_asks(asked, duty)
    if action.whose is None and not action.text.strip():
        raise BadValue("whose_needed")
    if action.whose is not None:
        if action.whose not in asked.organisation.people:
            raise BadValue("unknown_person")
        if is_press(action.whose, asked.organisation):
            raise BadValue("press_in_room", person=action.whose)
        if action.whose == asked.actor:
            raise BadValue("somebody_else")
    if action.duty in asked.incident.not_mine:
        raise Outdated("not_mine_waits", who=above(asked, asked.actor)[0])
    told = above(asked, asked.actor)
    if not told:
        raise NotYours("nobody_above", who=None)
    fact = late.NotMineSaid(duty=action.duty, whose=action.whose, text=action.text)
    about = {"duty": action.duty, "by": asked.actor, "whose": action.whose, "text": action.text}
    notice = Notice("not_mine_said", told, about, True, f"mine:{action.duty}")
    return Decision((fact,), (notice,), "owner")


def keep_with_owner(asked: Asked, action: a.KeepWithOwner) -> Decision:
    """[Giữ nguyên]: it stays with its owner, who is told."""
    standing(asked, action.duty)
    said = asked.incident.not_mine.get(action.duty)
    if said is None:
        raise Outdated("not_mine_settled")
    others = above(asked, said.by)
    require(asked.actor in others, "another_decides", others[0] if others else None)
    fact = late.DutyKept(duty=action.duty, owner=said.by)
    told = tuple(one for one in (said.by, *others) if one != asked.actor)
    about = {"duty": action.duty, "by": asked.actor, "whom": said.by}
    return Decision(
        (fact,), (Notice("duty_kept", told, about, about=f"mine:{action.duty}"),), "head"
    )


def not_legal(asked: Asked, duty: Obligation) -> None:
    """Raises NotYours for a legal term: it cannot be extended, only annotated (domain §8.2)."""
    if duty.legal:
        raise NotYours("legal_clock", who=asked.who(duty.owner), due=duty.due)


def _owner_asks(asked: Asked, duty: Obligation) -> None:
    owners = asked.people(duty.owner)
    require(asked.actor in owners, "not_your_duty", owners[0] if owners else None)


def _some_minutes(minutes: int) -> None:
    if not 0 < minutes <= LONGEST:
        raise BadValue("minutes_needed")


def _leaders(asked: Asked) -> tuple[int, ...]:
    return leaders(asked.incident, asked.organisation)
