"""VV-01 clicked through by six people, row by row of the storyboard, on one phone screen."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.phone import Phone

CLERK, CHAIRMAN, DUTY, HEAD, SECRETARY, SURVEYOR = SIX = (
    "Thí Dụ",
    "Ví Dụ",
    "Thử",
    "Mẫu",
    "Bản Thảo",
    "Phác Họa",
)
PORTAL = "Đăng Cổng, Trang TTĐT, mạng xã hội chính thức"
RUMOUR = "tren mang don 3 nguoi bi cuon troi https://example.vn/tin"
CHECKED = "Đã rà 07 hộ, 29 nhân khẩu, đủ người; trưởng ấp cùng xác nhận lúc 03:35."
DIRECTION = (
    "Di dời hết các hộ trong sáng nay. Xã phát ngôn, Ban Tuyên giáo và Dân vận duyệt. "
    "Số liệu do Sở Nông nghiệp và Môi trường chịu trách nhiệm."
)
STATEMENT = (
    "Đến 08 giờ, sạt lở bờ kênh tại ấp Tre Đông dài 38 m (tổ khảo sát của Sở đo lúc 08:15); "
    "07 hộ, 29 nhân khẩu đã được di dời an toàn; không có thiệt hại về người."
)
CHAIR = "Trần Thị Mẫu, Trưởng Ban Tuyên giáo và Dân vận Tỉnh ủy"
MEMBER = "Phan Văn Tượng Trưng, Phó Bí thư Thường trực Tỉnh ủy"

Shot = Callable[[str], None]


def to_receipt(phone: Phone, shot: Shot) -> None:
    """Rows 1 to 10: from the first photos to the receipt."""
    shot("00-first-screen")
    phone.page.get_by_role("button", name="Bắt đầu VV-01").click()
    phone.who = CLERK
    expect(phone.page.locator(".chips .chip")).to_have_count(3)
    shot("01-sample-ready")
    phone.at("02:36")
    phone.press_send()
    phone.hears(CLERK, "Đã nhận 03 ảnh", "ấp Tre Đông", "07 nhà", "đang di dời", "bị thương")
    shot("02-understood")
    phone.taps(CLERK, "Chưa ghi nhận")
    phone.hears(CLERK, "Đã mở vụ việc VV-", "đã báo đồng chí Chủ tịch")
    phone.hears(CLERK, "xảy ra khoảng mấy giờ")
    shot("03-opened")
    phone.answers(CLERK, "2h30", "2h35", "Dừng hỏi")
    phone.hears(CHAIRMAN, "Kính báo cáo đồng chí Chủ tịch", "Nghiêm trọng", "Hạn báo cáo nhanh")
    shot("chat")
    phone.at("02:41")
    phone.taps(CHAIRMAN, "Xem và gửi lên tỉnh")
    phone.hears(CHAIRMAN, "Báo cáo nhanh kính gửi Thường trực Tỉnh ủy", "02:30", "xin ý kiến")
    shot("05-quick-report")
    phone.taps(CHAIRMAN, "Gửi")
    phone.hears(CHAIRMAN, "Việc đang ở Ban TG&DV", "Lê Văn Thử", "08:35", "chưa cần làm ngay")
    shot("06-sent-up")
    phone.taps(CHAIRMAN, "Đ/c Thí Dụ")
    phone.hears("Minh Họa", "đồng chí Bí thư biết", "không phải làm gì thêm")
    phone.taps(CLERK, "Đã nhận")
    phone.hears(DUTY, "VV-2026-001, Nghiêm trọng", "ĐT 0296.000.0003", "tiếp nhận trước")
    shot("08-duty-officer")
    phone.at("02:47")
    phone.taps(DUTY, "Tiếp nhận")
    silent = phone.hears(CHAIRMAN, "Lê Văn Thử", "đã tiếp nhận báo cáo")
    assert silent.locator(".mark").count() == 0, "a receipt makes no sound"
    phone.hears(DUTY, "Đã ghi tiếp nhận", "tổng hợp, báo cáo Thường trực trước 04:47")


def rumour_and_holding(phone: Phone, shot: Shot) -> None:
    """Rows 11 to 15: the rumour is checked; the holding statement is agreed, approved, out."""
    phone.at("03:18")
    phone.says(CLERK, RUMOUR)
    phone.taps(CLERK, "Bổ sung VV-2026-001")
    phone.hears(CLERK, "tin chưa kiểm chứng", "không đưa vào báo cáo")
    shot("11-rumour")
    phone.at("03:41")
    phone.answers(CLERK, "Nhập kết quả", CHECKED, "Sai")
    phone.hears(CLERK, "Xin đồng chí đọc lại", "29 nhân khẩu", "sai", "chịu trách nhiệm")
    shot("12-rumour-checked")
    phone.taps(CLERK, "Tôi xác nhận")
    phone.at("03:47")
    phone.answers(CLERK, "/phatngon", "Soạn phát ngôn cầm chừng", "Gửi")
    phone.hears(CHAIRMAN, "đã soạn phát ngôn cầm chừng", "bản 1")
    shot("13-holding")
    phone.at("03:52")
    phone.taps(CHAIRMAN, "Đồng ý bản 1")
    phone.hears(DUTY, "đã đồng ý phát ngôn cầm chừng", "bản 1", "cho ý kiến trước")
    phone.at("03:56")
    phone.taps(DUTY, "Duyệt bản 1")
    phone.hears(CHAIRMAN, "bản 1 đã được duyệt", "đã khóa", "đúng nguyên văn")
    shot("15-approved")
    phone.at("04:05")
    phone.answers(CHAIRMAN, "Đã phát ngôn", PORTAL, "4h", "Trang TTĐT xã", "Bỏ qua", "Bỏ qua")
    phone.taps(CHAIRMAN, "Xác nhận")


def brief_and_meeting(phone: Phone, shot: Shot) -> None:
    """Rows 16 to 19: the brief goes up, the meeting is called, one unit is telephoned."""
    phone.at("04:18")
    phone.answers(DUTY, "/tonghop", "Có thể sạt thêm trong 24 giờ tới", "Di dời ngay 07 hộ")
    phone.answers(DUTY, "Xã phát ngôn, Sở giữ số liệu", "Xin ý kiến về 03 nội dung")
    phone.taps(DUTY, "Gửi")
    phone.hears(SECRETARY, "Kính gửi Văn phòng", "VV-2026-001", "khi thuận tiện")
    shot("16-brief")
    phone.answers(DUTY, "Mời họp", "hop 7h sang nay", "Trực tuyến", CHAIR, "2, 3, 4")
    phone.says(DUTY, "kết quả khảo sát ban đầu")
    phone.taps(DUTY, "Bỏ qua")
    phone.hears(DUTY, "Xin xác nhận", "07:00 thứ Hai, ngày 12/10 (hôm nay)", "trực tuyến")
    shot("17-meeting")
    phone.taps(DUTY, "Đúng, gửi giấy mời")
    phone.hears(SURVEYOR, "kính mời đồng chí dự họp", "07:00 thứ Hai", "Trần Thị Mẫu")
    shot("18-invitation")
    phone.taps(SURVEYOR, "Dự")
    phone.hears(HEAD, "đồng chí chủ trì", "07:00 thứ Hai")
    phone.taps(CHAIRMAN, "Dự")
    phone.at("04:40")
    phone.hears(DUTY, "02/03 đơn vị đã trả lời", "Sở Xây dựng", "0296.000.0007")
    shot("19-answers")


def direction(phone: Phone, shot: Shot) -> None:
    """Rows 20 to 22: the committee's words, as spoken; and what was verified on site."""
    phone.at("05:10")
    phone.answers(CLERK, "Nhập kết quả", "Đã rà đủ 07 hộ; đoạn sạt đo lúc 05:00 dài 35 m")
    phone.taps(CLERK, "Tôi xác nhận")
    phone.at("05:48")
    phone.answers(SECRETARY, "Nhập ý kiến", DIRECTION, MEMBER, "Qua điện thoại", "5h40", "Không")
    phone.hears(SECRETARY, "Phan Văn Tượng Trưng", "05:40", DIRECTION, "Đúng nguyên văn chưa?")
    shot("20-direction")
    phone.taps(SECRETARY, "Ghi nhận")
    phone.hears("Tượng Trưng", "ý kiến của đồng chí", "05:40", "khi thuận tiện")
    for who in (DUTY, HEAD, CHAIRMAN):
        phone.hears(who, "Thường trực đã có ý kiến", "05:40", "Việc đang ở Ban TG&DV")
    phone.taps(CHAIRMAN, "Xem nguyên văn")
    phone.hears(CHAIRMAN, DIRECTION, "chờ xác nhận")


