import random
import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedure.secrecy import read_secrecy_words, stamp_of_secrecy

DATA = Path(__file__).resolve().parents[2] / "bot" / "data" / "secrecy.toml"
WORDS = read_secrecy_words(tomllib.loads(DATA.read_text(encoding="utf-8")))

STOPPED = [
    # The three stamps.
    "MẬT", "TỐI MẬT", "TUYỆT MẬT", "Mật", "mật", "[MẬT]", "(Mật)", "« MẬT »", "*MẬT*",
    "MẬT\nUBND xã Vàm Tre", "Kính gửi\nMật\nvề việc sạt lở", "Độ: MẬT", "Độ mật: Mật",
    "MẬT số 12/BC-UBND", "MẬT 12/BC-UBND", "Dấu MẬT", "gửi đồng chí tài liệu này MẬT nhé",
    "tối mật", "Tuyệt Mật", "tuyệt  mật", "TỐI\nMẬT", "TỐI_MẬT", "TỐI-MẬT", "TỐI.MẬT", "TỐIMẬT",
    # Phrases.
    "đây là bí mật nhà nước", "Bí mật của Nhà nước", "văn bản mật", "em gửi văn bản mật ạ",
    "tài liệu mật", "tài liệu này thuộc loại tối mật", "công văn mật số 5", "có nội dung mật",
    "nhận được tin mật", "độ mật", "đóng dấu mật", "điện mật", "hồ sơ mật", "thông tin mật",
    "văn bản mật, độ khẩn", "vb mật gửi anh", "tài liệu bí mật", "BMNN", "báo cáo mật của xã",
    # Without marks.
    "van ban mat", "tai lieu mat", "toi mat", "tuyet mat", "cong van mat", "dong dau mat",
    "bi mat nha nuoc", "BI MAT NHA NUOC", "noi dung mat", "em gui van ban mat nha anh",
    "do mat: toi mat", "van ban toi mat cua bo", "(MAT)", "MAT\nkinh gui tinh uy",
    "gui a vb TOI MAT xem gap", "toi mat 15/BC-UB", "tài liệu mat", "tin mat.",
    "Mật/Hỏa tốc", "MẬT - HỎA TỐC", "12-CV/TU (Mật)", 'tài liệu đóng dấu "MẬT"', "BÁO CÁO MẬT",
    "tai lieu tuyet doi mat", "kèm theo bản mật", "dong dau 'MAT'", "vbmat.pdf", "CVMAT 12.pdf",
    # File names.
    "cong-van-MAT-123.pdf", "TOI_MAT.docx", "toi_mat.pdf", "tuyetmat.pdf", "CV_MAT.pdf",
    "123-MAT.pdf", "MAT_123.docx", "MẬT_bao cao.docx", "bao-cao-MẬT.pdf", "toimat.zip",
    "tai.lieu.mat.pdf",
    # Odd letters.
    "M Ậ T", "M.Ậ.T", "M-Ậ-T", "M A T", "T Ố I  M Ậ T", "TỐI M Ậ T", "tối\u200bmật",
    "T\u200bỐI MẬ\u200bT",
    "TỐI\u00a0MẬT", "ＴＯＩ ＭＡＴ", "ＭẬＴ", "TỐI***MẬT", "t o i m a t",
    unicodedata.normalize("NFD", "TUYỆT MẬT"), unicodedata.normalize("NFD", "văn bản mật"),
]  # fmt: skip

