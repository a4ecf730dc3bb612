"""Bad input of every kind: one plain sentence that names the way on; nothing lost or changed."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.accept import Accepted
from bot.files import FileRefused, receive
from tests.bot.webtown import JPEG
from tests.fixtures import HEAD, LEADER, LINE, MEMBER, OFFICER, OUTSIDER, PRESS, REPORTER, SECRETARY
from tests.handlers.form_cases import asking, begin, current, entries, told
from tests.template_facts import HOSTILE
from tests.town import Town

TownAt = Callable[[str], Town]


@dataclass(frozen=True)
class Bad:
    """What somebody does at a stage, and the sentence that he gets."""

    stage: str
    who: str
    does: Callable[[Town], Any]
    template: str
    words: str


def says(who: str, text: str) -> Callable[[Town], Any]:
    return lambda town: town.says(who, text)


def opens(who: str, form: str, text: str) -> Callable[[Town], Any]:
    """A form is open already; then he writes."""

    def does(town: Town) -> None:
        begin(town, who, form)
        town.skips()
        town.says(who, text)

    return does


def taps(who: str, n: int, *, of: str = "", prompt: int = 0) -> Callable[[Town], Any]:
    """A button by its number: of somebody's newest prompt, or of one that is made up."""

    def does(town: Town) -> None:
        row = prompt or town.live(of)[0].id
        town.sends(who, {"type": "answer", "prompt": row, "n": n})

    return does


TABLE = {
    "wrong role: brief": Bad(
        "received", REPORTER, says(REPORTER, "/tonghop"), "refusals#only_duty_officer", "0296"
    ),
    "wrong role: direction": Bad(
        "briefed", OFFICER, says(OFFICER, "/chidao"), "refusals#only_committee_directs", "0296"
    ),
    "wrong role: result": Bad(
        "spoken", REPORTER, says(REPORTER, "/ketqua"), "refusals#only_spokesperson", "0296"
    ),
    "wrong step: brief before receipt": Bad(
        "sent_up", OFFICER, says(OFFICER, "/tonghop"), "refusals#receive_first", "Tiếp nhận"
    ),
    "wrong step: result before speech": Bad(
        "approved", HEAD, says(HEAD, "/ketqua"), "refusals#nothing_spoken", "0296"
    ),
    "wrong step: after the end": Bad(
        "closed", HEAD, says(HEAD, "/ketqua"), "answers#no_open_incident", "bấm nút"
    ),
    "no part in it": Bad(
        "sent_up", OUTSIDER, says(OUTSIDER, "/tonghop"), "answers#no_open_incident", "bấm nút"
    ),
    "a newsroom that reports": Bad(
        "closed", PRESS, says(PRESS, "/baocao"), "refusals#press_reports_elsewhere", "liên hệ"
    ),
    "somebody else's button": Bad(
        "sent_up", REPORTER, taps(REPORTER, 1, of=OFFICER), "refusals#answer_outdated", "việc của"
    ),
    "a button that never was": Bad(
        "sent_up", OFFICER, taps(OFFICER, 9, of=OFFICER), "refusals#answer_outdated", "việc của tôi"
    ),
    "a prompt that never was": Bad(
        "sent_up", OFFICER, taps(OFFICER, 1, prompt=99999), "refusals#answer_outdated", "việc của"
    ),
    "five thousand letters": Bad(
        "sent_up", REPORTER, says(REPORTER, "x" * 5000), "answers#long_line", "rút gọn"
    ),
    "five thousand letters in a form": Bad(
        "sent_up", REPORTER, opens(REPORTER, "claim", "x" * 5000), "forms/claim#claim", "rút gọn"
    ),
    "an empty message": Bad(
        "sent_up", REPORTER, says(REPORTER, "  \n "), "answers#empty_line", "một dòng"
    ),
    "an empty message in a form": Bad(
        "sent_up", REPORTER, opens(REPORTER, "claim", ""), "forms/claim#claim", "trống"
    ),
    "a time that is on no calendar": Bad(
        "opened",
        REPORTER,
        opens(REPORTER, "report_details", "32/13 9h"),
        "forms/report_details#detected",
        "không có trên lịch",
    ),
    "nothing to cancel": Bad(
        "sent_up", REPORTER, says(REPORTER, "/huy"), "answers#nothing_to_cancel", "việc của tôi"
    ),
    "a line without a question": Bad(
        "sent_up", REPORTER, says(REPORTER, "trời mưa to"), "answers#never_guessed", "một nút"
    ),
    "HTML and Jinja without a question": Bad(
        "sent_up", REPORTER, says(REPORTER, HOSTILE), "answers#never_guessed", "một nút"
    ),
    "a word of approval": Bad(
        "drafted", LEADER, says(LEADER, "đồng ý, duyệt"), "answers#never_guessed", "một nút"
    ),
    "the words of an approving button": Bad(
        "drafted", LEADER, says(LEADER, "Duyệt bản 1"), "answers#never_guessed", "một nút"
    ),
}


