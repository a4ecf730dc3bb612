"""Incidents at every stage, built once for a test session; each test gets a copy of its own."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.present import Present
from bot.world import make_world
from procedure.incident import Incident
from tests import databases
from tests.town import Town, local

REPORTER, HEAD, DEPUTY, PARTNER = "Thí Dụ", "Ví Dụ", "Dự Phòng", "Minh Họa"
OFFICER, LEADER = "Thử", "Mẫu"
SECRETARY, MEMBER = "Bản Thảo", "Tượng Trưng"
NEIGHBOUR = "Giả Sử"
EXPERT, PRESS, OUTSIDER = "Phác Họa", "Phóng Tác", "Tạm Gọi"

LINE = "sat lo ap tre dong roi, mat cai lo, 7 nha, dang di doi"
HOLDING = "Rạng sáng nay, tại xã Vàm Tre xảy ra sạt lở bờ kênh, ảnh hưởng 07 hộ dân."
STATEMENT = "Đến 08 giờ, sạt lở dài 38 m, 07 hộ đã được di dời an toàn."
TASKS = "Rào chắn hiện trường; thi du; 17h chieu nay\nkhắc phục tạm lộ; phac hoa; 17:00 14/10"


@dataclass(frozen=True)
class Stage:
    """The files as they lay at one moment of the story, and the incident then."""

    folder: Path
    clock: datetime
    incident: Incident


class Storyline:
    """Tells one incident from the first line to the end and keeps a copy of every stage."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.town = Town(folder / "now")
        self.stages: dict[str, Stage] = {}

    def close(self) -> None:
        """Lets go of the database."""
        self.town.close()

    def at(self, text: str) -> None:
        """The clock is put forward without ringing."""
        self.town.clock = local(text).astimezone(UTC)

    def keep(self, name: str) -> None:
        """Copies everything as it lies now."""
        incident = self.town.newest()
        self.town.close()
        shutil.copytree(self.folder / "now", self.folder / name)
        databases.part(self.folder / name)
        self.stages[name] = Stage(self.folder / name, self.town.clock, incident)
        self.town.restart()

    def back_to(self, name: str) -> None:
        """Goes on from an earlier stage."""
        self.town.close()
        shutil.rmtree(self.folder / "now")
        self.town = copy_of(self.stages[name], self.folder / "now")

    def opening(self) -> None:
        """The reporter's line, and the answers to the two questions after it."""
        self.town.answers(REPORTER, LINE, "Báo vụ việc mới", "Chưa ghi nhận", "2h30", "Dừng hỏi")
        self.keep("opened")

    def beyond(self) -> None:
        """The whole way through the province."""
        town = self.town
        self.at("12/10 02:42")
        town.answers(HEAD, "Xem và gửi lên tỉnh", "Gửi", "Đ/c Thí Dụ")
        self.keep("sent_up")
        self.at("12/10 02:47")
        town.taps(OFFICER, "Tiếp nhận")
        self.keep("received")
        self.at("12/10 03:00")
        brief = ("Có thể sạt tiếp", "Phương án A", "Đề xuất xã phát ngôn", "Xin ý kiến 3 nội dung")
        town.answers(OFFICER, "/tonghop", *brief, "Gửi")
        self.keep("briefed")
        self.at("12/10 05:48")
        town.answers(SECRETARY, "Nhập ý kiến", "Di dời hết các hộ.", "tuong trung")
        town.answers(SECRETARY, "Qua điện thoại", "5h40", "Không", "Ghi nhận")
        self.keep("directed")
        self.at("12/10 05:55")
        town.answers(OFFICER, "/hop", "Mời họp", "hop 7h sang nay", "Trực tuyến", "mau")
        town.answers(OFFICER, "Tất cả 09 đơn vị", "kết quả khảo sát", "Bỏ qua")
        town.taps(OFFICER, "Đúng, gửi giấy mời")
        town.taps(EXPERT, "Dự")
        self.keep("met")
        self.at("12/10 07:46")
        town.answers(OFFICER, "/hop", "Nhập kết luận", *CONCLUSION, "Xác nhận")
        self.keep("concluding")
        town.taps(LEADER, "Xác nhận")
        self.keep("concluded")
        self.speaking()

    def beside(self) -> None:
        """What may happen besides: claims, questions, supplements, a return, waivers."""
        self.back_to("received")
        town = self.town
        self.at("12/10 02:55")
        town.answers(REPORTER, "tren mang don 3 nguoi bi cuon troi", "Bổ sung VV-2026-001")
        town.answers(REPORTER, "Nhập kết quả", "Đã rà 07 hộ, đủ người", "Sai", "Tôi xác nhận")
        town.answers(HEAD, "nghe don co nguoi chet", "Bổ sung VV-2026-001")
        town.answers(REPORTER, "/baochi", "Báo Mẫu", "Nguyên nhân sạt lở là gì?")
        town.taps(OFFICER, "Đề nghị bổ sung")
        town.answers(OFFICER, "Số hộ phải di dời", "04:00 12/10", "Gửi")
        self.keep("busy")
        town.answers(HEAD, "/viec", "Xem và gửi", *WRITTEN, "Gửi")
        self.keep("written")
        town.answers(LEADER, "/hop", "Không họp, ghi lý do", "Đã thống nhất qua điện thoại")
        town.answers(LEADER, "Xác nhận", "/hop", "Tiến hành khi chờ ý kiến", "tuong trung")
        town.answers(LEADER, "Qua điện thoại", "Cần phát ngôn gấp", "Xác nhận")
        self.keep("waived")
        self.late()
        self.back_to("drafted")
        self.town.answers(LEADER, "Trả lại, ghi lý do", "Cần ghi rõ số hộ")
        self.keep("returned")

    def figures(self) -> None:
        """Two units tell two numbers of one thing; the focal point chooses one."""
        self.back_to("drafted")
        town = self.town
        self.at("12/10 08:10")
        town.answers(REPORTER, "/nhiemvu", "Nhập số liệu", *FIGURE, "Tôi xác nhận")
        self.keep("counted")
        self.at("12/10 08:31")
        town.answers(EXPERT, "/nhiemvu", "Nhập số liệu", "1", "38 m", "8h15", "tổ khảo sát của Sở")
        town.taps(EXPERT, "Tôi xác nhận")
        self.keep("contested")
        town.taps(REPORTER, "38 m")
        town.says(REPORTER, "Số đo bằng máy, có biên bản")
        self.keep("chosen")

    def late(self) -> None:
        """Somebody is late and asks for more; somebody absent has decided by telephone."""
        self.back_to("received")
        self.at("12/10 03:00")
        said = {"decider": 3, "heard_by": 10, "at": self.town.clock.isoformat(), "about": None}
        for words in ("Cho di dời ngay", "Cứ cho di dời"):
            self.town.decides(REPORTER, "RecordPhoneDecision", words=words, **said)
        self.town.decides(HEAD, "CorrectPhoneDecision", decision=2, words="Di dời trước 5 giờ")
        self.town.decides(REPORTER, "ExtendDuty", duty="O5:1", minutes=30)
        self.town.decides(REPORTER, "AskMoreTime", duty="O5:1", minutes=30)
        self.town.decides(REPORTER, "OfferTask", duty="O5:1", to=10)
        self.keep("late")

    def joining(self) -> None:
        """The next commune reports the same: two incidents, one file, two again."""
        self.back_to("received")
        town = self.town
        self.at("12/10 02:58")
        town.answers(NEIGHBOUR, "lo ven kenh sup, mat cai lo, 7 nha nghieng", "Báo vụ việc mới")
        town.answers(NEIGHBOUR, "Chưa ghi nhận", "Dừng hỏi", "Xem và gửi lên tỉnh")
        town.answers(NEIGHBOUR, "ấp Tre Đông", "Gửi")
        self.keep("two_sent_up")
        town.taps(OFFICER, "Cùng vụ VV-2026-001?")
        town.answers(OFFICER, "Sửa", "Hồ sơ được giữ", "Giữ hồ sơ VV-2026-002", "Xác nhận")
        self.keep("merged")
        town.presses(OFFICER, {"open": "split", "stream": town.newest().stream, "args": {}})
        town.answers(OFFICER, "Xác nhận")
        self.keep("split")

    def roomed(self) -> None:
        """A group is its room, somebody is there who has no part, something is on record."""
        self.back_to("received")
        place = {"channel": "telegram", "place": "-4001", "title": "Sạt lở Tre Đông"}
        self.town.decides("Thử Nghiệm", "BindRoom", **place)
        said = {"text": "Đã rào chắn hai đầu đoạn sạt lở.", "said_at": self.town.clock.isoformat()}
        self.town.decides(REPORTER, "KeepRecord", **said)
        self.keep("roomed")

    def meetings(self) -> None:
        """What else may happen to a meeting: a stand-in, a move, the end; who was there."""
        self.back_to("met")
        town = self.town
        town.answers(EXPERT, "/hop", "Cử người dự thay", "gia thiet")
        self.keep("stood_in")
        town.answers(OFFICER, "/hop", "Đổi giờ họp", "8h sang nay", "Giữ địa điểm cũ")
        town.answers(OFFICER, "Đồng chí chủ trì bận", "Đúng, báo đổi giờ")
        self.keep("moved")
        town.answers(LEADER, "/hop", "Hủy cuộc họp", "Đã xử lý xong", "Đúng, hủy cuộc họp")
        self.keep("cancelled")
        self.back_to("concluding")
        self.town.answers(OFFICER, "/hop", "Ghi người dự", "1, 2")
        self.town.answers(OFFICER, "/hop", "Ghi biên bản", "Các đơn vị thống nhất phương án A.")
        self.keep("attended")

    def within(self) -> None:
        """The unit keeps it: its own conclusion, its own approval, its own end."""
        town = self.town
        self.at("12/10 02:50")
        town.answers(HEAD, "Đơn vị tự xử lý", "Đơn vị đủ lực lượng", "Xác nhận", "Giao xác minh")
        town.answers(HEAD, "thi du", "Bỏ qua", "Bỏ qua")
        self.keep("within_kept")
        self.at("12/10 03:20")
        town.answers(HEAD, "/hop", "Nhập kết luận", *CONCLUSION, "Xác nhận")
        self.keep("within_concluded")
        self.speaking("within_")

    def speaking(self, prefix: str = "") -> None:
        """From the draft of the statement to the end."""
        town, approver = self.town, HEAD if prefix else LEADER
        self.at("12/10 08:00")
        town.answers(REPORTER, "/phatngon", "Soạn nội dung phát ngôn", STATEMENT, "Gửi")
        self.keep(f"{prefix}drafted")
        self.at("12/10 09:00")
        town.taps(approver, "Duyệt bản 1")
        self.keep(f"{prefix}approved")
        self.at("12/10 10:00")
        town.answers(HEAD, "/phatngon", "Đã phát ngôn", PORTAL, "Vừa xong", "Trang TTĐT xã")
        town.answers(HEAD, "Bỏ qua", "https://vamtre.example/1", "Xác nhận")
        self.keep(f"{prefix}spoken")
        self.at("12/10 11:00")
        town.answers(HEAD, "/ketqua", "Bỏ qua", "Không còn", "Theo dõi tiếp\nKhảo sát")
        town.answers(HEAD, "Tiếp tục theo dõi", "Gửi")
        self.keep(f"{prefix}reported")
        self.closing(prefix)

    def guiding(self) -> None:
        """What was said goes to the newsrooms, becomes one story, and is directed inside."""
        town = self.town
        self.at("12/10 10:10")
        town.taps(OFFICER, "Gửi định hướng báo chí")
        town.answers(OFFICER, "Không bớt ai", "Gửi định hướng")
        town.taps(PRESS, "Đã nhận")
        town.says(OFFICER, "/vuviec")
        town.answers(OFFICER, "Việc khác", "Soạn câu chuyện thống nhất", STATEMENT, "Bỏ qua")
        town.taps(OFFICER, "Gửi câu chuyện thống nhất")
        town.says(OFFICER, "/vuviec")
        town.answers(OFFICER, "Việc khác", "Chỉ đạo, định hướng thông tin")
        town.answers(OFFICER, "Thống nhất một đầu mối.", "thi du, vi du", "Gửi chỉ đạo, định hướng")
        town.taps(REPORTER, "Đã nhận", on="chỉ đạo, định hướng")
        self.keep("guided")

    def closing(self, prefix: str) -> None:
        """Everything open is settled, then the end."""
        town, chief = self.town, HEAD if prefix else LEADER
        self.at("12/10 13:00")
        town.answers(chief, "/viec", "Xem xét đề xuất", "Không", "Đã có người làm")
        town.answers(chief, "Đề xuất tiếp theo", "Không", "Đã có người làm")
        town.says(REPORTER, "/viec")
        town.taps(REPORTER, "Đã xong", on="Rào chắn")
        town.says(REPORTER, "Đã rào chắn")
        town.says(EXPERT, "/viec")
        town.taps(EXPERT, "Đã xong", on="khắc phục")
        town.says(EXPERT, "Đã rải đá")
        town.taps(REPORTER, "Nhập kết quả")
        town.answers(REPORTER, "Đã rà 07 hộ, đủ người", "Tôi xác nhận")
        if not prefix:
            town.taps(MEMBER, "Đúng ý kiến")
        self.keep(f"{prefix}settled")
        town.answers(chief, "/viec", "Kết thúc vụ việc", "Đã ổn định", "Kết thúc vụ việc")
        self.keep(f"{prefix}closed")


