"""Every sentence: it exists, it is used, it renders, and it has manners (storyboard.md §3)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest

from bot.render import Renderer, Scene
from bot.view import IncidentView
from handlers.catalogue import FORMS
from handlers.navigation import duty_officer_for
from procedure.obligations import Terms
from procedure.organisation import Organisation
from procedure.text import fold
from tests import template_keys as keys
from tests.fixtures import Stage
from tests.template_facts import HOSTILE, every, facts_for, fits
from tests.town import ZONE, Town

READERS = (1, 3, 2, 6)
#: Papers and lists may be long: they carry what people wrote.
DOCUMENTS = re.compile(
    r"views/|forms/\w+#preview|forms/holding#template|answers#(relayed|bad_was|which_prompt)"
    r"|rooms#card|rings/\w+#several"
    r"|notices/(direction_to_confirm|claim_checked|verification_reported|guidance#|directive#)"
)
#: Parts of sentences, which stand inside others.
PARTS = re.compile(
    r"words#|labels#|ics#|rooms#topic_name|notices/redirect_line#copy|answers#link_granted|forms/result#checked_claims"
)
NEVER = ("lỗi", "bạn", "user", "chậm trễ", "vi phạm", "không chấp hành", "quên")


@dataclass(frozen=True)
class Reading:
    """What turns blocks into sentences in the tests."""

    organisation: Organisation
    terms: Terms
    renderer: Renderer

    def text(self, block: str, stage: Stage, reader: int = 1, **words: str) -> str:
        """The sentence of a block about the incident of a stage."""
        facts = facts_for(block, stage.incident, **words)
        view = IncidentView(stage.incident, self.organisation, self.terms, stage.clock)
        officer = duty_officer_for(self.organisation, self.organisation.people[reader].unit)
        on_duty = self.organisation.people.get(officer or 0)
        scene = Scene(self.renderer, self.organisation, stage.clock, reader, view, on_duty)
        return self.renderer.text(block, facts, scene)


@pytest.fixture(scope="module")
def reading(stages: dict[str, Stage], tmp_path_factory: pytest.TempPathFactory) -> Reading:
    town = Town(tmp_path_factory.mktemp("reading"))
    organisation = town.world.db.read(town.world.organisation)
    incident = stages["opened"].incident
    terms = town.world.db.read(lambda session: town.world.terms(session, incident.policy))
    town.close()
    return Reading(organisation, terms, Renderer(ZONE))


def test_every_block_that_the_code_asks_for_is_there() -> None:
    assert keys.wanted() - keys.blocks() == set()


def test_every_block_that_a_template_asks_for_is_there() -> None:
    assert keys.between_templates() - keys.blocks() == set()


def test_no_block_is_left_over() -> None:
    assert keys.blocks() - keys.wanted() - keys.between_templates() == set()


def test_every_form_and_every_field_has_a_name_of_its_own(
    reading: Reading, stages: dict[str, Stage]
) -> None:
    stage = stages["opened"]
    view = IncidentView(stage.incident, reading.organisation, reading.terms, stage.clock)
    scene = Scene(reading.renderer, reading.organisation, stage.clock, 1, view, None)
    for form in FORMS.values():
        assert scene.words("named_form", form=form.name) != "việc đang soạn", form.name
        names = [scene.words("named_field", form=form.name, field=f.name) for f in form.fields]
        assert "Mục khác" not in names, (form.name, names)
        assert len(set(names)) == len(names), (form.name, names)


def test_every_block_renders_with_every_incident_that_it_fits(
    reading: Reading, stages: dict[str, Stage]
) -> None:
    for block, stage in every(stages, keys.blocks()):
        for reader in READERS:
            try:
                reading.text(block, stage, reader)
            except Exception as problem:
                raise AssertionError(f"{block} about {stage.folder.name}: {problem}") from problem


def test_every_block_fits_some_incident(stages: dict[str, Stage]) -> None:
    never = {
        block
        for block in keys.blocks()
        if not any(fits(block, stage.incident) for stage in stages.values())
    }
    assert never == set()


@pytest.fixture(scope="module")
def sentences(reading: Reading, stages: dict[str, Stage]) -> list[tuple[str, str]]:
    """Every sentence of chat that is said about any of the incidents, with its block."""
    found = {}
    for block, stage in every(stages, keys.blocks()):
        if not PARTS.match(block):
            for reader in READERS:
                found[block, reading.text(block, stage, reader)] = None
    return list(found)


Rule = Callable[[str, str], bool]
RULES: Mapping[str, Rule] = {
    "at most sixty words": lambda block, text: (
        bool(DOCUMENTS.match(block)) or len(text.split()) <= 60
    ),
    "no exclamation mark": lambda block, text: "!" not in text,
    "no code or HTML": lambda block, text: (
        not re.search(r"<bound|&lt;|&amp;|&#|None|True|False|\b[A-Z]+_[A-Z]+\b|[{}]", text)
    ),
    "no doubled sign": lambda block, text: (
        not re.search(r"\.\.|\. \.|,,| ,| \.|;;| ;|:\s*:|,\.|;\.|:\.|\?\.|\?\?|  |\(\)|\"\"", text)
    ),
    "begins with a capital or a number": lambda block, text: (
        text[:1].isupper() or text[:1].isdigit() or text[:1] in '"'
    ),
    "ends like a sentence": lambda block, text: (
        bool(DOCUMENTS.match(block)) or text.endswith((".", "?", '"', ":"))
    ),
    "none of the words never used": lambda block, text: (
        not any(re.search(rf"\b{word}\b", text.lower()) for word in NEVER)
    ),
    "one question at most": lambda block, text: (
        bool(DOCUMENTS.match(block)) or re.sub(r'"[^"]*"', "", text).count("?") <= 1
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_every_sentence_keeps_the_manners(rule: str, sentences: list[tuple[str, str]]) -> None:
    assert {b: t for b, t in sentences if not RULES[rule](b, t)} == {}


def test_what_a_stranger_types_comes_out_as_typed(
    reading: Reading, stages: dict[str, Stage]
) -> None:
    shown = set()
    for block, stage in every(stages, keys.blocks()):
        text = reading.text(block, stage, words=HOSTILE)
        assert "49" not in text.replace("0296", "") or "7*7" in text, block
        assert "&lt;" not in text, block
        if "<b>x" in text and "…" not in text and not block.startswith("labels"):
            assert HOSTILE in text, (block, text)
            shown.add(block)
    assert len(shown) > 30


def test_a_label_is_short_enough_for_a_button(reading: Reading, stages: dict[str, Stage]) -> None:
    for block in sorted(one for one in keys.blocks() if one.startswith("labels#")):
        text = reading.text(block, stages["opened"])
        assert text and "\n" not in text and len(text) <= 80, (block, text)
        assert fold(text), block