PASSED = [
    # Lost, face, cool.
    "mất tích", "mat tich", "MẤT TÍCH", "MAT TICH", "2 người mất tích", "mất cái lộ", "mat cai lo",
    "MAT CAI LO", "mất", "mat", "mặt đường", "mat duong", "trái mát", "trai mat", "toi mat roi",
    "toi mat dien thoai", "tôi mất điện thoại", "tối mất điện", "toi mat dien", "tối nay mất nước",
    "TOI MAT DIEN THOAI", "toi mat lien lac voi ap", "đau mắt đỏ", "benh dau mat do",
    "bao cao mat tich 2 nguoi", "bao cao mat cai lo", "thong tin mat tich", "tin mat dien 3 ap",
    "do mat dien nen chua gui duoc", "van ban mat roi", "văn bản mất rồi", "ho so mat het",
    "7 ho bi mat nha, nuoc cuon", "7 ho bi mat nha nuoc cuon troi", "bị mất nhà nước cuốn trôi",
    "MAT 3 NHA", "mat 3/7 nha", "dien mat tu 2h", "hop mat cuoi nam", "so lieu mat 2 ngay nay",
    "sat lo ap tre dong roi, mat cai lo, 7 nha, dang di doi", "tài liệu bị mất", "tai lieu bi mat",
    "mat lien lac", "an ninh trat tu o mat ruong", "cong van mat dau roi",
    "CONG VAN MAT TRAN TO QUOC", "công văn Mặt trận Tổ quốc", "van ban mat tran xa",
    "bao cao mat bang", "HO MAT 3 CON BO", "BI MAT TICH 2 NGUOI", "ho bi mat tai san", "nuoc mat",
    "lam viec mat thiet", "sap cau, mat duong", "thong bao mat nuoc", "THONG BAO MAT NUOC",
    "em toi mat lien lac", "ra mắt", "mat troi", "tuyệt mất",
    # Other secrets and other words.
    "bí mật gia đình", "bi mat gia dinh", "bí mật kinh doanh", "bí mật đời tư", "bí mật",
    "mật ong", "ong mat", "mật độ", "mat do dan cu", "mật khẩu", "mat khau", "mật thiết",
    "MẬT ONG GIẢ", "MẬT ĐỘ XE", "thông tin mật độ dân cư", "thong tin mat khau", "bảo mật",
    "nhắn tin mật khẩu cho em", "báo cáo mật độ giao thông", "cơ mật", "mía mật",
    # Names.
    "tên anh Mật", "chị Mật gọi", "anh MẬT gọi", "NGUYỄN VĂN MẬT", "Nguyễn Văn Mật", "ông Mật",
    "LÊ THỊ MẬT, SINH 1970", "Bà Mật: 7 nhà sập",
    "đồng chí Mật báo", "anh Ba, Mật, Tám",
    # File names.
    "mat-tich.jpg", "mat_cai_lo.jpg", "MAT_LO_AP_TRE.jpg", "anh mat duong.jpg", "IMG_2310.jpg",
    "MAT-3-NHA.jpg", "mat.jpg",
    "", " ", "\u200b", "?!",
]  # fmt: skip


@pytest.mark.parametrize("text", STOPPED)
def test_a_stamp_of_secrecy_is_found(text):
    assert stamp_of_secrecy(text, words=WORDS) is not None


@pytest.mark.parametrize("text", PASSED)
def test_a_word_that_only_looks_like_the_stamp_passes(text):
    assert stamp_of_secrecy(text, words=WORDS) is None


def test_the_tables_are_long_enough_to_mean_something():
    assert len(STOPPED) >= 60
    assert len(PASSED) >= 60


def test_every_part_of_a_message_is_searched():
    assert stamp_of_secrecy("sạt lở", "", "TOI_MAT.docx", words=WORDS) == "tối mật"


def test_the_answer_is_the_listed_stamp_and_no_word_of_the_message():
    assert stamp_of_secrecy("xin gửi CÔNG  VĂN-MẬT của ông A", words=WORDS) == "công văn mật"


@given(st.text())
def test_any_text_is_answered(text):
    stamp_of_secrecy(text, text[::-1], words=WORDS)


@given(
    st.sampled_from(
        ["tuyệt mật", "tối mật", "văn bản mật", "tài liệu mật", "bí mật nhà nước", "độ mật"]
    ),
    st.randoms(use_true_random=False),
    st.sampled_from(["NFC", "NFD", "NFKD"]),
    st.sampled_from(["", "sáng nay em gửi ", "Kính gửi\n", "7 nhà, ", "VV-01: "]),
    st.sampled_from(["", " nhé", "\nXã Vàm Tre", ", khẩn", "!!!", " 12/BC"]),
)
def test_a_stamp_stays_found_in_any_case_spacing_and_composition(
    stamp: str, dice: random.Random, form, before, after
):
    cased = "".join(c.upper() if dice.random() < 0.5 else c for c in stamp)
    gaps = [" ", "  ", "\t", "\n", "_", "-", ".", "\u00a0", " \u200b", "__"]
    spaced = "".join(dice.choice(gaps) if c == " " else c for c in cased)
    text = unicodedata.normalize(form, before + spaced + after)
    assert stamp_of_secrecy(text, words=WORDS) is not None
