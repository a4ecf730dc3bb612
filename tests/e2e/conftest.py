"""Fixtures of the browser tests: Chromium, a server for each module, fresh contexts."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

from tests.e2e.phone import CHROMIUM, FLAGS, PHONE, Phone
from tests.e2e.server import ROOT, Server

#: How long a busy machine may take for what a person would see at once, milliseconds.
PATIENCE = 15_000
Open = Callable[..., BrowserContext]
Start = Callable[..., Server]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
_NO_AXE = f"!!! NO AXE: {AXE.name} is missing (sh scripts/axe.sh); the axe tests are SKIPPED. !!!"
_MISSING = f"!!! NO BROWSER: {CHROMIUM} is missing; the browser tests are SKIPPED. !!!"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One loud line when the browser tests could not run."""
    if not CHROMIUM.exists():
        terminalreporter.write_line(_MISSING, red=True, bold=True)
    elif not AXE.exists():
        terminalreporter.write_line(_NO_AXE, red=True, bold=True)


def _absent(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Ends with this package: while it lives, the main thread has a running event loop."""
    if not CHROMIUM.exists():
        _absent(_MISSING)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all; contexts keep the tests apart."""
    started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
    yield started
    started.close()


@pytest.fixture(scope="module")
def settings() -> dict[str, str]:
    """A module sets its own BOT_… here."""
    return {}


@pytest.fixture(scope="module")
def server(
    browser: Browser, settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The sample organisation on a real server of this module's own."""
    running = Server(tmp_path_factory.mktemp("server"), **settings)
    try:
        yield running.start()
    finally:
        running.stop()


@pytest.fixture
def start(browser: Browser, tmp_path: Path) -> Iterator[Start]:
    """Starts servers of one test's own, each with its settings; they end with the test."""
    running: list[Server] = []

    def make(**settings: str) -> Server:
        running.append(Server(tmp_path / f"server-{len(running)}", **settings))
        return running[-1].start()

    yield make
    for one in running:
        one.stop()


@pytest.fixture
def contexts(browser: Browser, server: Server) -> Iterator[Open]:
    """Opens browsers of different people; whatever they complain of fails the test."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(**{**PHONE, "base_url": server.url, **options})
        context.set_default_timeout(PATIENCE)
        # Chromium itself says "Failed to load resource" of a refusal or a lost connection.
        context.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type in ("error", "warning") and "Failed to load" not in said.text
                else None
            ),
        )
        context.on("weberror", lambda fault: complaints.append(str(fault.error)))
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
    assert not complaints, complaints


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, to be run inside a page."""
    if not AXE.exists():
        _absent(_NO_AXE)
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def phone(contexts: Open) -> Phone:
    """One phone at 390×844 on the rehearsal page, with the introduction put away."""
    return Phone(contexts().new_page()).open()
