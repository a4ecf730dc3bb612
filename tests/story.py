"""Stretches of VV-01 that many stories begin with."""

from procedure import actions as a
from procedure.codec import Prose
from tests.listening import acts
from tests.town import Town

MAU = "Mẫu"
PORTAL = "Đăng Cổng, Trang TTĐT, mạng xã hội chính thức"
DIRECTION = "Di dời hết các hộ trong sáng nay. Xã phát ngôn, Ban duyệt."


def opened(town: Town, line: str = "sat lo ap tre dong roi, mat cai lo, 7 nha") -> None:
    """The clerk of the commune opens the incident; nobody is known to be hurt."""
    town.answers("Thí Dụ", line, "Báo vụ việc mới", "Chưa ghi nhận")


def reported(town: Town, at: str = "12/10 02:42") -> None:
    """The chairman sends the quick report up and names who verifies."""
    town.at(at)
    town.answers("Ví Dụ", "Xem và gửi lên tỉnh", "Gửi", "Đ/c Thí Dụ")


def received(town: Town, at: str = "12/10 02:47") -> None:
    """The propaganda duty officer takes it in."""
    town.at(at)
    town.taps("Thử", "Tiếp nhận")


def briefed(town: Town, at: str = "12/10 04:18") -> None:
    """The brief goes to the standing committee's office."""
    town.at(at)
    town.answers("Thử", "/tonghop", "Có thể sạt thêm 24 giờ tới", "Phương án A: di dời ngay")
    town.answers("Thử", "Xã phát ngôn, Sở giữ số liệu", "Xin ý kiến về 03 nội dung", "Gửi")


def invited(town: Town, at: str = "12/10 04:22") -> None:
    """The meeting is called for seven, online, everybody invited."""
    town.at(at)
    chair = "Trần Thị Mẫu, Trưởng Ban Tuyên giáo và Dân vận Tỉnh ủy"
    town.answers("Thử", "/hop", "Mời họp", "hop 7h sang nay", "Trực tuyến", chair)
    town.answers("Thử", "tat ca", "kết quả khảo sát ban đầu", "Bỏ qua")
    town.taps("Thử", "Đúng, gửi giấy mời")


def directed(town: Town, at: str = "12/10 05:48", *, everything: str = "Không") -> None:
    """The secretary enters the member's words."""
    town.at(at)
    member = "Phan Văn Tượng Trưng, Phó Bí thư Thường trực Tỉnh ủy"
    town.answers("Bản Thảo", "/chidao", DIRECTION, member, "Qua điện thoại", "5h40")
    town.answers("Bản Thảo", everything, "Ghi nhận")


def concluded(town: Town, at: str = "12/10 07:46") -> None:
    """The duty officer enters the conclusion, the chair confirms."""
    town.at(at)
    town.answers("Thử", "/hop", "Nhập kết luận", "Kết luận: thống nhất một đầu mối.")
    town.answers("Thử", "Sạt lở đã ổn định", "Có thể sạt thêm 24 giờ tới", "Bỏ qua")
    town.answers("Thử", "Di dời, cắm biển", "2, 3", "vi du", "du phong", "phac hoa")
    town.answers("Thử", "Rào chắn hiện trường; thi du; 17:00 13/10", "Xác nhận")
    town.at("12/10 07:51") if at == "12/10 07:46" else None
    town.taps("Mẫu", "Xác nhận")


def to_conclusion(town: Town, until: str = "conclusion") -> None:
    """From the received report to the confirmed conclusion, or to the direction only."""
    received(town)
    briefed(town)
    invited(town)
    directed(town)
    if until == "conclusion":
        concluded(town)


def approved(town: Town) -> None:
    """The clerk drafts, the department's head approves."""
    town.at("12/10 08:52")
    text = "Đến 08 giờ, sạt lở dài 38 m, 07 hộ đã được di dời an toàn."
    town.answers("Thí Dụ", "/phatngon", "Soạn nội dung phát ngôn", text, "Gửi")
    town.at("12/10 09:14")
    town.taps("Mẫu", f"Duyệt bản {len(town.incident().statements)}")


def spoken(town: Town) -> None:
    """The chairman speaks at ten and records it."""
    approved(town)
    town.at("12/10 10:05")
    town.taps("Ví Dụ", "Đã phát ngôn")
    town.answers("Ví Dụ", PORTAL, "10h", "Trang TTĐT xã", "Bỏ qua", "Bỏ qua", "Xác nhận")


def until_ordered(
    town: Town,
    people: tuple[int, ...] = (8,),
    units: tuple[int, ...] = (5,),
    what: str = "Chiều dài",
) -> None:
    """Sent up at 08:00; at 09:00 people of other units are to verify until 13:00."""
    opened(town)
    town.answers("Thí Dụ", "7h30", "7h35")
    town.answers("Ví Dụ", "Xem và gửi lên tỉnh", "Gửi", "Đ/c Thí Dụ")
    acts(town, "Thử", a.ReceiveReport())
    acts(town, "Thí Dụ", a.ReportVerification(order=1, result=Prose("Đã rà 07 hộ.")))
    town.at("12/10 09:00")
    town.skips()
    acts(town, "Thử", a.OrderVerification(people=people, units=units, what=Prose(what)))
