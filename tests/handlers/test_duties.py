"""The buttons of a duty: the act that ends it first, three at most."""

from handlers.catalogue import FORMS
from handlers.duties import act_buttons, ring_buttons
from procedure.actions import ACTIONS
from procedure.obligations import owed
from procedure.words import Duty
from tests.fixtures import Stage
from tests.town import Town


def test_every_duty_of_every_stage_has_its_act_and_at_most_three_buttons(
    stages: dict[str, Stage], town: Town
) -> None:
    met: set[Duty] = set()
    policy = stages["opened"].incident.policy
    terms = town.world.db.read(lambda session: town.world.terms(session, policy))
    for stage in stages.values():
        incident = stage.incident
        for duty in owed(incident, terms):
            acts = act_buttons(duty, incident)
            assert acts, duty.key
            for one in acts:
                do = one["do"]
                assert do.get("open") in FORMS or do.get("act") in ACTIONS or "view" in do
            rung = ring_buttons(duty, incident)
            assert 1 <= len(rung) <= 3
            assert rung[0]["do"] == acts[0]["do"]
            met.add(duty.duty)
    assert len(met) >= 20, sorted(met)