def written_report(phone: Phone, shot: Shot) -> None:
    """Row 23: what was missing is filled in, the chairman sends the written report."""
    phone.at("06:10")
    phone.taps(CLERK, "Bổ sung báo cáo")
    wanted = {
        "phát hiện lúc mấy giờ": "2h35",
        "biết chắc điều gì": "Mất một đoạn lộ dài 35 m, 07 nhà bị ảnh hưởng",
        "chưa biết": "Nguyên nhân sạt lở",
        "Báo chí, mạng xã hội": "Để sau",
        "đơn vị nào có liên quan": "Sở Nông nghiệp và Môi trường",
        "vượt thẩm quyền": "Cần lực lượng và kinh phí của tỉnh",
        "kiến nghị": "Xin ý kiến về phương án di dời",
    }
    for _ in wanted:
        asked = phone.texts()[-1]
        if "đã đủ các mục" in asked:
            break
        phone.answers(CLERK, next(reply for words, reply in wanted.items() if words in asked))
    phone.hears(CLERK, "đã đủ các mục", "người đứng đầu")
    phone.at("06:20")
    phone.taps(CHAIRMAN, "Xem và gửi")
    phone.hears(CHAIRMAN, "Báo cáo Bước 1", "Kính gửi", "02:30 ngày 12/10", "35 m")
    shot("23-written-report")
    phone.taps(CHAIRMAN, "Gửi")
    phone.hears(CHAIRMAN, "Đã gửi báo cáo văn bản Bước 1", "Việc đang ở Ban TG&DV")


