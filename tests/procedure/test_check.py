"""The check of five questions routes the six incidents of domain.md §5.2 as labelled (T2)."""

from itertools import product

import pytest

from procedure.check import FiveAnswers, suggest_authority, suggest_severity
from procedure.words import Authority, Casualties, Severity

#: Name, the answers of a sensible person, casualties, people moved, and the label of the case.
SIX: list[tuple[str, FiveAnswers, Casualties, bool, Authority, Severity]] = [
    (
        "VV-01 the bank of the canal: several departments, five households moved",
        FiveAnswers(complex=True, sensitive=True, sectors=True, beyond=True),
        Casualties.NONE_KNOWN,
        True,
        Authority.BEYOND,
        Severity.SERIOUS,
    ),
    (
        "VV-02 suspected food poisoning: children in hospital",
        FiveAnswers(complex=True, sensitive=True, sectors=True),
        Casualties.INJURED,
        False,
        Authority.BEYOND,
        Severity.SERIOUS,
    ),
    (
        "VV-03 a rumour of a broken dyke, nobody moved",
        FiveAnswers(sensitive=True),
        Casualties.NONE_KNOWN,
        False,
        Authority.WITHIN,
        Severity.ORDINARY,
    ),
    (
        "VV-03 the same when people move: the level rises, the authority stays",
        FiveAnswers(sensitive=True),
        Casualties.NONE_KNOWN,
        True,
        Authority.WITHIN,
        Severity.SERIOUS,
    ),
    (
        "VV-04 fish dying in cages: many sectors",
        FiveAnswers(complex=True, sectors=True),
        Casualties.NONE_KNOWN,
        False,
        Authority.BEYOND,
        Severity.SERIOUS,
    ),
    (
        "VV-05 a complaint about a hospital that spreads",
        FiveAnswers(sensitive=True),
        Casualties.NONE_KNOWN,
        False,
        Authority.WITHIN,
        Severity.ORDINARY,
    ),
    (
        "VV-06 the ferry: two people missing",
        FiveAnswers(complex=True, sensitive=True, sectors=True, beyond=True, province=True),
        Casualties.DEAD_OR_MISSING,
        False,
        Authority.BEYOND,
        Severity.GRAVE,
    ),
]


@pytest.mark.duty("T2")
@pytest.mark.parametrize(
    ("answers", "casualties", "relocated", "authority", "severity"),
    [row[1:] for row in SIX],
    ids=[row[0] for row in SIX],
)
def test_the_six_incidents_route_as_labelled(
    answers: FiveAnswers,
    casualties: Casualties,
    relocated: bool,
    authority: Authority,
    severity: Severity,
) -> None:
    assert suggest_authority(answers) is authority
    assert suggest_severity(answers, casualties, relocated=relocated) is severity


@pytest.mark.parametrize("five", list(product((False, True), repeat=5)))
def test_beyond_is_one_of_the_last_three_or_both_of_the_first_two(five: tuple[bool, ...]) -> None:
    names = ("complex", "sensitive", "sectors", "beyond", "province")
    answers = FiveAnswers(**dict(zip(names, five, strict=True)))
    beyond = any(five[2:]) or (five[0] and five[1])
    assert (suggest_authority(answers) is Authority.BEYOND) == beyond
    assert answers.as_tuple() == five


@pytest.mark.parametrize("casualties", Casualties)
def test_death_or_missing_persons_are_grave_whatever_the_answers(casualties: Casualties) -> None:
    grave = suggest_severity(FiveAnswers(), casualties) is Severity.GRAVE
    assert grave == (casualties is Casualties.DEAD_OR_MISSING)
