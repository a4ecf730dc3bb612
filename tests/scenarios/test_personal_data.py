"""What is held on a person, in his own words; and an incident whose people were blanked."""

from collections.abc import Callable

import pytest

from bot import personal
from bot.cli_audit import verify
from bot.cli_words import NotDone
from bot.web.asking import named
from handlers.views import VIEWS
from storage import accounts, people
from tests.fixtures import EXPERT, HEAD, LEADER, OFFICER, REPORTER
from tests.town import Town

TownAt = Callable[[str], Town]
WHY = "Đơn ngày 12/10"


def blank(town: Town, who: str) -> int:
    """The console does it; who he was."""
    person = personal.found(town.world, who)
    list(personal.would(town.world, person))
    list(personal.blank(town.world, person, WHY))
    return person.id


def test_everybody_reads_what_is_held_on_him_page_by_page(town: Town) -> None:
    town.says("Thí Dụ", "/dulieu")
    first = town.last("Thí Dụ")
    assert "Võ Thị Thí Dụ" in first and "0296.000.0001" in first and "Cán bộ" in first
    town.world.db.write(
        lambda session: accounts.link(session, "telegram", "55", town.id("Thí Dụ"), town.clock)
    )
    town.presses("Thí Dụ", {"view": "personal", "stream": None, "args": {"page": 2}})
    town.presses("Thí Dụ", {"view": "personal", "stream": None, "args": {"page": 3}})
    said = [row.text for row in town.thread("Thí Dụ") if row.template.startswith("views/personal")]
    assert "Telegram: đã nối từ" in said[1] and "VV-2025-001" in said[1]
    assert "180 ngày" in said[2] and "Thử Nghiệm" in said[2]
    assert all(len(one.split()) <= 75 for one in said)


def test_words_without_marks_do_the_same_and_show_only_one_s_own(town: Town) -> None:
    town.says(EXPERT, "du lieu cua toi")
    assert "Phác Họa" in town.last(EXPERT) and "Thí Dụ" not in town.last(EXPERT)


def test_incidents_that_he_may_not_see_are_not_among_his(town_at: TownAt) -> None:
    town = town_at("sent_up")
    code = town.newest().code
    for who, sees in ((REPORTER, True), ("Phóng Tác", False), ("Tạm Gọi", False)):
        town.presses(who, {"view": "personal", "stream": None, "args": {"page": 2}})
        assert (code in town.last(who)) is sees


def test_whoever_owes_or_speaks_is_named_with_what_and_where(town_at: TownAt) -> None:
    town = town_at("concluded")
    code = town.newest().code
    with pytest.raises(NotDone) as stopped:
        blank(town, HEAD)
    assert "người phát ngôn" in stopped.value.words and code in stopped.value.words
    with pytest.raises(NotDone):
        list(personal.blank(town.world, personal.found(town.world, HEAD), WHY))
    assert town.world.db.read(people.organisation).people[town.id(HEAD)].phone


@pytest.mark.parametrize("who", [REPORTER, HEAD, OFFICER, EXPERT])
def test_every_view_of_a_past_incident_stands_without_his_name(who: str, town_at: TownAt) -> None:
    town = town_at("closed")
    person = town.world.db.read(people.organisation).people[town.id(who)]
    told = {one.id for one in town.thread(LEADER)}
    blank(town, who)
    lines, faults = verify(town.world)
    assert faults == 0, lines
    stream = town.newest().stream
    for name in VIEWS:
        for about in (stream, None):
            town.presses(LEADER, {"view": name, "stream": about, "args": {}})
    answers = [one for one in town.thread(LEADER) if one.id not in told]
    assert len(answers) > len(VIEWS)
    units = town.world.db.read(people.organisation).units.values()
    shared = person.phone in {one.phone for one in units}
    for one in answers:
        assert shared or person.phone not in one.text, one.template
        if one.template not in WRITTEN:
            assert person.name not in one.text, one.template
        assert "None" not in one.text
    assert any("(đã xóa tên)" in one.text for one in answers)


#: What somebody wrote at the time stands word for word, names and all.
WRITTEN: frozenset[str] = frozenset({"views/incident#statement", "views/incident#result"})


def test_his_page_is_shut_and_nothing_lets_him_in_again(town: Town) -> None:
    known = personal.found(town.world, "Tạm Gọi")
    person = blank(town, "Tạm Gọi")
    organisation = town.world.db.read(people.organisation)
    assert organisation.held_by(person) == () and organisation.people[person].left
    asked = [(known.name, known.phone), ("(đã xóa tên)", "0999"), ("x y", "---")]
    assert [named(organisation, name, phone) for name, phone in asked] == [None] * 3
    town.presses(OFFICER, {"grant_link": person})
    assert "đã thôi việc" in town.last(OFFICER)