def conclusion(phone: Phone, shot: Shot) -> None:
    """Rows 24 to 27: the conclusion is confirmed; one speaks, one keeps the figures."""
    phone.at("07:46")
    phone.answers(DUTY, "/hop", "Nhập kết luận", "Kết luận: thống nhất một đầu mối phát ngôn.")
    phone.answers(DUTY, "Sạt lở đã tạm ổn định", "Có thể sạt thêm trong 24 giờ tới", "Bỏ qua")
    phone.answers(DUTY, "Di dời, cắm biển cảnh báo", "2, 3", "vi du", "du phong", "phac hoa")
    phone.says(DUTY, "Rào chắn hiện trường; thi du; 17:00 13/10")
    phone.hears(DUTY, "Kết luận VV-2026-001", "Người phát ngôn: Nguyễn Văn Ví Dụ", "Rào chắn")
    phone.taps(DUTY, "Xác nhận")
    phone.hears(HEAD, "Kính trình đồng chí chủ trì kết luận", "đồng chí Đoàn Văn Phác Họa")
    shot("24-to-confirm")
    phone.taps(HEAD, "Xác nhận")
    phone.hears(CHAIRMAN, "người phát ngôn duy nhất", "chỉ thay khi có thông báo chuyển")
    shot("25-spokesperson")
    phone.taps(CHAIRMAN, "Đã nhận")
    phone.hears(SURVEYOR, "đầu mối thu thập, rà soát, xác minh", "nguồn và giờ đo")
    phone.taps(SURVEYOR, "Đã nhận")
    line = phone.hears(CLERK, "một đầu mối phát ngôn", "chép câu sau", "0296.000.0003")
    expect(line.get_by_role("button", name="Chép")).to_be_visible()
    phone.hears(CLERK, "giao đồng chí: Rào chắn hiện trường")
    shot("27-redirect-line")
    phone.taps(CLERK, "Đã nhận")


