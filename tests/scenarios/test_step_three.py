"""Step 3: one voice, approved bytes, the press."""

import hashlib

import pytest

from procedure.errors import Refused
from tests.story import approved, opened, received, reported, spoken, to_conclusion
from tests.town import Town


def ready(town: Town) -> None:
    """Everything is there to speak."""
    opened(town)
    town.answers("Thí Dụ", "2h30", "2h35", "Dừng hỏi")
    reported(town)
    to_conclusion(town)


@pytest.mark.duty("T36")
def test_an_enquiry_logged_by_anyone_lands_with_the_speaker_only(town: Town) -> None:
    ready(town)
    town.skips()
    town.answers("Thí Dụ", "/baochi", "Báo Mẫu", "Nguyên nhân sạt lở là gì?")
    town.hears("Thí Dụ", "forms/enquiry#outlet", "Nội dung này do ông Nguyễn Văn Ví Dụ")
    town.hears("Thí Dụ", "forms/enquiry#question")
    town.hears("Thí Dụ", "forms/enquiry#finished", "0296.000.0003")
    town.hears("Ví Dụ", "notices/enquiry_arrived#text", "Nguyên nhân sạt lở là gì?")
    town.is_quiet()
    with pytest.raises(Refused, match="only_spokesperson"):
        town.decides("Thí Dụ", "AnswerEnquiry", enquiry=1, answer="Do mưa lớn.")
    town.answers("Ví Dụ", "Đã trả lời", "Nguyên nhân đang được khảo sát.")
    assert town.incident().enquiries[0].answered_at is not None


def test_what_was_approved_is_kept_byte_for_byte_and_nobody_else_speaks(town: Town) -> None:
    ready(town)
    approved(town)
    text = town.incident().approved_statement
    assert text is not None and text.sha256 == hashlib.sha256(text.text.encode()).hexdigest()
    assert text.author == town.id("Thí Dụ") and text.approved_by == town.id("Mẫu")
    for other in ("Thử", "Dự Phòng", "Phác Họa", "Mẫu"):
        with pytest.raises(Refused, match="only_spokesperson"):
            town.decides(
                other,
                "SpeakStatement",
                statement=text.version,
                form="portal",
                spoken_at=town.clock.isoformat(),
                where="x",
                to_whom="",
                links="",
            )


def test_the_author_never_approves_and_the_refusal_names_who_can(town: Town) -> None:
    ready(town)
    town.at("12/10 08:52")
    town.answers("Mẫu", "/phatngon", "Soạn nội dung phát ngôn")
    town.answers("Mẫu", "Đến 08 giờ, 07 hộ đã được di dời an toàn.", "Gửi")
    pending = town.incident().pending_statement
    assert pending is not None
    with pytest.raises(Refused, match="author_approves") as refused:
        town.decides("Mẫu", "ApproveStatement", statement=pending.version, sha256=pending.sha256)
    assert refused.value.facts["who"] == town.id("Thử")
    town.taps("Thử", f"Duyệt bản {pending.version}")
    assert town.incident().approved_statement is not None


def test_ok_is_a_receipt_and_never_an_approval(town: Town) -> None:
    ready(town)
    town.at("12/10 08:52")
    text = "Đến 08 giờ, 07 hộ đã được di dời an toàn."
    town.answers("Thí Dụ", "/phatngon", "Soạn nội dung phát ngôn", text, "Gửi")
    for words in ("ok", "đồng ý", "duyệt", "Duyệt bản 1", "da duyet"):
        town.says("Mẫu", words)
        assert town.incident().approved_statement is None, words


def test_before_the_speaker_is_named_only_a_holding_statement_may_be_given(town: Town) -> None:
    opened(town)
    reported(town)
    received(town)
    with pytest.raises(Refused, match="gates_shut") as refused:
        town.decides("Thí Dụ", "DraftStatement", text="Nguyên nhân là …", holding=False)
    assert set(refused.value.facts["missing"]) >= {"direction", "conclusion", "spokesperson"}
    town.answers("Thí Dụ", "/phatngon", "Soạn phát ngôn cầm chừng")
    assert "Nguyên nhân đang được xác minh" in town.last("Thí Dụ")
    town.taps("Thí Dụ", "Gửi")
    town.taps("Ví Dụ", "Đồng ý bản 1")
    assert town.incident().approved_statement is None, "the department has not agreed yet"
    town.taps("Thử", "Duyệt bản 1")
    held = town.incident().approved_statement
    assert held is not None and held.holding


def test_a_new_version_in_force_is_told_to_everyone_in_it(town: Town) -> None:
    ready(town)
    town.skips()
    spoken(town)
    for person in ("Thí Dụ", "Thử", "Mẫu", "Phác Họa", "Minh Họa"):
        town.hears(person, "notices/statement_in_force#text", "nội dung chính thức")
    assert not [
        row
        for row in town.thread("Tượng Trưng")
        if row.template == "notices/statement_in_force#text"
    ]


@pytest.mark.duty("T38")
def test_the_report_is_owed_from_the_moment_a_statement_is_marked_spoken(town: Town) -> None:
    ready(town)
    spoken(town)
    said = town.incident().official
    duty = town.duty("O19")
    assert said is not None and duty is not None
    assert duty.start == said.at and (duty.due - duty.start).total_seconds() == 6 * 3600
