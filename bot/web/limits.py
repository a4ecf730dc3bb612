"""How much a page, a person and an address may ask of the web; over it, 429 and one sentence.

A rehearsal, which only this machine reaches, has no limits: there one page is everybody.
"""

from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address
from math import ceil

from fastapi import Depends, Request

from bot.flood import Gate
from bot.web.session import AnyViewer, Persona
from bot.web.state import Problem, TheWeb, Web, moment_facts

#: What one provider gives to one line: whoever has one address has all of them.
_IPV6_LINE = 64


def line_of(request: Request) -> str:
    """Whose line a request comes from: its IPv4 address, or the first half of its IPv6 one."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(int(address) >> (128 - _IPV6_LINE))


def spoken(person: Persona, web: TheWeb) -> None:
    """One message or tap of a person. Raises Problem 429 over the measure."""
    _count(web, web.doors.said, person, "too_fast")


def read_so_far(person: Persona, web: TheWeb) -> None:
    """What a page tells by itself. Raises Problem 429 over the measure."""
    _count(web, web.doors.shown, person, "too_fast")


def from_outside(request: Request, web: TheWeb, viewer: AnyViewer) -> None:
    """A request that needs no session, by its address. Raises Problem 429 over the measure."""
    if viewer.person is None:
        _count(web, web.doors.unsigned, line_of(request), "too_many_tries")


def may_guess(request: Request, web: TheWeb) -> None:
    """Before a code is looked at: 429 while its address rests after too many that were no good."""
    until = web.doors.guesses.resting(line_of(request), _now(web))
    if until is not None:
        raise too_much(web, "too_many_tries", until)


def wrong_guess(request: Request, web: Web) -> None:
    """A code was no good. Raises Problem 429 when it was one too many."""
    _count(web, web.doors.guesses, line_of(request), "too_many_tries")


def too_much(web: Web, key: str, until: float) -> Problem:
    """429: what was sent was not taken, until when, and what to do."""
    now = web.world.now()
    moment = datetime.fromtimestamp(ceil(until / 60) * 60, UTC)
    facts = moment_facts(moment, now, web.world.settings.zone)
    seconds = max(1, ceil(until - now.timestamp()))
    return Problem(429, key, retry_after=seconds, **facts)


def _count(web: Web, gate: Gate, sender: int | str, key: str) -> None:
    if web.rehearsal:
        return
    answer = gate.ask(sender, _now(web))
    if answer.taken:
        return
    if answer.first:
        web.meters.refused.inc()
    raise too_much(web, key, answer.until)


def _now(web: Web) -> float:
    return web.world.now().timestamp()


SPOKEN, READ, OUTSIDE, GUESSING = (
    Depends(one) for one in (spoken, read_so_far, from_outside, may_guess)
)
