"""What `deploy/` holds: it parses, is locked up, and names only what is there."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.files import MOST_BYTES, MOST_FILES
from bot.settings import Settings
from bot.web.upload import _MOST_BODY

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
#: In the environment, but not ours: uvicorn's, and what compose itself fills in.
NOT_OURS = {"FORWARDED_ALLOW_IPS", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
UNITS = sorted(path.name for path in DEPLOY.glob("*.service"))
TIMERS = sorted(path.name for path in DEPLOY.glob("*.timer"))


def text(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def unit(name: str) -> dict[str, dict[str, list[str]]]:
    """A unit of systemd: each section's keys with every value that they are given."""
    found: dict[str, dict[str, list[str]]] = {}
    section = ""
    for line in text(name).splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            section = line.strip("[]")
            found[section] = {}
            continue
        key, equals, value = line.partition("=")
        assert equals, (name, line)
        found[section].setdefault(key, []).append(value)
    return found


def compose() -> dict[str, dict[str, object]]:
    loaded: dict[str, dict[str, object]] = yaml.safe_load(text("compose.yaml"))
    return loaded


def named() -> Iterator[tuple[str, str]]:
    """Every setting that a file here or the page on installing names."""
    pages = [ROOT / "docs" / "install.md", *sorted(DEPLOY.iterdir())]
    for path in pages:
        for name in re.findall(r"\bBOT_[A-Z_]+[A-Z]\b", path.read_text("utf-8")):
            yield path.name, name


def test_only_settings_that_exist_are_named() -> None:
    known = {f"BOT_{name.upper()}" for name in Settings.model_fields}
    assert {one for one in named() if one[1] not in known} == set()
    assert {"compose.yaml", "Dockerfile", "env.example"} <= {one[0] for one in named()}


def test_the_image_holds_what_the_lock_names_by_hash_and_runs_as_nobody_special() -> None:
    lines = text("Dockerfile")
    assert "--require-hashes" in lines and "requirements.lock" in lines
    assert lines.count("\nFROM ") + lines.startswith("FROM ") == 2, "what builds is left behind"
    assert re.search(r"^USER 10887:10887$", lines, re.MULTILINE)
    assert "HEALTHCHECK" in lines and "/healthz" in lines
    assert "requirements-dev" not in lines
    for source in re.findall(r"^COPY (?!--)(.*) \S+$", lines, re.MULTILINE):
        assert all((ROOT / one).exists() for one in source.split()), source


def test_no_data_no_settings_and_no_history_go_into_the_image() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    rules = [one for one in lines if one and not one.startswith("#")]
    assert rules[0] == "*"
    kept = {one.removeprefix("!") for one in rules if one.startswith("!")}
    assert kept.isdisjoint({"data", ".env", ".git", "deploy", "tests"})
    copied = re.findall(r"^COPY (?!--)(.*) \S+$", text("Dockerfile"), re.MULTILINE)
    assert {one for line in copied for one in line.split()} <= kept


def test_two_replicas_stand_behind_one_proxy_and_the_database_behind_both() -> None:
    services = compose()["services"]
    assert {"one", "two", "proxy", "database", "migrate"} == set(services)
    for name in ("one", "two", "migrate"):
        service = services[name]
        assert isinstance(service, dict)
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
        assert "ports" not in service, "only the proxy is reached from outside"
        settings = set(service["environment"])
        assert {one for one in settings if not one.startswith("BOT_")} <= NOT_OURS
    assert "ports" not in str(services["database"])
    assert int(re.findall(r"postgres:(\d+)", str(services["database"]))[0]) >= 16
    networks = compose()["networks"]
    assert networks["inside"] == {"internal": True}


def test_whose_forwarded_address_is_believed_is_the_proxy_s_own() -> None:
    services = compose()["services"]
    believed = services["one"]["environment"]["FORWARDED_ALLOW_IPS"]  # type: ignore[index]
    assert services["proxy"]["networks"]["outside"]["ipv4_address"] == believed  # type: ignore[index]


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_no_secret_is_written_here(path: Path) -> None:
    written = path.read_text("utf-8")
    assert not re.search(r"\d{6,}:[A-Za-z0-9_-]{20,}", written)
    for line in written.splitlines():
        if re.search(r"(PASSWORD|TOKEN|SECRET)\w*\s*[:=]", line) and not line.startswith("#"):
            assert re.search(r"\$\{\w+:\?\}", line), line


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_may_do_nothing_that_the_service_does_not_need(name: str) -> None:
    service = unit(name)["Service"]
    for key, value in {
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "PrivateDevices": "yes",
        "CapabilityBoundingSet": "",
        "RestrictSUIDSGID": "yes",
        "UMask": "0077",
        "StateDirectoryMode": "0700",
        "User": "motdaumoi",
    }.items():
        assert service[key] == [value], (name, key)
    (command,) = service["ExecStart"]
    assert "/opt/motdaumoi/.venv/bin/python -m bot " in command


@pytest.mark.parametrize("name", TIMERS)
def test_a_timer_has_its_service(name: str) -> None:
    assert name.replace(".timer", ".service") in UNITS
    assert unit(name)["Timer"]


@pytest.mark.parametrize("name", [*UNITS, *TIMERS])
def test_systemd_itself_can_read_the_unit(name: str) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        assert os.environ.get("CI") != "true", "with CI=true nothing may skip"
        pytest.skip("SKIPPED: no systemd here to read the units with")
    # The page of the manual and the program itself are not there on this machine.
    done = subprocess.run(
        [tool, "verify", "--man=no", str(DEPLOY / name)], capture_output=True, text=True
    )
    told = [line for line in done.stderr.splitlines() if "is not executable" not in line]
    assert [line for line in told if "motdaumoi" in line] == []


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_a_proxy_passes_events_at_once_takes_a_whole_album_and_keeps_no_codes(name: str) -> None:
    lines = text(name)
    assert lines.count("{") == lines.count("}")
    size, unit = re.findall(r"(?:max_size|client_max_body_size) (\d+)(MiB|m)\b", lines)[0]
    assert unit in ("MiB", "m") and int(size) * 1024 * 1024 >= _MOST_BODY > MOST_FILES * MOST_BYTES
    at_once = {"Caddyfile": "flush_interval -1", "nginx.conf": "proxy_buffering off;"}
    silent = {"Caddyfile": "output discard", "nginx.conf": "access_log off;"}
    assert at_once[name] in lines and silent[name] in lines
    assert "/metrics" in lines


def test_nginx_keeps_no_body_on_its_own_disk_and_believes_nobody_s_address() -> None:
    lines = text("nginx.conf")
    assert "proxy_request_buffering off;" in lines, "a stamp of secrecy is found before a file"
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in lines
    assert "$proxy_add_x_forwarded_for" not in lines
