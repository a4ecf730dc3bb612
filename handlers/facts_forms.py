"""Severity, casualties, claims and their checking: what becomes known along the way."""

from collections.abc import Sequence

from handlers import permits
from handlers.fields import choices_of, one_of, text, text_and_files
from handlers.form import Field, Form, Option, Values
from handlers.look import Desk
from handlers.say import Choice, choice, opens
from procedure import actions as a
from procedure.errors import Outdated
from procedure.parties import fact_keeper
from procedure.words import Casualties, Severity, Verdict


def _other_levels(desk: Desk, values: Values) -> Sequence[Option]:
    now = desk.incident.severity if desk.incident else None
    return [
        Option(value=one.value, label=f"severity_{one.value}") for one in Severity if one is not now
    ]


SEVERITY_FORM = Form(
    name="severity",
    fields=(
        Field(name="severity", read=one_of(Severity), options=_other_levels),
        Field(name="reason", read=text(least=5)),
    ),
    finish=lambda desk, values: [
        a.ChangeSeverity(severity=values["severity"], reason=values["reason"])
    ],
    permit=permits.all_of(permits.still_open, permits.part),
    send_label="confirm",
)

CASUALTIES_FORM = Form(
    name="casualties",
    fields=(
        Field(
            name="casualties",
            read=one_of(Casualties),
            options=choices_of(
                Casualties,
                "casualties",
                Casualties.NONE_KNOWN,
                Casualties.INJURED,
                Casualties.DEAD_OR_MISSING,
                Casualties.UNKNOWN,
            ),
        ),
    ),
    finish=lambda desk, values: [a.ReportCasualties(casualties=values["casualties"])],
    preview=False,
    permit=permits.all_of(permits.still_open, permits.part),
)


def _log_claim(desk: Desk, values: Values) -> Sequence[a.Action]:
    words, files = values["claim"]
    return [a.LogClaim(text=words or desk.case.title, files=files)]


def _check_it(desk: Desk) -> Sequence[Choice]:
    """Whoever keeps the facts may enter the result at once."""
    if fact_keeper(desk.case) != desk.person:
        return ()
    stream, claim = desk.case.stream, desk.case.claims[-1].id
    key = f"O16_check:{claim}"
    return [
        choice("enter_result", opens("check_claim", stream, claim=claim)),
        choice(
            "working",
            {
                "act": "AcknowledgeDuty",
                "stream": stream,
                "data": {"duty": key, "working": True},
            },
        ),
    ]


CLAIM_FORM = Form(
    name="claim",
    fields=(Field(name="claim", read=text_and_files, files=True),),
    finish=_log_claim,
    preview=False,
    permit=permits.all_of(permits.still_open, permits.part),
    after=_check_it,
)


def _checked(desk: Desk, values: Values) -> Sequence[a.Action]:
    return [
        a.CheckClaim(
            claim=int(desk.args["claim"]),
            verdict=values["verdict"],
            evidence=values["evidence"],
        )
    ]


def _claim_open(desk: Desk) -> None:
    number = int(desk.args["claim"])
    if not any(one.id == number and one.verdict is None for one in desk.case.claims):
        raise Outdated("claim_settled")


CHECK_FORM = Form(
    name="check_claim",
    fields=(
        Field(name="evidence", read=text(least=5)),
        Field(name="verdict", read=one_of(Verdict), options=choices_of(Verdict, "verdict")),
    ),
    finish=_checked,
    permit=permits.all_of(permits.still_open, permits.part, _claim_open),
    send_label="i_confirm",
)
