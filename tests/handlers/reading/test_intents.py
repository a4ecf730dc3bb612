import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.intents import command, command_rest, intent, read_intent_words
from procedure.text import fold

DATA = Path(__file__).resolve().parents[3] / "bot" / "data" / "intents.toml"
TABLES = tomllib.loads(DATA.read_text(encoding="utf-8"))
WORDS = read_intent_words(TABLES)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("đã nhận", "receipt"), ("da nhan", "receipt"), ("nhận rồi", "receipt"), ("Rõ.", "receipt"),
        ("em nhận ạ", "receipt"), ("dạ rõ", "receipt"), ("da ro", "receipt"), ("ro", "receipt"),
        ("dạ", "receipt"), ("vâng", "receipt"), ("ok", "receipt"), ("OK!", "receipt"),
        ("👍", "receipt"), ("👍🏻", "receipt"), ("dạ em nghe", "receipt"), ("rỏ", "receipt"),
        ("đang làm", "in_progress"), ("dang tren duong", "in_progress"),
        ("em đang xuống", "in_progress"), ("để em coi lại", "in_progress"),
        ("dạ em đang gom số liệu ạ", "in_progress"),
        ("xong rồi", "done"), ("xong r", "done"), ("da xong", "done"), ("hoàn thành", "done"),
        ("dạ em đã báo cáo rồi", None), ("đã gửi ạ", "done"), ("Xong.", "done"),
        ("bận họp", "cannot"), ("em xin phép trễ", "cannot"), ("chua kip", "cannot"),
        ("không liên lạc được", "cannot"), ("vượt thẩm quyền", "cannot"), ("chưa xong", "cannot"),
        ("hủy", "cancel"), ("huỷ", "cancel"), ("huy", "cancel"), ("thôi ạ", "cancel"),
        ("quay lại", "back"), ("bỏ qua", "skip"), ("de sau", "skip"),
        ("không rõ", "unknown"), ("khong ro", "unknown"), ("chưa rõ", "unknown"),
        ("chua ro a", "unknown"), ("ko rõ", "unknown"), ("em không biết ạ", "unknown"),
        ("có", "yes"), ("dạ có", "yes"), ("đúng rồi", "yes"), ("dừng", "cancel"),
        ("không", "no"), ("khong", "no"), ("dạ không ạ", "no"), ("không phải", "no"), ("ko", "no"),
    ],
)  # fmt: skip
def test_a_short_answer_is_understood(text, meant):
    assert intent(text, WORDS) == meant


@pytest.mark.parametrize(
    "text",
    [
        "đồng ý", "không đồng ý", "ko dong y", "nhất trí", "duyệt", "duyet", "cho phép", "da duyet",
        "da duyet chua?", "đã duyệt chưa", "duyệt binh", "rõ chưa?", "đã nhận chưa", "ok chưa",
        "xong chưa?", "có không?", "rò rỉ", "rò", "chưa rõ ràng", "xong rồi mà dân chưa chịu",
        "không có gì mới", "đã nhận 3 ảnh", "nhận 7 hộ", "", "   ", "?", "...", "sạt lở ấp Tre",
        "dung",  # đúng or dừng
        "triển khai đi", "cứ vậy mà làm", "bổ sung", "khoan", "ban", "mat",
    ],
)  # fmt: skip
def test_a_longer_sentence_a_question_and_an_approval_are_never_an_answer(text):
    assert intent(text, WORDS) is None


def test_no_list_holds_a_word_of_approval():
    approvals = {"dong y", "nhat tri", "duyet", "thong nhat", "cho phep", "da duyet", "trien khai"}
    said = {fold(one) for listed in TABLES["intents"].values() for one in listed}
    assert not approvals & said


def test_every_listed_answer_is_its_own_intent_and_no_other():
    for name, listed in TABLES["intents"].items():
        for spelled in listed:
            assert intent(spelled, WORDS) == name, spelled


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("/baocao", "baocao"), ("bao cao", "baocao"), ("Báo cáo", "baocao"), ("/report", "baocao"),
        ("/baocao@motdaumoi_bot", "baocao"), ("/bao_cao", "baocao"), ("/ghi hôm nay họp", "ghi"),
        ("viec cua toi", "viec"), ("việc của tôi ạ", "viec"), ("vu viec", "vuviec"),
        ("tro giup", "trogiup"), ("help", "trogiup"), ("hd", "trogiup"), ("huy", "huy"),
        ("bao chi hoi", "baochi"), ("goi ai", "danhba"), ("ket qua", "ketqua"), ("hop", "hop"),
        ("/start", "start"), ("/HUY", "huy"), ("/cancel", "huy"), ("phan cong", "phancong"),
        ("/khongco", None), ("/", None), ("hop 7h sang nay", None), ("báo cáo anh có vụ này", None),
        ("báo cáo?", None), ("", None), ("bạn", None),
    ],
)  # fmt: skip
def test_a_command_is_understood_with_and_without_its_slash(text, name):
    assert command(text, WORDS) == name


def test_what_follows_a_command_is_kept_as_typed():
    assert command_rest("/ghi  Đã họp xong ") == "Đã họp xong"
    assert command_rest("ghi đã họp") == ""


def test_every_name_and_word_of_a_command_leads_to_it():
    for name, listed in TABLES["commands"].items():
        assert command(f"/{name}", WORDS) == name
        for spelled in listed:
            assert command(spelled, WORDS) == name, spelled


@given(st.text())
def test_any_text_is_answered(text):
    intent(text, WORDS)
    command(text, WORDS)
    command("/" + text, WORDS)
    command_rest(text)


@given(st.sampled_from(sorted(one for rows in TABLES["intents"].values() for one in rows)))
def test_an_answer_stays_the_same_in_capitals_and_decomposed(spelled):
    shouted = unicodedata.normalize("NFD", spelled.upper()) + " "
    assert intent(shouted, WORDS) == intent(spelled, WORDS)