def statement(phone: Phone, shot: Shot) -> None:
    """Rows 29 to 32: the text is drafted, approved, spoken, and all are told which one holds."""
    phone.at("08:52")
    phone.answers(CLERK, "/phatngon", "Soạn nội dung phát ngôn", STATEMENT, "Gửi")
    phone.hears(HEAD, "Kính trình đồng chí duyệt", "bản 2", "người soạn: đồng chí Võ Thị Thí Dụ")
    shot("29-to-approve")
    phone.taps(HEAD, "Đọc toàn văn")
    phone.hears(HEAD, STATEMENT)
    phone.at("09:14")
    phone.taps(HEAD, "Duyệt bản 2")
    phone.hears(CHAIRMAN, "bản 2 đã được duyệt", "đã khóa", "còn 17 giờ", "24 giờ")
    shot("30-approved")
    phone.at("10:05")
    phone.answers(CHAIRMAN, "Đã phát ngôn", PORTAL, "10h", "Trang TTĐT xã", "Bỏ qua", "Bỏ qua")
    phone.taps(CHAIRMAN, "Xác nhận")
    phone.hears(CHAIRMAN, "Đã ghi: 10:00", "đúng bản 2", "Bước 4", "báo cáo kết quả trước 16:00")
    shot("31-spoken")
    for who in (CLERK, DUTY, HEAD, SECRETARY, SURVEYOR):
        phone.hears(who, "nội dung chính thức là bản 2", "10:00", "hết hiệu lực")


def press_and_result(phone: Phone, shot: Shot) -> None:
    """Rows 33 to 37: a reporter calls; the chairman files the result report."""
    phone.at("10:42")
    phone.taps(CLERK, "Ghi báo chí hỏi")
    phone.hears(CLERK, "Đồng chí chuyển giúp", "0296.000.0003", "báo nào")
    shot("33-reporter-calls")
    phone.answers(CLERK, "Báo Mẫu", "Nguyên nhân sạt lở là gì?")
    phone.hears(CHAIRMAN, "Báo Mẫu", "Nguyên nhân sạt lở")
    shot("34-enquiry")
    phone.answers(CHAIRMAN, "Đã trả lời", "Nguyên nhân đang được Sở khảo sát")
    phone.at("14:48")
    phone.hears(CHAIRMAN, "Kính nhắc đồng chí Chủ tịch", "báo cáo kết quả", "hạn 16:00")
    shot("35-reminder")
    phone.at("15:21")
    phone.taps(CHAIRMAN, "Gửi báo cáo kết quả")
    while "còn việc gì" not in phone.texts()[-1].lower():
        phone.taps(CHAIRMAN, "Bỏ qua")
    phone.answers(CHAIRMAN, "Rà các hộ còn lại")
    phone.says(CHAIRMAN, "Khảo sát toàn tuyến kênh\nCắm biển cảnh báo")
    phone.taps(CHAIRMAN, "Tiếp tục theo dõi")
    phone.hears(CHAIRMAN, "Báo cáo kết quả phát ngôn VV-2026-001", "10:00", "Cắm biển")
    shot("36-result-report")
    phone.taps(CHAIRMAN, "Gửi")
    phone.hears(CHAIRMAN, "Đã gửi Thường trực Tỉnh ủy", "đã xong, không nhắc nữa")
    shot("36-sent")
    for who in (HEAD, SECRETARY):
        phone.hears(who, "Kính trình báo cáo kết quả phát ngôn", "02 đề xuất", "Ban TG&DV")
    shot("37-secretary")


PARTS = (
    to_receipt,
    rumour_and_holding,
    brief_and_meeting,
    direction,
    written_report,
    conclusion,
    statement,
    press_and_result,
)
