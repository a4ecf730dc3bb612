"""One happy way through every form, and the hands that walk it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import select

from bot.converse import Talk
from bot.deliver import deliver_all
from bot.kept import said_in
from bot.stage import Stage
from handlers.catalogue import FORMS
from handlers.form import Ask, standing
from procedure.arrangements import Turn
from procedure.entries import Fact
from procedure.entries_arrangements import RosterSet
from procedure.entries_organisation import ORGANISATION, UnitRegistered
from procedure.errors import Refused
from procedure.organisation import Unit
from procedure.words import UnitKind
from storage import chats, drafts, journal, people
from storage.database import Session
from storage.drafts import Draft
from storage.tables import MessageRow
from tests.fixtures import (
    CONCLUSION,
    EXPERT,
    HEAD,
    LEADER,
    OFFICER,
    PORTAL,
    REPORTER,
    SECRETARY,
    STATEMENT,
    WRITTEN,
)
from tests.town import PAPER, Town

TownAt = Callable[[str], Town]
ADMIN = "Thử Nghiệm"
WHY = "Theo ý kiến Trưởng Ban"


@dataclass(frozen=True)
class Case:
    """Where a form can be begun, by whom, what he answers, and the last button."""

    stage: str
    who: str
    answers: tuple[str, ...] = ()
    send: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)
    #: What must have happened before it can be begun.
    first: Callable[[Town], object] = lambda town: None


def _recorded(town: Town, *facts: Fact) -> None:
    town.world.db.write(
        lambda session: people.record(
            session, facts, at=town.clock, actor=town.id(ADMIN), channel="test"
        )
    )


def rostered(town: Town) -> None:
    """The duty officer is on duty in his department till Sunday, then its leader."""
    officer, leader = town.id(OFFICER), town.id(LEADER)
    unit = town.world.db.read(people.organisation).people[officer].unit
    on_duty = (*[officer] * 6, leader)
    turns = tuple(Turn(weekday=n, start=0, hours=24, person=p) for n, p in enumerate(on_duty))
    _recorded(town, RosterSet(unit=unit, turns=turns))


def an_empty_unit(town: Town) -> None:
    """A unit, number 22, in which nobody works yet."""
    empty = Unit(id=22, name="UBND xã Tre Trống", short="xã Tre Trống", kind=UnitKind.LOCALITY)
    _recorded(town, UnitRegistered(unit=empty))


CASES: Mapping[str, Case] = {
    "report_incident": Case("closed", REPORTER, ("chay cho Vàm Tre", "Chưa rõ")),
    "report_details": Case(
        "opened",
        REPORTER,
        ("2h35", "Lộ sạt 38 m", "Nguyên nhân", "Chưa thấy gì", "Công an xã", *WRITTEN[2:]),
    ),
    "add_line": Case("opened", REPORTER, ("nước đang rút chậm", "Tình hình mới")),
    "change_role": Case("opened", ADMIN, ("Phác Họa", "Giao: văn thư", "Bỏ qua"), "Đúng, ghi lại"),
    "invite": Case("opened", ADMIN, ("Phác Họa",), "Đúng, ghi lại"),
    "lost_phone": Case("opened", ADMIN, ("Phác Họa",), "Đúng, ghi lại"),
    "absence": Case("opened", HEAD, ("Từ bây giờ", "17:00 14/10", "minh hoa"), "Đúng, nhờ thay"),
    "delegation": Case(
        "opened",
        HEAD,
        ("Thí Dụ", "sạt lở", "12/GUQ-UBND", "Hôm nay", "Từ bây giờ", "17:00 20/10", PAPER),
        "Đúng, ghi lại",
    ),
    "roster": Case("opened", HEAD, ("cả tuần: Thí Dụ",), "Đúng, ghi lại"),
    "take_shift": Case(
        "opened", OFFICER, ("Từ bây giờ", "17:00 14/10"), "Đúng, ghi lại", first=rostered
    ),
    "shift_note": Case("opened", OFFICER, ("Đã gọi trưởng ấp",), first=rostered),
    "add_unit": Case(
        "opened",
        ADMIN,
        ("UBND xã Tre Mới", "xã Tre Mới", "Xã, phường, đặc khu", "thuong truc tinh uy"),
        "Đúng, ghi lại",
    ),
    "rename_unit": Case(
        "opened", ADMIN, ("UBND phường Vàm Tre", "phường Vàm Tre"), "Đúng, ghi lại", {"unit": 3}
    ),
    "move_unit": Case("opened", ADMIN, ("dang uy xa vam tre",), "Đúng, ghi lại", {"unit": 18}),
    "merge_unit": Case("opened", ADMIN, ("kenh muoi hai",), "Đúng, ghi lại", {"unit": 3}),
    "close_unit": Case("opened", ADMIN, (), "Đúng, ghi lại", {"unit": 22}, an_empty_unit),
    "add_person": Case(
        "opened",
        ADMIN,
        ("Hồ Thị Ví Von", "Bà", "công chức", "0296 000 0999"),
        "Đúng, ghi lại",
        {"unit": 3},
    ),
    "change_person": Case(
        "opened", ADMIN, ("Phác Họa", "Chức vụ", "Phó Giám đốc"), "Đúng, ghi lại"
    ),
    "keep_record": Case("opened", REPORTER, ("Trưởng ấp đã rào hai đầu lộ",)),
    "quick_report": Case("opened", HEAD, (), "Gửi"),
    "written_report": Case("sent_up", HEAD, WRITTEN, "Gửi"),
    "authority": Case(
        "opened",
        HEAD,
        ("Có", *["Không"] * 4, "Trong thẩm quyền", "Đơn vị đủ lực lượng"),
        "Xác nhận",
    ),
    "keep_within": Case("opened", HEAD, ("Đơn vị đủ lực lượng",), "Xác nhận"),
    "severity": Case("opened", REPORTER, ("Đặc biệt nghiêm trọng", "Có người kẹt"), "Xác nhận"),
    "casualties": Case("opened", REPORTER, ("Có người bị thương",)),
    "claim": Case("sent_up", HEAD, ("nghe nói vỡ đê",)),
    "check_claim": Case(
        "busy", REPORTER, ("Trưởng ấp xác nhận", "Sai"), "Tôi xác nhận", {"claim": 2}
    ),
    "figure": Case(
        "concluded",
        REPORTER,
        ("dai sat lo", "khoang 35m", "6h30", "tổ địa chính xã"),
        "Tôi xác nhận",
    ),
    "settle_figure": Case("contested", LEADER, ("38 m", "Số đo bằng máy"), args={"conflict": 2}),
    "order_verification": Case("opened", HEAD, ("1, 2", "Rà số hộ", "Bỏ qua")),
    "report_verification": Case(
        "sent_up", REPORTER, ("Đã rà 07 hộ",), "Tôi xác nhận", {"order": 1}
    ),
    "supplement": Case("received", OFFICER, ("Số hộ phải di dời", "04:00 12/10"), "Gửi"),
    "provide_supplement": Case("busy", REPORTER, ("07 hộ",), "Gửi", {"supplement": 1}),
    "brief": Case(
        "received", OFFICER, ("Có thể sạt tiếp", "Phương án A", "Xã nói", "Xin ý kiến"), "Gửi"
    ),
    "direction": Case(
        "briefed",
        SECRETARY,
        ("Di dời hết các hộ.", "tuong trung", "Qua điện thoại", "Vừa xong", "Không"),
        "Ghi nhận",
    ),
    "waive_direction": Case(
        "briefed", LEADER, ("tuong trung", "Trực tiếp", "Cần phát ngôn gấp"), "Xác nhận"
    ),
    "meeting": Case(
        "directed",
        OFFICER,
        ("hop 7h sang nay", "Trực tuyến", "mau", "2, 3", "Bỏ qua", "1: số liệu"),
        "Đúng, gửi giấy mời",
    ),
    "send_stand_in": Case("met", EXPERT, ("gia thiet",)),
    "move_meeting": Case(
        "met",
        OFFICER,
        ("8h sang nay", "Giữ địa điểm cũ", "Đồng chí chủ trì bận"),
        "Đúng, báo đổi giờ",
    ),
    "cancel_meeting": Case("met", LEADER, ("Đã thống nhất xong",), "Đúng, hủy cuộc họp"),
    "attendance": Case("concluding", OFFICER, ("2, 3",)),
    "minutes": Case("concluding", OFFICER, ("Các đơn vị thống nhất phương án A.",)),
    "waive_meeting": Case("briefed", LEADER, ("Đã thống nhất qua điện thoại",), "Xác nhận"),
    "conclusion": Case("met", OFFICER, CONCLUSION, "Xác nhận"),
    "assign_spokesperson": Case(
        "concluded", LEADER, ("du phong", WHY, "Đồng chí bận họp"), "Xác nhận phân công"
    ),
    "assign_focal_point": Case(
        "concluded", LEADER, ("phac hoa", WHY, "Đồng chí bận họp"), "Xác nhận phân công"
    ),
    "holding": Case("sent_up", REPORTER, (), "Gửi"),
    "statement": Case("concluded", REPORTER, (STATEMENT,), "Gửi"),
    "return_statement": Case("drafted", LEADER, ("Cần ghi rõ số hộ",)),
    "spoken": Case(
        "approved", HEAD, (PORTAL, "Vừa xong", "Trang xã", "Bỏ qua", "Bỏ qua"), "Xác nhận"
    ),
    "enquiry": Case("concluded", REPORTER, ("Báo Mẫu", "Nguyên nhân là gì?")),
    "answer_enquiry": Case("busy", HEAD, ("Đã trả lời theo bản 1",)),
    "result": Case(
        "spoken", HEAD, ("Bỏ qua", "Không còn", "Theo dõi tiếp", "Tiếp tục theo dõi"), "Gửi"
    ),
    "task": Case("concluded", OFFICER, ("Cắm biển", "thi du", "17:00 14/10", "Không"), "Gửi"),
    "finish_task": Case("concluded", REPORTER, ("Đã rào chắn",)),
    "decide_proposal": Case("reported", LEADER, ("Có", "phac hoa", "17:00 14/10")),
    "close": Case("settled", LEADER, ("Đã ổn định",), "Kết thúc vụ việc"),
    "reopen": Case("closed", LEADER, ("Có diễn biến mới",), "Mở lại vụ việc"),
    "offer_task": Case("received", REPORTER, ("du phong",), args={"duty": "O5:1"}),
    "decline_offer": Case("late", "Dự Phòng", ("Đang ở hiện trường",), args={"duty": "O5:1"}),
    "phone_decision": Case(
        "sent_up",
        REPORTER,
        ("vi du", "Việc khác", "thi du", "Vừa xong", "Cho di dời ngay"),
        "Ghi nhận",
    ),
    "correct_phone_decision": Case(
        "late", HEAD, ("Di dời trước 4 giờ",), "Tôi xác nhận", {"decision": 1}
    ),
    "merge": Case("two_sent_up", OFFICER, ("VV-2026-001", "Giữ hồ sơ VV-2026-002"), "Xác nhận"),
    "split": Case("merged", OFFICER, (), "Xác nhận"),
    "guide_newsrooms": Case("spoken", OFFICER, ("minh chung",), "Gửi định hướng"),
    "key_messages": Case("spoken", OFFICER, (STATEMENT, "Bỏ qua"), "Gửi câu chuyện thống nhất"),
    "directive": Case(
        "spoken", OFFICER, ("Thống nhất một đầu mối", "thi du, vi du"), "Gửi chỉ đạo, định hướng"
    ),
    "add_member": Case("spoken", OFFICER, ("de cuong",), "Xác nhận"),
    "remove_member": Case("spoken", OFFICER, ("minh hoa",), "Xác nhận"),
    "help_wanted": Case("opened", HEAD, ("Thêm giờ", "15 phút"), args={"duty": "O2"}),
}


def begin(town: Town, who: str, form: str, **args: Any) -> Refused | None:
    """Opens a form for somebody, about the newest incident; the refusal when it is refused."""
    stream = town.newest().stream if FORMS[form].about_incident else None
    person = town.id(who)

    def work(session: Session) -> Refused | None:
        stage = Stage(town.world, session, town.world.now(), "web")
        chat = chats.chat_of(session, "web", str(person), person)
        stage.chat = chat
        try:
            Talk(stage, chat).open(form, stream, args)
        except Refused as refusal:
            return refusal
        return None

    refusal = town.world.db.write(work)
    deliver_all(town.world)
    return refusal


def current(town: Town, who: str) -> Draft | None:
    """The form that this person has open."""
    person = town.id(who)

    def work(session: Session) -> Draft | None:
        chat = chats.chat_of(session, "web", str(person), person)
        return drafts.current(session, chat.id or 0)

    return town.world.db.write(work)


def asking(town: Town, who: str) -> str:
    """The question that stands open: form#field, form#preview, or nothing."""
    draft = current(town, who)
    if draft is None:
        return ""

    def work(session: Session) -> str:
        stage = Stage(town.world, session, town.world.now(), "web")
        desk = stage.desk(draft.person, draft.stream, draft.args)
        now = standing(FORMS[draft.form], said_in(draft), desk)
        return now.field.name if isinstance(now, Ask) else "preview"

    return f"{draft.form}#{town.world.db.read(work)}"


def told(town: Town, who: str) -> MessageRow:
    """The last thing that the bot told this person."""
    return [row for row in town.thread(who) if row.sender == "bot"][-1]


def entries(town: Town) -> int:
    """How many entries the journals of all incidents and of the organisation hold."""

    def work(session: Session) -> int:
        streams = session.exec(select(MessageRow.stream).distinct()).all()
        return sum(len(journal.read(session, one)) for one in (*streams, ORGANISATION) if one)

    return town.world.db.read(work)


def finish(town: Town, name: str, case: Case, answers: tuple[str, ...]) -> None:
    """Gives the rest of the answers and taps the last button."""
    for answer in answers:
        town.answers(case.who, answer)
    if case.send:
        assert asking(town, case.who) == f"{name}#preview"
        town.taps(case.who, case.send, on="")
