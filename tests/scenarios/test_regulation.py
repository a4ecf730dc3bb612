"""Every duty opens its clause; every surface goes through the same door."""

import tomllib

import pytest

from bot import wordlists
from procedure.policy import Policy
from procedure.words import Duty
from tests.duties import REGULATION
from tests.town import Town

#: Duties that conduct or the house adds stand behind the sentence that they serve.
QUOTES = {row["number"]: row["quote"] for row in tomllib.loads(REGULATION.read_text())["duties"]}


@pytest.mark.duty("T1")
@pytest.mark.parametrize("duty", list(Duty))
def test_each_obligation_opens_its_quoted_clause(town: Town, duty: Duty) -> None:
    policy = Policy.read(wordlists.text("policy"))
    number = policy.duties[duty.value].clause
    town.presses("Ví Dụ", {"view": "regulation", "stream": None, "args": {"duty": duty.value}})
    assert isinstance(number, int), f"{duty} stands behind no sentence of the regulation"
    assert QUOTES[number] in town.last("Ví Dụ")


def test_the_quotes_stand_in_the_regulation_word_for_word() -> None:
    articles = " ".join(
        row["text"] for row in tomllib.loads(REGULATION.read_text(encoding="utf-8"))["articles"]
    )
    for number, quote in QUOTES.items():
        for part in quote.split("…"):
            assert part.strip(" .;,") in articles, number
