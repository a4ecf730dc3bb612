import tomllib
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.intake import Part, Understanding, read_lexicon, understand
from handlers.reading.lexicon import CHECKS
from procedure.words import Severity

DATA = Path(__file__).resolve().parents[3] / "bot" / "data"


def table(name: str) -> dict:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


LEXICON = read_lexicon(table("lexicon.toml"))
PLACES = (
    "xã Vàm Tre", "ấp Tre Đông", "ấp Tre Tây", "kênh Vàm Tre", "phường Cồn Phước",
    "kênh Mười Hai", "Trường Tiểu học Vàm Tre 2", "Bệnh viện Đa khoa khu vực Cồn Phước",
)  # fmt: skip


def read(text: str) -> Understanding:
    return understand(text, LEXICON, PLACES)


def counts(parts: tuple[Part, ...]) -> list[tuple[str, int | None]]:
    return [(part.key, None if part.count is None else int(part.count)) for part in parts]


@pytest.mark.parametrize(
    "text",
    [
        "sat lo ap tre dong roi, mat cai lo, 7 nha, dang di doi",
        "sat lo ap tre dong roi a oi, mat cai lo, 7 nha, dang di doi",
        "Sạt lở ấp Tre Đông rồi, mất cái lộ, 7 nhà, đang di dời",
        "SẠT LỞ ẤP TRE ĐÔNG, MẤT CÁI LỘ, 07 NHÀ, ĐANG DI DỜI",
        unicodedata.normalize("NFD", "dạ sạt lở ở ấp Tre Đông, mất cái lộ, 7 nhà, đang di dời ạ"),
    ],
)
def test_the_first_line_of_the_first_incident_is_understood(text):
    assert read(text) == Understanding(
        kind="landslide",
        kind_label="sạt lở",
        places=("ấp Tre Đông",),
        place="ấp Tre Đông",
        effects=(
            Part("road_lost", "mất một đoạn lộ"),
            Part("houses", "ảnh hưởng", Decimal(7), unit="nhà"),
        ),
        states=(Part("relocating", "đang di dời"),),
        severity=Severity.SERIOUS,
        check={"complex": True, "sectors": True, "beyond": True},
    )


@pytest.mark.parametrize(
    ("text", "kind", "severity"),
    [
        ("sạt lở bờ kênh", "landslide", "serious"),
        ("ngo doc o truong", "food_poisoning", "serious"),
        ("trên mạng đồn vỡ đê", "dyke_breach", "ordinary"),
        ("vỡ đê rồi", "dyke_breach", "grave"),
        ("ca be chet hang loat", "fish_deaths", "serious"),
        ("FB dang benh vien tu choi cap cuu", "hospital_complaint", "ordinary"),
        ("chim do, mat tich 2 nguoi", "ferry_accident", "grave"),
        ("cháy nhà", "fire", "serious"),
        ("tai nan giao thong, 1 nguoi chet", "traffic_accident", "grave"),
        ("tai nạn giao thông, 2 người bị thương", "traffic_accident", "serious"),
    ],
)
def test_the_kind_of_incident_suggests_a_severity(text, kind, severity):
    assert (read(text).kind, read(text).severity) == (kind, severity)


@pytest.mark.parametrize(
    ("text", "casualties"),
    [
        ("2 người mất tích", [("missing", 2)]),
        ("2 nguoi mat tich", [("missing", 2)]),
        ("mất tích 2 người", [("missing", 2)]),
        ("khoảng 23 học sinh đau bụng", [("ill", 23)]),
        ("1 em bị thương, chết 3 người", [("injured", 1), ("dead", 3)]),
        ("chưa ghi nhận thiệt hại về người", [("none", None)]),
        ("khong co ai chet", [("none", None)]),
        ("không có người chết", [("none", None)]),
        ("có người chết", [("dead", None)]),
        ("xe chết máy", []),
        ("cá chết", []),
        ("không chết", []),
    ],
)
def test_people_hurt_are_counted_and_a_denial_is_no_death(text, casualties):
    assert counts(read(text).casualties) == casualties


@pytest.mark.parametrize(
    "text",
    [
        "tren mang don 3 nguoi bi cuon troi",
        "nghe đồn 3 người bị cuốn trôi",
        "FB đăng 3 người bị cuốn trôi",
        "clip dang lan 3 nguoi bi cuon troi",
        "nghe noi 3 nguoi bi cuon troi",
        "https://example.org/a tin đồn 3 người bị cuốn trôi",
    ],
)
def test_hearsay_is_a_claim_and_its_deaths_suggest_nothing(text):
    said = read(text)
    assert said.claim
    assert counts(said.casualties) == [("swept_away", 3)]
    assert said.severity is None


