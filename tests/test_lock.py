"""The locks: what `make run` and `make test` install, by hash."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = ROOT / "requirements.lock"
DEV = ROOT / "requirements-dev.lock"
NPM = ROOT / "package-lock.json"
LOCKS = pytest.mark.parametrize("lock", [RUNTIME, DEV], ids=lambda lock: lock.name)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}(?=\s|$)")


def entries(lock: Path) -> list[str]:
    """The lock's requirements, one logical line each, hashes included."""
    joined = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    return [line.strip() for line in joined.splitlines() if line.strip()]


def pinned(lock: Path) -> dict[str, Requirement]:
    """Each requirement of the lock by its canonical name."""
    found = (Requirement(entry.partition("--hash")[0]) for entry in entries(lock))
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def version(requirement: Requirement) -> str:
    (pin,) = requirement.specifier
    assert pin.operator == "==", requirement
    return pin.version


def asked(group: str) -> list[Requirement]:
    """What pyproject.toml asks for: its dependencies, or one optional group of them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["dependencies"] if not group else project["optional-dependencies"][group]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("lock", [RUNTIME, DEV, NPM], ids=lambda lock: lock.name)
def test_a_lock_names_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(--(extra-)?index|--find-links|-[a-z] )", text, re.MULTILINE)


@LOCKS
def test_every_requirement_is_pinned_and_hashed(lock: Path) -> None:
    assert len(pinned(lock)) == len(entries(lock)) > 0
    assert all(version(requirement) for requirement in pinned(lock).values())
    assert [entry.split()[0] for entry in entries(lock) if not HASH.search(entry)] == []


def test_the_runtime_lock_is_a_part_of_the_development_lock() -> None:
    runtime, dev = pinned(RUNTIME), pinned(DEV)
    assert set(runtime) - set(dev) == set()
    assert [key for key in runtime if version(runtime[key]) != version(dev[key])] == []


def test_the_runtime_lock_holds_no_development_tool() -> None:
    tools = {canonicalize_name(requirement.name) for requirement in asked("dev")}
    assert tools & set(pinned(RUNTIME)) == set()


@pytest.mark.parametrize(("lock", "group"), [(RUNTIME, ""), (DEV, ""), (DEV, "dev")])
def test_the_lock_answers_everything_that_the_project_asks_for(lock: Path, group: str) -> None:
    locked = pinned(lock)
    for requirement in asked(group):
        found = version(locked[canonicalize_name(requirement.name)])
        assert requirement.specifier.contains(found), f"{requirement}: run `make lock`"


def test_what_npm_installs_is_pinned_hashed_and_for_tests_alone() -> None:
    asked_for = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    packages = json.loads(NPM.read_text(encoding="utf-8"))["packages"]
    own = packages.pop("")
    assert asked_for["private"] is True
    assert "dependencies" not in asked_for | own
    assert own["devDependencies"] == asked_for["devDependencies"]
    for name, exact in asked_for["devDependencies"].items():
        assert packages[f"node_modules/{name}"]["version"] == exact
    assert [
        name for name, one in packages.items() if not one["integrity"].startswith("sha512-")
    ] == []
    assert [name for name, one in packages.items() if "resolved" in one or not one["dev"]] == []
