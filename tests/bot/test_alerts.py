"""The rules for Prometheus name numbers that are there, and the spans that `/healthz` names."""

import re

import pytest

from bot.web.state import Web
from tests.bot.clitown import ROOT
from tests.bot.webtown import client_of

RULES = (ROOT / "deploy" / "alerts.yml").read_text("utf-8")
EXPRESSIONS = re.findall(r"^ +expr: (.+)$", RULES, re.MULTILINE)
_METRIC = re.compile(r"motdaumoi_[a-z_]+")


def test_there_is_a_rule_for_everything_that_is_watched() -> None:
    named = {name for expression in EXPRESSIONS for name in _METRIC.findall(expression)}
    assert len(EXPRESSIONS) == RULES.count("- alert: ")
    assert {
        "motdaumoi_last_tick_age_seconds",
        "motdaumoi_oldest_unsent_seconds",
        "motdaumoi_oldest_unhandled_seconds",
        "motdaumoi_channel_down",
        "motdaumoi_worker_failures_total",
    } <= named


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_number_that_a_rule_names_is_scraped(web: Web, expression: str) -> None:
    web.channels["telegram"] = lambda: "down"
    scraped = client_of(web).get("/metrics").text
    there = {line.split("{")[0].split(" ")[0] for line in scraped.splitlines()}
    names = _METRIC.findall(expression)
    assert names and set(names) <= there


def test_the_rules_have_the_limits_that_the_service_names(web: Web) -> None:
    limits = client_of(web).get("/healthz").json()["limits"]
    told = {
        name: float(number)
        for expression in EXPRESSIONS
        for name, number in re.findall(r"^motdaumoi_(\w+_seconds) > (\d+)$", expression)
    }
    assert told == {"last_" + k if k == "tick_age_seconds" else k: v for k, v in limits.items()}
