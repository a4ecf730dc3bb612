"""Policies and settings as anybody may write them: named faults or a value, nothing else."""

import logging
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import wordlists
from bot.cli_words import policy_lines, setting_lines
from bot.service import _listen
from bot.settings import SettingFaults, Settings, read_settings
from procedure.policy import Policy, PolicyFault
from tests.security.fuzzing import examples

POLICY = wordlists.text("policy")
LINES = POLICY.splitlines()
VALUES = ["0", "-1", '""', '"x"', "true", "[]", "{}", '"PT1H"', "99999999999999999999", "1e400"]
VALUES += ["nan", "2026-10-12", "[[1]]", '"\\u0000"']


@st.composite
def policies(draw: st.DrawFn) -> str:
    """The policy of the house with a few lines changed, moved or gone."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        name, equals, _ = lines[at].partition("=")
        if equals and draw(st.booleans()):
            lines[at] = f"{name}= {draw(st.sampled_from(VALUES))}"
        elif draw(st.booleans()):
            del lines[at]
        else:
            lines.insert(at, draw(st.text(max_size=20) | st.sampled_from(LINES)))
    return "\n".join(lines)


@examples(100)
@given(policies() | st.text(max_size=200))
def test_a_policy_text_is_a_policy_or_its_faults_in_words(text: str) -> None:
    try:
        Policy.read(text)
    except PolicyFault as fault:
        assert all(line.strip() for line in policy_lines(fault))


@pytest.mark.parametrize("bad", ["[" * 5000, "a = " + "[" * 3000, "a = '\ud800'", "x." * 3000])
def test_a_policy_that_only_wants_to_break_the_reader_is_a_fault(bad: str) -> None:
    with pytest.raises(PolicyFault):
        Policy.read(bad)


def test_the_policy_of_the_house_is_what_is_changed_here() -> None:
    assert tomllib.loads(POLICY)


NAMES = sorted(Settings.model_fields)
PRINTABLE = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40
)
LIKELY = st.sampled_from(
    [
        *("", " ", "0", "-1", "99999999999", "1e999", "nan", "true", "{}", "[1]", "/", "//"),
        *("http://", "http://[", "https://x:y", "http://[::1", "http://a:99999", "socks5://"),
        *("sqlite:///", "postgresql+psycopg://u:p@h/d", "Asia/../etc", "../../..", "123:abc"),
        *("\ud83d", "x" * 5000),
    ]
)


@pytest.mark.parametrize("name", NAMES)
@examples(25)
@given(value=LIKELY | PRINTABLE)
def test_a_setting_is_read_or_named_with_what_to_write(name: str, value: str) -> None:
    try:
        settings = read_settings(**{name: value}, _env_file=None)
    except SettingFaults as faults:
        assert set(faults.faults) == {f"BOT_{name.upper()}"}
        assert all(line.strip() for line in setting_lines(faults))
        return
    used(settings)


def used(settings: Settings) -> tuple[Any, ...]:
    """What the service asks of its settings before it serves."""
    return (
        settings.zone,
        settings.database,
        settings.database_name,
        settings.database_folder,
        urlsplit(settings.address).hostname,
        urlsplit(settings.address).port,
        logging.getLevelName(settings.log_level.upper()),
        settings.telegram_loopback,
        settings.loopback,
        str(Path(settings.data_dir)),
    )


@pytest.mark.parametrize("host", ["x" * 200, "192.0.2.1", "no-such-host.invalid", "2001:db8::1"])
def test_an_address_at_which_this_machine_cannot_listen_is_named(host: str) -> None:
    settings = read_settings(host=host, _env_file=None)
    with pytest.raises(SettingFaults) as caught:
        _listen(settings)
    assert caught.value.faults == {"BOT_HOST": "host"}
    assert "127.0.0.1" in setting_lines(caught.value)[0]