@pytest.mark.parametrize("bad", TABLE.values(), ids=TABLE)
def test_bad_input_gets_one_sentence_and_changes_nothing(bad: Bad, town_at: TownAt) -> None:
    town = town_at(bad.stage)
    before, open_form = entries(town), asking(town, bad.who)
    bad.does(town)
    row = town.hears(bad.who, bad.template, bad.words)
    town.is_quiet()
    assert len(row.text.split()) <= 60
    assert entries(town) == before
    assert asking(town, bad.who) in (open_form, row.template.removeprefix("forms/"))


def test_what_could_not_be_used_still_lies_in_the_chat(town_at: TownAt) -> None:
    town = town_at("sent_up")
    for text in ("x" * 5000, HOSTILE):
        town.says(REPORTER, text)
        mine = [row.text for row in town.thread(REPORTER) if row.sender == "person"]
        assert mine[-1] == text


def test_an_update_that_comes_twice_counts_once(town_at: TownAt) -> None:
    town = town_at("sent_up")
    prompt = next(row for row in town.live(OFFICER) if "Tiếp nhận" in town.labels(row))
    body = {"type": "answer", "prompt": prompt.id, "n": 1}
    assert town.sends(OFFICER, body, external="one") is Accepted.STORED
    done = entries(town)
    assert town.sends(OFFICER, body, external="one") is Accepted.DUPLICATE
    assert town.sends(OFFICER, body, external="two") is Accepted.STORED
    assert entries(town) == done


def test_a_stale_button_says_so_and_changes_nothing(town_at: TownAt) -> None:
    town = town_at("drafted")
    prompt = next(row for row in town.live(LEADER) if "Duyệt bản 1" in town.labels(row))
    town.answers(LEADER, "Trả lại, ghi lý do", "Cần ghi rõ số hộ")
    before = entries(town)
    town.skips()
    town.sends(LEADER, {"type": "answer", "prompt": prompt.id, "n": 1})
    town.hears(LEADER, "refusals#answer_outdated")
    town.is_quiet()
    assert entries(town) == before


@pytest.mark.parametrize("typed", ["sat lo ap tre dong, 2-3 nha sap", "sat lo, khoang mấy nhà"])
def test_a_number_that_is_no_number_is_quoted_and_not_counted(typed: str, town: Town) -> None:
    town.answers(REPORTER, typed, "Báo vụ việc mới")
    assert "2-3" in town.last(REPORTER) or "mấy" in town.last(REPORTER)
    town.taps(REPORTER, "Chưa rõ")
    damage = town.newest().detail("damage") or ""
    assert not any(char.isdigit() for char in str(damage))
    assert town.newest().line == typed


class Endless:
    """An upload that is as large as it says."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, most: int = -1) -> bytes:
        size = min(self.left, most if most >= 0 else self.left)
        self.left -= size
        return b"\xff\xd8\xff\xe0" + b"x" * (size - 4) if size >= 4 else b"x" * size


@pytest.mark.parametrize(
    ("content", "name", "key"),
    [
        (Endless(30 * 1024 * 1024), "to.jpg", "file_too_large"),
        (b"MZ\x90\x00" + b"\x00" * 200, "anh.jpg", "file_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>\x00</svg>", "a.svg", "file_type"),
        (b"", "trong.pdf", "file_empty"),
    ],
)
def test_a_file_that_is_not_kept_gets_one_sentence_and_leaves_nothing(
    content: Any, name: str, key: str, town: Town
) -> None:
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    with pytest.raises(FileRefused) as refused:
        receive(town.world.settings, source, name)
    assert refused.value.key == key
    kept = [p for p in (town.world.settings.data_dir / "files").rglob("*") if p.is_file()]
    assert kept == []


# HTML and Jinja in every field

TASK = "<b>x</b>{{ 7*7 }}{% if %}; thi du; 17:00 14/10"


def _opened(town: Town) -> None:
    town.answers(REPORTER, "/baocao", HOSTILE, "Chưa rõ", "2h30")
    for _ in range(10):
        if current(town, REPORTER) is None:
            return
        town.says(REPORTER, "2h30" if "detected" in asking(town, REPORTER) else HOSTILE)


def test_html_and_jinja_come_out_of_every_field_as_they_were_typed(town: Town) -> None:
    _opened(town)
    case = town.newest()
    assert case.line == HOSTILE and case.detail("known") == HOSTILE
    town.answers(HEAD, "Xem và gửi lên tỉnh")
    assert HOSTILE in town.last(HEAD)
    town.answers(HEAD, "Gửi", "Đ/c Thí Dụ")
    town.taps(OFFICER, "Tiếp nhận")
    town.answers(OFFICER, "/tonghop", *[HOSTILE] * 3, "Gửi")
    town.answers(SECRETARY, "Nhập ý kiến", HOSTILE, "tuong trung", "Qua điện thoại", "Vừa xong")
    town.answers(SECRETARY, "Không", "Ghi nhận")
    assert HOSTILE in town.last(MEMBER)
    town.taps(OFFICER, "Mời họp")
    town.answers(OFFICER, "hop 7h sang nay", HOSTILE, "mau", "1", HOSTILE, f"2: {HOSTILE}")
    town.answers(OFFICER, "Đúng, gửi giấy mời")
    assert HOSTILE in town.last("Phác Họa")
    begin(town, OFFICER, "conclusion")
    long = [HOSTILE] * 5
    town.answers(OFFICER, *long, "2", "vi du", "Bỏ qua", "thi du", TASK)
    town.answers(OFFICER, "Xác nhận")
    town.taps(LEADER, "Xác nhận")
    begin(town, REPORTER, "enquiry")
    town.answers(REPORTER, HOSTILE, HOSTILE)
    begin(town, REPORTER, "statement")
    town.answers(REPORTER, HOSTILE, "Gửi")
    town.taps(LEADER, "Đọc toàn văn", on="bản 1")
    assert HOSTILE in town.last(LEADER)
    town.taps(LEADER, "Duyệt bản 1")
    assert town.newest().statements[0].text == HOSTILE
    for command in ("/vuviec", "/viec", "/hop", "/phancong", "/phatngon", "/nhiemvu"):
        town.says(OFFICER, command)
    everything = [row.text for who in (REPORTER, HEAD, OFFICER, LEADER) for row in town.thread(who)]
    assert not any("49" in text.replace("7*7", "") and "{{" in text for text in everything)
    assert not any("&lt;" in text for text in everything)
    town.holds()


# Stamps of state secrets


def written(folder: Path) -> bytes:
    """Every byte of the data directory: the database, its log, files, logs."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


