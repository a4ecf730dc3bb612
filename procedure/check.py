"""The check of five questions: it suggests, a person decides (duty rows 2 and 18)."""

from dataclasses import dataclass

from procedure.words import Authority, Casualties, Severity


@dataclass(frozen=True, kw_only=True)
class FiveAnswers:
    """Phức tạp? nhạy cảm? nhiều ngành? vượt thẩm quyền? ảnh hưởng đến tỉnh?"""

    complex: bool = False
    sensitive: bool = False
    sectors: bool = False
    beyond: bool = False
    province: bool = False

    def as_tuple(self) -> tuple[bool, ...]:
        """In the order in which the regulation names them."""
        return (
            self.complex,
            self.sensitive,
            self.sectors,
            self.beyond,
            self.province,
        )


def suggest_authority(answers: FiveAnswers) -> Authority:
    """Beyond, when one of the last three holds, or both of the first two."""
    weighty = answers.sectors or answers.beyond or answers.province
    both = answers.complex and answers.sensitive
    return Authority.BEYOND if weighty or both else Authority.WITHIN


def suggest_severity(
    answers: FiveAnswers, casualties: Casualties, *, relocated: bool = False
) -> Severity:
    """The house scale of domain.md §8.1; anyone may raise it afterwards."""
    if casualties is Casualties.DEAD_OR_MISSING:
        return Severity.GRAVE
    hurt = casualties is Casualties.INJURED or relocated
    if hurt or suggest_authority(answers) is Authority.BEYOND:
        return Severity.SERIOUS
    return Severity.ORDINARY