FIGURE = ("dai sat lo", "35m", "6h30", "tổ địa chính xã")
WRITTEN = ("Sạt lở 38 m", "Nguyên nhân", "Cần lực lượng của tỉnh", "Xin ý kiến chỉ đạo")
PORTAL = "Đăng Cổng, Trang TTĐT, mạng xã hội chính thức"
CONCLUSION = (
    "Kết luận: thống nhất một đầu mối.",
    "Sạt lở ổn định",
    "Có thể sạt thêm 24 giờ tới",
    "Bỏ qua",
    "Di dời, cắm biển",
    "2, 3",
    "vi du",
    "Bỏ qua",
    "thi du",
    TASKS,
)


def build(folder: Path) -> dict[str, Stage]:
    """Every stage by its name; those within a unit's own authority begin with `within_`."""
    line = Storyline(folder)
    try:
        line.opening()
        line.within()
        line.back_to("opened")
        line.beyond()
        line.back_to("spoken")
        line.guiding()
        line.beside()
        line.figures()
        line.joining()
        line.meetings()
        line.roomed()
    finally:
        line.close()
    return line.stages


def copy_of(stage: Stage, folder: Path) -> Town:
    """A town that stands at this stage, with files of its own."""
    shutil.copytree(stage.folder, folder)
    databases.part(folder)
    town = Town.__new__(Town)
    town._expected = set()
    town.clock = stage.clock
    town.world = make_world(databases.settings_in(folder), Present(lambda: town.clock))
    town.world.strict = True
    town.skips()
    return town


def towns(stages: dict[str, Stage], folder: Path) -> Iterator[Callable[[str], Town]]:
    """Copies of stages by name; all are closed at the end."""
    made: list[Town] = []

    def at(name: str) -> Town:
        made.append(copy_of(stages[name], folder / f"{name}-{len(made)}"))
        return made[-1]

    yield at
    for town in made:
        town.close()