STAMPED = [
    "Xin gửi công văn mật số 12-CV/TU về tuyến đê",
    "TUYỆT MẬT: phương án tuyến đê",
    "tai lieu toi mat ve tuyen de",
]


@pytest.mark.parametrize("typed", STAMPED)
def test_a_stamped_message_stops_and_leaves_no_byte(
    typed: str, town_at: TownAt, capsys: pytest.CaptureFixture[str]
) -> None:
    town = town_at("sent_up")
    begin(town, REPORTER, "claim")
    before, asked = entries(town), asking(town, REPORTER)
    town.skips()
    assert town.sends(REPORTER, {"type": "message", "text": typed}, [typed]) is Accepted.STOPPED
    row = town.hears(REPORTER, "answers#secret_stopped", "văn thư mật")
    assert len(row.text.split()) <= 60
    assert (entries(town), asking(town, REPORTER)) == (before, asked)
    kept = written(town.world.settings.data_dir)
    for part in (typed, typed[-12:], "12-CV/TU"):
        assert part.encode() not in kept
    shown = capsys.readouterr()
    assert typed[-12:] not in shown.out + shown.err


def test_a_stamped_file_name_stops_the_whole_message(town_at: TownAt) -> None:
    town = town_at("sent_up")
    texts = ["ảnh hiện trường", "to trinh tuyet mat.pdf"]
    stopped = town.sends(REPORTER, {"type": "message", "text": texts[0]}, texts)
    assert stopped is Accepted.STOPPED
    kept = written(town.world.settings.data_dir)
    assert b"tuyet mat.pdf" not in kept and texts[0].encode() not in kept


@pytest.mark.parametrize(
    "typed",
    [
        "3 người mất tích",
        "3 nguoi mat tich",
        "mat dien toan ap",
        "mặt đường nứt dài",
        "mất 2 bao lúa",
        "bí thư ấp đã ra hiện trường",
        "mat ong",
    ],
)
def test_words_that_only_look_like_a_stamp_pass(typed: str, town_at: TownAt) -> None:
    town = town_at("sent_up")
    assert town.sends(REPORTER, {"type": "message", "text": typed}, [typed]) is Accepted.STORED
    assert told(town, REPORTER).template == "answers#never_guessed"


def test_a_line_of_the_first_report_is_not_stopped(town: Town) -> None:
    assert town.sends(REPORTER, {"type": "message", "text": LINE}, [LINE]) is Accepted.STORED
    assert JPEG[:3] == b"\xff\xd8\xff"


def test_a_range_for_the_damage_is_asked_back_and_a_figure_goes_on(town: Town) -> None:
    town.answers(REPORTER, "sat lo o kenh Ranh", "Báo vụ việc mới", "Chưa ghi nhận")
    while "#damage" not in town.newest_template(REPORTER):
        town.says(REPORTER, "để sau")
    town.says(REPORTER, "2-3 nha")
    assert "còn là một khoảng" in town.last(REPORTER)
    assert not town.incident().detail("damage")
    town.says(REPORTER, "khoảng 3 nhà")
    assert town.incident().detail("damage") == "khoảng 3 nhà"
