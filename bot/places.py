"""A place sent from the telephone is kept as the place of the incident."""

from collections.abc import Mapping
from typing import Any

from bot.converse import Talk
from handlers.navigation import seen_incidents
from handlers.say import Say
from procedure import actions as a
from procedure.codec import Prose
from procedure.errors import Refused


def words(talk: Talk, body: Mapping[str, Any]) -> str:
    """A place as words: its name when it has one, latitude and longitude in degrees."""
    facts = {"lat": f"{body['lat']:.5f}", "lon": f"{body['lon']:.5f}", "name": body.get("name")}
    scene = talk.stage.scene(talk.person, None)
    return talk.stage.world.renderer.text("words#place", facts, scene)


def keep(talk: Talk, place: str, stream: str | None) -> bool:
    """Writes the place into the incident that it can only be about; False when that is open."""
    seen = seen_incidents(talk.stage.desk(talk.person, None, {}))
    if stream is None and len(seen) == 1:
        stream = seen[0].stream
    if stream is None:
        return False
    before = talk.stage.incident(stream).detail("place")
    known = f"{before}; {place}" if before and place not in before else place
    try:
        with talk.stage.session.begin_nested():
            action = a.AmendReport(item="place", text=Prose(known))
            talk.stage.perform(stream, talk.person, action)
    except Refused as refusal:
        talk.refuse(refusal, stream)
        return True
    talk.say(Say(template="answers#place_kept", facts={"place": place}, stream=stream))
    return True