def test_a_rumour_of_a_kind_is_called_a_rumour():
    assert read("clip dang lan: vo de kenh muoi hai").kind_label == "tin đồn vỡ đê"
    assert read("vo de kenh muoi hai").kind_label == "vỡ đê"


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("2-3 nha", ("2-3 nha",)),
        ("nuoc chay manh qua", ("nuoc chay manh qua",)),
        ("chay cho vam tre", ("chay cho vam tre",)),
        ("xe chet may", ("xe chet may",)),
        ("khong sat lo", ("khong sat lo",)),
        ("chưa vỡ đê", ("chưa vỡ đê",)),
        ("ban j do", ("ban j do",)),
        ("Sạt lở, cô Ba bán hủ tíu chạy kịp!", ("cô Ba bán hủ tíu chạy kịp",)),
        ("https://example.org/sat sat lo", ("https://example.org/sat",)),
        ("khoảng 02 giờ 30, sạt lở", ("khoảng 02 giờ 30",)),
        ("de da nut", ("de da nut",)),
        ("bay nha", ("bay nha",)),  # bảy nhà, bay nhà
        ("dạ em báo cáo anh", ()),
        ("", ()),
    ],
)
def test_what_no_list_knows_is_quoted_as_typed(text, quoted):
    assert read(text).quoted == quoted


@pytest.mark.parametrize(
    ("text", "effects"),
    [
        ("42 tấn", [("tonnes", 42)]),
        ("3.100 luot share", [("shares", 3100)]),
        ("7 nhà sập, 3 nhà tốc mái", [("houses_collapsed", 7), ("roofs_lost", 3)]),
        ("sạt lở 35m, 7 hộ, 29 nhân khẩu", [("metres", 35), ("households", 7), ("persons", 29)]),
        ("bảy nhà", [("houses", 7)]),
        ("mất điện", [("power_lost", None)]),
        ("cháy chợ, mất điện, ngập nước", [("power_lost", None), ("flood", None)]),
    ],
)
def test_effects_come_with_their_numbers(text, effects):
    assert counts(read(text).effects) == effects


def test_about_is_kept_and_a_state_keeps_its_number():
    assert read("khoảng 42 tấn").effects[0].estimated
    said = read("đã di dời 5 hộ")
    assert said.states == (Part("relocated", "đã di dời", Decimal(5), unit="hộ"),)
    assert said.effects == ()


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("7 nha", "ảnh hưởng 7 nhà"),
        ("7 nhà sập", "sập 7 nhà"),
        ("sập nhà", "sập nhà"),
        ("2 nguoi mat tich", "mất tích 2 người"),
        ("mat tich 2 hoc sinh", "mất tích 2 học sinh"),
        ("mat tich 2 em", "mất tích 2 người"),
        ("mất tích", "mất tích"),
        ("đã di dời 5 hộ", "đã di dời 5 hộ"),
        ("42 tấn", "ghi nhận 42 tấn"),
    ],
)
def test_label_number_and_unit_read_in_this_order(text, spoken):
    said = read(text)
    part = (*said.effects, *said.states, *said.casualties)[0]
    count = "" if part.count is None else str(part.count)
    assert " ".join(filter(None, (part.label, count, part.unit))) == spoken


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("ap tre dong", "ấp Tre Đông"),
        ("ấp Tre Đông, xã Vàm Tre", "ấp Tre Đông"),
        ("ở Cồn Phước", "phường Cồn Phước"),
        ("o tre dong", "ấp Tre Đông"),
        ("tre dong", None),
        ("ấp Tre Đông và ấp Tre Tây", None),
        ("truong tieu hoc vam tre 2", "Trường Tiểu học Vàm Tre 2"),
        ("ấp Tre Nam", None),
    ],
)
def test_a_place_is_one_of_the_units_own_or_none(text, place):
    assert read(text).place == place


def test_the_lexicon_names_only_known_checks_and_no_key_twice():
    for entries in (LEXICON.kinds, LEXICON.effects, LEXICON.states, LEXICON.casualties):
        assert len({entry.key for entry in entries}) == len(entries)
    assert all(set(kind.check) <= set(CHECKS) for kind in LEXICON.kinds)


def test_every_phrase_of_a_kind_is_understood_as_that_kind():
    for kind in LEXICON.kinds:
        for listed in kind.says:
            assert read(listed.spelled).kind == kind.key, listed.spelled


pieces = st.lists(
    st.sampled_from(
        ["sạt lở", "7", "nha", "khong", "chết", "3", "người", "ấp Tre Đông", ",", "-", "khoảng",
         "nghe đồn", "2.5", "dang", "di doi", "1,2,3", "chưa", "có", "mất tích", "5 hộ",
         "đã di dời"]
    ),
    max_size=8,
)  # fmt: skip


@given(st.text() | pieces.map(" ".join))
def test_any_text_is_understood_or_quoted_and_quotes_are_as_typed(text):
    said = read(text)
    typed = unicodedata.normalize("NFC", text)
    seen = "".join(c for c in typed if unicodedata.category(c) != "Cf")
    assert all(quote in seen for quote in said.quoted)
