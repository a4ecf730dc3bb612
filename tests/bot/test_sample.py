"""The sample organisation: the cast of the story, one closed incident, and nothing that rings."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import sample, setup, wordlists
from bot.holidays_vn import calendar_text
from bot.present import Present
from bot.settings import Settings
from bot.world import World, make_world
from procedure import actions as a
from procedure.obligations import owed
from procedure.organisation import Organisation
from procedure.parties import deputies, heads, ladder, leaders
from procedure.steps import step
from procedure.words import Level, Role, Step
from storage import incidents, journal, outbox, people

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MACHINE = datetime(2027, 3, 4, 5, 6, tzinfo=UTC)

# storyboard.md §1: who is who, his post, his number.
CAST = [
    (1, "Võ Thị Thí Dụ", "Công chức Văn hóa - Xã hội xã Vàm Tre", "0296.000.0001"),
    (2, "Lê Văn Thử", "Phó Trưởng Ban Tuyên giáo và Dân vận Tỉnh ủy", "0296.000.0002"),
    (3, "Nguyễn Văn Ví Dụ", "Chủ tịch UBND xã Vàm Tre", "0296.000.0003"),
    (4, "Trần Thị Mẫu", "Trưởng Ban Tuyên giáo và Dân vận Tỉnh ủy", "0296.000.0004"),
    (5, "Lý Thị Bản Thảo", "Thư ký Thường trực Tỉnh ủy", "0296.000.0005"),
    (6, "Phan Văn Tượng Trưng", "Phó Bí thư Thường trực Tỉnh ủy", "0296.000.0066"),
    (7, "Bùi Văn Thí Điểm", "Chánh Văn phòng Sở Xây dựng", "0296.000.0007"),
    (8, "Đoàn Văn Phác Họa", "Phó Giám đốc Sở Nông nghiệp và Môi trường", "0296.000.0008"),
    (9, "Huỳnh Văn Minh Họa", "Bí thư Đảng ủy xã Vàm Tre", "0296.000.0009"),
    (16, "Phạm Thị Giả Định", "Giám đốc Sở Y tế", "0296.000.0016"),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    settings = Settings(data_dir=folder, _env_file=None)
    assert setup.ready(settings).made == "sample"
    return folder


@pytest.fixture(scope="module")
def world(path: Path) -> Iterator[World]:
    made = make_world(Settings(data_dir=path, _env_file=None), Present(lambda: MACHINE))
    yield made
    made.db.close()


@pytest.fixture(scope="module")
def organisation(world: World) -> Organisation:
    return world.db.read(people.organisation)


def counted(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path / "motdaumoi.db")) as connection:
        tables = ("entries", "units", "people", "holdings", "incidents", "policies", "messages")
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in tables
        }


@pytest.mark.parametrize(("id", "name", "post", "phone"), CAST)
def test_the_cast_of_the_story_is_there(
    organisation: Organisation, id: int, name: str, post: str, phone: str
) -> None:
    person = organisation.people[id]
    assert (person.name, person.post, person.phone) == (name, post, phone)
    assert person.name.endswith(person.short)
    assert person.address in {"ông", "bà", "anh", "chị"}


def test_person_ids_are_one_to_n_and_every_phone_is_made_up_and_his_own(
    organisation: Organisation,
) -> None:
    everyone = organisation.people.values()
    assert [person.id for person in everyone] == list(range(1, len(everyone) + 1))
    phones = [person.phone for person in everyone]
    assert len(set(phones)) == len(phones)
    assert all(re.fullmatch(r"0296\.000\.\d{4}", phone) for phone in phones)


def test_every_unit_is_marked_as_made_up_and_has_somebody_who_answers_for_it(
    organisation: Organisation,
) -> None:
    answering = (Role.HEAD, Role.PRESS, Role.COMMITTEE_MEMBER, Role.ADMIN)
    for unit in organisation.units.values():
        assert unit.name.endswith("(giả định)"), unit.name
        assert "giả định" not in unit.short
        assert any(organisation.holders(role, unit.id) for role in answering), unit.name


def test_every_role_of_the_procedure_is_held_by_somebody(organisation: Organisation) -> None:
    assert {held.role for held in organisation.holdings} == set(Role)


def test_the_commune_is_two_joined_units_whose_heads_stand_in_for_each_other(
    organisation: Organisation,
) -> None:
    assert (organisation.units[3].partner, organisation.units[4].partner) == (4, 3)
    assert heads(3, organisation) == (3, 10, 9)
    assert deputies(3, organisation) == (10, 9)
    assert organisation.holders(Role.SPOKESPERSON, 3) == (3,)


def test_the_ladder_of_the_sleeping_chairman_is_that_of_the_story(
    world: World, organisation: Organisation
) -> None:
    closed = world.db.read(lambda session: incidents.listed(session, only_open=False))[0]
    opened = replace(closed, closed_at=None, spokesperson=None)
    assert ladder((3,), opened, organisation) == (
        (Level.OFFICE, (10, 11)),
        (Level.DUTY_OFFICER, (2,)),
        (Level.LEADER, (4,)),
    )
    assert leaders(opened, organisation) == (4, 2)
    assert organisation.holders(Role.ON_DUTY, 2) == (2, 13)


def test_one_incident_has_gone_through_all_four_steps_and_is_closed(world: World) -> None:
    listed = world.db.read(lambda session: incidents.listed(session, only_open=False))
    assert [one.code for one in listed] == ["VV-2025-001"]
    assert step(listed[0]) is Step.CLOSED
    entries = world.db.read(lambda session: journal.read(session, listed[0].stream))
    kinds = {entry.kind for entry in entries}
    assert kinds >= {
        *("ReportSubmitted", "ReportReceived", "DirectionConfirmed", "ConclusionConfirmed"),
        *("StatementApproved", "StatementSpoken", "ResultReported", "IncidentClosed"),
    }
    times = [entry.at for entry in entries]
    assert times == sorted(times)
    assert {entry.channel for entry in entries} == {"sample"}
    assert world.db.read(incidents.listed) == []


def test_nothing_of_the_past_rings_or_waits_in_any_chat(world: World, path: Path) -> None:
    assert counted(path)["messages"] == 0
    assert world.db.read(incidents.next_ring) is None
    assert world.db.read(lambda session: outbox.waiting(session, "web")) == []
    closed = world.db.read(lambda session: incidents.listed(session, only_open=False))[0]
    terms = world.db.read(lambda session: world.terms(session, closed.policy))
    assert owed(closed, terms) == ()


def test_the_journals_verify_and_the_projection_is_their_fold(world: World) -> None:
    assert world.db.read(lambda session: list(journal.verify(session))) == []
    for kept in world.db.read(lambda session: incidents.listed(session, only_open=False)):
        assert world.db.read(lambda s, kept=kept: incidents.refold(s, kept.stream)) == kept  # type: ignore[misc]


def test_the_policy_in_force_is_kept_and_is_the_one_of_the_incident(world: World) -> None:
    version = world.db.read(people.policy_in_force)
    closed = world.db.read(lambda session: incidents.listed(session, only_open=False))[0]
    assert version == closed.policy
    kept = world.db.read(lambda s: people.policy_kept(s, closed.policy))
    assert kept == (wordlists.text("policy"), calendar_text())


def test_the_rehearsal_clock_shows_the_first_minute_of_the_story(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, _env_file=None)
    setup.ready(settings)
    world = make_world(settings)
    world.restore_clock()
    local = world.now().astimezone(ZONE)
    world.db.close()
    assert f"{local:%A %d/%m/%Y %H:%M}" == "Monday 12/10/2026 02:35"


def test_a_second_start_loads_nothing_twice(path: Path) -> None:
    before = counted(path)
    again = setup.ready(Settings(data_dir=path, _env_file=None))
    assert again.made is None
    assert counted(path) == before


def test_an_empty_database_is_a_real_one_with_a_policy_and_without_people(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, _env_file=None)
    assert setup.ready(settings, sample=False).made == "empty"
    assert setup.ready(settings).made is None, "a later start adds no sample data"
    world = make_world(settings)
    assert not world.is_sample()
    assert world.db.read(people.organisation) == Organisation({}, {}, ())
    assert world.db.read(people.policy_in_force)
    world.db.close()


def test_a_start_that_fails_half_way_leaves_no_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(world: World, acts: list[dict[str, Any]]) -> str | None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(sample, "perform_past", fails)
    settings = Settings(data_dir=tmp_path / "data", _env_file=None)
    with pytest.raises(RuntimeError):
        setup.ready(settings)
    assert list((tmp_path / "data").iterdir()) == []


def test_a_changed_policy_comes_into_force_at_the_next_start_and_the_old_one_is_kept(
    tmp_path: Path,
) -> None:
    setup.ready(Settings(data_dir=tmp_path, _env_file=None))
    changed = tmp_path / "mine.toml"
    changed.write_text(wordlists.text("policy") + "\n# sửa\n", encoding="utf-8")
    settings = Settings(data_dir=tmp_path, policy=changed, _env_file=None)
    setup.ready(settings)
    assert setup.ready(settings).made is None
    assert counted(tmp_path)["policies"] == 2
    world = make_world(settings)
    closed = world.db.read(lambda session: incidents.listed(session, only_open=False))[0]
    assert world.db.read(people.policy_in_force) != closed.policy
    world.db.close()


def test_every_field_in_the_data_of_the_past_is_one_of_its_action() -> None:
    for act in wordlists.table("sample_incident")["acts"]:
        known = {one.name for one in fields(a.ACTIONS[act["do"]])}
        assert set(act.get("with", {})) <= known, act


def test_the_regulation_has_41_duties_each_a_quotation_of_its_text() -> None:
    data = wordlists.table("regulation")
    whole = "\n".join(article["text"] for article in data["articles"])
    assert [row["number"] for row in data["duties"]] == list(range(1, 42))
    for row in data["duties"]:
        parts = [part.strip(" ,;:") for part in row["quote"].split("…")]
        assert all(part in whole for part in parts), row["number"]
        assert row["note"].endswith(".")


def test_the_articles_hold_each_of_the_four_steps_once_word_for_word() -> None:
    articles = wordlists.table("regulation")["articles"]
    steps = {one["step"]: one["text"] for one in articles if one["step"]}
    assert sorted(steps) == [1, 2, 3, 4]
    assert all(text.startswith(f"Bước {n}: ") for n, text in steps.items())
    assert "phân công đầu mối thu nhập, rà soát" in steps[2], "the slip is quoted as it stands"


def test_every_clause_of_the_policy_is_a_duty_of_the_regulation() -> None:
    duties = {row["number"] for row in wordlists.table("regulation")["duties"]}
    policy = wordlists.table("policy")["duties"].values()
    clauses = {row["clause"] for row in policy if isinstance(row["clause"], int)}
    assert clauses <= duties
