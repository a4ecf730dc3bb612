"""T22: whoever stands for a newsroom reads released texts, and nothing else by any door."""

from collections.abc import Callable

import pytest

from bot.present import Present
from bot.stage import Stage
from bot.web.app import make_app, make_web
from bot.web.state import Web
from bot.world import make_world
from handlers import views
from handlers.catalogue import FORMS
from procedure.errors import Refused
from storage.database import Session
from tests import databases
from tests.bot.webtown import signed_in
from tests.fixtures import OFFICER, PRESS, REPORTER, STATEMENT
from tests.handlers.form_cases import CASES, begin
from tests.town import Town

TownAt = Callable[[str], Town]
STAGES = ("opened", "sent_up", "drafted", "contested", "returned", "guided", "closed")
DRAFT = "Nháp: nguyên nhân do khai thác cát, 12 hộ của ông Tư."
#: Views that are about no incident; a newsroom may read the regulation and the help.
OF_NO_INCIDENT = {"regulation", "help", "duties", "incidents"}


def inside(town: Town) -> list[str]:
    """Words of the incident that no newsroom may read: identities, figures, drafts, titles."""
    incident = town.newest()
    people = town.world.db.read(town.world.organisation).people
    words = [str(incident.title), str(incident.line), DRAFT, "12 hộ"]
    words += [str(one.what) for one in incident.figures] + [people[incident.opened_by].name]
    words += [str(one.text) for one in incident.statements if str(one.text) != STATEMENT]
    return [word for word in words if word]


def in_earnest(town: Town) -> Web:
    """The web over what lies in this town, as it is outside a rehearsal: nobody is everybody."""
    town.world.db.close()
    folder = town.world.settings.data_dir
    settings = databases.settings_in(folder, rehearsal=False)
    town.world = make_world(settings, Present(lambda: town.clock))
    return make_web(town.world, tick=lambda _: 0)


@pytest.mark.duty("T22")
@pytest.mark.parametrize("stage", STAGES)
def test_every_view_and_every_form_refuses_a_newsroom(stage: str, town_at: TownAt) -> None:
    town = town_at(stage)
    stream, person = town.newest().stream, town.id(PRESS)

    def look(name: str) -> Callable[[Session], list[str]]:
        def work(session: Session) -> list[str]:
            desk = Stage(town.world, session, town.world.now(), "web").desk(person, stream, {})
            return [say.template for say in views.show(name, desk)]

        return work

    for name in set(views.VIEWS) - OF_NO_INCIDENT:
        with pytest.raises(Refused, match="not_in_incident"):
            town.world.db.read(look(name))
    for name, form in FORMS.items():
        if form.about_incident:
            assert begin(town, PRESS, name, **CASES[name].args) is not None, name


@pytest.mark.duty("T22")
@pytest.mark.parametrize("stage", STAGES)
def test_nothing_said_to_a_newsroom_holds_more_than_the_released_text(
    stage: str, town_at: TownAt
) -> None:
    town = town_at(stage)
    if stage == "guided":
        town.answers(REPORTER, "/phatngon", "Soạn nội dung phát ngôn", DRAFT, "Gửi")
    for line in ("/viec", "/vuviec", "/vuviec sat lo", "/phatngon", "/hop", "/nhiemvu", "/trogiup"):
        town.says(PRESS, line)
    said = "\n".join(row.text for row in town.thread(PRESS) if row.sender == "bot")
    assert not [word for word in inside(town) if word in said]
    assert (STATEMENT in said) is (stage == "guided")


@pytest.mark.duty("T22")
def test_every_address_of_the_web_hides_the_incident_from_a_newsroom(town_at: TownAt) -> None:
    town = town_at("guided")
    web = in_earnest(town)
    press, officer = (signed_in(web, town.id(who)) for who in (PRESS, OFFICER))
    incident = town.newest()
    known = make_app(web).openapi()["paths"]
    paths = {"/board", *(path for path, how in known.items() if "get" in how)}
    filled = {
        path.replace("{code}", incident.code)
        .replace("{person}", str(town.id(REPORTER)))
        .replace("{sha256}", "a" * 64)
        for path in paths
        if path != "/api/stream" and "link" not in path
    }
    assert {"/api/board", f"/api/incidents/{incident.code}"} <= filled
    for path in sorted(filled):
        text = press.get(path).text
        assert not [word for word in (*inside(town), incident.code) if word in text], path
    assert incident.code in officer.get("/api/board").text
    assert press.get(f"/api/chats/{town.id(REPORTER)}/messages").status_code in (403, 404)
    own = press.get(f"/api/chats/{town.id(PRESS)}/messages").text
    assert STATEMENT in own and not [word for word in inside(town) if word in own]


@pytest.mark.duty("T22")
def test_a_file_of_an_incident_is_as_if_it_were_not_there(town_at: TownAt) -> None:
    town = town_at("guided")
    town.sends_photos(REPORTER, [PNG], "anh moi o ap tre dong")
    town.answers(REPORTER, f"Bổ sung {town.newest().code}", "Tình hình mới")
    [kept] = town.newest().all_files
    web = in_earnest(town)
    officer, press = (signed_in(web, town.id(who)) for who in (OFFICER, PRESS))
    assert officer.get(f"/files/{kept.sha256}").status_code == 200
    assert press.get(f"/files/{kept.sha256}").status_code == 404


PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
